"""When two values of a marker are the same: as numbers, or by what they say."""

import math
import re
from typing import Final

_NEGATIVE: Final = re.compile(
    r"\b(?:negative|neg|wild[\s-]?type|wt|not\s+\w+|non-?\w*amplified|unamplified|absent"
    r"|undetect\w*|unmutated|no|stable|mss|pmmr|proficient"
    r"|intact|retained|unmethylated|none|normal)\b",
    re.IGNORECASE,
)
_POSITIVE: Final = re.compile(
    r"\b(?:positive|pos|present|detected|mutat\w*|mutant|amplified|amplification|rearrange\w*"
    r"|fusion|(?:co-?)?deleted|(?:co-?)?deletion|high|msi-?h|dmmr|deficient|overexpress\w*"
    r"|elevated|expressed|partial\w*|focal\w*|patchy|weak\w*|methylated|pathogenic|rising"
    r"|raised|increased)\b|(?<!\d)\+(?!\d)",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(
    r"\b(?:equivocal|indeterminate|borderline|unknown|pending)\b", re.IGNORECASE
)
_NUMBER: Final = re.compile(
    r"(?<![A-Za-z\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![A-Za-z\d.])\d+(?:\.\d+)?|(?<!\d)\.\d+"
)
_CLOSE: Final = 1e-3


def same_value(expected: str, found: str | None) -> bool:
    """Tell whether a found value says what the expected one does.

    Where both have numbers, one of the expected ones must be found, to a thousandth. Otherwise
    both must say the same: positive, negative or open. Words that say neither are compared.
    """
    if found is None:
        return False
    numbers, others = _numbers(expected), _numbers(found)
    if numbers and others:
        return any(
            math.isclose(one, other, rel_tol=_CLOSE) for one in numbers[:1] for other in others
        ) and not _contradict(expected, found)
    meant, read = polarity(expected), polarity(found)
    if meant is not None and read is not None:
        return meant == read
    if numbers or others:
        # "95 %" beside "positive": what one leaves out the other doesn't contradict.
        return meant is None or read is None
    return _plain(expected) in _plain(found) or _plain(found) in _plain(expected)


def polarity(value: str) -> str | None:
    """Return whether a value says yes, no or open; None where it says neither."""
    if _OPEN.search(value):
        return "open"
    if _NEGATIVE.search(value):
        return "no"
    if _POSITIVE.search(value):
        return "yes"
    return None


def _contradict(expected: str, found: str) -> bool:
    one, other = polarity(expected), polarity(found)
    return {one, other} == {"yes", "no"}


def _numbers(value: str) -> list[float]:
    return [float(number.replace(",", "")) for number in _NUMBER.findall(value)]


def _plain(value: str) -> str:
    return re.sub(r"[^a-z0-9]", "", value.lower())
