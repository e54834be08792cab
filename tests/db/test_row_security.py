"""Who sees which rows. Each refusal stands beside the same statement by somebody it is for."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from navis_api.db.engine import create_app_engine, parse_address
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database, RowViewer
from tests.db.rows import NOON, Draft, Rows, app_connection

ASKER, OTHER = "patient-1", "patient-2"
SYSTEM = RowViewer("system")
VIEWERS = {
    "anonymous": ANONYMOUS_ROWS,
    "asker": RowViewer("patient", ASKER),
    "other": RowViewer("patient", OTHER),
    "reviewer": RowViewer("reviewer", "reviewer-1"),
    "editor": RowViewer("editor", "editor-1"),
    "administrator": RowViewer("administrator", "administrator-1"),
    # A subject alone, and roles that nobody has, are worth nothing.
    "unknown": RowViewer("System", "x"),
    "partner": RowViewer("partner", "partner-1"),
    "system": SYSTEM,
}
ALL = set(VIEWERS)
STAFF = {"reviewer", "editor", "administrator", "system"}
OWN = STAFF | {"asker"}
NOBODY_ELSE = {"system"}


@dataclass
class Stored:
    """A question with its answer and generation."""

    question_id: UUID
    draft: Draft
    generation_id: UUID


@dataclass
class World:
    """What lies in the database."""

    address: str
    answered: Stored
    """Asked by the asker, reviewed, published, and already with a further draft."""
    further: Draft
    anonymous: Stored
    """Asked by somebody who didn't sign in."""
    own: Stored
    """Asked by the asker, and unreviewed."""


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with app_connection(database_url, role="system") as connection:
        rows = Rows(connection)
        question, draft = await rows.published("a-slug")
        await rows.asking(question, ASKER)
        answered = Stored(question, draft, await generation(rows, question))
        further = await rows.next_draft(draft.answer_id, number=2)
        unanswered: list[Stored] = []
        for anonymous in (True, False):
            question = await rows.question(status="AWAITING_REVIEW", asked_anonymously=anonymous)
            draft = await rows.draft(question)
            unanswered.append(Stored(question, draft, await generation(rows, question)))
        await rows.asking(unanswered[1].question_id, ASKER)
        await rows.insert(
            "idempotency_keys",
            client="a",
            key="b",
            request_hash="c",
            result=json.dumps({}),
            question_id=question,
        )
        yield World(database_url, answered, further, *unanswered)


async def generation(rows: Rows, question: UUID) -> UUID:
    made = await rows.generation(question)
    await rows.event(made, 1)
    return made


async def who_sees(world: World, statement: str, *values: object) -> set[str]:
    """Return the viewers to whom the statement gives a row."""
    seen: set[str] = set()
    for name, viewer in VIEWERS.items():
        async with app_connection(
            world.address, role=viewer.role, subject=viewer.subject
        ) as connection:
            if await connection.fetch(statement, *values):
                seen.add(name)
    return seen


async def test_questions(world: World) -> None:
    statement = "SELECT FROM questions WHERE id = $1"
    assert await who_sees(world, statement, world.answered.question_id) == ALL
    # Whoever holds the id may follow it: lists leave it out by themselves.
    assert await who_sees(world, statement, world.anonymous.question_id) == ALL
    assert await who_sees(world, statement, world.own.question_id) == OWN


async def test_who_asked_is_known_to_nobody_else_not_even_a_reviewer(world: World) -> None:
    for stored in (world.answered, world.own):
        seen = await who_sees(
            world, "SELECT FROM askings WHERE question_id = $1", stored.question_id
        )
        assert seen == {"asker", "system"}


async def test_answers(world: World) -> None:
    statement = "SELECT FROM answers WHERE id = $1"
    assert await who_sees(world, statement, world.answered.draft.answer_id) == ALL
    assert await who_sees(world, statement, world.anonymous.draft.answer_id) == ALL
    assert await who_sees(world, statement, world.own.draft.answer_id) == OWN


