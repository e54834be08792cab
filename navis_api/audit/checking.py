"""Reading a chain from its beginning, and naming each place where it is broken."""

from collections import deque
from dataclasses import dataclass

from navis_api.audit.breaks import Break, BreakKind, Report
from navis_api.audit.chain import BEGINNING, Head, Row, digest

_NEAR = 100
"""A row that isn't whole under its own number is tried under so many on either side."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that was read: its own number is the one under which its hash is right."""

    number: int
    sequence: int
    hash: bytes
    at: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Suspicion:
    """A break that the next rows may explain otherwise: by `sequence` having been inserted."""

    found: Break
    sequence: int


class ChainCheck:
    """Takes the rows of a record in their order and tells what is wrong with them.

    After a break it goes on from the hash that is stored, so that each is named once. Holds
    a hundred rows' hashes and the breaks, however long the record is.

    `start` is what the first row is chained to; None takes the first row as it comes. `head`
    is where the record says that it ends, None where that isn't known. `noted` is a head
    that was noted earlier, outside.
    """

    def __init__(
        self, *, start: Head | None = BEGINNING, head: Head | None = None, noted: Head | None = None
    ) -> None:
        self.report = Report()
        self._head = head
        self._noted = noted
        # The last rows, the newest at the end; empty until a record without a start begins.
        self._recent: deque[_Read] = deque(maxlen=_NEAR + 1)
        self._suspicions: list[_Suspicion] = []
        # By how much later rows were renumbered: what is stored less their own number.
        self._shift = 0
        self._head_fits = True
        if start is not None:
            self._begin(start)

    def take(self, row: Row) -> None:
        """Read the next row."""
        self.report.rows += 1
        number = self._number(row)
        read = _Read(
            number=row.sequence - self._shift if number is None else number,
            sequence=row.sequence,
            hash=row.hash,
            at=row.at,
            whole=number is not None,
        )
        if not self._recent:
            self._begin(BEGINNING if read.number == 1 else Head(read.number - 1, row.previous))
        if self._lies_outside(read):
            return
        gap = read.number - self._recent[-1].number - 1
        if gap < 0 and not self._others_were_inserted(read, row.previous):
            return
        if gap > 0:
            self._settle()
            self._name(
                BreakKind.MISSING,
                self._recent[-1].number + 1,
                read.number - 1,
                why="there are no such rows",
            )
        if not read.whole:
            self._suspect(read, read, "its content is not what was hashed")
        elif gap == 0 and read.sequence not in {read.number, read.number + self._shift}:
            self._suspect(read, read, f"it was recorded as row {read.number:,}")
        elif gap == 0:
            self._check_link(read, row.previous)
        if read.whole:
            self._shift = read.sequence - read.number
        self._recent.append(read)
        self._compare_heads(read)

    def finish(self) -> Report:
        """Return the report, when no more rows come."""
        self._settle()
        if not self._recent:
            return self.report
        last = self._recent[-1]
        self.report.head = Head(last.sequence, last.hash)
        if self._head is not None:
            if not self._head_fits or (
                self._head.sequence > last.number and self._head.hash == last.hash
            ):
                self._name(
                    BreakKind.HEAD_CHANGED,
                    self._head.sequence,
                    self._head.sequence,
                    why="the head is not that of the row: one of the two was changed",
                )
            elif self._head.sequence > last.number:
                self._cut_off(last, self._head, "the head")
                return self.report
        if self._noted is not None and self._noted.sequence > last.number:
            self._cut_off(last, self._noted, "the noted head")
        return self.report

    def _begin(self, start: Head) -> None:
        begun = _Read(start.sequence, start.sequence, start.hash)
        self._recent.append(begun)
        self._compare_heads(begun)

    def _number(self, row: Row) -> int | None:
        """Return the number under which the row was hashed; None if its content was another."""
        if digest(row, sequence=row.sequence - self._shift) == row.hash:
            return row.sequence - self._shift
        for distance in range(_NEAR + 1):
            for number in (row.sequence - distance, row.sequence + distance):
                if digest(row, sequence=number) == row.hash:
                    return number
        return None

    def _lies_outside(self, read: _Read) -> bool:
        """Whether the row stands before the first or after the head; it is named if so."""
        first = self._recent[0].number == 0 and read.number < 1
        beyond = self._head is not None and read.number > self._head.sequence and self._head_fits
        if not (first or beyond):
            return False
        self._settle()
        side = "after the head" if beyond else "before the first row"
        self._insertion(read, read, f"it stands {side}")
        return True

    def _others_were_inserted(self, read: _Read, previous: bytes) -> bool:
        """Name what stands between the row and the one that it was chained to.

        Without such a one it is the row itself that doesn't belong here.
        """
        recent = list(self._recent)
        copies = (
            (one for one in recent if one.whole and one.hash == read.hash)
            if read.whole
            else (one for one in recent if one.sequence == read.sequence)
        )
        if any(copies):
            self._settle()
            self._insertion(read, read, "it is a copy of another, or has its number")
            return False
        place = next(
            (
                at
                for at, one in enumerate(recent)
                if one.hash == previous and one.number == read.number - 1
            ),
            None,
        )
        between = [] if place is None else recent[place + 1 :]
        # A row that took its number stands there; else it was moved here from elsewhere.
        if not read.whole or all(one.number != read.number for one in between):
            self._suspect(read, read, "it does not belong in this place")
            return False
        inserted = {one.sequence for one in between}
        self._suspicions = [one for one in self._suspicions if one.sequence not in inserted]
        self._settle()
        renumbered = "" if read.sequence == read.number else "; later rows were renumbered"
        why = "the next row was chained to the one before" + renumbered
        self._insertion(between[0], between[-1], why)
        return True

    def _check_link(self, read: _Read, previous: bytes) -> None:
        """Settle what is suspected if the row is chained to the one before; else suspect that."""
        before = self._recent[-1]
        # Where a number stands twice, either may be the true one.
        if any(one.number == before.number and one.hash == previous for one in self._recent):
            self._settle()
        elif before.whole and (
            before.sequence == 0 or any(one.hash == previous for one in self._recent)
        ):
            self._suspect(read, read, "it is not chained to the one before")
        elif before.whole:
            self._suspect(read, before, "its hash is not the one that the next row is chained to")

    def _compare_heads(self, read: _Read) -> None:
        if self._head is not None and read.number == self._head.sequence and read.whole:
            self._head_fits = read.hash == self._head.hash
        noted = self._noted
        if not read.whole or noted is None:
            return
        if read.number == noted.sequence and read.hash != noted.hash:
            self._settle()
            self._name(
                BreakKind.REWRITTEN,
                read.sequence,
                read.sequence,
                at=read.at,
                why="it is not the row whose hash was noted: it was written anew, or rows before",
            )

    def _suspect(self, read: _Read, named: _Read, why: str) -> None:
        if any(one.found.first == named.sequence for one in self._suspicions):
            return
        found = Break(BreakKind.CHANGED, named.sequence, named.sequence, named.at, why)
        self._suspicions.append(_Suspicion(found, read.sequence))
        if len(self._suspicions) > _NEAR:
            self._settle()

    def _insertion(self, first: _Read, last: _Read, why: str) -> None:
        self._name(BreakKind.INSERTED, first.sequence, last.sequence, at=first.at, why=why)

    def _settle(self) -> None:
        for suspicion in self._suspicions:
            self.report.add(suspicion.found)
        self._suspicions.clear()

    def _name(
        self, kind: BreakKind, first: int, last: int, *, why: str, at: str | None = None
    ) -> None:
        self.report.add(Break(kind, first, last, at, why))

    def _cut_off(self, last: _Read, head: Head, which: str) -> None:
        self._name(
            BreakKind.CUT_OFF,
            last.number + 1,
            head.sequence,
            why=f"{which} says that there were such rows",
        )
