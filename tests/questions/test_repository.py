"""Lists of questions: what stands in them for whom, in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from navis_api.db.paging import CursorInvalid, PageRequest
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database, RowViewer
from navis_api.questions import published_repository, repository
from navis_api.questions.models import Question
from navis_api.questions.published_repository import PublishedQuestion
from navis_api.questions.related import related
from navis_api.questions.repository import QuestionOrder
from tests.db.rows import Rows, app_connection

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ASKER, OTHER = "patient-1", "patient-2"
NEWEST, OLDEST = QuestionOrder.NEWEST_FIRST, QuestionOrder.OLDEST_FIRST


@dataclass
class World:
    """What lies in the database: ids of cancers and of questions by name."""

    cancers: dict[str, UUID] = field(default_factory=dict[str, UUID])
    questions: dict[str, UUID] = field(default_factory=dict[str, UUID])

    def names(self, found: Sequence[Question] | Sequence[PublishedQuestion]) -> list[str]:
        by_id = {id_: name for name, id_ in self.questions.items()}
        return [by_id[question.id] for question in found]

    @property
    def groups(self) -> dict[UUID, list[UUID]]:
        """Each cancer with itself and what stands below it."""
        liver, hcc, breast = (self.cancers[name] for name in ("liver", "hcc", "breast"))
        return {liver: [liver, hcc], hcc: [hcc], breast: [breast]}


@pytest.fixture
async def world(database: Database, database_url: str) -> World:
    """Five answered questions, and two that are not: one patient's own, and an anonymous one."""
    world = World()
    async with app_connection(database_url, role="system") as connection:
        rows = Rows(connection)
        world.cancers["liver"] = await rows.cancer("liver-cancer")
        world.cancers["hcc"] = await rows.cancer("hcc", parent_id=world.cancers["liver"])
        world.cancers["breast"] = await rows.cancer("breast-cancer")
        for number, (name, cancer) in enumerate(
            (("l1", "liver"), ("h1", "hcc"), ("h2", "hcc"), ("b1", "breast"), ("none", None))
        ):
            world.questions[name], _ = await rows.published(
                f"slug-{name}",
                cancer_id=world.cancers[cancer] if cancer else None,
                # Asked in one order and, all at noon, answered in none.
                asked_at=NOON - timedelta(days=number),
            )
        world.questions["own"] = await rows.question(
            cancer_id=world.cancers["hcc"], asked_at=NOON + timedelta(days=1)
        )
        await rows.asking(world.questions["own"], ASKER)
        world.questions["anonymous"] = await rows.question(
            cancer_id=world.cancers["hcc"], asked_anonymously=True
        )
    return world


async def listed(
    database: Database,
    world: World,
    *,
    subject: str | None = None,
    answered: bool | None = None,
    order: QuestionOrder = NEWEST,
    cancers: list[str] | None = None,
) -> list[str]:
    viewer = RowViewer("patient", subject) if subject else ANONYMOUS_ROWS
    async with database.reading(viewer) as session:
        page = await repository.list_listed(
            session,
            PageRequest(50),
            cancer_ids=None if cancers is None else [world.cancers[name] for name in cancers],
            answered=answered,
            order=order,
            subject=subject,
        )
    return world.names(list(page.rows))


async def test_what_is_answered_is_listed_by_when_it_was_asked(
    database: Database, world: World
) -> None:
    assert await listed(database, world) == ["l1", "h1", "h2", "b1", "none"]
    assert await listed(database, world, order=OLDEST) == ["none", "b1", "h2", "h1", "l1"]


async def test_ones_own_question_is_listed_and_an_anonymous_one_is_for_nobody(
    database: Database, world: World
) -> None:
    assert await listed(database, world, subject=ASKER) == ["own", "l1", "h1", "h2", "b1", "none"]
    assert "own" not in await listed(database, world, subject=OTHER)
    assert await listed(database, world, subject=ASKER, answered=False) == ["own"]
    assert await listed(database, world, subject=OTHER, answered=False) == []
    assert await listed(database, world, answered=False) == []


async def test_answered_ones_alone_are_listed_by_when_they_were_answered(
    database: Database, world: World
) -> None:
    found = await listed(database, world, subject=ASKER, answered=True)
    assert sorted(found) == ["b1", "h1", "h2", "l1", "none"]
    # All were answered at noon, so that their ids, which sort by time, decide.
    assert found == ["none", "b1", "h2", "h1", "l1"]
    assert await listed(database, world, answered=True, order=OLDEST) == found[::-1]


async def test_a_list_can_be_limited_to_cancers(database: Database, world: World) -> None:
    assert await listed(database, world, cancers=["liver"]) == ["l1"]
    assert await listed(database, world, cancers=["liver", "hcc"]) == ["l1", "h1", "h2"]
    assert await listed(database, world, cancers=[]) == []