async def test_revisions(world: World) -> None:
    statement = "SELECT FROM answer_revisions WHERE id = $1"
    assert await who_sees(world, statement, world.answered.draft.revision_id) == ALL
    # What is being written anew about an answered question is for staff until it is live.
    assert await who_sees(world, statement, world.further.revision_id) == STAFF
    assert await who_sees(world, statement, world.anonymous.draft.revision_id) == ALL
    assert await who_sees(world, statement, world.own.draft.revision_id) == OWN


async def test_a_superseded_revision_is_for_staff(world: World) -> None:
    async with app_connection(world.address, role="system") as connection:
        rows = Rows(connection)
        async with connection.transaction():
            draft = world.answered.draft
            await rows.set("answer_revisions", draft.revision_id, state="SUPERSEDED")
            await rows.take(world.further.revision_id, "PUBLISHED")
    statement = "SELECT FROM answer_revisions WHERE id = $1"
    assert await who_sees(world, statement, world.answered.draft.revision_id) == STAFF
    assert await who_sees(world, statement, world.further.revision_id) == ALL


@pytest.mark.parametrize("table", ["answer_sections", "claims", "citations"])
async def test_the_parts_of_answers_are_for_staff(world: World, table: str) -> None:
    # Readers get a revision's finished document.
    assert await who_sees(world, f"SELECT FROM {table}") == STAFF


async def test_generations_and_their_events(world: World) -> None:
    for statement in (
        "SELECT FROM generations WHERE id = $1",
        "SELECT FROM generation_events WHERE generation_id = $1",
    ):
        assert await who_sees(world, statement, world.anonymous.generation_id) == ALL
        assert await who_sees(world, statement, world.own.generation_id) == OWN


async def test_idempotency_keys(world: World) -> None:
    assert await who_sees(world, "SELECT FROM idempotency_keys") == {"system"}


@pytest.mark.parametrize(
    "table", ["cancers", "cancer_names", "sources", "source_versions", "search_words", "passages"]
)
async def test_the_catalogue_and_the_corpus_are_public(world: World, table: str) -> None:
    async with app_connection(world.address) as connection:
        await connection.fetch(f"SELECT FROM {table}")


def _writes(world: World) -> dict[str, tuple[str, tuple[object, ...]]]:
    own = world.own
    return {
        "questions": ("UPDATE questions SET text = text WHERE id = $1", (own.question_id,)),
        "answers": ("UPDATE answers SET slug = slug WHERE id = $1", (own.draft.answer_id,)),
        "revisions": (
            "UPDATE answer_revisions SET updated_at = updated_at WHERE id = $1",
            (own.draft.revision_id,),
        ),
        "generations": ("UPDATE generations SET engine = 'x' WHERE id = $1", (own.generation_id,)),
        "events": (
            "DELETE FROM generation_events WHERE generation_id = $1",
            (own.generation_id,),
        ),
        "askings": ("DELETE FROM askings WHERE question_id = $1", (own.question_id,)),
        "keys": ("DELETE FROM idempotency_keys WHERE client = $1", ("a",)),
        "citations": ("DELETE FROM citations WHERE claim_id = $1", (own.draft.claim_id,)),
    }


WRITERS = {
    "questions": STAFF,
    "answers": STAFF,
    "revisions": STAFF,
    "citations": NOBODY_ELSE,
    "generations": NOBODY_ELSE,
    "events": NOBODY_ELSE,
    "askings": NOBODY_ELSE,
    "keys": NOBODY_ELSE,
}


@pytest.mark.parametrize("what", WRITERS)
async def test_who_may_change_or_remove_a_row(world: World, what: str) -> None:
    statement, values = _writes(world)[what]
    could: set[str] = set()
    for name, viewer in VIEWERS.items():
        async with app_connection(
            world.address, role=viewer.role, subject=viewer.subject
        ) as connection:
            transaction = connection.transaction()
            await transaction.start()
            if not (await connection.execute(statement, *values)).endswith(" 0"):
                could.add(name)
            await transaction.rollback()
    assert could == WRITERS[what]


