"""Colours, and how well one can be read on another.

Source: WCAG 2.2, "relative luminance" and "contrast ratio".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

_WRITTEN = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", re.ASCII)
_STEPS = 20
_ALMOST_BLACK = 0.04045


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue, each from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def read(cls, written: str) -> Self | None:
        """Return the colour that `#075a66` or `075a66` or `#fff` is; None for anything else."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            return None
        digits = found[1] if len(found[1]) > len("fff") else "".join(each * 2 for each in found[1])
        return cls(*bytes.fromhex(digits))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """How bright it is, from 0 to 1."""
        red, green, blue = (_linear(each / 255) for each in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def against(self, other: "Colour") -> float:
        """Return the contrast ratio of two colours, from 1 to 21."""
        lighter, darker = sorted((self.luminance, other.luminance), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """Return this colour with a share of another, from 0 to 1."""

        def between(mine: int, theirs: int) -> int:
            return round(mine + (theirs - mine) * share)

        return Colour(
            between(self.red, other.red),
            between(self.green, other.green),
            between(self.blue, other.blue),
        )

    def worst_against(self, grounds: Iterable["Colour"]) -> float:
        """Return its contrast with that of some grounds on which it is hardest to see."""
        return min(self.against(ground) for ground in grounds)

    def strengthened(
        self, grounds: Iterable["Colour"], *, toward: "Colour", least: float
    ) -> "Colour":
        """Return the colour nearest to this one, on the way to another, with enough contrast.

        That other one where none before it has.
        """
        behind = tuple(grounds)
        for step in range(_STEPS):
            tried = self.mixed(toward, step / _STEPS)
            if tried.worst_against(behind) >= least:
                return tried
        return toward


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def _linear(part: float) -> float:
    return part / 12.92 if part <= _ALMOST_BLACK else ((part + 0.055) / 1.055) ** 2.4