@pytest.mark.parametrize("order", [NEWEST, OLDEST])
@pytest.mark.parametrize("answered", [None, True])
async def test_pages_of_each_cancer_are_what_its_own_list_has(
    database: Database, world: World, *, order: QuestionOrder, answered: bool | None
) -> None:
    for request in (PageRequest(1), PageRequest(2), PageRequest(50), PageRequest(2, backward=True)):
        async with database.reading() as session:
            pages = await repository.list_listed_by_cancer(
                session, world.groups, request, answered=answered, order=order, subject=None
            )
            assert pages.keys() == world.groups.keys()
            for root, members in world.groups.items():
                alone = await repository.list_listed(
                    session,
                    request,
                    cancer_ids=members,
                    answered=answered,
                    order=order,
                    subject=None,
                )
                assert world.names(list(pages[root].rows)) == world.names(list(alone.rows))
                assert list(pages[root].cursors) == list(alone.cursors)
                assert pages[root].has_next == alone.has_next
                assert pages[root].has_previous == alone.has_previous


async def test_a_cursor_of_another_order_is_refused(database: Database, world: World) -> None:
    async with database.reading() as session:
        page = await repository.list_listed(
            session, PageRequest(1), cancer_ids=None, answered=None, order=NEWEST, subject=None
        )
        onward = PageRequest(1, cursor=page.cursors[-1])
        for answered, order in ((None, OLDEST), (True, NEWEST)):
            with pytest.raises(CursorInvalid):
                await repository.list_listed(
                    session, onward, cancer_ids=None, answered=answered, order=order, subject=None
                )


async def test_counts_take_in_what_stands_below_and_count_a_member_once(
    database: Database, world: World
) -> None:
    liver, hcc, breast = (world.cancers[name] for name in ("liver", "hcc", "breast"))
    groups = world.groups | {breast: [breast, breast]}
    counts = await published_repository.count_answered(database.published, groups)
    assert counts == {liver: 3, hcc: 2, breast: 1}


async def test_questions_are_found_by_address_once_they_are_answered(
    database: Database, world: World
) -> None:
    async with database.reading() as session:
        found = await repository.get_published_by_slug(session, "slug-h1")
        assert found is not None
        assert found.id == world.questions["h1"]
        assert await repository.get_published_by_slug(session, "slug-x") is None


async def test_many_are_read_by_id_as_far_as_the_viewer_may(
    database: Database, world: World
) -> None:
    ids = [*world.questions.values(), world.cancers["liver"]]
    async with database.reading(RowViewer("patient", OTHER)) as session:
        found = await repository.get_many(session, ids)
    assert set(found) == set(world.questions.values()) - {world.questions["own"]}


async def test_related_ones_are_answered_on_the_same_cancer_and_never_itself(
    database: Database, world: World
) -> None:
    ids = [world.questions[name] for name in ("h1", "l1", "own", "none")]
    async with database.reading(SYSTEM_ROWS) as session:
        read = await repository.get_many(session, ids)
    asked = {id_: read[id_].cancer_id for id_ in ids}
    own = world.questions["own"]
    found = await related(database.published, asked, 5)
    first = await related(database.published, {own: asked[own]}, 1)
    assert {id_: set(world.names(rows)) for id_, rows in found.items()} == {
        world.questions["h1"]: {"h2"},
        world.questions["l1"]: set(),
        world.questions["own"]: {"h1", "h2"},
        world.questions["none"]: set(),
    }
    assert len(first[own]) == 1


async def test_the_same_question_is_found_by_key_cancer_and_language(
    database: Database, world: World
) -> None:
    async with database.reading(SYSTEM_ROWS) as session:
        for name in ("none", "h1", "own"):
            question = (await repository.get_many(session, [world.questions[name]])).popitem()[1]
            key, cancer_id = question.match_key, question.cancer_id
            same = await repository.get_same(session, key=key, cancer_id=cancer_id, locale="en")
            assert same is not None
            assert same.id == question.id
            elsewhere = world.cancers["breast"]
            for other_cancer, locale in ((elsewhere, "en"), (cancer_id, "es")):
                assert (
                    await repository.get_same(
                        session, key=key, cancer_id=other_cancer, locale=locale
                    )
                    is None
                )


async def test_related_ones_come_nearest_in_words_and_concepts_first(
    database: Database, database_url: str
) -> None:
    searches = {
        "asked": "'concept:recurrence':1A 'cancer:hcc':1A 'don''t':2 'ablat':3",
        "nothing": "'surgeri':1A",
        "word": "'ablat':1C",
        "concept": "'concept:recurrence':1A 'ablat':2C",
        "odd": "'don''t':1A 'concept:recurrence':1A 'ablat':2A",
    }
    ids: dict[str, UUID] = {}
    async with app_connection(database_url, role="system") as connection:
        rows = Rows(connection)
        for name, search in searches.items():
            ids[name], _ = await rows.published(f"slug-{name}")
            await connection.execute(
                "UPDATE questions SET search = $2::text::tsvector WHERE id = $1", ids[name], search
            )
    found = await related(database.published, {ids["asked"]: None}, 5)
    assert [question.id for question in found[ids["asked"]]] == [
        ids[name] for name in ("odd", "concept", "word", "nothing")
    ]
