"""Taking documents into the corpus: once per version, and quotes stay what they were."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text

from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CancerDraft, save_cancers
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from navis_api.sources import repository
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Audience, PassageRow, Source, SourceVersion
from navis_api.sources.quotes import QuoteDiffers, QuotedSpan, require_exact
from navis_api.sources.service import Saved, save_document, tag_again
from tests.db.rows import Rows, app_connection

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TEXT = (
    "# Liver cancer treatment\n\nLiver cancer can come back after surgery \U0001f9e0.\n\n"
    "## Ablation\n\nAblation destroys small tumors with heat.\n\n"
    "- It uses a needle.\n- It spares healthy tissue.\n\n"
    "## Breast cancer\n\nThis part is about something else altogether."
)
DOCUMENT = SourceDocument(
    key="test:liver",
    title="Liver Cancer Treatment",
    publisher="A public institute",
    url="https://example.org/liver",
    licence="Public domain",
    markdown=TEXT,
    where="test:1",
    published_on=date(2025, 1, 2),
)


def cancer(slug: str, name: str, *aliases: str) -> CancerDraft:
    return CancerDraft(
        slug=slug,
        name=name,
        clinical_name=None,
        aliases=aliases,
        abbreviations=(),
        body_site="somewhere",
        icd10_codes=(),
        summary="",
        parent=None,
    )


LIVER, BREAST = cancer("liver-cancer", "Liver cancer"), cancer("breast-cancer", "Breast cancer")


async def catalogue_of(database: Database, *drafts: CancerDraft) -> Catalogue:
    async with database.writing(SYSTEM_ROWS) as session:
        await save_cancers(session, drafts, now=NOON)
        return await cancers.load_catalogue(session)


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    return await catalogue_of(database, LIVER, BREAST)


async def save(database: Database, catalogue: Catalogue, document: SourceDocument) -> Saved:
    async with database.writing(SYSTEM_ROWS) as session:
        return await save_document(session, document, catalogue=catalogue, now=NOON)


async def versions(database: Database) -> Sequence[SourceVersion]:
    async with database.reading() as session:
        return (await session.scalars(select(SourceVersion).order_by(SourceVersion.number))).all()


async def passages(database: Database) -> Sequence[PassageRow]:
    async with database.reading() as session:
        return (await session.scalars(select(PassageRow).order_by(PassageRow.position))).all()


async def test_a_new_document_is_stored_with_version_and_passages(
    database: Database, catalogue: Catalogue
) -> None:
    assert await save(database, catalogue, DOCUMENT) is Saved.ADDED
    (version,) = await versions(database)
    assert (version.number, version.published_on, version.superseded_at) == (
        1,
        date(2025, 1, 2),
        None,
    )
    found = await passages(database)
    assert len(found) >= 3
    assert {passage.version_id for passage in found} == {version.id}
    assert [passage.position for passage in found] == list(range(len(found)))
    for passage in found:
        assert passage.text == version.text[passage.start : passage.end]
        assert passage.heading.startswith("Liver Cancer Treatment")
    assert "\U0001f9e0" in version.text


async def test_a_passage_is_about_what_its_title_or_heading_names(
    database: Database, catalogue: Catalogue
) -> None:
    await save(database, catalogue, DOCUMENT)
    liver, breast = (catalogue.by_slug[slug].id for slug in ("liver-cancer", "breast-cancer"))
    about: dict[str, list[UUID]] = {
        passage.heading.rsplit(" > ", 1)[-1]: list(passage.cancer_ids)
        for passage in await passages(database)
    }
    assert about["Ablation"] == [liver]
    assert about["Breast cancer"] == [breast]


async def test_the_same_document_again_changes_nothing(
    database: Database, catalogue: Catalogue
) -> None:
    await save(database, catalogue, DOCUMENT)
    before = [passage.id for passage in await passages(database)]
    assert await save(database, catalogue, DOCUMENT) is Saved.UNCHANGED
    read_later = replace(DOCUMENT, accessed_on=date(2026, 1, 1), where="elsewhere")
    assert await save(database, catalogue, read_later) is Saved.UNCHANGED
    assert [passage.id for passage in await passages(database)] == before
    assert len(await versions(database)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        replace(DOCUMENT, markdown=TEXT.replace("small", "very small")),
        replace(DOCUMENT, version="2"),
        replace(DOCUMENT, published_on=date(2026, 1, 2)),
        replace(DOCUMENT, last_reviewed_on=date(2026, 1, 2)),
    ],
)
async def test_another_text_label_or_date_is_a_new_version(
    database: Database, catalogue: Catalogue, changed: SourceDocument
) -> None:
    await save(database, catalogue, DOCUMENT)
    assert await save(database, catalogue, changed) is Saved.UPDATED
    old, new = await versions(database)
    assert (old.number, new.number) == (1, 2)
    assert (old.superseded_at, new.superseded_at) == (NOON, None)
    assert {passage.version_id for passage in await passages(database)} == {new.id}
    async with database.reading() as session:
        assert await repository.current_texts(session, [DOCUMENT.key]) == {
            DOCUMENT.key: (new.id, new.text)
        }
    assert await save(database, catalogue, changed) is Saved.UNCHANGED


async def test_what_describes_a_document_changes_in_place(
    database: Database, catalogue: Catalogue
) -> None:
    await save(database, catalogue, DOCUMENT)
    moved = replace(
        DOCUMENT, url="https://example.org/new", licence="CC0", audience=Audience.PROFESSIONAL
    )
    assert await save(database, catalogue, moved) is Saved.UPDATED
    assert len(await versions(database)) == 1
    async with database.reading() as session:
        source = (await session.scalars(select(Source))).one()
    assert (source.url, source.licence, source.audience) == (
        "https://example.org/new",
        "CC0",
        Audience.PROFESSIONAL,
    )


async def test_a_quote_of_an_old_version_stays_what_it_was(
    database: Database, database_url: str, catalogue: Catalogue
) -> None:
    await save(database, catalogue, DOCUMENT)
    (old,) = await versions(database)
    quote = "Ablation destroys small tumors with heat."
    start = old.text.index(quote)
    async with app_connection(database_url, role="system") as connection:
        rows = Rows(connection)
        made = await rows.draft(await rows.question())
        await rows.citation(
            made.claim_id, old.id, position=1, quote=quote, start=start, end=start + len(quote)
        )
    shorter = replace(DOCUMENT, markdown="Liver cancer is treated in many ways.")
    assert await save(database, catalogue, shorter) is Saved.UPDATED
    span = QuotedSpan(old.id, start, start + len(quote), quote)
    new = (await versions(database))[-1]
    async with database.reading() as session:
        await require_exact(session, [span])
        with pytest.raises(QuoteDiffers):
            await require_exact(session, [replace(span, version_id=new.id)])
        views = await repository.views_of_versions(session, [old.id, new.id])
    assert {view.version.number for view in views.values()} == {1, 2}


async def test_a_page_that_cleans_to_nothing_is_kept_without_passages(
    database: Database, catalogue: Catalogue
) -> None:
    links = "- [One](https://example.org/1)\n- [Two](https://example.org/2)\n"
    assert await save(database, catalogue, replace(DOCUMENT, markdown=links)) is Saved.ADDED
    (version,) = await versions(database)
    assert version.text == ""
    assert await passages(database) == []
    assert await save(database, catalogue, replace(DOCUMENT, markdown=links)) is Saved.UNCHANGED


async def test_a_document_without_a_title_is_refused(
    database: Database, catalogue: Catalogue
) -> None:
    with pytest.raises(InvalidInput):
        await save(database, catalogue, replace(DOCUMENT, title="\u200b"))
    assert await versions(database) == []


async def test_passages_are_tagged_again_when_the_catalogue_has_changed(
    database: Database, catalogue: Catalogue
) -> None:
    kidney = replace(
        DOCUMENT,
        key="test:kidney",
        title="Kidney Cancer Treatment",
        url="https://example.org/kidney",
        markdown="Kidney cancer is treated in many ways.\n\n## Surgery\n\nIt is removed.",
    )
    await save(database, catalogue, DOCUMENT)
    await save(database, catalogue, kidney)
    before = {passage.id: set(passage.cancer_ids) for passage in await passages(database)}
    later = await catalogue_of(database, cancer("kidney-cancer", "Kidney cancer"))
    async with database.writing(SYSTEM_ROWS) as session:
        assert await tag_again(session, later) == 2
    after = await passages(database)
    new = later.by_slug["kidney-cancer"].id
    tagged = {passage.text for passage in after if new in passage.cancer_ids}
    assert tagged == {"Kidney cancer is treated in many ways.", "It is removed."}
    for passage in after:
        if passage.text not in tagged:
            assert set(passage.cancer_ids) == before[passage.id]
    async with database.writing(SYSTEM_ROWS) as session:
        assert await tag_again(session, later) == 0


async def test_two_importers_of_one_document_store_it_once(
    database: Database, catalogue: Catalogue
) -> None:
    await save(database, catalogue, DOCUMENT)
    changed = replace(DOCUMENT, version="2")
    async with database.writing(SYSTEM_ROWS) as first:
        assert await save_document(first, changed, catalogue=catalogue, now=NOON) is Saved.UPDATED
        second = asyncio.create_task(save(database, catalogue, changed))
        done, _ = await asyncio.wait([second], timeout=0.2)
        assert not done
    assert await second is Saved.UNCHANGED
    assert len(await versions(database)) == 2


async def test_the_corpus_is_counted_by_publisher_and_licence(
    database: Database, catalogue: Catalogue
) -> None:
    await save(database, catalogue, DOCUMENT)
    await save(database, catalogue, replace(DOCUMENT, version="2", accessed_on=date(2026, 2, 3)))
    await save(database, catalogue, replace(DOCUMENT, key="test:b", licence="CC0"))
    count = len(await passages(database)) // 2
    async with database.reading() as session:
        counts = await repository.count_by_publisher(session)
    assert {
        (each.licence, each.documents, each.passages, each.newest_access) for each in counts
    } == {
        ("Public domain", 1, count, date(2026, 2, 3)),
        ("CC0", 1, count, None),
    }


async def test_an_import_is_measured_so_that_searches_are_planned_for_it(
    database: Database,
) -> None:
    async def counted() -> float:
        async with database.reading(SYSTEM_ROWS) as session:
            found = await session.execute(
                text("SELECT reltuples FROM pg_class WHERE relname = 'sources'")
            )
            return found.scalar_one()

    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(session, DOCUMENT, catalogue=Catalogue(), now=NOON)
    assert await counted() < 1

    async with database.writing(SYSTEM_ROWS) as session:
        await repository.measure(session)

    assert await counted() == 1
