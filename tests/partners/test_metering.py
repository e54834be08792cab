"""Metering: each line of the access log is summed up once, whatever happens to the process."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from navis_api.audit.service import Actor
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from navis_api.identity.viewer import ByKey
from navis_api.partners import usage_repository
from navis_api.partners.access_log import AccessLog, Numbers
from navis_api.partners.acting import Acting
from navis_api.partners.errors import AdministratorsOnly
from navis_api.partners.metering import ACCESS_EVENT, Meter
from navis_api.partners.reconciling import AT_WORK, Reconciled, reconcile
from navis_api.partners.usage import Metered, Outcome, Sums, Usage
from tests.db.rows import app_connection
from tests.partners.world import NOON, Partners, acting

DAY = NOON.date()
LATER = NOON + AT_WORK + timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Unreliable:
    """A way to the tables that can be cut before or after what it was used for is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.cut: str | None = None

    @asynccontextmanager
    async def writing(self, viewer: RowViewer) -> AsyncIterator[AsyncSession]:
        if self.cut == "before":
            raise ConnectionError
        async with self._database.writing(viewer) as session:
            yield session
        if self.cut == "after":
            raise ConnectionError


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def key(database: Database) -> ByKey:
    partner = await Partners(database).partner()
    return ByKey(uuid4(), partner.id, frozenset())


async def sums(database: Database) -> Sums:
    async with database.reading(SYSTEM_ROWS) as session:
        return await usage_repository.list_usage(session, since=date.min, until=date.max)


def as_written(lines: list[Any]) -> list[bytes]:
    return [json.dumps(each).encode() + b"\n" for each in lines]


async def reconciled(
    database: Database, lines: list[Any], *, adding: bool = False, now: datetime = LATER
) -> Reconciled:
    async with database.reading(SYSTEM_ROWS) as session:
        log = AccessLog(await usage_repository.list_meters(session))
    log.read(as_written(lines))
    async with database.writing(SYSTEM_ROWS) as session:
        return await reconcile(session, log, adding=adding, acting=acting(now))


async def test_lines_are_summed_by_partner_day_and_operation(
    database: Database, key: ByKey, clock: Clock
) -> None:
    other = await Partners(database).partner("Another")
    meter = Meter(database, clock)
    with capture_logs() as lines:
        meter.note(key, "answer", Outcome.SERVED, 7)
        meter.note(key, "answer", Outcome.REFUSED, 10)
        meter.note(key, "cancers", Outcome.SERVED, 3)
        meter.note(ByKey(uuid4(), other.id, frozenset()), "answer", Outcome.SERVED, 1)
        await meter.settle()
        clock.now += timedelta(hours=12)
        meter.note(key, "answer", Outcome.SERVED, 7)
        await meter.settle()
    assert await sums(database) == {
        Metered(key.partner_id, DAY, "answer"): Usage(1, 1, 17),
        Metered(key.partner_id, DAY, "cancers"): Usage(1, 0, 3),
        Metered(other.id, DAY, "answer"): Usage(1, 0, 1),
        Metered(key.partner_id, DAY + timedelta(days=1), "answer"): Usage(1, 0, 7),
    }
    assert [line["number"] for line in lines] == [1, 2, 3, 4, 5]
    # All that a line says; the request's id is added to it by the process's log.
    assert set(lines[0]) == {
        *("event", "log_level", "partner", "key", "day", "operation", "outcome", "points"),
        *("meter", "number"),
    }
    found = await reconciled(database, lines)
    assert (found.agrees, found.lines, found.missing) == (True, 5, 0)


