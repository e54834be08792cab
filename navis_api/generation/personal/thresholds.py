"""Limits that a text sets to a measured value: "a PSA of 10 or higher", "at least 50%"."""

import re
from dataclasses import dataclass
from typing import Protocol


class _Mention(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value has to lie from `least` to `most`; `end` is where the text's words for it end."""

    least: float | None
    most: float | None
    unit: str
    end: int

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )


_NUMBER = r"\d{1,6}(?:[.,]\d{1,3})?"
_UNIT = (
    r"(?P<unit>\s?%|\s?percent\b|\s?ng\s?/\s?mL\b|\s?U\s?/\s?mL\b|\s?(?:µ|μ|m|p)?g\s?/\s?d?L\b)?"
)
_LIMIT = re.compile(
    r"\)?(?:\s+(?:levels?|scores?|values?|expression|of|is|are|was|that|with|a|tumou?r|proportion"
    r"|score|test|result|blood|between|from))*\s*:?\s*"
    r"(?P<before>less\s+than|lower\s+than|fewer\s+than|under|below|up\s+to|at\s+most|no\s+more\s+than"
    r"|at\s+least|more\s+than|higher\s+than|greater\s+than|above|over|[<>≤≥]=?)?\s*"
    rf"(?P<low>{_NUMBER}){_UNIT}"
    rf"(?:\s*(?:to|and|-|–)\s*(?P<high>{_NUMBER}))?"
    r"(?P<after>\s*,?\s*(?:or|and)\s+(?:more|higher|greater|above|over|less|lower|below|under)\b)?",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"(?P<low>{_NUMBER}){_UNIT}"
    r"(?P<after>\s*,?\s*(?:or|and)\s+(?:more|higher|greater|above|over|less|lower|below|under)\b)",
    re.IGNORECASE,
)
_UPWARDS = re.compile(r"at\s+least|more|higher|greater|above|over|[>≥]", re.IGNORECASE)
_STRICT = re.compile(
    r"(?:less|lower|fewer|more|higher|greater)\s+than|under|below|above|over|^[<>]$"
)
_OWN_LIMIT = re.compile(
    rf"\s(?:(?:less|lower|more|higher|greater)\s+than\s|at\s+least\s|[<>≤≥]=?\s?)?{_NUMBER}\s?%?$",
    re.IGNORECASE,
)
_A_LITTLE = 1e-6
# How far behind a mention the words of its limit may end.
_BEHIND = 20


def threshold_behind(text: str, mention: _Mention) -> Threshold | None:
    """Return the limit that stands at the end of a mention or right behind it, if one does."""
    own = _WITHIN.search(text, mention.start, mention.end + _BEHIND)
    found = own if own is not None and own.start() <= mention.end else None
    found = found or _LIMIT.match(text, _end_of_name(text, mention))
    if found is None:
        return None
    told = found.groupdict()
    low, high = _value(told["low"]), told.get("high")
    unit = (told["unit"] or "").strip().lower().replace("percent", "%").replace(" ", "")
    words = told.get("before") or told["after"] or ""
    if high is not None and not words:
        return Threshold(low, _value(high), unit, found.end())
    if not words:
        return None
    step = _A_LITTLE if told.get("before") and _STRICT.search(told["before"].strip()) else 0.0
    if _UPWARDS.search(words):
        return Threshold(low + step, None, unit, found.end())
    return Threshold(None, low - step, unit, found.end())


def _end_of_name(text: str, mention: _Mention) -> int:
    """Return where a mention's own limit begins ("PD-L1 of at least 50%"), or where it ends."""
    inside = _OWN_LIMIT.search(text, mention.start, mention.end)
    return inside.start() if inside is not None else mention.end


def _value(written: str) -> float:
    return float(written.replace(",", "."))
