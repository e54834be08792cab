"""Numbers as people rephrase them: "about a quarter" for 26 %, "two decades" for 20 years."""

import re
from dataclasses import dataclass
from functools import lru_cache

from navis_api.kit.text import fold
from navis_api.vocabulary.quantities import Quantity, quantities_in

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_WORDS = {word: float(value) for value, word in enumerate(_ONES)} | {
    word: 10.0 * tens for tens, word in enumerate(_TENS, 3)
}
_NUMBER = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_OUT_OF = re.compile(rf"\b({_NUMBER}) (?:out )?of (?:every |the |all )?({_NUMBER})\b")
_ONE_IN = re.compile(rf"\b(?:one|1) (?:[a-z]+ )?in (?:every )?({_NUMBER})\b")
_DECADES = re.compile(rf"\b(?:({_NUMBER}) )?decades?\b")
_HALF = re.compile(r"(?<!and a )\bhal(?:f|ves)\b(?!-| a year)|\bmedian\b")
_AND_A_HALF = re.compile(
    rf"\b(?:({_NUMBER}) and a half|(?:a )?(year) and a half) ?(years?|months?)?\b"
)
_MONTHS = {"day": 1 / 30.4, "week": 7 / 30.4, "month": 1.0, "year": 12.0}
_A_YEAR = 12.0
_DECADE = 120.0
_SAID_TIMES = (
    (re.compile(r"\bhalf a year\b"), _A_YEAR / 2),
    (re.compile(r"\bfortnight\b"), 2 * _MONTHS["week"]),
)
_SAID_PLAIN = (
    (re.compile(r"\b(?:twice|doubled?|two-?fold)\b"), 2.0),
    (re.compile(r"\b(?:tripled?|three-?fold)\b"), 3.0),
)
_CACHED = 2_048
_SAME = 1e-6
_SHARE_NEAR = 2.6
"""Percents that a rounded share may be away."""
_ROUNDED = 0.1
_PLAIN_NEAR = 0.06
_RATIO_NEAR = 0.15
_COUNTED_UNSAID = frozenset({1.0, 2.0})
"""So few things are counted where nobody says their number."""
_RATIOS = frozenset({2.0, 3.0, 4.0})

Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LooseNumbers:
    """The numbers of a text: shares in percent, times in months, and all others."""

    shares: Numbers
    times: Numbers
    plain: Numbers

    @property
    def ratios(self) -> Numbers:
        """How many times one number of a kind is another."""
        return tuple(
            one / other
            for numbers in (self.shares, self.times, self.plain)
            for one in numbers
            for other in numbers
            if 0 < other < one
        )


@dataclass(frozen=True, slots=True)
class NumberMatches:
    """How many numbers of a claim its evidence says exactly, in other words, and not at all."""

    exact: int
    loose: int
    lost: int


@lru_cache(maxsize=_CACHED)
def _of_evidence(text: str) -> LooseNumbers:
    """Return the numbers of what is cited, and keep them: it holds no patient's words."""
    return loose_numbers(text)


def loose_numbers(text: str) -> LooseNumbers:
    """Return the numbers of a text, with those that its words say."""
    folded = fold(text)
    decades = [_value(found[1]) if found[1] else 1.0 for found in _DECADES.finditer(folded)]
    one_in = [_value(found[1]) for found in _ONE_IN.finditer(folded)]
    told = {*decades, *one_in}
    quantities = [each for each in quantities_in(text) if not _is_told(each, told)]
    parts = [(_value(found[1]), _value(found[2])) for found in _OUT_OF.finditer(folded)]
    shares = [value for each in quantities if each.unit == "percent" for value in each.values]
    shares += [100 / whole for whole in one_in if whole]
    shares += [100 * part / whole for part, whole in parts if part <= whole and whole]
    shares += [50.0] * bool(_HALF.search(folded))
    times = [
        value * _MONTHS[each.unit]
        for each in quantities
        if each.unit in _MONTHS
        for value in each.values
    ]
    times += [_DECADE * count for count in decades]
    times += [_with_a_half(found) for found in _AND_A_HALF.finditer(folded)]
    times += [time for pattern, time in _SAID_TIMES if pattern.search(folded)]
    plain = [
        value
        for each in quantities
        if each.unit != "percent" and each.unit not in _MONTHS
        for value in each.values
    ]
    plain += [number for pattern, number in _SAID_PLAIN if pattern.search(folded)]
    return LooseNumbers(*(tuple(dict.fromkeys(each)) for each in (shares, times, plain)))


def number_matches(claim: str, evidence: str) -> NumberMatches:
    """Return how the numbers of a claim are said by its evidence."""
    own, given = loose_numbers(claim), _of_evidence(evidence)
    met = [
        *(_share_met(share, given) for share in own.shares),
        *(_time_met(time, given) for time in own.times),
        *(_plain_met(number, given) for number in own.plain),
    ]
    return NumberMatches(met.count("exact"), met.count("loose"), met.count("lost"))


def _share_met(share: float, given: LooseNumbers) -> str:
    if _near(share, given.shares, within=_SAME):
        return "exact"
    rounded = _near(share, given.shares, within=_SHARE_NEAR, part=_ROUNDED)
    others = _near(100 - share, given.shares, within=1.0, part=0.05)
    return "loose" if rounded or others or _near(share, given.plain, within=_SAME) else "lost"


def _time_met(time: float, given: LooseNumbers) -> str:
    if _near(time, given.times, part=0.001):
        return "exact"
    without_unit = (*given.plain, *(_A_YEAR * value for value in given.plain))
    rounded = time == _A_YEAR or _near(time, given.times, part=_ROUNDED)
    return "loose" if rounded or _near(time, without_unit, part=0.01) else "lost"


def _plain_met(number: float, given: LooseNumbers) -> str:
    if _near(number, (*given.plain, *given.shares, *given.times), within=_SAME):
        return "exact"
    in_years = _near(_A_YEAR * number, given.times, part=0.01)
    rounded = _near(number, given.plain, part=_PLAIN_NEAR)
    times = number in _RATIOS and _near(number, given.ratios + given.plain, part=_RATIO_NEAR)
    return "loose" if number in _COUNTED_UNSAID or in_years or rounded or times else "lost"


def _is_told(quantity: Quantity, told: set[float]) -> bool:
    """Whether a number is one that is told with its unit: the two of "two decades"."""
    return not quantity.unit and len(quantity.values) == 1 and quantity.values[0] in told


def _with_a_half(found: re.Match[str]) -> float:
    whole = 1.0 if found[2] else _value(found[1])
    of_years = bool(found[2]) or (found[3] or "").startswith("year")
    return (whole + 0.5) * (_A_YEAR if of_years else 1.0)


def _near(value: float, others: Numbers, *, within: float = 0.0, part: float = 0.0) -> bool:
    return any(abs(value - other) <= max(within, part * abs(other)) for other in others)


def _value(written: str) -> float:
    return _WORDS[written] if written in _WORDS else float(written.replace(",", ""))
