"""Whoever may do anything to the tables changes, removes and inserts rows, and is found out."""

import asyncio
import contextlib
from dataclasses import dataclass

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from navis_api.audit.chain import BEGINNING, Head
from navis_api.audit.service import SYSTEM_ACTOR, record
from navis_api.audit.verification import verify
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from tests.audit.records import NOON, REHASH, named, record_many, tampering, verified

ROWS = 40

COLUMNS = (
    "at, actor_kind, actor, action, object_type, object_id, detail, origin, request_id, previous"
)


@pytest.fixture
async def recorded(database: Database) -> Database:
    await record_many(database, ROWS)
    return database


async def test_an_empty_record_is_whole(database: Database) -> None:
    report = await verified(database)
    assert report.whole
    assert report.head == BEGINNING


async def test_ten_thousand_acts_are_verified_and_what_is_done_to_them_is_named(
    database: Database, owner: asyncpg.Connection
) -> None:
    await asyncio.gather(
        *(record_many(database, 1_250, writer=f"writer-{number}") for number in range(8))
    )
    whole = await verified(database)
    assert whole.whole
    assert whole.rows == 10_000
    async with tampering(owner):
        await owner.execute(
            "UPDATE audit_events SET object_id = overlay(object_id PLACING 'W' FROM 1 FOR 1)"
            " WHERE sequence = 5000"
        )
        assert named(await verified(database)) == [("CHANGED", 5_000, 5_000)]
    async with tampering(owner):
        await owner.execute("DELETE FROM audit_events WHERE sequence = 7123")
        assert named(await verified(database)) == [("MISSING", 7_123, 7_123)]
    async with tampering(owner):
        await insert_between(owner, 2_500)
        assert named(await verified(database)) == [("INSERTED", 2_501, 2_501)]
    after = await verified(database)
    assert after.whole
    assert after.head == whole.head


async def insert_between(owner: asyncpg.Connection, after: int) -> None:
    """Put a well-made row after another, with the later ones moved up to make room."""
    for by in ("sequence + 1000001", "sequence - 1000000"):
        await owner.execute(f"UPDATE audit_events SET sequence = {by} WHERE sequence > $1", after)
    await owner.execute(
        "INSERT INTO audit_events SELECT sequence + 1, at, actor_kind, 'made-up', action,"
        " object_type, object_id, detail, origin, request_id, hash, hash FROM audit_events"
        " WHERE sequence = $1",
        after,
    )
    await owner.execute(REHASH, after + 1)


@dataclass(frozen=True)
class Tampering:
    """Statements, and what they have to be called."""

    statements: tuple[str, ...]
    breaks: list[tuple[str, int, int]]


def changed(column: str, value: str) -> Tampering:
    return Tampering(
        (f"UPDATE audit_events SET {column} = {value} WHERE sequence = 20",), [("CHANGED", 20, 20)]
    )


def copied(number: int, *, whole: bool = True) -> tuple[str, ...]:
    """Statements that insert a copy of row 20 under another number, its hash right or not."""
    insert = (
        f"INSERT INTO audit_events (sequence, {COLUMNS}, hash)"
        f" SELECT {number}, {COLUMNS}, hash FROM audit_events WHERE sequence = 20"
    )
    return (insert, REHASH.replace("$1", str(number))) if whole else (insert,)


SHIFT_DOWN = "UPDATE audit_events SET sequence = sequence - 1 WHERE sequence > 20"

