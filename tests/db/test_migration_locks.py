"""Migrations beside the work: what they lock, for how long, and what they leave to older code."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from navis_api.db import migrations
from navis_api.db.engine import asyncpg_address
from navis_api.db.migrations import LocksHeld, migrate
from tests.db.rows import Rows
from tests.db.test_migrations import STEPS, fill
from tests.waiting import PATIENCE_S, until

# Those before are older than the promise.
FIRST = "0014"
SINCE = STEPS[STEPS.index(FIRST) + 1 :]

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)(?:IF NOT EXISTS )?\S+ ON (\w+)")
_CHANGE = re.compile(r"ALTER TABLE (?:ONLY )?(\w+) (.*)", re.DOTALL)
_REWRITES = re.compile(
    r"(?:DROP COLUMN|RENAME|SET NOT NULL|ALTER (?:COLUMN )?\w+ (?:SET DATA )?TYPE"
    r"|ADD (?:COLUMN )?.*(?:gen_random_uuid|clock_timestamp|random)\(\)"
    r"|ADD (?:COLUMN )?(?!.*DEFAULT).* NOT NULL)"
)
_CHECKED = re.compile(r"ADD (?:CONSTRAINT \S+ )?(?:CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY|EXCLUDE)")
_WRITES = re.compile(r"(?:UPDATE|DELETE FROM|LOCK TABLE|DROP TABLE|TRUNCATE) (\w+)")


def waits(statement: str, existing: set[str]) -> str | None:
    """Why others wait while a statement looks through a table that was there; None: they don't."""
    if (found := _INDEX.match(statement)) and found[1] in existing:
        return "builds an index while nobody writes"
    if (found := _WRITES.match(statement)) and found[1] in existing:
        return "writes through a whole table, or removes what older code needs"
    found = _CHANGE.match(statement)
    if found is None or found[1] not in existing:
        return None
    if _REWRITES.search(found[2]):
        return "looks through a table, or takes away what older code needs"
    if _CHECKED.search(found[2]) and not re.search("NOT VALID|USING INDEX", found[2]):
        return "checks every row while nobody works"
    return None


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("CREATE INDEX ix ON old (a)", "builds an index"),
        ("CREATE UNIQUE INDEX ix ON old (a)", "builds an index"),
        ("CREATE INDEX CONCURRENTLY ix ON old (a)", None),
        ("CREATE INDEX ix ON new (a)", None),
        ("ALTER TABLE old ADD COLUMN b integer", None),
        ("ALTER TABLE old ADD COLUMN b integer DEFAULT 0 NOT NULL", None),
        ("ALTER TABLE old ADD COLUMN b integer NOT NULL", "looks through"),
        ("ALTER TABLE old ADD COLUMN b uuid DEFAULT gen_random_uuid()", "looks through"),
        ("ALTER TABLE old ALTER COLUMN b SET NOT NULL", "looks through"),
        ("ALTER TABLE old ALTER COLUMN b TYPE bigint", "looks through"),
        ("ALTER TABLE old DROP COLUMN b", "looks through"),
        ("ALTER TABLE old ADD CONSTRAINT c CHECK (b > 0)", "checks every row"),
        ("ALTER TABLE old ADD CONSTRAINT c CHECK (b > 0) NOT VALID", None),
        ("ALTER TABLE old ADD CONSTRAINT c FOREIGN KEY(b) REFERENCES other (id)", "checks every"),
        ("ALTER TABLE old VALIDATE CONSTRAINT c", None),
        ("UPDATE old SET b = 1", "writes through"),
    ],
)
def test_the_law_knows_what_makes_others_wait(statement: str, why: str | None) -> None:
    found = waits(statement, {"old"})
    assert (found is None) if why is None else (found or "").startswith(why)


@contextmanager
def told() -> Iterator[list[str]]:
    """Give the statements of all connections of SQLAlchemy's, and where transactions end."""
    seen: list[str] = []

    def statement(_connection: Connection, _cursor: object, said: str, *_: object) -> None:
        seen.append(" ".join(said.split()))

    def ended(_connection: Connection) -> None:
        seen.append("COMMIT")

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", ended)
    yield seen
    event.remove(Engine, "before_cursor_execute", statement)
    event.remove(Engine, "commit", ended)


async def test_no_migration_has_others_wait_for_more_than_a_lock(
    empty_url: str,
) -> None:
    await migrate(empty_url, revision=FIRST)
    connection = await asyncpg.connect(asyncpg_address(empty_url))
    found: list[tuple[str, str, str]] = []
    for revision in SINCE:
        existing = {row[0] for row in await connection.fetch(_TABLES)} - {"alembic_version"}
        with told() as seen:
            await migrate(empty_url, revision=revision)
        changed: set[str] = set()
        for said in seen:
            if why := waits(said, existing):
                found.append((revision, said, why))
            if said == "COMMIT":
                changed.clear()
            elif change := _CHANGE.match(said):
                if "VALIDATE CONSTRAINT" in change[2] and change[1] in changed:
                    found.append((revision, said, "keeps the lock of the change before it"))
                changed.add(change[1])
    await connection.close()
    assert found == []