async def test_two_processes_add_to_the_same_sums(
    database: Database, key: ByKey, clock: Clock
) -> None:
    meters = [Meter(database, clock) for _ in range(2)]
    for _ in range(3):
        for meter in meters:
            meter.note(key, "answer", Outcome.SERVED, 1)
            await meter.settle()
    assert await sums(database) == {Metered(key.partner_id, DAY, "answer"): Usage(6, 0, 6)}


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_connection_lost_while_settling_sums_nothing_twice_and_loses_nothing(
    database: Database, key: ByKey, clock: Clock, cut: str
) -> None:
    way = Unreliable(database)
    meter = Meter(way, clock)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with capture_logs() as lines:
        meter.note(key, "answer", Outcome.SERVED, 1)
        way.cut = cut
        await meter.settle()
        meter.note(key, "answer", Outcome.SERVED, 1)
        await meter.settle()
        way.cut = None
        meter.note(key, "cancers", Outcome.SERVED, 1)
        await meter.settle()
        await meter.settle()
    expected = {
        Metered(key.partner_id, DAY, "answer"): Usage(2, 0, 2),
        Metered(key.partner_id, DAY, "cancers"): Usage(1, 0, 1),
    }
    assert await sums(database) == expected
    assert [each["event"] for each in lines].count(ACCESS_EVENT) == 3


async def test_lines_of_a_killed_process_are_found_and_added_once(
    database: Database, key: ByKey, clock: Clock
) -> None:
    meter = Meter(database, clock)
    with capture_logs() as lines:
        meter.note(key, "answer", Outcome.SERVED, 1)
        await meter.settle()
        meter.note(key, "answer", Outcome.SERVED, 5)
        meter.note(key, "answer", Outcome.REFUSED, 0)
    found = await reconciled(database, lines)
    assert (found.agrees, found.missing, found.added) == (False, 2, 0)
    (difference,) = found.differences
    assert (difference.logged, difference.summed) == (Usage(2, 1, 6), Usage(1, 0, 1))

    found = await reconciled(database, lines, adding=True)
    assert (found.agrees, found.missing, found.added) == (True, 2, 2)
    found = await reconciled(database, [*lines, *lines], adding=True)
    assert (found.agrees, found.lines, found.missing, found.added) == (True, 3, 0, 0)
    assert await sums(database) == {Metered(key.partner_id, DAY, "answer"): Usage(2, 1, 6)}


async def test_lines_of_a_process_that_never_settled_are_added(
    database: Database, key: ByKey, clock: Clock
) -> None:
    with capture_logs() as lines:
        Meter(database, clock).note(key, "answer", Outcome.SERVED, 1)
    found = await reconciled(database, lines, adding=True, now=NOON)
    assert (found.agrees, found.added) == (True, 1)


async def test_a_process_at_work_is_left_to_do_it_itself(
    database: Database, key: ByKey, clock: Clock
) -> None:
    meter = Meter(database, clock)
    with capture_logs() as lines:
        meter.note(key, "answer", Outcome.SERVED, 1)
        await meter.settle()
        meter.note(key, "answer", Outcome.SERVED, 1)
        found = await reconciled(database, lines, adding=True, now=NOON)
        assert (found.added, found.at_work, found.agrees) == (0, 1, False)
        await meter.settle()
    assert (await reconciled(database, lines)).agrees


async def test_a_process_that_was_taken_for_dead_begins_anew(
    database: Database, key: ByKey, clock: Clock
) -> None:
    meter = Meter(database, clock)
    with capture_logs() as lines:
        meter.note(key, "answer", Outcome.SERVED, 1)
        first = meter.id
        await reconciled(database, list(lines), adding=True)
        meter.note(key, "answer", Outcome.SERVED, 1)
        # What it holds has been summed up in part: so it leaves all of that to the log.
        await meter.settle()
        assert meter.id != first
        meter.note(key, "answer", Outcome.SERVED, 1)
        await meter.settle()
    found = await reconciled(database, lines, adding=True, now=LATER + 2 * AT_WORK)
    assert (found.agrees, found.added) == (True, 1)
    assert await sums(database) == {Metered(key.partner_id, DAY, "answer"): Usage(3, 0, 3)}


