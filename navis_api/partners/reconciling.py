"""Holding the access log against what was summed up, and summing up what is missing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.partners import usage_repository as repository
from navis_api.partners.access_log import AccessLog, MeterLog
from navis_api.partners.acting import Acting
from navis_api.partners.usage import Metered, Sums, Usage

AT_WORK: Final = timedelta(minutes=10)
"""A process that has settled something in this time may be at work, and do the rest itself."""

_ALL_DAYS: Final = (date.min, date.max)
_BEFORE_ALL: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Difference:
    """What was summed up otherwise than the log has it."""

    metered: Metered
    logged: Usage
    summed: Usage


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How a log and the sums compare, in lines.

    `missing` were not summed up when the log was read; `added` have been now. Of those that
    weren't, `at_work` are of processes that may do it themselves in a moment, and
    `incomplete` of such that have lines in between which this log hasn't. `gaps` is how many
    lines the log lacks between others. `differences` are those that are left.
    """

    days: tuple[date, date] | None
    lines: int
    unreadable: int
    gaps: int
    missing: int
    added: int
    at_work: int
    incomplete: int
    differences: list[Difference]

    @property
    def agrees(self) -> bool:
        """Whether the sums are those of the log, and nothing is known to be missing in it."""
        return not (self.differences or self.gaps or self.unreadable)


@dataclass(frozen=True, slots=True)
class LogDays:
    """The days, in UTC, that a log is said to be of. None: from or to that of its own lines."""

    since: date | None = None
    until: date | None = None


async def reconcile(
    session: AsyncSession,
    log: AccessLog,
    *,
    adding: bool,
    acting: Acting,
    said: LogDays = LogDays(),
) -> Reconciled:
    """Compare a log with what was summed up for its days; `adding` sums up what is missing.

    A log without a single line is held against everything that was summed up: nothing in it
    says of which days it is. Raises AdministratorsOnly.
    """
    acting.require_administrator()
    missing = {each: found for each, found in sorted(log.meters.items()) if found.lines_after}
    added = at_work = incomplete = 0
    for meter_id, of_meter in missing.items():
        if not of_meter.numbers.has_all(of_meter.settled):
            incomplete += of_meter.lines_after
        elif not adding:
            continue
        elif await _has_added(session, meter_id, of_meter, acting):
            added += of_meter.lines_after
        else:
            at_work += of_meter.lines_after
    if added:
        await acting.note(session, "partner_usage.reconcile", detail={"lines": added})
    days = _days(log.sums, said)
    return Reconciled(
        days=days,
        lines=log.lines,
        unreadable=log.unreadable,
        gaps=sum(each.numbers.gaps for each in log.meters.values()),
        missing=sum(each.lines_after for each in missing.values()),
        added=added,
        at_work=at_work,
        incomplete=incomplete,
        differences=await _differences(session, log.sums, days or _ALL_DAYS),
    )


async def _has_added(
    session: AsyncSession, meter_id: UUID, of_meter: MeterLog, acting: Acting
) -> bool:
    """Sum up the lines that a meter hasn't. False where it may be at work, or has done it."""
    await repository.begin_meter(session, meter_id, now=_BEFORE_ALL)
    meter = await repository.hold_meter(session, meter_id)
    if meter is None or acting.now - meter.settled_at < AT_WORK:
        return False
    after, up_to = of_meter.settled, of_meter.numbers.last
    if not await repository.settle(session, meter_id, after=after, up_to=up_to, now=acting.now):
        return False
    await repository.add(session, of_meter.sums_after)
    return True


async def _differences(
    session: AsyncSession, logged: Sums, days: tuple[date, date]
) -> list[Difference]:
    summed = await repository.list_usage(session, since=days[0], until=days[1])
    return [
        Difference(each, logged.get(each, Usage()), summed.get(each, Usage()))
        for each in sorted({*logged, *summed})
        if logged.get(each) != summed.get(each)
    ]


def _days(sums: Sums, said: LogDays) -> tuple[date, date] | None:
    """Return the days to compare: those that have lines, and those that should have some."""
    days = [each.day for each in sums] + [day for day in (said.since, said.until) if day]
    if not sums and days:
        return said.since or _ALL_DAYS[0], said.until or _ALL_DAYS[1]
    return (min(days), max(days)) if days else None
