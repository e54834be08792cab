"""Reading the access log of partners' keys, in one pass and flat memory."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from uuid import UUID

import orjson

from navis_api.partners.metering import ACCESS_EVENT
from navis_api.partners.usage import Metered, Outcome, Usage, no_sums

_EVENT = ACCESS_EVENT.encode()


@dataclass(frozen=True, slots=True)
class AccessLine:
    """A line of the access log."""

    meter_id: UUID
    number: int
    metered: Metered
    outcome: Outcome
    points: int


class Numbers:
    """Which numbers were seen, as ranges: a log has them in order, but for a few."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._last: list[int] = []

    def add(self, number: int) -> bool:
        """Note a number. False when it was there already."""
        place = bisect_right(self._first, number)
        if place and number <= self._last[place - 1]:
            return False
        joins_before = place > 0 and self._last[place - 1] == number - 1
        joins_after = place < len(self._first) and self._first[place] == number + 1
        if joins_before and joins_after:
            self._last[place - 1] = self._last.pop(place)
            del self._first[place]
        elif joins_before:
            self._last[place - 1] = number
        elif joins_after:
            self._first[place] = number
        else:
            self._first.insert(place, number)
            self._last.insert(place, number)
        return True

    @property
    def last(self) -> int:
        """The greatest one; 0 without any."""
        return self._last[-1] if self._last else 0

    @property
    def gaps(self) -> int:
        """How many are missing between the first and the last."""
        return sum(
            first - last - 1 for first, last in zip(self._first[1:], self._last, strict=False)
        )

    def has_all(self, after: int) -> bool:
        """Return whether every number after this one, up to the last, was seen."""
        return not self._last or self.last <= after or self._first[-1] <= after + 1


@dataclass(slots=True)
class MeterLog:
    """What a log says of one meter: its numbers, and the sums of those after `settled`."""

    settled: int
    numbers: Numbers = field(default_factory=Numbers)
    lines_after: int = 0
    sums_after: defaultdict[Metered, Usage] = field(default_factory=no_sums)


class AccessLog:
    """What an access log says. A line that stands in it twice is counted once.

    `settled` has by meter up to which of its lines it has been summed up; what isn't in it
    has not been.
    """

    def __init__(self, settled: Mapping[UUID, int]) -> None:
        self._settled = settled
        self.meters: dict[UUID, MeterLog] = {}
        self.sums = no_sums()
        self.lines = 0
        self.unreadable = 0
        """Lines of it that are cut off or damaged."""

    def read(self, written: Iterable[bytes]) -> None:
        """Read the lines of a log, of which most may be about something else."""
        for text in written:
            if _EVENT not in text:
                continue
            try:
                line = _line(text)
            except (ValueError, KeyError, TypeError, AttributeError):
                self.unreadable += 1
                continue
            if line is not None:
                self._add(line)

    def _add(self, line: AccessLine) -> None:
        of_meter = self.meters.get(line.meter_id)
        if of_meter is None:
            settled = self._settled.get(line.meter_id, 0)
            of_meter = self.meters[line.meter_id] = MeterLog(settled)
        if not of_meter.numbers.add(line.number):
            return
        self.lines += 1
        self.sums[line.metered].add(line.outcome, line.points)
        if line.number > of_meter.settled:
            of_meter.lines_after += 1
            of_meter.sums_after[line.metered].add(line.outcome, line.points)


def _line(text: bytes) -> AccessLine | None:
    """Return a line; None for one of another event. Raises ValueError and the like."""
    # A collector may have put something of its own before it.
    given = cast("dict[str, Any]", orjson.loads(text[max(text.find(b"{"), 0) :]))
    if given["event"] != ACCESS_EVENT:
        return None
    metered = Metered(
        UUID(given["partner"]), date.fromisoformat(given["day"]), str(given["operation"])
    )
    number, points = int(given["number"]), int(given["points"])
    if number < 1 or points < 0:
        raise ValueError
    return AccessLine(UUID(given["meter"]), number, metered, Outcome(given["outcome"]), points)
