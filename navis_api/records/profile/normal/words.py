"""Words and scores that results are told in, each in its one form."""

import re
from dataclasses import dataclass
from typing import Final

from navis_api.records.profile.normal.form import Stance


@dataclass(frozen=True, slots=True)
class Word:
    """What one word, or one score, of a result says."""

    text: str
    stance: Stance | None = None


_HOW = (
    r"(?:(?:strong|weak|focal|diffuse|patchy|partial|uniform|moderate|variabl|low|high)(?:ly|y)?"
    r"\s+)*"
)
_NOT = r"(?:is\s+|was\s+)?not\s+(?:been\s+)?"
_WORDS: Final[tuple[tuple[re.Pattern[str], Word], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), word)
    for pattern, word in (
        (rf"{_HOW}(?:positive|pos|\+|reactive|over-?express(?:ed|ion)|express(?:ed)?)",
         Word("positive", Stance.YES)),
        (r"present|detected|identified|found", Word("present", Stance.YES)),
        (
            (
                rf"negative|neg|-|non-?reactive|absent|none\s+detected|undetected|{_NOT}"
                r"(?:detected|identified|found|seen|present|expressed|amplified|rearranged)"
                r"|non-?amplified|unamplified|unmethylated|no\s+(?:mutations?|amplification"
                r"|rearrangements?|fusions?|expression|variants?)(?:\s+(?:detected|found"
                r"|identified))?"
            ),
            Word("negative", Stance.NO),
        ),
        (rf"wild[\s-]?type|wt|unmutated|non-?mutated|{_NOT}mutated",
         Word("wild type", Stance.NO)),
        (r"mutated|mutation(?:\s+(?:detected|present|positive))?|mutant",
         Word("mutated", Stance.YES)),
        (r"rearrange(?:d|ment)|fusion(?:\s+(?:detected|present))?|translocat(?:ed|ion)",
         Word("rearranged", Stance.YES)),
        (r"amplifi(?:ed|cation)", Word("amplified", Stance.YES)),
        (r"methylated", Word("positive", Stance.YES)),
        (r"loss|lost|loss\s+of\s+(?:nuclear\s+)?expression", Word("loss", Stance.NO)),
        (r"retained|intact|preserved", Word("positive", Stance.YES)),
        (r"low", Word("low")),
        (r"high", Word("high", Stance.YES)),
        (r"equivocal|indeterminate|borderline", Word("equivocal")),
    )
)  # fmt: skip
_SCORES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (r"(?P<a>[0-3])\s?\+", "{a}+"),
        (r"(?P<a>[0-8])\s?/\s?8", "{a}/8"),
        (r"(?:score\s+)?(?P<a>0)", "{a}"),
        (r"(?:by\s+)?(?P<a>IHC|FISH|CISH|ISH)", "{a}"),
    )
)
_SHARE = re.compile(
    r"(?P<bound>[<>≤≥])?\s?(?P<low>\d{1,3}(?:\.\d)?)(?:\s?%?\s?(?:-|–|to)\s?(?P<high>\d{1,3}))?"
    r"\s?(?:%|percent)(?:\s+of\s+(?:the\s+)?(?:tumou?r\s+)?cells)?",
    re.IGNORECASE,
)
_WHOLE: Final = 100
# What is measured in blood is also told in words.
_LEVELS: Final = {
    "undetectable": "undetectable", "not detectable": "undetectable",
    "normal": "normal", "within normal limits": "normal", "unremarkable": "normal",
    "not elevated": "normal", "negative": "normal", "elevated": "elevated", "raised": "elevated",
    "high": "elevated", "rising": "rising", "risen": "rising", "increasing": "rising",
    "falling": "falling", "decreasing": "falling", "stable": "stable", "low": "low",
}  # fmt: skip


def read_word(part: str) -> Word | None:
    """Return what one part of a result says; None for anything else."""
    written = " ".join(part.split())
    for pattern, word in _WORDS:
        if pattern.fullmatch(written):
            return word
    for pattern, form in _SCORES:
        found = pattern.fullmatch(written)
        if found is not None:
            return Word(form.format(a=found["a"].upper()))
    return _share(written)


def read_level(value: str) -> str | None:
    """Return a level in blood that is told in words; None for anything else."""
    return _LEVELS.get(" ".join(value.lower().split()))


def _share(written: str) -> Word | None:
    found = _SHARE.fullmatch(written)
    if found is None or float(found["low"]) > _WHOLE or int(found["high"] or 0) > _WHOLE:
        return None
    high = f"-{found['high']}" if found["high"] else ""
    return Word(f"{found['bound'] or ''}{found['low']}{high}%")