TAMPERINGS = {
    "a byte of the actor": changed("actor", "'reviewer-2'"),
    "a value taken away": changed("object_type", "NULL"),
    "a microsecond": changed("at", "at + interval '1 microsecond'"),
    "a count in the detail": changed("detail", "jsonb_set(detail, '{claims,0}', '99')"),
    "the address": changed("origin", "'192.0.2.8'"),
    "a byte of its hash": changed("hash", "set_byte(hash, 31, get_byte(hash, 31) # 1)"),
    "a byte of the one before's": changed("previous", "set_byte(previous, 0, 255)"),
    "two columns swapped": changed("(action, object_id)", "(object_id, action)"),
    "rewritten with its hash": Tampering(
        (
            "UPDATE audit_events SET actor = 'somebody' WHERE sequence = 20",
            REHASH.replace("$1", "20"),
        ),
        [("CHANGED", 20, 20)],
    ),
    "three in a row": Tampering(
        ("UPDATE audit_events SET actor = 'somebody' WHERE sequence IN (19, 20, 21)",),
        [("CHANGED", 19, 19), ("CHANGED", 20, 20), ("CHANGED", 21, 21)],
    ),
    "the first": Tampering(
        ("UPDATE audit_events SET actor = 'somebody' WHERE sequence = 1",), [("CHANGED", 1, 1)]
    ),
    "the first rewritten with its hash": Tampering(
        (
            "UPDATE audit_events SET actor = 'somebody' WHERE sequence = 1",
            REHASH.replace("$1", "1"),
        ),
        [("CHANGED", 1, 1)],
    ),
    "the newest": Tampering(
        ("UPDATE audit_events SET actor = 'somebody' WHERE sequence = 40",), [("CHANGED", 40, 40)]
    ),
    "the newest rewritten with its hash": Tampering(
        (
            "UPDATE audit_events SET actor = 'somebody' WHERE sequence = 40",
            REHASH.replace("$1", "40"),
        ),
        [("HEAD_CHANGED", 40, 40)],
    ),
    "the first removed": Tampering(
        ("DELETE FROM audit_events WHERE sequence <= 3",), [("MISSING", 1, 3)]
    ),
    "some removed in two places": Tampering(
        ("DELETE FROM audit_events WHERE sequence IN (10, 11, 30)",),
        [("MISSING", 10, 11), ("MISSING", 30, 30)],
    ),
    "one removed and its number closed up": Tampering(
        ("DELETE FROM audit_events WHERE sequence = 20", SHIFT_DOWN), [("MISSING", 20, 20)]
    ),
    "removed, and changed elsewhere": Tampering(
        (
            "DELETE FROM audit_events WHERE sequence = 10",
            "UPDATE audit_events SET actor = 'somebody' WHERE sequence = 30",
        ),
        [("MISSING", 10, 10), ("CHANGED", 30, 30)],
    ),
    "the newest removed": Tampering(
        ("DELETE FROM audit_events WHERE sequence > 37",), [("CUT_OFF", 38, 40)]
    ),
    "all removed": Tampering(("DELETE FROM audit_events",), [("CUT_OFF", 1, 40)]),
    "the newest removed and the head's number too": Tampering(
        ("DELETE FROM audit_events WHERE sequence = 40", "UPDATE audit_head SET sequence = 39"),
        [("HEAD_CHANGED", 39, 39)],
    ),
    "one added after the head": Tampering(copied(41), [("INSERTED", 41, 41)]),
    "badly made ones added after the head": Tampering(
        (*copied(41, whole=False), *copied(42, whole=False), *copied(99)),
        [("INSERTED", 41, 42), ("INSERTED", 99, 99)],
    ),
    "one put before the first": Tampering(copied(0), [("INSERTED", 0, 0)]),
    "a number given twice": Tampering(
        ("ALTER TABLE audit_events DROP CONSTRAINT pk_audit_events", *copied(20, whole=False)),
        [("INSERTED", 20, 20)],
    ),
    "one in another's place": Tampering(
        ("DELETE FROM audit_events WHERE sequence = 21", *copied(21)), [("CHANGED", 21, 21)]
    ),
    "a number changed": Tampering(
        ("UPDATE audit_events SET sequence = 41 WHERE sequence = 20",),
        [("MISSING", 20, 20), ("CHANGED", 41, 41)],
    ),
    "the newest's number changed": Tampering(
        ("UPDATE audit_events SET sequence = 85 WHERE sequence = 40",), [("CHANGED", 85, 85)]
    ),
    "two numbers exchanged": Tampering(
        (
            "UPDATE audit_events SET sequence = -20 WHERE sequence = 20",
            "UPDATE audit_events SET sequence = 20 WHERE sequence = 21",
            "UPDATE audit_events SET sequence = 21 WHERE sequence = -20",
        ),
        [("MISSING", 20, 20), ("CHANGED", 21, 21)],
    ),
    "later ones renumbered": Tampering(
        (
            "UPDATE audit_events SET sequence = sequence + 1000 WHERE sequence > 20",
            "UPDATE audit_events SET sequence = sequence - 995 WHERE sequence > 20",
        ),
        [("CHANGED", 26, 26)],
    ),
    "the head's number": Tampering(
        ("UPDATE audit_head SET sequence = 41",), [("HEAD_CHANGED", 41, 41)]
    ),
    "the head's number, lower": Tampering(
        ("UPDATE audit_head SET sequence = 30",), [("HEAD_CHANGED", 30, 30)]
    ),
    "the head's hash": Tampering(
        ("UPDATE audit_head SET hash = set_byte(hash, 0, 255)",), [("HEAD_CHANGED", 40, 40)]
    ),
    "the head removed": Tampering(("DELETE FROM audit_head",), [("HEAD_CHANGED", 40, 40)]),
    "an older head put back": Tampering(
        (
            (
                "UPDATE audit_head SET sequence = 35, hash ="
                " (SELECT hash FROM audit_events WHERE sequence = 35)"
            ),
        ),
        [("INSERTED", 36, 40)],
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
async def test_what_was_done_is_named_once_and_where(
    recorded: Database, owner: asyncpg.Connection, what: str
) -> None:
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    for statement in TAMPERINGS[what].statements:
        await owner.execute(statement)
    report = await verified(recorded)
    assert named(report) == TAMPERINGS[what].breaks
    assert not report.whole
    assert report.count == len(report.breaks)


@pytest.mark.parametrize("made_well", [True, False])
@pytest.mark.parametrize("rows", [1, 3])
async def test_rows_inserted_among_renumbered_ones_are_named_alone(
    recorded: Database, owner: asyncpg.Connection, rows: int, *, made_well: bool
) -> None:
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    for number in range(rows):
        await insert_between(owner, 20 + number)
    if not made_well:
        await owner.execute("UPDATE audit_events SET action = 'x' WHERE actor = 'made-up'")
    assert named(await verified(recorded)) == [("INSERTED", 21, 20 + rows)]


async def test_when_a_broken_row_was_recorded_is_said(
    recorded: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    await owner.execute("UPDATE audit_events SET actor = 'somebody' WHERE sequence = 20")
    (found,) = (await verified(recorded)).breaks
    assert found.at == "2026-11-21T12:00:19.000020Z"
    assert str(found).startswith("CHANGED: row 20 (2026-11-21T12:00:19.000020Z): ")


async def rewrite(owner: asyncpg.Connection, begin: int) -> None:
    """Change a row and make all that follows anew, head included, as the owner can."""
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    await owner.execute("UPDATE audit_events SET actor = 'somebody' WHERE sequence = $1", begin)
    for number in range(begin, ROWS + 1):
        await owner.execute(REHASH, number)
        await owner.execute(
            "UPDATE audit_events SET previous = (SELECT hash FROM audit_events WHERE sequence = $1)"
            " WHERE sequence = $1 + 1",
            number,
        )
    await owner.execute(
        "UPDATE audit_head SET hash = (SELECT hash FROM audit_events WHERE sequence = $1)", ROWS
    )


async def test_a_record_written_anew_is_found_by_a_head_that_was_noted(
    recorded: Database, owner: asyncpg.Connection
) -> None:
    async def row(number: int) -> Head:
        hash_ = await owner.fetchval("SELECT hash FROM audit_events WHERE sequence = $1", number)
        assert hash_ is not None
        return Head(number, hash_)

    before, at, after = await row(19), await row(20), await row(35)
    for noted in (None, before, at, after):
        assert (await verified(recorded, noted=noted)).whole
    await rewrite(owner, 20)
    # By itself such a record is whole: that is what the noted head is for.
    assert (await verified(recorded)).whole
    assert (await verified(recorded, noted=before)).whole
    assert named(await verified(recorded, noted=at)) == [("REWRITTEN", 20, 20)]
    assert named(await verified(recorded, noted=after)) == [("REWRITTEN", 35, 35)]


async def test_a_record_cut_off_with_its_head_is_found_by_a_head_that_was_noted(
    recorded: Database, owner: asyncpg.Connection
) -> None:
    noted = (await verified(recorded)).head
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    await owner.execute("DELETE FROM audit_events WHERE sequence > 30")
    await owner.execute(
        "UPDATE audit_head SET sequence = 30,"
        " hash = (SELECT hash FROM audit_events WHERE sequence = 30)"
    )
    assert (await verified(recorded)).whole
    assert named(await verified(recorded, noted=noted)) == [("CUT_OFF", 31, 40)]


async def test_verifying_while_others_record_finds_nothing(recorded: Database) -> None:
    writing = asyncio.gather(*(record_many(recorded, 100, in_one=1) for _ in range(3)))
    reports = [await verified(recorded)]
    while not writing.done():
        reports.append(await verified(recorded))
    await writing
    assert all(report.whole for report in reports)
    assert (await verified(recorded)).rows == ROWS + 300


async def test_whoever_may_not_see_the_record_does_not_call_it_whole(recorded: Database) -> None:
    async with recorded.reading(RowViewer("patient", "patient-1")) as session:
        assert not (await verify(session)).whole


async def test_progress_is_told(recorded: Database) -> None:
    told: list[tuple[int, int]] = []
    async with recorded.reading(SYSTEM_ROWS) as session:
        await verify(session, progress=lambda rows, total: told.append((rows, total)))
    assert told == [(ROWS, ROWS)]


# The chain as it is written


async def test_writers_at_once_make_one_chain(database: Database) -> None:
    await asyncio.gather(
        *(
            record_many(database, 40, in_one=1 + number % 3, writer=str(number))
            for number in range(8)
        )
    )
    report = await verified(database)
    assert report.whole
    assert report.rows == 320


async def test_what_is_rolled_back_leaves_no_hole(database: Database) -> None:
    async def one(number: int) -> None:
        with contextlib.suppress(DBAPIError):
            async with database.writing(SYSTEM_ROWS) as session:
                await record(session, SYSTEM_ACTOR, "answer.approve", now=NOON)
                await session.execute(text("SELECT 1 / :number"), {"number": number % 2})

    await asyncio.gather(*(one(number) for number in range(40)))
    report = await verified(database)
    assert report.whole
    assert report.rows == 20
