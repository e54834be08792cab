"""Writing the catalogue, and keeping it at hand."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers import repository
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.errors import CatalogueInvalid
from navis_api.cancers.models import Cancer, CancerName
from navis_api.cancers.service import (
    CATALOGUE_CHANNEL,
    CancerDraft,
    CatalogueKeeper,
    save_cancers,
)
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database, RowViewer
from navis_api.jobs.fanout import Fanout
from tests.waiting import PATIENCE_S

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def draft(
    slug: str, *aliases: str, name: str | None = None, parent: str | None = None
) -> CancerDraft:
    return CancerDraft(
        slug=slug,
        name=name or slug.replace("-", " ").capitalize(),
        clinical_name=None,
        aliases=aliases,
        abbreviations=(),
        body_site="somewhere",
        icd10_codes=("C22.0",),
        summary="A summary.",
        parent=parent,
    )


LIVER = draft("liver-cancer", "liver tumour")
HCC = draft("hepatocellular-carcinoma", parent="liver-cancer")


async def save(database: Database, *drafts: CancerDraft, now: datetime = NOON) -> int:
    async with database.writing(SYSTEM_ROWS) as session:
        return await save_cancers(session, drafts, now=now)


async def slugs(database: Database) -> Sequence[str]:
    async with database.reading() as session:
        return (await session.scalars(select(Cancer.slug).order_by(Cancer.slug))).all()


async def test_a_child_may_stand_before_its_parent(database: Database) -> None:
    assert await save(database, HCC, LIVER) == 2
    async with database.reading() as session:
        catalogue = await repository.load_catalogue(session)
    child = catalogue.by_slug[HCC.slug]
    assert [above.slug for above in catalogue.ancestors(child)] == [LIVER.slug]
    assert child.icd10_codes == ("C22.0",)


async def test_the_same_catalogue_again_changes_nothing(database: Database) -> None:
    await save(database, LIVER, HCC)
    assert await save(database, LIVER, HCC, now=NOON + timedelta(days=1)) == 0
    async with database.reading() as session:
        moments = (await session.scalars(select(Cancer.updated_at))).all()
    assert set(moments) == {NOON}


async def test_a_changed_cancer_alone_is_written_and_its_old_names_are_free(
    database: Database,
) -> None:
    await save(database, LIVER, HCC)
    renamed = draft("liver-cancer", "hepatic cancer")
    assert await save(database, renamed, HCC) == 1
    async with database.reading() as session:
        names = (await session.scalars(select(CancerName.name).order_by(CancerName.name))).all()
    assert names == ["hepatic cancer", "hepatocellular carcinoma", "liver cancer"]
    assert await save(database, draft("other-cancer", "liver tumor")) == 1


async def test_two_cancers_of_one_import_cannot_share_a_name(database: Database) -> None:
    with pytest.raises(CatalogueInvalid) as refused:
        await save(database, LIVER, draft("bile-duct-cancer", "Liver  TUMOR"))
    assert "`liver-cancer`" in refused.value.message
    assert "`bile-duct-cancer`" in refused.value.message
    assert await slugs(database) == []


async def test_a_name_of_a_stored_cancer_cannot_be_taken(database: Database) -> None:
    await save(database, LIVER)
    with pytest.raises(CatalogueInvalid) as refused:
        await save(database, draft("bile-duct-cancer", "liver tumours", "Liver tumor"))
    assert "`liver-cancer`" in refused.value.message
    assert "`bile-duct-cancer`" in refused.value.message
    assert await slugs(database) == ["liver-cancer"]


async def test_names_can_be_swapped_between_cancers_of_one_import(database: Database) -> None:
    await save(database, draft("one-cancer", "first name"), draft("two-cancer", "second name"))
    changed = await save(
        database, draft("one-cancer", "second name"), draft("two-cancer", "first name")
    )
    assert changed == 2
    async with database.reading() as session:
        owners = await repository.owners_of_names(session, ["first name", "second name"])
    assert owners == {"first name": "two-cancer", "second name": "one-cancer"}


async def test_a_missing_parent_is_named_and_nothing_is_stored(database: Database) -> None:
    with pytest.raises(CatalogueInvalid, match="liver-cancer"):
        await save(database, draft("lung-cancer"), HCC)
    assert await slugs(database) == []


async def test_a_parent_may_be_stored_already(database: Database) -> None:
    await save(database, LIVER)
    assert await save(database, HCC) == 1


async def test_a_circle_is_refused(database: Database) -> None:
    with pytest.raises(CatalogueInvalid, match="circle"):
        await save(
            database,
            draft("one-cancer", parent="two-cancer"),
            draft("two-cancer", parent="one-cancer"),
        )
    assert await slugs(database) == []


async def test_a_circle_through_what_is_stored_is_refused(database: Database) -> None:
    await save(database, LIVER, HCC)
    turned = (draft("liver-cancer", "liver tumour", parent=HCC.slug), HCC)
    with pytest.raises(CatalogueInvalid, match="circle"):
        await save(database, *turned)
    async with database.reading() as session:
        catalogue = await repository.load_catalogue(session)
    assert catalogue.by_slug["liver-cancer"].parent_id is None


async def test_a_parent_and_child_can_change_places(database: Database) -> None:
    await save(database, LIVER, HCC)
    turned = (
        draft("liver-cancer", "liver tumour", parent=HCC.slug),
        draft("hepatocellular-carcinoma"),
    )
    assert await save(database, *turned) == 2


HEARS, IS_DEAF = True, False


async def until(keeper: CatalogueKeeper, condition: Callable[[Catalogue], bool]) -> None:
    """Wait until what the keeper gives is so; notifications take a moment."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition(await keeper.current()):  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0.01)


