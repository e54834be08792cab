"""What is wrong with a record, place by place."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from navis_api.audit.chain import Head

MAX_NAMED = 1_000
"""Breaks that a report names; further ones are counted. It stays small for any record."""


class BreakKind(StrEnum):
    """What was done to the record."""

    CHANGED = "CHANGED"
    """A row that isn't what was recorded."""
    MISSING = "MISSING"
    """Rows between others are gone."""
    INSERTED = "INSERTED"
    """Rows that nobody recorded: between others, under a number twice, or after the head."""
    CUT_OFF = "CUT_OFF"
    """The newest rows are gone."""
    HEAD_CHANGED = "HEAD_CHANGED"
    """The head isn't that of the newest row."""
    REWRITTEN = "REWRITTEN"
    """The chain isn't the one whose head was noted elsewhere."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the record is broken: the rows `first` to `last`."""

    kind: BreakKind
    first: int
    last: int
    at: str | None
    """When the row says that it was recorded; None where there is no row."""
    why: str

    def __str__(self) -> str:
        rows = (
            f"row {self.first:,}"
            if self.first == self.last
            else (f"rows {self.first:,} to {self.last:,}")
        )
        when = f" ({self.at})" if self.at else ""
        return f"{self.kind}: {rows}{when}: {self.why}"


@dataclass(slots=True)
class Report:
    """What was read, and what is wrong with it."""

    rows: int = 0
    head: Head | None = None
    """The newest row's: to be kept elsewhere, and compared with later."""
    breaks: list[Break] = field(default_factory=list[Break])
    """In the order of the rows, at most `MAX_NAMED`."""
    count: int = 0
    """How many breaks there are, named or not."""

    @property
    def whole(self) -> bool:
        """Whether the record is as it was written."""
        return self.count == 0

    def add(self, found: Break) -> None:
        """Name a break; inserted rows that follow each other are one."""
        before = self.breaks[-1] if self.breaks else None
        if (
            before is not None
            and before.kind is found.kind is BreakKind.INSERTED
            and before.last + 1 == found.first
        ):
            self.breaks[-1] = replace(before, last=found.last)
            return
        self.count += 1
        if self.count <= MAX_NAMED:
            self.breaks.append(found)
