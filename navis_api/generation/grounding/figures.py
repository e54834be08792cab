"""Numbers of a sentence as they are compared: value, unit and bound."""

import re
from dataclasses import dataclass, replace

from navis_api.vocabulary.quantities import Bound, Quantity, quantities_in

# A sentence with none of these has no number that quantities_in would find.
_MAY_COUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|dozen|half|thirds?|quarters?|fifths?|tenths?)\b",
    re.IGNORECASE,
)
# The number of "131-MIBG" counts nothing.
_IN_A_NAME = re.compile(r"-[A-Z]{2,}")
# "About 1 in 3" and "33 %" are one number.
_SHARE_TOLERANCE = 1.0
_WHOLE_SHARE = 1e-6
_PERCENT = "percent"
# What these count is said in many words ("people", "patients"), which are compared as words.
_COUNTING = frozenset({"", "people", "type", "tumor", "dose", "cycle", "session", "node", "stage"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of a sentence, and the place of the token that says its number."""

    quantity: Quantity
    place: int

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage."""
        return self.quantity.unit == _PERCENT

    @property
    def bound(self) -> Bound:
        """Whether it is a limit; what is "about" a number counts as the number itself."""
        bound = self.quantity.bound
        return Bound.EXACT if bound is Bound.ABOUT else bound

    @property
    def is_mere_count(self) -> bool:
        """Whether it counts things, one by one, and is no measure."""
        return self.quantity.unit in _COUNTING and len(self.quantity.values) == 1

    def ends(self) -> list["Figure"]:
        """Return each end of a range as a number of its own."""
        return [
            replace(self, quantity=replace(self.quantity, values=(value,)))
            for value in self.quantity.values
        ]

    def moved(self, offset: int) -> "Figure":
        """Return it as it stands when `offset` tokens are put before."""
        return replace(self, place=self.place + offset)

    def equals(self, other: "Figure") -> bool:
        """Whether two figures say the same number of the same unit."""
        one, two = self.quantity, other.quantity
        if not _same_unit(one.unit, two.unit) or len(one.values) != len(two.values):
            return False
        pairs = list(zip(one.values, two.values, strict=True))
        if one.values == two.values:
            return True
        # Only how a common fraction reads is rounded: 33.3 is 33, but 21 isn't 20.
        rounded = any(abs(value - round(value)) > _WHOLE_SHARE for pair in pairs for value in pair)
        return (
            self.is_share
            and rounded
            and all(abs(first - second) < _SHARE_TOLERANCE for first, second in pairs)
        )


def _same_unit(one: str, other: str) -> bool:
    """Whether two units may be one: "aged 15 to 40" and "from 15 to 40 years"."""
    if one == other or {one, other} <= _COUNTING:
        return True
    return "" in {one, other} and _PERCENT not in {one, other}


def quantities_of(text: str) -> list[Quantity]:
    """Return the quantities of a sentence in order."""
    if not _MAY_COUNT.search(text):
        return []
    return [
        each for each in quantities_in(text) if each.unit or not _IN_A_NAME.match(text, each.end)
    ]
