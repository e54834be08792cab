"""An export holds the record, and can be verified without the database."""

import json
from datetime import timedelta

import pytest

from navis_api.audit.chain import Head
from navis_api.audit.exporting import ExportBroken, export, verify_export
from navis_api.audit.service import SYSTEM_ACTOR, record
from navis_api.db.sessions import SYSTEM_ROWS, Database
from tests.audit.records import NOON, named, record_many, verified

ROWS = 30


@pytest.fixture
async def recorded(database: Database) -> Database:
    await record_many(database, ROWS)
    return database


async def lines_of(database: Database, **bounds: object) -> list[bytes]:
    async with database.reading(SYSTEM_ROWS) as session:
        batches = [batch async for batch in export(session, **bounds)]  # type: ignore[arg-type] - times by name
    lines = b"".join(batch.lines for batch in batches).splitlines(keepends=True)
    assert len(lines) == sum(batch.rows for batch in batches)
    return lines


async def test_an_export_is_whole_and_ends_with_the_records_head(recorded: Database) -> None:
    report = verify_export(await lines_of(recorded))
    assert report.whole
    assert report.rows == ROWS
    assert report.head == (await verified(recorded)).head


async def test_a_line_is_readable_without_us(recorded: Database) -> None:
    line = json.loads((await lines_of(recorded))[3])
    assert line == {
        "sequence": 4,
        "at": "2026-11-21T12:00:03.000004Z",
        "actor_kind": "REVIEWER",
        "actor": "reviewer-1",
        "action": "answer.retract",
        "object_type": "answer",
        "object_id": "writer-3",
        "detail": {"before": "IN_REVIEW", "claims": [3, 4]},
        "origin": "192.0.2.7",
        "request_id": "request-3",
        "previous": line["previous"],
        "hash": line["hash"],
    }


async def test_a_time_is_exported_without_gaps(recorded: Database) -> None:
    since, until = NOON + timedelta(seconds=10), NOON + timedelta(seconds=20)
    # Recorded last, of a moment before.
    async with recorded.writing(SYSTEM_ROWS) as session:
        await record(session, SYSTEM_ACTOR, "answer.read", now=NOON + timedelta(seconds=15))
    lines = await lines_of(recorded, since=since, until=NOON + timedelta(seconds=12))
    assert [json.loads(line)["sequence"] for line in lines] == [11, 12]
    lines = await lines_of(recorded, since=since, until=until)
    assert [json.loads(line)["sequence"] for line in lines] == list(range(11, ROWS + 2))
    assert verify_export(lines).whole
    assert await lines_of(recorded, since=NOON + timedelta(days=1)) == []


async def test_lines_that_other_tools_wrote_anew_are_whole_still(recorded: Database) -> None:
    lines = [
        json.dumps(json.loads(line), sort_keys=True, indent=None).encode()
        for line in await lines_of(recorded)
    ]
    assert verify_export(lines).whole


async def test_what_was_done_to_an_export_is_named(recorded: Database) -> None:
    lines = await lines_of(recorded)
    noted = Head(ROWS, bytes.fromhex(json.loads(lines[-1])["hash"]))
    changed = [*lines[:9], lines[9].replace(b"writer-9", b"writer-8"), *lines[10:]]
    assert named(verify_export(changed)) == [("CHANGED", 10, 10)]
    assert named(verify_export([*lines[:9], *lines[10:]])) == [("MISSING", 10, 10)]
    assert named(verify_export([*lines[:10], *lines[9:]])) == [("INSERTED", 10, 10)]
    assert named(verify_export([*changed[:10], *lines[9:]])) == [("INSERTED", 10, 10)]
    assert named(verify_export([*lines[:10], changed[9], *lines[10:]])) == [("INSERTED", 10, 10)]
    exchanged = [*lines[:9], lines[10], lines[9], *lines[11:]]
    assert named(verify_export(exchanged)) == [("MISSING", 10, 10), ("CHANGED", 10, 10)]
    # Where it begins and ends is anybody's choice: a noted head says more.
    assert verify_export(lines[5:20]).whole
    assert named(verify_export(lines[5:20], noted=noted)) == [("CUT_OFF", 21, ROWS)]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{}",
        b"[]",
        b"not JSON",
        b"\xff",
        b'{"sequence": NaN}',
        b"[" * 100_000,
    ],
)
async def test_what_is_no_row_is_said_with_its_line(recorded: Database, broken: bytes) -> None:
    lines = await lines_of(recorded)
    with pytest.raises(ExportBroken, match="Line 8 "):
        verify_export([*lines[:7], broken, *lines[8:]])


@pytest.mark.parametrize(
    ("key", "value"),
    [("sequence", "1"), ("hash", "00"), ("previous", None), ("extra", 1), ("detail", float("nan"))],
)
async def test_a_row_of_another_form_is_none(recorded: Database, key: str, value: object) -> None:
    lines = await lines_of(recorded)
    lines[7] = json.dumps(json.loads(lines[7]) | {key: value}).encode()
    with pytest.raises(ExportBroken, match="Line 8 "):
        verify_export(lines)


def test_a_file_without_rows_is_no_export() -> None:
    with pytest.raises(ExportBroken):
        verify_export([])
