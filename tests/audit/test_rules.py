"""What the database lets nobody do to the record, tried by plain SQL as the app role."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from tests.audit.records import NOON
from tests.db.rows import app_connection

ADD = (
    "INSERT INTO audit_events (at, actor_kind, actor, action, detail)"
    " VALUES ($1, $2, $3, 'answer.approve', '{}')"
)
ROLES = ("", "patient", "partner", "reviewer", "editor", "administrator", "system")


@pytest.fixture
async def system(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of our own code, and a row that it has recorded."""
    async with app_connection(database_url, role="system") as connection:
        await connection.execute(ADD, NOON, "SYSTEM", None)
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'x'",
        "UPDATE audit_events SET detail = detail",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "UPDATE audit_head SET sequence = 0",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (sequence, hash) VALUES (1, '')",
        "TRUNCATE audit_head",
        *(
            f"INSERT INTO audit_events (at, actor_kind, action, detail, {column})"
            f" VALUES (now(), 'SYSTEM', 'x.y', '{{}}', {value})"
            for column, value in (("sequence", "7"), ("previous", "''"), ("hash", "''"))
        ),
        "ALTER TABLE audit_events DISABLE TRIGGER chain",
        "ALTER TABLE audit_events DISABLE TRIGGER final",
        "DROP TRIGGER whole ON audit_events",
        "DROP TABLE audit_events",
        "DROP POLICY seen ON audit_events",
        "CREATE RULE mine AS ON INSERT TO audit_events DO INSTEAD NOTHING",
        "ALTER FUNCTION navis_audit_chain() RENAME TO mine",
    ],
)
async def test_the_record_is_only_added_to(
    system: asyncpg.Connection, owner: asyncpg.Connection, statement: str
) -> None:
    before = await owner.fetch("SELECT * FROM audit_events")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await system.execute(statement)
    assert await owner.fetch("SELECT * FROM audit_events") == before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_events SET actor = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events"],
)
@pytest.mark.usefixtures("system")
async def test_not_even_the_tables_owner_changes_it_without_undoing_the_trigger(
    owner: asyncpg.Connection, statement: str
) -> None:
    await owner.execute("SET ROLE navis_owner")
    with pytest.raises(asyncpg.CheckViolationError, match="only added to"):
        await owner.execute(statement)


async def test_numbers_and_hashes_are_the_triggers_whoever_inserts(
    system: asyncpg.Connection, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "INSERT INTO audit_events (sequence, at, actor_kind, action, detail, previous, hash)"
        " VALUES (70, now(), 'SYSTEM', 'x.y', '{}', 'made up', 'made up')"
    )
    rows = await system.fetch("SELECT sequence, previous, hash FROM audit_events ORDER BY 1")
    assert [row["sequence"] for row in rows] == [1, 2]
    assert rows[1]["previous"] == rows[0]["hash"]
    assert rows[1]["hash"] == await system.fetchval("SELECT hash FROM audit_head")


async def test_a_temporary_table_does_not_stand_for_the_head(system: asyncpg.Connection) -> None:
    await system.execute(
        "CREATE TEMP TABLE audit_head AS SELECT 700 AS sequence, ''::bytea AS hash"
    )
    await system.execute(ADD, NOON, "SYSTEM", None)
    assert await system.fetchval("SELECT max(sequence) FROM audit_events") == 2


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", ["audit_events", "audit_head"])
@pytest.mark.usefixtures("system")
async def test_administrators_see_the_record_and_nobody_else(
    database_url: str, role: str, table: str
) -> None:
    async with app_connection(database_url, role=role, subject="somebody") as connection:
        seen = await connection.fetchval(f"SELECT count(*) FROM {table}")
    assert seen == (1 if role in {"administrator", "system"} else 0)


@pytest.mark.parametrize("role", ROLES)
async def test_everybody_records_in_their_own_name_alone(
    database_url: str, owner: asyncpg.Connection, role: str
) -> None:
    subject = "" if role in {"", "system"} else "somebody"
    own = ((role or "anonymous").upper(), subject or None)
    could: set[tuple[str, str | None]] = set()
    for patient in ("somebody", "somebody-else"):
        await owner.execute(
            "INSERT INTO patients (id, subject) VALUES (gen_random_uuid(), $1)", patient
        )
    attempts = {
        own,
        ("ADMINISTRATOR", own[1]),
        ("SYSTEM", None),
        (own[0], "somebody-else"),
        ("REVIEWER", "somebody-else"),
    }
    async with app_connection(database_url, role=role, subject=subject) as connection:
        for kind, actor in attempts:
            try:
                await connection.execute(ADD, NOON, kind, actor)
                could.add((kind, actor))
            except asyncpg.InsufficientPrivilegeError as refused:
                assert "row-level security" in str(refused)  # noqa: PT017 - the others may not raise
    assert could == (attempts if role == "system" else {own})
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == len(could)
    # What was refused left no gap.
    assert await owner.fetchval("SELECT sequence FROM audit_head") == len(could)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", ""),
        ("detail", "[]"),
        ("detail", '"words"'),
        ("detail", '{"a": "' + "x" * 70_000 + '"}'),
    ],
)
async def test_what_is_no_record_is_refused(
    system: asyncpg.Connection, column: str, value: str
) -> None:
    values = {"action": "x.y", "detail": "{}"} | {column: value}
    with pytest.raises(asyncpg.CheckViolationError, match=column):
        await system.execute(
            "INSERT INTO audit_events (at, actor_kind, action, detail) VALUES (now(), 'SYSTEM',"
            " $1, $2)",
            values["action"],
            values["detail"],
        )


@pytest.mark.parametrize(
    "moment", [datetime(1999, 12, 31, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)
async def test_a_time_that_has_no_one_form_is_refused(
    system: asyncpg.Connection, moment: datetime
) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="at"):
        await system.execute(ADD, moment, "SYSTEM", None)