_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default IS NOT NULL
    FROM information_schema.columns WHERE table_schema = 'public'
"""
_RIGHTS = """
    SELECT table_name, '', privilege_type FROM information_schema.table_privileges
    WHERE grantee = 'navis_app'
    UNION ALL SELECT table_name, column_name, privilege_type
    FROM information_schema.column_privileges WHERE grantee = 'navis_app'
"""
_FUNCTIONS = """
    SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')'
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


async def test_what_older_code_reads_and_writes_is_still_there(empty_url: str) -> None:
    """Columns as they were, none new that it would have to fill in, and its rights."""
    await migrate(empty_url, revision=FIRST)
    connection = await asyncpg.connect(asyncpg_address(empty_url))

    async def look() -> tuple[dict[Any, Any], set[Any], set[Any]]:
        columns = {(row[0], row[1]): row[2:] for row in await connection.fetch(_COLUMNS)}
        rights = {tuple(row) for row in await connection.fetch(_RIGHTS)}
        return columns, rights, {row[0] for row in await connection.fetch(_FUNCTIONS)}

    columns, rights, functions = await look()
    tables = {table for table, _ in columns}
    for revision in SINCE:
        await migrate(empty_url, revision=revision)
        new_columns, new_rights, new_functions = await look()
        for key, (kind, nullable, has_default) in columns.items():
            now_kind, now_nullable, now_default = new_columns[key]
            assert now_kind == kind, (revision, key)
            assert now_nullable in {nullable, "YES"}, (revision, key)
            assert now_default or not has_default, (revision, key)
        for key, (_, nullable, has_default) in new_columns.items():
            if key[0] in tables and key not in columns:
                assert nullable == "YES" or has_default, (revision, key)
        assert rights <= new_rights, revision
        assert functions <= new_functions, revision
    await connection.close()


@asynccontextmanager
async def older_code(address: str) -> AsyncIterator[list[UUID]]:
    """Write and read as code of the time of `FIRST` does, without end, and give what was written.

    Only statements with that time's columns: whoever runs them knows nothing of newer ones.
    """
    over = asyncio.Event()
    written: list[UUID] = []

    async def work() -> None:
        connection = await asyncpg.connect(asyncpg_address(address), command_timeout=PATIENCE_S)
        rows = Rows(connection)
        while not over.is_set():
            question = await rows.question(status="GENERATING")
            await rows.asking(question, "patient-1")
            generation = await rows.generation(question, status="DRAFTING")
            for sequence in (1, 2):
                await rows.event(generation, sequence)
            assert await connection.fetchval(
                "SELECT count(*) FROM generation_events WHERE generation_id = $1", generation
            )
            await connection.execute("DELETE FROM askings WHERE question_id = $1", question)
            await rows.asking(question, "patient-1")
            written.append(question)
            await asyncio.sleep(0.005)
        await connection.close()

    working = [asyncio.create_task(work()) for _ in range(2)]
    yield written
    over.set()
    await asyncio.gather(*working)


async def test_older_code_goes_on_while_a_full_database_is_migrated(empty_url: str) -> None:
    """Also while somebody's long transaction holds what a migration wants to change."""
    await migrate(empty_url, revision=FIRST)
    await fill(empty_url)
    holding = await asyncpg.connect(asyncpg_address(empty_url))
    async with older_code(empty_url) as written:
        transaction = holding.transaction()
        await transaction.start()
        await holding.execute("LOCK TABLE generations IN ROW EXCLUSIVE MODE")
        with told() as seen:
            migrating = asyncio.create_task(migrate(empty_url))
            # It gives way to those who came after it, and begins again.
            await until(lambda: sum("pg_advisory_lock" in said for said in seen) > 1)
            before = len(written)
            # What came after it is served, though what it waits for isn't.
            await until(lambda: len(written) > before + 20)
            before = len(written)
            await transaction.rollback()
            await migrating
        await until(lambda: len(written) > before + 20)
    found = await holding.fetchval("SELECT count(*) FROM questions WHERE id = ANY($1)", written)
    await holding.close()
    assert found == len(written)


async def test_a_lock_that_never_becomes_free_is_said(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_PAUSES_S", (0.0,))
    await migrate(empty_url, revision="0016")
    holding = await asyncpg.connect(asyncpg_address(empty_url))
    async with holding.transaction():
        await holding.execute("SELECT count(*) FROM consents")
        with pytest.raises(LocksHeld):
            await migrate(empty_url, revision="0022")
        assert await holding.fetchval("SELECT version_num FROM alembic_version") == "0016"
    await holding.close()
    await migrate(empty_url, revision="0022")
