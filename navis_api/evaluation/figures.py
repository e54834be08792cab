"""Figures that evaluations share."""

from dataclasses import dataclass


def share(part: int, whole: int) -> float | None:
    """Return part / whole to four places; None where there is nothing to take a part of."""
    return round(part / whole, 4) if whole else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: its id, what came out, and whether that is what should."""

    id: str
    outcome: str
    right: bool
    reasons: tuple[str, ...] = ()
