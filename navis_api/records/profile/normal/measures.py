"""Numbers with their units, as laboratories write them, in one form."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from navis_api.kit.text import fold

# No test gives more. A longer run of digits is the number of something else: a telephone, a day, a
# record; so is one that begins with a zero.
_MOST: Final = Decimal(5_000_000)
_WHOLE: Final = Decimal(100)
_DIGITS: Final = 3

_NUMBER = re.compile(
    r"(?P<bound>[<>≤≥]=?|less\s+than|under|below|more\s+than|greater\s+than|over|above)?\s*"
    r"(?P<number>(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d{0,8})(?:\.\d{1,20})?|\.\d{1,20})"
    r"\s*(?P<unit>[^\d\s].{0,60})?",
    re.IGNORECASE | re.DOTALL,
)
_BOUNDS: Final = {
    "<": "<", "<=": "≤", "≤": "≤", "≤=": "≤", "less than": "<", "under": "<", "below": "<",
    ">": ">", ">=": "≥", "≥": "≥", "≥=": "≥", "more than": ">", "greater than": ">", "over": ">",
    "above": ">",
}  # fmt: skip
# UCUM's brackets and ways to write micro are taken out before.
_UNITS: Final = {
    "ng/ml": "ng/mL", "ng/dl": "ng/dL", "ng/l": "ng/L", "pg/ml": "pg/mL", "ug/ml": "µg/mL",
    "ug/l": "µg/L", "ug/dl": "µg/dL", "mg/l": "mg/L", "mg/dl": "mg/dL", "g/dl": "g/dL",
    "g/l": "g/L", "nmol/l": "nmol/L", "pmol/l": "pmol/L", "umol/l": "µmol/L",
    "u/ml": "U/mL", "ku/l": "kU/L", "u/l": "U/L", "iu/ml": "IU/mL", "iu/l": "IU/L",
    "kiu/l": "kIU/L", "miu/ml": "mIU/mL", "miu/l": "mIU/L", "units/ml": "U/mL",
    "units/l": "U/L", "unit/l": "U/L", "%": "%", "percent": "%", "tps": "TPS", "cps": "CPS",
    "ic": "IC", "mut/mb": "mut/Mb", "muts/mb": "mut/Mb", "mutations/mb": "mut/Mb",
    "mutations/megabase": "mut/Mb", "mutationspermegabase": "mut/Mb", "mutationspermb": "mut/Mb",
    "{mutations}/megabase": "mut/Mb",
    "somaticvariantspermegabaseofsequenceddna": "mut/Mb", "mg/24h": "mg/24 h",
}  # fmt: skip
_NO_UNIT: Final = frozenset(
    {"", "na", "1", "{score}", "score", "recurrencescore", "ratio", "{ratio}"}
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number such as "<0.1" or "1250", with its unit or None."""

    number: str
    unit: str | None


def read_measure(value: str, unit: str | None) -> Measure | None:
    """Return a number with its unit, wherever that stands; None unless all of it is read."""
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return None
    number = Decimal(found["number"].replace(",", ""))
    canonical = _unit(found["unit"] or unit or "")
    if canonical is None or number > (_WHOLE if canonical == "%" else _MOST):
        return None
    bound = _BOUNDS.get(" ".join((found["bound"] or "").lower().split()), "")
    return Measure(bound + _rounded(number), canonical or None)


def _unit(written: str) -> str | None:
    """Return a unit in its one form, empty where there is none; None for one that isn't known."""
    plain = re.sub(r"[\s\[\]]", "", fold(written).replace("µ", "u").replace("μ", "u"))
    plain = plain.replace("mcg", "ug")
    if plain in _NO_UNIT:
        return ""
    return _UNITS.get(plain)


def _rounded(number: Decimal) -> str:
    """Return a number as precise as matters: three digits, and all of them before the point."""
    if number == 0:
        return "0"
    places = max(0, _DIGITS - 1 - number.adjusted())
    text = format(round(number, places), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