REMOVED_BY_US_ALONE = [
    "answer_revisions",
    "answer_sections",
    "answers",
    "askings",
    "citations",
    "claims",
    "generation_events",
    "generations",
    "idempotency_keys",
    "questions",
]


@pytest.mark.parametrize("table", REMOVED_BY_US_ALONE)
async def test_who_may_remove_rows_that_they_do_not_even_look_at(world: World, table: str) -> None:
    # Without a condition the policy of reading has no say.
    could: set[str] = set()
    for name, viewer in VIEWERS.items():
        async with app_connection(
            world.address, role=viewer.role, subject=viewer.subject
        ) as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                if await connection.execute(f"DELETE FROM {table}") != "DELETE 0":
                    could.add(name)
            except asyncpg.IntegrityConstraintViolationError:
                # The policy let it through to another rule.
                could.add(name)
            await transaction.rollback()
    assert could == NOBODY_ELSE


async def _revision(rows: Rows, world: World) -> None:
    """Add a revision in the viewer's own name: in another's, a trigger refuses it."""
    subject = await rows.connection.fetchval("SELECT navis_subject()")
    await rows.revision(world.own.draft.answer_id, number=9, author_subject=subject)


ADDITIONS: dict[str, tuple[set[str], Callable[[Rows, World], Awaitable[object]]]] = {
    "question": (NOBODY_ELSE, lambda rows, _: rows.question()),
    # The question has its one answer already: whom the policy lets through meets that rule.
    "answer": (NOBODY_ELSE, lambda rows, world: rows.answer(world.own.question_id)),
    "revision": (STAFF, _revision),
    "section": (STAFF, lambda rows, world: rows.section(world.further.revision_id, position=9)),
    "claim": (STAFF, lambda rows, world: rows.claim(world.further.section_id, position=9)),
    "citation": (
        STAFF,
        lambda rows, world: rows.citation(
            world.further.claim_id, world.further.version_id, position=9
        ),
    ),
    "generation": (
        NOBODY_ELSE,
        lambda rows, world: rows.generation(
            world.own.question_id, status="FAILED", finished_at=NOON
        ),
    ),
    "event": (NOBODY_ELSE, lambda rows, world: rows.event(world.anonymous.generation_id, 2)),
    "asking": (NOBODY_ELSE, lambda rows, world: rows.asking(world.anonymous.question_id, ASKER)),
    "key": (
        NOBODY_ELSE,
        lambda rows, _: rows.insert(
            "idempotency_keys", client="x", key="y", request_hash="z", result=json.dumps({})
        ),
    ),
}


@pytest.mark.parametrize("what", ADDITIONS)
async def test_who_may_add_a_row(world: World, what: str) -> None:
    meant, add = ADDITIONS[what]
    could: set[str] = set()
    for name, viewer in VIEWERS.items():
        async with app_connection(
            world.address, role=viewer.role, subject=viewer.subject
        ) as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                await add(Rows(connection), world)
                could.add(name)
            except asyncpg.UniqueViolationError:
                could.add(name)
            except asyncpg.InsufficientPrivilegeError as refused:
                assert "row-level security" in str(refused)  # noqa: PT017 - the others may not raise
            await transaction.rollback()
    assert could == meant


# The app role itself


