"""Published questions as everybody reads them: pages, addresses, and plans that scale."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID

import asyncpg
import pytest

from navis_api.db.engine import asyncpg_address, published_settings
from navis_api.db.paging import CursorInvalid, PageRequest
from navis_api.db.published import Row, Statement
from navis_api.db.sessions import Database
from navis_api.questions import published_lists
from navis_api.questions import published_repository as repository
from navis_api.questions.models import QuestionStatus
from navis_api.questions.published_lists import Listing
from navis_api.questions.published_repository import PublishedQuestion
from navis_api.questions.ranking import Hits, ranked
from navis_api.questions.related import related
from navis_api.questions.repository import QuestionOrder
from navis_api.questions.ways import WAYS, Things, Way
from tests.db.rows import Rows, app_connection
from tests.questions.test_repository import NOON, World, world

__all__ = ["world"]

NEWEST, OLDEST = QuestionOrder.NEWEST_FIRST, QuestionOrder.OLDEST_FIRST


async def pages(
    database: Database, *, size: int, order: QuestionOrder, cancer_ids: Sequence[UUID] | None
) -> list[PublishedQuestion]:
    """Return all that is listed, read page by page."""
    found: list[PublishedQuestion] = []
    request = PageRequest(size)
    while True:
        page = await published_lists.list_answered(
            database.published, Listing(request, None, order), cancer_ids=cancer_ids
        )
        found.extend(page.rows)
        if not page.has_next:
            return found
        request = PageRequest(size, cursor=page.cursors[-1])


@pytest.mark.parametrize("size", [1, 2, 10])
async def test_pages_hold_each_published_question_once_and_no_other(
    database: Database, world: World, size: int
) -> None:
    everything = await pages(database, size=size, order=NEWEST, cancer_ids=None)
    assert world.names(everything) == ["l1", "h1", "h2", "b1", "none"]
    backward = await pages(database, size=size, order=OLDEST, cancer_ids=None)
    assert world.names(backward) == ["none", "b1", "h2", "h1", "l1"]
    family = [world.cancers["liver"], world.cancers["hcc"]]
    of_liver = await pages(database, size=size, order=NEWEST, cancer_ids=family)
    assert world.names(of_liver) == ["l1", "h1", "h2"]


async def test_the_last_page_read_backward_is_in_the_lists_own_order(
    database: Database, world: World
) -> None:
    for cancer_ids in (None, list(world.cancers.values())):
        page = await published_lists.list_answered(
            database.published,
            Listing(PageRequest(2, backward=True), None, NEWEST),
            cancer_ids=cancer_ids,
        )
        last = ["b1", "none"] if cancer_ids is None else ["h2", "b1"]
        assert world.names(page.rows) == last
        assert (page.has_previous, page.has_next) == (True, False)


async def test_pages_of_each_cancer_come_in_one_statement(database: Database, world: World) -> None:
    seen: list[str] = []
    with database.published.watched(seen.append):
        found = await published_lists.list_answered_by_cancer(
            database.published, world.groups, Listing(PageRequest(2), None, NEWEST)
        )
    assert len(seen) == 1
    assert {id_: world.names(page.rows) for id_, page in found.items()} == {
        world.cancers["liver"]: ["l1", "h1"],
        world.cancers["hcc"]: ["h1", "h2"],
        world.cancers["breast"]: ["b1"],
    }
    assert [page.has_next for page in found.values()] == [True, False, False]


async def test_a_cursor_of_another_order_is_refused(database: Database, world: World) -> None:
    page = await published_lists.list_answered(
        database.published, Listing(PageRequest(1), answered=True, order=NEWEST), cancer_ids=None
    )
    onward = PageRequest(1, cursor=page.cursors[0])
    for answered, order in ((None, NEWEST), (True, OLDEST)):
        with pytest.raises(CursorInvalid):
            await published_lists.list_answered(
                database.published, Listing(onward, answered, order), cancer_ids=None
            )


async def test_a_question_is_found_by_address_and_id_only_once_it_is_answered(
    database: Database, world: World
) -> None:
    found = await repository.get_by_slug(database.published, "slug-h1")
    assert found is not None
    assert (found.id, found.status) == (world.questions["h1"], QuestionStatus.ANSWERED)
    assert await repository.get_by_slug(database.published, "slug-x") is None
    many = await repository.get_many(database.published, list(world.questions.values()))
    assert set(many) == set(world.questions.values()) - {
        world.questions["own"],
        world.questions["anonymous"],
    }


async def test_the_views_show_even_the_staff_only_what_is_published(
    world: World, database_url: str
) -> None:
    for role in ("", "patient", "editor", "system"):
        async with app_connection(database_url, role=role, subject="somebody") as connection:
            questions = await connection.fetch("SELECT id FROM published_questions")
            answers = await connection.fetch("SELECT state FROM published_answers")
        assert {row["id"] for row in questions} == set(world.questions.values()) - {
            world.questions["own"],
            world.questions["anonymous"],
        }
        assert {row["state"] for row in answers} == {"PUBLISHED"}


async def plan(address: str, statement: Statement, **values: object) -> str:
    """Return the plan of a statement for all values, where reading a whole table is no way."""
    settings = {**published_settings(address, 5), "enable_seqscan": "off"}
    connection = await asyncpg.connect(asyncpg_address(address), server_settings=settings)
    try:
        given = [values[name] for name in statement.names]
        rows = await connection.fetch("EXPLAIN " + statement.text, *given)
    finally:
        await connection.close()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_of_searching_reads_its_indexes_and_no_table_as_a_whole(
    way: Way, world: World, owner: asyncpg.Connection, database_url: str
) -> None:
    await add_alike(owner, count=3_000, text="Other", search="'other':1A", at=NOON)
    await owner.execute("ANALYZE questions")
    things = Things(
        cancers=[["cancer:a", "cancer:b"]] if way == "cancer" else [],
        concepts=[["concept:x"]],
        words=("y", "z", "v") if way == "cancer" else ("y", "z", "v")[: way - 1],
        about=(),
    )
    assert things.way == way
    read = await plan(
        database_url,
        ranked(Hits("all", backward=False, way=way)),
        lexemes="'concept:x'",
        any_lexemes="'concept:x'",
        words="y",
        things=2,
        about=None,
        cancer_ids=None,
        score=None,
        id=None,
        size=11,
        **things.parameters(),
    )
    index = "ix_questions_search_within_cancers" if way == "cancer" else "ix_questions_search"
    found = re.findall(r"Bitmap Index Scan on (\S+)", read)
    assert found == [f"{index}_sample", index]
    assert "Seq Scan on questions" not in read


@pytest.mark.parametrize("way", WAYS)
async def test_a_search_for_a_part_reads_no_table_as_a_whole(
    way: Way, world: World, owner: asyncpg.Connection, database_url: str
) -> None:
    await add_alike(owner, count=3_000, text="Other", search="'other':1A", at=NOON)
    await owner.execute("ANALYZE questions")
    read = await plan(
        database_url,
        ranked(Hits("any", backward=False, way=way)),
        lexemes=["'concept:x'"],
        words=["y", "z"],
        paired_word="('cancer:a \\1')",
        about="'cancer:a'" if way == "cancer" else None,
        cancer_ids=None,
        score=None,
        id=None,
        size=11,
    )
    index = "ix_questions_search_within_cancers" if way == "cancer" else "ix_questions_search"
    found = re.findall(r"Bitmap Index Scan on (\S+)", read)
    assert found == [f"{index}_sample", index] * 2
    assert "Seq Scan on questions" not in read


@pytest.mark.parametrize(
    ("answered", "index"),
    [(True, "ix_questions_published"), (None, "ix_questions_asked")],
)
async def test_lists_are_read_from_an_index_in_their_order(
    world: World,
    owner: asyncpg.Connection,
    database_url: str,
    answered: bool | None,  # noqa: FBT001 - a parameter of the test
    index: str,
) -> None:
    await add_alike(owner, count=3_000, text="Other", search="'other':1A", at=NOON)
    await owner.execute("ANALYZE questions")
    values: dict[str, object] = {"moment": NOON, "id": UUID(int=0)}
    moment = "answered_at" if answered else "asked_at"
    for cut, brief in product((False, True), repeat=2):
        form = published_lists._Form(moment=moment, descending=True, cut=cut, rows=21, brief=brief)
        read = await plan(database_url, published_lists._listed(form, None), **values)
        assert f"Index Scan Backward using {index} on questions" in read
        assert "Sort" not in read
        of_cancer = await plan(
            database_url,
            published_lists._listed_by_cancer(form, None),
            groups=[],
            roots=[],
            members=[],
            **values,
        )
        assert f"Index Scan Backward using {index}_of_cancer on questions" in of_cancer


async def add_alike(
    owner: asyncpg.Connection, *, count: int, text: str, search: str, at: datetime
) -> None:
    """Store many answered questions that differ in nothing that a search could tell."""
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(
        """
        INSERT INTO questions
            (id, slug, text, match_key, locale, status, asked_at, answered_at, search)
        SELECT gen_random_uuid(), 'q-' || md5($2 || n), $2, $2 || n, 'en', 'ANSWERED', $4, $4,
            $3::text::tsvector FROM generate_series(1, $1::int) AS n
        """,
        count,
        text,
        search,
        at,
    )


async def test_of_very_many_that_fit_so_many_are_ranked(
    database: Database, owner: asyncpg.Connection
) -> None:
    search = "'concept:x':1A"
    long = "A question about x with many more words than anybody would need to ask about it"
    await add_alike(owner, count=1_500, text=long, search=search, at=NOON)
    shown = 0
    values: dict[str, object] = {"score": None, "id": None}
    while True:
        rows = await database.published.fetch(
            ranked(Hits("all", backward=False)),
            lexemes="'concept:x'",
            any_lexemes="'concept:x'",
            words=None,
            things=1,
            about=None,
            cancer_ids=None,
            size=90,
            **values,
        )
        shown += len(rows)
        if not rows:
            break
        values = {"score": rows[-1][-1], "id": rows[-1][0]}
    # The sample alone had fewer than are enough, or else as many of it as there are.
    assert 40 <= shown <= 200


async def test_brief_questions_are_not_lost_among_very_many(
    database: Database, owner: asyncpg.Connection
) -> None:
    long = "A question about x with many more words than anybody would need to ask about it"
    other_words = " ".join(f"'word{number}':{number}" for number in range(2, 60))
    await add_alike(owner, count=6_000, text=long, search=f"'concept:x':1C {other_words}", at=NOON)
    await add_alike(owner, count=40, text="What is x?", search="'concept:x':1A", at=NOON)
    rows = await database.published.fetch(
        ranked(Hits("all", backward=False)),
        lexemes="'concept:x'",
        any_lexemes="'concept:x'",
        words=None,
        things=1,
        about=None,
        cancer_ids=None,
        score=None,
        id=None,
        size=1,
    )
    assert rows[0][2] == "What is x?"


async def with_a_part(
    database: Database,
    *,
    size: int = 100,
    about: Sequence[str] = (),
    backward: bool = False,
    edge: tuple[float | None, UUID | None] = (None, None),
) -> list[Row]:
    """Return the questions that have a part of x, y and z."""
    things = Things([], [["concept:x"], ["concept:y"]], ["z"], about)
    return await database.published.fetch(
        ranked(Hits("any", backward=backward, way=things.way_of_parts)),
        lexemes=things.lexemes,
        words=things.words,
        about=" | ".join(f"'{each}'" for each in about) or None,
        cancer_ids=None,
        score=edge[0],
        id=edge[1],
        size=size,
        **things.parameters_of_parts(),
    )


async def test_of_very_many_that_have_a_part_none_but_the_sample_is_read(
    database: Database, owner: asyncpg.Connection
) -> None:
    long = "A question about x and y with many more words than anybody would need to ask it"
    both = "'concept:x':1A 'concept:y':1A"
    await add_alike(owner, count=8_000, text=long, search=both, at=NOON)
    await add_alike(owner, count=70, text="Why z?", search="'z':1A", at=NOON)
    rows = await with_a_part(database)
    scores = [int(row[-1]) for row in rows]
    assert scores == [2] * 60 + [1] * 40
    # The last byte of an id is chance.
    assert all(row[0].bytes[15] < 4 for row, score in zip(rows, scores, strict=True) if score == 2)


async def test_brief_questions_are_not_lost_among_very_many_that_have_a_part(
    database: Database, owner: asyncpg.Connection
) -> None:
    long = "A question about x and y with many more words than anybody would need to ask it"
    both = "'concept:x':1C 'concept:y':1C"
    other_words = " ".join(f"'word{number}':{number}" for number in range(2, 60))
    await add_alike(owner, count=1_000, text=long, search=f"{both} {other_words}", at=NOON)
    await add_alike(owner, count=60, text="Is x a y?", search=both, at=NOON)
    assert (await with_a_part(database, size=1))[0][2] == "Is x a y?"


async def test_of_few_that_have_a_part_all_are_found_whatever_else_is_frequent(
    database: Database, owner: asyncpg.Connection
) -> None:
    await add_alike(owner, count=2_000, text="What is x?", search="'concept:x':1A", at=NOON)
    await add_alike(owner, count=2_000, text="Why z?", search="'z':1A", at=NOON)
    rare = "'concept:y':1A 'z':1A"
    await add_alike(owner, count=55, text="Is y a z?", search=rare, at=NOON)
    rows = await with_a_part(database)
    assert [row[2] for row in rows[:56]].count("Is y a z?") == 55
    assert {row[2] for row in rows} == {"What is x?", "Why z?", "Is y a z?"}


async def test_what_has_a_single_thing_is_found_unless_many_lack_only_one(
    database: Database, owner: asyncpg.Connection
) -> None:
    await add_alike(owner, count=2, text="Why z?", search="'z':1A", at=NOON)
    await add_alike(
        owner, count=50, text="What x is y?", search="'concept:x':1A 'concept:y':1A", at=NOON
    )
    await add_alike(owner, count=49, text="Is y a z?", search="'concept:y':1A 'z':1A", at=NOON)
    few = [row[2] for row in await with_a_part(database, size=200)]
    assert len(few) == 101
    assert few[-2:] == ["Why z?"] * 2
    await add_alike(owner, count=1, text="Is x a z?", search="'concept:x':1A 'z':1A", at=NOON)
    many = [row[2] for row in await with_a_part(database, size=200)]
    assert len(many) == 100
    assert "Why z?" not in many


async def test_pages_of_many_that_have_a_part_are_the_same_forward_and_backward(
    database: Database, owner: asyncpg.Connection
) -> None:
    for number, search in enumerate(("'concept:x':1A 'z':2A", "'concept:y':1A", "'concept:x':1A")):
        await add_alike(owner, count=3_000, text=f"What is it? {number}", search=search, at=NOON)
    listed: dict[bool, list[UUID]] = {}
    for backward in (False, True):
        ids: list[UUID] = []
        edge: tuple[float | None, UUID | None] = (None, None)
        while rows := await with_a_part(database, size=37, backward=backward, edge=edge):
            ids += [row[0] for row in rows]
            edge = (rows[-1][-1], rows[-1][0])
        listed[backward] = ids[::-1] if backward else ids
    assert listed[False] == listed[True]
    assert len(set(listed[False])) == len(listed[False]) > 100


@pytest.mark.parametrize(
    ("number", "long"),
    [(1, "x" * 1_001), (20_000, "x"), (1, "x")],
    ids=["a long word", "many words", "as usual"],
)
async def test_a_question_with_more_than_pairs_can_hold_is_found_within_its_cancer(
    database: Database, owner: asyncpg.Connection, number: int, long: str
) -> None:
    cancers = "'cancer:a':1A 'cancer:b':1A 'concept:c':1A"
    many = " ".join(f"'w{each}'" for each in range(number))
    await add_alike(owner, count=1, text="Is it?", search=f"{cancers} '{long}' {many}", at=NOON)
    await add_alike(owner, count=1, text="Was it?", search="'cancer:a':1A 'concept:c':1A", at=NOON)
    for concept, word, expected in (
        ("concept:c", "w0", ["Is it?"]),
        ("concept:c", "w1", ["Is it?"] if number > 1 else []),
        ("concept:c", "the", ["Is it?", "Was it?"]),
        ("concept:d", "w0", []),
        (None, "w0", ["Is it?"]),
        (None, "the", ["Is it?", "Was it?"]),
    ):
        things = Things([["cancer:a"]], [[concept]] if concept else [], [word], about=())
        assert things.way == "cancer"
        rows = await database.published.fetch(
            ranked(Hits("all", backward=False, way="cancer")),
            lexemes=" & ".join(things.lexemes),
            any_lexemes=" | ".join(things.lexemes),
            words=word,
            things=3,
            about=None,
            cancer_ids=None,
            score=None,
            id=None,
            size=9,
            **things.parameters(),
        )
        assert sorted(row[2] for row in rows) == expected


async def test_what_has_a_part_within_a_cancer_is_found_whatever_pairs_can_hold(
    database: Database, owner: asyncpg.Connection
) -> None:
    parts = "'concept:x':1A 'concept:y':1A"
    many = " ".join(f"'w{each}'" for each in range(20_000))
    for text, search in (
        ("Many words?", f"'cancer:a':1A {parts} {many}"),
        ("Of it?", f"'cancer:b':1A {parts}"),
        ("Of it too?", "'cancer:a':1A 'z':1A"),
        ("Of another?", f"'cancer:c':1A {parts}"),
        ("Of none?", parts),
    ):
        await add_alike(owner, count=1, text=text, search=search, at=NOON)
    rows = await with_a_part(database, about=["cancer:a", "cancer:b"])
    assert {row[2] for row in rows[:2]} == {"Many words?", "Of it?"}
    assert [row[2] for row in rows[2:]] == ["Of it too?"]


async def test_related_questions_are_found_among_very_many(
    database: Database, owner: asyncpg.Connection, database_url: str
) -> None:
    await add_alike(
        owner, count=500, text="Other", search="'other':1A", at=NOON + timedelta(days=1)
    )
    ids: dict[str, UUID] = {}
    async with app_connection(database_url, role="system") as connection:
        rows = Rows(connection)
        for name, search in (
            ("asked", "'concept:x':1A 'concept:y':1A"),
            ("both", "'concept:x':1A 'concept:y':1A 'z':2"),
            ("one", "'concept:y':1A 'v':2 'w':3"),
        ):
            ids[name], _ = await rows.published(f"slug-{name}")
            await connection.execute(
                "UPDATE questions SET search = $2::text::tsvector WHERE id = $1", ids[name], search
            )
    found = await related(database.published, {ids["asked"]: None}, 2)
    assert [question.id for question in found[ids["asked"]]] == [ids["both"], ids["one"]]
