"""The number that a text gives for a marker, told from reference ranges, dates and intervals."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """A value as written ("<0.1", "1,250"), its unit, and where both end in the text."""

    value: str
    unit: str | None
    end: int


_UNIT = (
    r"(?:ng|mcg|ug|µg|μg|pg|g|mg)\s*/\s*(?:mL|ml|L|l|dL|dl)|ng\s+per\s+m(?:l|illiliter)"
    r"|k?(?:IU|U|units?)\s*"
    r"/\s*(?:mL|ml|L|l)|mIU\s*/\s*(?:mL|ml|L)|units?|ng\s*%"
)
_DATES = re.compile(
    r"\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{2,4}\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:\d{1,2}(?:st|nd|rd"
    r"|th)?,?\s+)?\d{4}\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b(?!\.\d)"
    r"|\b(?:in|since|of|from)\s+(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_RANGES = re.compile(
    rf"\(?\s*(?:\b(?:normal|reference|ref\.?"
    rf"|nl)\b[^.;()\n\d<>≤]{{0,30}})\s*(?:[<>≤≥]=?\s*(?:{_NUMBER})"
    rf"|(?:{_NUMBER})\s*(?:-|–|to)\s*(?:{_NUMBER}))\s*(?:{_UNIT})?\s*\)?"
    rf"|[(\[]\s*(?:{_NUMBER})\s*(?:-|–|to)\s*(?:{_NUMBER})\s*(?:{_UNIT})?\s*[)\]]"
    rf"|(?<![\w.])(?:{_NUMBER})\s?(?:-|–)\s?(?:{_NUMBER})\s*(?:{_UNIT})",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"(?P<gap>[^.;\n\d<>≤≥]{0,60}?)(?P<bound>[<>≤≥]=?|(?:less|greater|more)\s+than|under|over"
    r"|below|above)?\s*"
    rf"(?<![A-Za-z])(?P<number>{_NUMBER})(?![\d/]|\s*-\s*\d)\s*(?P<unit>{_UNIT})?",
    re.IGNORECASE,
)
_RISEN = re.compile(
    rf"\s*(?:on\s+|in\s+)?[^.;\d\n]{{0,20}}?\bto\s+(?:a\s+(?:high|low|nadir|peak)\s+of\s+)?"
    rf"(?P<number>{_NUMBER})(?!\d)\s*(?P<unit>{_UNIT})?", re.IGNORECASE
)  # fmt: skip
# Words between a marker and a number that make the number another thing's.
_ELSEWHERE = re.compile(
    r"\b(?:every|q|again|repeat(?:ed)?|for|age|within|over\s+the\s+(?:past|last)|gleason"
    r"|grade|stage|next|after"
    r"|return|recheck\w*|follow\w*|hemoglobin|hgb|wbc|platelets?|creatinine|testosterone"
    r"|weight|pain|months?"
    r"|weeks?|biops\w+|cores?|size|measur\w+\s+[\d.]*\s*cm|prostate\s+volume|volume"
    r"|temperature|pulse|albumin"
    r"|calcium|bun|glucose|sodium|potassium|bilirubin|ast|alt|inr|ecog|kps|free|density"
    r"|velocity|doubling"
    r"|ct|mri|scan|exam\w*|cycles?|dose|x)\b|[:;]\s*\w+\s*$",
    re.IGNORECASE,
)
_OTHER_UNIT = re.compile(
    r"\s*(?:months?|weeks?|days?|years?|yrs?|hours?|times|cm\b|mm\b|mg\b(?!\s*/)|cc\b|gy\b"
    r"|pounds|lbs?|am\b|pm\b|cores"
    r"|cycles|of\s+\d|x\s?\d|th\b|nd\b|rd\b|st\b|\+|o'clock|%|percent|degrees)",
    re.IGNORECASE,
)


def value_after(text: str, start: int, end: int) -> MeasuredValue | None:
    """Return the value that follows a marker which ends at `start`, before `end`."""
    masked = _masked(text, start, end)
    found = _VALUE.match(masked)
    if found is None or _ELSEWHERE.search(found["gap"]):
        return None
    last, bound = found, found["bound"] or ""
    if re.search(r"\bfrom\s*$", found["gap"], re.IGNORECASE):
        risen = _RISEN.match(masked, found.end())
        if risen is not None:
            last, bound = risen, ""
    if _OTHER_UNIT.match(masked, last.end("number")) and not last["unit"]:
        return None
    signs = {
        "less": "<",
        "greater": ">",
        "more": ">",
        "under": "<",
        "below": "<",
        "over": ">",
        "above": ">",
    }
    sign = signs.get(bound.lower().split()[0], bound) if bound else ""
    unit = re.sub(r"\s+", "", last["unit"]) if last["unit"] else None
    return MeasuredValue(sign + last["number"].rstrip("."), unit, start + last.end())


def _masked(text: str, start: int, end: int) -> str:
    """Return `text[start:end]` with dates and reference ranges blotted out, as long as before."""
    part = text[start:end]
    for pattern in (_RANGES, _DATES):
        part = pattern.sub(lambda found: " " * len(found.group()), part)
    return part


_SHARE: Final = re.compile(
    r"[^.;\n\d]{0,45}?(?P<bound>[<>≤≥~]\s?|about\s+|approximately\s+)?(?P<low>\d{1,3}(?:\.\d)?)"
    r"(?:\s?%?\s?(?:-|–|to)\s?(?P<high>\d{1,3}))?\s?(?:%|percent)",
    re.IGNORECASE,
)


def share_after(text: str, start: int, end: int) -> MeasuredValue | None:
    """Return the share of cells that follows a marker: "15%", "5-10%"."""
    found = _SHARE.match(text, start, end)
    if found is None:
        return None
    bound = found["bound"].strip() if found["bound"] else ""
    value = found["low"] + (f"-{found['high']}" if found["high"] else "")
    return MeasuredValue((bound if bound in set("<>≤≥") else "") + value, "%", found.end())


_DAY = (
    r"(?:\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2}|(?:(?:jan|feb|mar|apr"
    r"|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+)?(?:\d{1,2},?\s+)?(?:19|20)\d{2})"
)
_DATED: Final = re.compile(
    rf"(?:{_DAY}\s*(?:\(|:|=|was|of)\s*(?P<after>{_NUMBER})(?![\d/])"
    rf"|(?<![\d/.A-Za-z-])(?P<before>{_NUMBER})\s*(?:{_UNIT})?\s*(?:\(\s*|in\s+|on\s+"
    rf"|from\s+)(?:{_DAY}))",
    re.IGNORECASE,
)


def dated_values(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """Return the values that stand with a date each within `text[start:end]`, with their ends."""
    return [
        (found["after"] or found["before"], found.end())
        for found in _DATED.finditer(text, start, end)
    ]