@pytest.fixture
async def keeper(database: Database, database_url: str) -> AsyncIterator[CatalogueKeeper]:
    """A keeper that the running listener tells of changes."""
    keeper, fanout = CatalogueKeeper(database), Fanout(database_url)
    fanout.on(CATALOGUE_CHANNEL, lambda _: keeper.forget())
    fanout.on_trust(keeper.trust)
    running = asyncio.create_task(fanout.run())
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    yield keeper
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class StatementCount:
    """Counts the statements that read cancers."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._executed)

    def _executed(self, *arguments: object) -> None:
        self.count += "FROM cancers" in str(arguments[2])


async def test_the_keeper_reads_once_while_it_would_hear_of_changes(database: Database) -> None:
    keeper = CatalogueKeeper(database)
    keeper.trust(HEARS)
    await save(database, LIVER)
    first = await keeper.current()
    counted = StatementCount(database)
    assert [await keeper.current() is first for _ in range(3)] == [True, True, True]
    assert counted.count == 0
    keeper.forget()
    assert await keeper.current() is not first
    assert counted.count == 1


async def test_the_keeper_reads_again_after_a_notification(
    database: Database, keeper: CatalogueKeeper
) -> None:
    assert (await keeper.current()).by_slug == {}
    await save(database, LIVER)
    await until(keeper, lambda catalogue: "liver-cancer" in catalogue.by_slug)
    await save(database, draft("liver-cancer", "liver tumour", name="Cancer of the liver"))
    await until(
        keeper, lambda catalogue: catalogue.by_slug["liver-cancer"].name == "Cancer of the liver"
    )
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(text("DELETE FROM cancers"))
    await until(keeper, lambda catalogue: not catalogue.by_slug)


async def test_a_keeper_that_would_not_hear_of_changes_reads_each_time(database: Database) -> None:
    keeper = CatalogueKeeper(database)
    assert (await keeper.current()).by_slug == {}
    await save(database, LIVER)
    assert list((await keeper.current()).by_slug) == ["liver-cancer"]
    keeper.trust(HEARS)
    await keeper.current()
    keeper.trust(IS_DEAF)
    await save(database, HCC)
    assert set((await keeper.current()).by_slug) == {"liver-cancer", HCC.slug}


async def test_a_change_during_the_reading_is_not_forgotten(database: Database) -> None:
    keeper = CatalogueKeeper(database)
    keeper.trust(HEARS)
    # The reading of the catalogue is answered before the change, and ends after it.
    changed = asyncio.Event()

    class Interrupted(Database):
        @asynccontextmanager
        async def reading(self, viewer: RowViewer = ANONYMOUS_ROWS) -> AsyncGenerator[AsyncSession]:
            async with super().reading(viewer) as session:
                yield session
                await save(database, LIVER)
                keeper.forget()
                changed.set()

    keeper._database = Interrupted(database.engine)
    first = await keeper.current()
    assert changed.is_set()
    assert first.by_slug == {}
    keeper._database = database
    assert list((await keeper.current()).by_slug) == ["liver-cancer"]


async def test_many_who_come_at_once_share_one_reading(database: Database) -> None:
    keeper = CatalogueKeeper(database)
    keeper.trust(HEARS)
    counted = StatementCount(database)
    await asyncio.gather(*(keeper.current() for _ in range(10)))
    assert counted.count == 1
