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

    def holds(self, low: float, high: float) -> bool | None:
        """Whether what was measured as `low` to `high` lies within; None where only a part does."""
        least = float("-inf") if self.least is None else self.least
        most = float("inf") if self.most is None else self.most
        if least <= low and high <= most:
            return True
        return None if low <= most and least <= high else False


_NUMBER = r"\d{1,6}(?:[.,]\d{1,3})?"
_UNIT = (
    r"(?P<unit>\s?%|\s?percent\b|\s?ng\s?/\s?mL\b|\s?U\s?/\s?mL\b|\s?(?:µ|μ|m|p)?g\s?/\s?d?L\b)?"
)
_LIMIT = re.compile(
    r"\)?(?:\s+(?:levels?|scores?|values?|expression|of|is|are|was|that|with|a|tumou?r|proportion"
    r"|score|test|result|blood|between|from|cps|tps|combined|positive|proportion|\((?:cps|tps)\)))*\s*:?\s*"
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
_OF_CELLS = re.compile(
    rf"(?P<before>at\s+least|more\s+than|less\s+than|[<>≤≥]=?)?\s*(?P<low>{_NUMBER})(?P<unit>\s?%"
    r"|\s?percent)(?P<after>\s*,?\s*or\s+(?:more|higher|greater|less))?\s+of\s+(?:the\s+|all\s+)?"
    r"(?:tumou?r\s+|cancer\s+|stained\s+)?cells?\s+(?:\w+\s+){1,4}$",
    re.IGNORECASE,
)
_COMBINED = re.compile(r"\b(?:cps|combined\s+positive)\b", re.IGNORECASE)
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
_BEFORE = 90


def threshold_around(text: str, mention: _Mention) -> Threshold | None:
    """Return the limit behind a mention, or before it: "1% or more of the cells have PD-L1"."""
    behind = threshold_behind(text, mention)
    if behind is not None:
        return behind
    found = _OF_CELLS.search(text[max(0, mention.start - _BEFORE) : mention.start])
    return None if found is None else _limit(found, mention.end)


def threshold_behind(text: str, mention: _Mention) -> Threshold | None:
    """Return the limit that stands at the end of a mention or right behind it, if one does."""
    own = _WITHIN.search(text, mention.start, mention.end + _BEHIND)
    found = own if own is not None and own.start() <= mention.end else None
    found = found or _LIMIT.match(text, _end_of_name(text, mention))
    if found is None:
        return None
    is_combined = _COMBINED.search(text, mention.start, found.end()) is not None
    return _limit(found, found.end(), unit="cps" if is_combined else "")


def _limit(found: re.Match[str], end: int, *, unit: str = "") -> Threshold | None:
    """Return the limit that the words set; `unit` is that of scores, which have no sign."""
    told = found.groupdict()
    low, high = _value(told["low"]), told.get("high")
    written = (told["unit"] or "").strip().lower().replace("percent", "%").replace(" ", "")
    unit = written or unit
    words = told.get("before") or told["after"] or ""
    if high is not None and not words:
        return Threshold(low, _value(high), unit, end)
    if not words:
        return None
    step = _A_LITTLE if told.get("before") and _STRICT.search(told["before"].strip()) else 0.0
    if _UPWARDS.search(words):
        return Threshold(low + step, None, unit, end)
    return Threshold(None, low - step, unit, end)


def _end_of_name(text: str, mention: _Mention) -> int:
    """Return where a mention's own limit begins ("PD-L1 of at least 50%"), or where it ends."""
    inside = _OWN_LIMIT.search(text, mention.start, mention.end)
    return inside.start() if inside is not None else mention.end


def _value(written: str) -> float:
    return float(written.replace(",", "."))
