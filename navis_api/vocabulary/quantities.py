"""Numbers with their units: "five years", "20 to 30 percent", "one in eight", "2 cm"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from navis_api.vocabulary.numbers import NUMBER, value_of
from navis_api.vocabulary.stages import StageKind, stages_in
from navis_api.vocabulary.terms import find_terms


class Bound(StrEnum):
    """How near to its number a quantity is meant."""

    EXACT = "exact"
    OVER = "over"
    """More than it, or it at least."""
    UNDER = "under"
    """Less than it, or it at most."""
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or the ends of a range, with its unit, at `text[start:end]`.

    `unit` is a key ("percent", "year", "mg", "cm", "people") or empty. Shares are percents:
    "one in five" and "a fifth" are 20 percent. Years of the calendar have the unit "calendar_year".
    """

    values: tuple[float, ...]
    unit: str
    start: int
    end: int
    text: str
    bound: Bound = Bound.EXACT


_UNITS: Final[dict[str, str]] = {
    "percent": r"%|percent\b|per\s?cent\b|percentage\s+points?",
    "year": r"(?:years?|yrs?)\b",
    "month": r"(?:months?|mos?)\b",
    "week": r"(?:weeks?|wks?)\b",
    "day": r"days?\b",
    "hour": r"(?:hours?|hrs?)\b",
    "minute": r"(?:minutes?|mins?)\b",
    "second": r"seconds?\b",
    "mg/m2": r"(?:mg|milligrams?)\s?(?:/|per)\s?(?:m2|m²|square\s+met(?:er|re))",
    "mg/kg": r"(?:mg|milligrams?)\s?(?:/|per)\s?(?:kg|kilogram)",
    "mg/dl": r"mg\s?/\s?dL\b",
    "ng/ml": r"ng\s?/\s?mL\b|nanograms?\s+per\s+millilit(?:er|re)s?",
    "mcg": r"(?:mcg|µg|μg|micrograms?)\b",
    "mg": r"(?:mg|milligrams?)\b",
    "kg": r"(?:kg|kilograms?|kilos?)\b",
    "g": r"(?:grams?|g)\b",
    "u/ml": r"(?:U|units?|IU)\s?(?:/|per)\s?(?:mL|millilit(?:er|re)s?)\b",
    "iu": r"(?:IU|international\s+units?|units?)\b",
    "ml": r"(?:mL|millilit(?:er|re)s?|cc)\b",
    "l": r"(?:L|lit(?:er|re)s?)\b",
    "gy": r"(?:Gy|Grays?)\b",
    "cgy": r"cGy\b",
    "mm": r"(?:mm|millimet(?:er|re)s?)\b",
    "cm": r"(?:cm|centimet(?:er|re)s?)\b",
    "inch": r"inch(?:es)?\b",
    "m": r"met(?:er|re)s?\b",
    "lb": r"(?:lbs?|pounds?)\b",
    "degree": r"(?:°\s?[FC]?\b|degrees?(?:\s+(?:Fahrenheit|Celsius|F|C))?\b)",
    "people": (
        r"(?:people|persons?|patients|women|men|children|adults|americans|cases|deaths|survivors"
        r"|participants|babies)\b"
    ),
    "times": r"(?:times|fold|x)\b",
    "cycle": r"cycles?\b",
    "dose": r"doses?\b",
    "fraction": r"fractions?\b",
    "session": r"(?:sessions?|treatments)\b",
    "node": r"(?:(?:lymph\s+)?nodes?)\b",
    "tumor": r"(?:tumou?rs?|lesions?|nodules?|polyps?|metastases|sites?|spots?|places)\b",
    "drink": r"(?:drinks?|glasses)\b",
    "cigarette": r"(?:cigarettes?|packs?)\b",
    "pack_year": r"pack[\s-]years?\b",
    "calorie": r"(?:calories|kcal)\b",
    "stage": r"stages\b",
    "type": r"(?:types|kinds|forms|groups|ways|options)\b",
    "usd": r"dollars?\b",
}
_UNIT = "|".join(f"(?P<u{index}>{pattern})" for index, pattern in enumerate(_UNITS.values()))
_UNIT_KEYS: Final = tuple(_UNITS)
_JOIN = r"(?:\s?(?:-|–|—|‑)\s?|\s+(?:to|or)\s+(?:up\s+to\s+)?)"
_BOUND = (
    r"(?:(?:more|greater|higher|older|longer|larger|bigger|less|fewer|lower|younger|smaller)\s+than"
    r"|no\s+more\s+than|at\s+(?:least|most)|over|above|under|below|up\s+to|about|around|roughly"
    r"|approximately|nearly|almost|some|an?\s+estimated|[<>≥≤~])"
)
_MORE = r"(?:older|more|over|above|greater|higher|longer|larger|bigger)"
_QUANTITY = re.compile(
    rf"(?<![\w.])(?<!\d[/'’])(?P<bound>{_BOUND}\s{{0,3}})?(?P<between>between\s+)?(?:from\s+)?"
    rf"(?P<dollar>\$\s?)?(?P<low>{NUMBER})(?P<lowunit>\s?%|\s+percent)?"
    rf"(?!\d|\s?[/'’]\s?\d|[\s-]?dimensional|-?D\b)"
    rf"(?:(?:{_JOIN}|(?(between)\s+and\s+|(?!)))(?:\$\s?)?(?P<high>{NUMBER}))?"
    rf"(?:(?:\s|-|‑){{0,3}}(?:{_UNIT}))?"
    rf"(?P<more>\s+(?:of\s+age\s+)?(?:and|or)\s+{_MORE})?"
    rf"(?P<less>\s+or\s+(?:less|fewer|younger))?",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    rf"(?<![\w.])(?:{_BOUND}\s{{0,3}})?(?P<part>{NUMBER})"
    rf"(?:\s+(?:people|women|men|patients|children|persons?|adults))?"
    rf"\s+(?:in|out\s+of(?:\s+every)?|of\s+every|in\s+every)\s+(?P<whole>{NUMBER})"
    rf"(?!\s?(?:years?|months?|weeks?|days?|hours?|minutes?|cm|mm|mg|stages))",
    re.IGNORECASE,
)
_FRACTIONS: Final = {
    "half": 50.0, "third": 100 / 3, "quarter": 25.0, "fourth": 25.0, "fifth": 20.0, "tenth": 10.0,
}  # fmt: skip
_FRACTION = re.compile(
    r"\b(?:(?P<count>one|two|three|four|a|an)[\s-]"
    r"(?P<part>half|thirds?|quarters?|fourths?|fifths?|tenths?)|(?P<half>half))\s+(?:of|the|as)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"more|greater|higher|older|longer|larger|bigger|over|above|least|>|≥", re.IGNORECASE
)
_UNDER = re.compile(
    r"less|fewer|under|below|lower|younger|smaller|up\s+to|at\s+most|no\s+more|<|≤", re.IGNORECASE
)
# Numbers that belong to a name and count nothing: "stage 3", "phase II", "type 2 diabetes".
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:stages?|grades?|phase|gleason(?:\s+score)?|type|group|level|class|figure|table|page"
    r"|volume|issue|chapter|step|section|covid|vitamin|category|bi-?rads|pi-?rads|line|chromosome"
    r"|exon|codon|arm|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)(?:\s+of)?[\s-]*|[A-Za-z]-|\[|#|/)$",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(r"\bage[sd]?\s+(?:of\s+)?$", re.IGNORECASE)