async def test_a_log_that_lacks_lines_is_not_added_beyond_them(
    database: Database, key: ByKey, clock: Clock
) -> None:
    with capture_logs() as lines:
        meter = Meter(database, clock)
        for _ in range(4):
            meter.note(key, "answer", Outcome.SERVED, 1)
    rotated_away = await reconciled(database, lines[1:], adding=True)
    assert (rotated_away.added, rotated_away.incomplete, rotated_away.gaps) == (0, 3, 0)
    hole = await reconciled(database, [lines[0], *lines[2:]], adding=True)
    assert (hole.added, hole.incomplete, hole.gaps, hole.agrees) == (0, 3, 1, False)
    whole = await reconciled(database, lines[::-1], adding=True)
    assert (whole.added, whole.agrees) == (4, True)


async def test_what_is_no_line_of_ours_is_left_out_and_damaged_ones_are_counted(
    database: Database, key: ByKey, clock: Clock
) -> None:
    with capture_logs() as lines:
        Meter(database, clock).note(key, "answer", Outcome.SERVED, 1)
    (good,) = as_written(lines)
    damaged = [
        good[:-20] + b"\n",
        good.replace(b'"SERVED"', b'"GIVEN"'),
        good.replace(b'"number": 1', b'"number": -1'),
        good.replace(b'"points": 1', b'"points": null'),
        good.replace(str(key.partner_id).encode(), b"\xff"),
    ]
    others = [b'{"event": "graphql.failed", "id": "partner.access"}\n', b"partly\n", b"\n"]
    log = AccessLog({})
    log.read([*damaged, *others, b"2026-11-21T12:00:00Z api-1 " + good])
    assert (log.lines, log.unreadable) == (1, len(damaged))


async def test_reconciling_is_for_administrators_and_recorded(
    database: Database, key: ByKey, clock: Clock, owner: asyncpg.Connection
) -> None:
    with capture_logs() as lines:
        Meter(database, clock).note(key, "answer", Outcome.SERVED, 1)
    log = AccessLog({})
    log.read(as_written(lines))
    stranger = Acting(Actor("PARTNER", "somebody"), LATER)
    async with database.writing(SYSTEM_ROWS) as session:
        with pytest.raises(AdministratorsOnly):
            await reconcile(session, log, adding=True, acting=stranger)
    assert await sums(database) == {}
    await reconciled(database, lines, adding=True)
    assert await owner.fetchval(
        "SELECT detail FROM audit_events WHERE action = 'partner_usage.reconcile'"
    )


@pytest.mark.parametrize("role", ["", "patient", "partner", "reviewer", "editor"])
async def test_only_administrators_and_we_see_it(
    database: Database, database_url: str, key: ByKey, clock: Clock, role: str
) -> None:
    meter = Meter(database, clock)
    meter.note(key, "answer", Outcome.SERVED, 1)
    await meter.settle()
    async with app_connection(database_url, role=role, subject="somebody") as connection:
        for table in ("partner_usage", "partner_meters"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partner_usage SET served = served - 1",
        "UPDATE partner_usage SET points = 0",
        "UPDATE partner_meters SET settled = 0",
    ],
)
async def test_what_was_metered_is_not_taken_back(
    database: Database, owner: asyncpg.Connection, key: ByKey, clock: Clock, statement: str
) -> None:
    meter = Meter(database, clock)
    meter.note(key, "answer", Outcome.SERVED, 1)
    await meter.settle()
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(statement)


def test_numbers_are_kept_as_ranges() -> None:
    numbers = Numbers()
    given = [5, 1, 2, 3, 9, 4, 8]
    assert all(numbers.add(each) for each in given)
    assert not any(numbers.add(each) for each in given)
    assert (numbers.last, numbers.gaps) == (9, 2)
    assert [numbers.has_all(each) for each in (0, 6, 7, 9, 20)] == [False, False, True, True, True]
    numbers.add(7)
    numbers.add(6)
    assert (numbers.gaps, numbers.has_all(0)) == (0, True)
