"""What partners' systems did, summed by partner, day and kind of operation."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Outcome(StrEnum):
    """Whether a partner got what it asked for. What failed counts as refused."""

    SERVED = "SERVED"
    REFUSED = "REFUSED"


class Metered(NamedTuple):
    """What is summed apart: a partner's operations of one kind on one day in UTC."""

    partner_id: UUID
    day: date
    operation: str


@dataclass(slots=True)
class Usage:
    """How many operations were served and refused, and what they cost in points of a limit."""

    served: int = 0
    refused: int = 0
    points: int = 0

    def add(self, outcome: Outcome, points: int) -> None:
        """Add one operation."""
        if outcome is Outcome.SERVED:
            self.served += 1
        else:
            self.refused += 1
        self.points += points

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.served + other.served, self.refused + other.refused, self.points + other.points
        )


Sums = Mapping[Metered, Usage]


def no_sums() -> defaultdict[Metered, Usage]:
    """Return sums to add to."""
    return defaultdict(Usage)