async def test_the_app_role_owns_nothing_and_cannot_step_over_the_policies(
    database_url: str, owner: asyncpg.Connection
) -> None:
    role = await owner.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin"
        " FROM pg_roles WHERE rolname = 'navis_app'"
    )
    assert role is not None
    assert set(role.values()) == {False}
    owned = await owner.fetchval(
        "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = 'navis_app'::regrole"
    )
    assert owned == 0
    member_of = await owner.fetchval(
        "SELECT count(*) FROM pg_auth_members WHERE member = 'navis_app'::regrole"
    )
    assert member_of == 0
    async with app_connection(database_url) as connection:
        for statement in (
            "CREATE TABLE mine (id int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "ALTER TABLE questions DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE questions NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY seen ON questions",
            "CREATE POLICY mine ON questions USING (true)",
            "ALTER TABLE questions DISABLE TRIGGER ALL",
            "ALTER TABLE citations DISABLE TRIGGER quote",
            "DROP TABLE questions",
            "TRUNCATE questions",
            "ALTER FUNCTION navis_is_system() OWNER TO navis_app",
            "ALTER FUNCTION navis_is_system() RENAME TO mine",
            "SET session_replication_role = replica",
            "GRANT navis_owner TO navis_app",
            "UPDATE alembic_version SET version_num = 'x'",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


async def test_every_table_of_ours_is_either_public_or_guarded(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "SELECT relname, relrowsecurity AND relforcerowsecurity AS guarded FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    open_to_all = {row["relname"] for row in rows if not row["guarded"]}
    # A table that is added must be put on one side or the other.
    assert {name for name in open_to_all if not name.startswith("pgqueuer")} == {
        "alembic_version",
        "cancers",
        "cancer_names",
        "sources",
        "source_versions",
        "passages",
        "passage_vectors",
        "embedding_runs",
        "corpus_words",
        "other_names",
        "search_words",
        "answer_transitions",
        "published_changes",
    }


@pytest.fixture
async def plain_login(owner: asyncpg.Connection, database_url: str) -> AsyncIterator[str]:
    """The address with a login that may be the app role, and nothing else."""
    name = f"login_{uuid4().hex[:8]}"
    await owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'made-up' IN ROLE navis_app")
    yield (
        parse_address(database_url)
        .set(drivername="postgresql", username=name, password="made-up")
        .render_as_string(hide_password=False)
    )
    await owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", name
    )
    await owner.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize("back", ["RESET ROLE", "SET ROLE NONE", "RESET ALL", "DISCARD ALL"])
async def test_leaving_the_app_role_gives_no_more_rights(
    world: World, plain_login: str, back: str
) -> None:
    async with app_connection(plain_login, role="patient", subject=OTHER) as connection:
        await connection.execute(back)
        assert await connection.fetchval("SELECT count(*) FROM questions") == 2
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("ALTER TABLE questions DISABLE ROW LEVEL SECURITY")
        for role in ("navis_owner", "postgres"):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(f"SET ROLE {role}")


async def test_resetting_the_role_stays_the_app_role_also_for_a_mighty_login(
    world: World,
) -> None:
    async with app_connection(world.address) as connection:
        await connection.execute("RESET ROLE")
        assert await connection.fetchval("SELECT current_user") == "navis_app"
        assert await connection.fetchval("SELECT count(*) FROM questions") == 2


# Sessions of the pool


async def _visible(database: Database, viewer: RowViewer) -> int | None:
    async with database.reading(viewer) as session:
        return await session.scalar(text("SELECT count(*) FROM questions"))


async def test_whom_a_transaction_speaks_for_ends_with_it(world: World) -> None:
    engine = create_app_engine(world.address, pool_size=1, pool_wait_s=5, command_timeout_s=30)
    database = Database(engine)
    asker = VIEWERS["asker"]
    try:
        for viewer in (SYSTEM_ROWS, asker):
            assert await _visible(database, viewer) == 3
            assert await _visible(database, ANONYMOUS_ROWS) == 2
            async with database.writing(viewer) as session:
                await session.execute(text("SELECT 1"))
            assert await _visible(database, ANONYMOUS_ROWS) == 2
            assert await _visible(database, VIEWERS["other"]) == 2

        async def fail() -> None:
            async with database.writing(asker) as session:
                await session.execute(text("SELECT 1 / 0"))

        with pytest.raises(Exception, match="division by zero"):
            await fail()
        assert await _visible(database, ANONYMOUS_ROWS) == 2
    finally:
        await database.close()