_IDLE_ONE = re.compile(r"one", re.IGNORECASE)
_NUMBERED: Final = frozenset({StageKind.STAGE, StageKind.GRADE, StageKind.TNM})
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2099


def quantities_in(text: str) -> list[Quantity]:
    """Return the numbers of a text with their units, in order.

    Numbers within names of drugs, genes, stages and the like are left out; so is "one" where it
    counts nothing ("one of the drugs").
    """
    taken = [(mention.start, mention.end) for mention in find_terms(text)]
    taken += [(stage.start, stage.end) for stage in stages_in(text) if stage.kind in _NUMBERED]
    shares = [share for share in _shares(text) if not _within(share, taken)]
    spans = taken + [(share.start, share.end) for share in shares]
    counted = [found for found in _counted(text) if not _within(found, spans)]
    return sorted([*shares, *counted], key=lambda quantity: quantity.start)


def _within(quantity: Quantity, spans: list[tuple[int, int]]) -> bool:
    return any(start < quantity.end and quantity.start < end for start, end in spans)


def _shares(text: str) -> Iterator[Quantity]:
    for found in _SHARE_OF.finditer(text):
        part, whole = value_of(found["part"]), value_of(found["whole"])
        if not 0 < part < whole or _FIRST_YEAR <= whole <= _LAST_YEAR:
            continue
        yield _quantity(
            text,
            found.start(),
            found.end(),
            (part / whole * 100,),
            "percent",
            _bound(text[found.start() : found.start("part")]),
        )
    for found in _FRACTION.finditer(text):
        part = (found["part"] or found["half"]).lower().removesuffix("s")
        count = {"two": 2, "three": 3, "four": 4}.get((found["count"] or "a").lower(), 1)
        end = found.end("half") if found["half"] else found.end("part")
        yield _quantity(
            text, found.start(), end, (_FRACTIONS[part] * count,), "percent", Bound.EXACT
        )


def _counted(text: str) -> Iterator[Quantity]:
    for found in _QUANTITY.finditer(text):
        unit = next(
            (key for index, key in enumerate(_UNIT_KEYS) if found[f"u{index}"] is not None), ""
        )
        if found["lowunit"]:
            unit = unit or "percent"
        if found["dollar"]:
            unit = "usd"
        low = value_of(found["low"])
        values = (low,) if found["high"] is None else (low, value_of(found["high"]))
        if not unit and _is_year(found["low"]) and _is_year(found["high"] or found["low"]):
            unit = "calendar_year"
        if not unit and _AGE_BEFORE.search(text[: found.start("low")][-10:]):
            unit = "year"
        if unit in {"", "people"} and _counts_nothing(text, found):
            continue
        said = (found["bound"] or "") + (found["more"] or "") + (found["less"] or "")
        bound = _bound(said) if len(values) == 1 else Bound.EXACT
        yield _quantity(text, found.start(), found.end(), values, unit, bound)


def _counts_nothing(text: str, found: re.Match[str]) -> bool:
    if _IDLE_ONE.fullmatch(found["low"]):
        return found["high"] is None
    return (
        _NAMED_BEFORE.search(text[max(0, found.start("low") - 24) : found.start("low")]) is not None
    )


def _is_year(number: str) -> bool:
    return re.fullmatch(r"\d{4}", number) is not None and _FIRST_YEAR <= int(number) <= _LAST_YEAR


def _bound(said: str) -> Bound:
    if not said.strip():
        return Bound.EXACT
    if _UNDER.search(said):
        return Bound.UNDER
    return Bound.OVER if _OVER.search(said) else Bound.ABOUT


def _quantity(
    text: str, start: int, end: int, values: tuple[float, ...], unit: str, bound: Bound
) -> Quantity:
    return Quantity(values, unit, start, end, text[start:end], bound)
