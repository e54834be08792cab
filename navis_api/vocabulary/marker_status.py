"""What a text says of a marker: the status that stands after it, or before it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class MarkerStatus(StrEnum):
    """What a text says of a marker."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    LOW = "low"
    MUTATED = "mutated"
    WILD_TYPE = "wild_type"
    REARRANGED = "rearranged"
    AMPLIFIED = "amplified"
    HIGH = "high"
    UNSTATED = "unstated"
    """The marker is named and nothing is said of it."""

    @property
    def is_present(self) -> bool | None:
        """Whether the marker is there: None where the text leaves it open."""
        return _PRESENT.get(self)


_PRESENT: Final = {
    MarkerStatus.POSITIVE: True,
    MarkerStatus.MUTATED: True,
    MarkerStatus.REARRANGED: True,
    MarkerStatus.AMPLIFIED: True,
    MarkerStatus.HIGH: True,
    MarkerStatus.NEGATIVE: False,
    MarkerStatus.WILD_TYPE: False,
}


@dataclass(frozen=True, slots=True)
class SaidOfMarker:
    """A status with its variant, where both end, and whether the status stands before the name."""

    status: MarkerStatus
    variant: str | None
    end: int
    from_before: bool = False


_S = MarkerStatus

DASH = r"[-‐‑–—−]"
# Runs of spaces are bounded, so that no text makes the reading slow.
_GAP = rf"(?:\s|{DASH}){{0,4}}"
# Words between a marker and its status: "PD-L1 protein expression", "EGFR gene mutations".
_FILLER = (
    r"(?:(?:\((?:[A-Za-z0-9/ +-]{1,24})\)|gene|genes|proteins?|receptors?|expression"
    r"|expressing|tumou?rs?|status|levels?"
    r"|disease|cancers?|biomarkers?|antigen|promoter|was|is|are|were|been|be|has|have|test(?:ed|s)?|that|which|came"
    r"|results?|back|driver|oncogene|activating|sensitizing|germline|somatic|pathogenic|inherited|common"
    r"|BRCA|IHC|FISH|score|by|chromosome|virus|infection|kinase|cells?|of|the|a|an|combined|positive\s+score"
    r"|tumou?r\s+proportion\s+score|tyrosine)(?!\w)(?:\s{0,2}[,:=])?\s{0,3}){0,4}"
)
_STATUSES: Final[tuple[tuple[str, MarkerStatus], ...]] = (
    (r"(?:not|n't|never)\s+(?:been\s+)?(?:mutated|altered|changed)", _S.WILD_TYPE),
    (r"(?:not|n't)\s+(?:over-?)?express(?:ed)?", _S.NEGATIVE),
    (
        r"(?:not|n't)\s+(?:re-?arranged|amplified|positive|present|detected|found|elevated)",
        _S.NEGATIVE,
    ),
    (
        (
            r"(?:mutations?|alterations?|variants?)[\s-]{0,3}"
            r"(?:negative|(?:was\s+)?not\s+(?:found|detected))"
        ),
        _S.WILD_TYPE,
    ),
    (
        (
            r"(?:rearrangements?|fusions?|translocations?|amplifications?)[\s-]{0,3}"
            r"(?:negative|not\s+(?:found|detected))"
        ),
        _S.NEGATIVE,
    ),
    (r"(?:mutations?|variants?)[\s-]*positive", _S.MUTATED),
    (r"(?:rearrangements?|fusions?|translocations?)[\s-]*positive", _S.REARRANGED),
    (r"(?:negative|neg\b|\((?:-|−|–|neg|negative)\)|unmethylated|non-?reactive)", _S.NEGATIVE),
    (r"(?:ultra-?low|low|decreased|falling|dropped|(?:goes|going|went|gone)\s+down)\b", _S.LOW),
    (
        r"(?:positive|pos\b|(?:related|associated|driven)\b|\((?:\+|pos|positive)\)|over-?express\w*|methylat(?:ed|ion))",
        _S.POSITIVE,
    ),
    (r"(?:wild[\s-]?type|WT\b|non-?mutated|unmutated)", _S.WILD_TYPE),
    (
        (
            r"(?:mutations?|mutated|mutants?|mutate|mut\b|alterations?|altered|variants?|carriers?"
            r"|co-?deletions?|co-?deleted|deletions?|deleted|loss|defects?|changes?|changed|faults?"
            r"|faulty|abnormal\w*|aberrant|duplications?|insertions?)"
        ),
        _S.MUTATED,
    ),
    (
        r"(?:re-?arrangements?|re-?arranged|fusions?|fused|translocations?|translocated)",
        _S.REARRANGED,
    ),
    (r"(?:amplifications?|amplified|amp\b)", _S.AMPLIFIED),
    (
        (
            r"(?:high|elevated|raised|increased|increasing|rising|rise"
            r"|(?:goes|going|went|gone)\s+up|H\b)"
        ),
        _S.HIGH,
    ),
)
_VARIANT = (
    r"(?P<variant>(?:p\.)?[A-Z]\d{1,4}[A-Z]{0,1}\b"
    r"|exon\s+\d{1,2}(?:\s+(?:deletions?|insertions?|skipping|mutations?))?|ITD\b|TKD\b"
    r"|(?:[<>≥≤=]\s?|at\s+least\s+|of\s+|less\s+than\s+|more\s+than\s+)?\d{1,3}\s?(?:%|percent)"
    r"(?:\s+or\s+(?:more|higher|greater))?|[0123]\+(?=\W|$)"
    r"|(?:[≥≤<>]=?\s?|of\s+|at\s+least\s+|score\s+)\d{1,3}"
    r"(?![\d.%]|\s?percent|\s+(?:years?|patients|people))"
    r"(?:\s+or\s+(?:more|higher|greater))?)"
)
_SAID = "|".join(f"(?P<s{index}>{pattern})" for index, (pattern, _) in enumerate(_STATUSES))
_STATUS_AFTER = re.compile(rf"\)?{_GAP}{_FILLER}{_GAP}(?:{_SAID})", re.IGNORECASE)
_VARIANT_AFTER = re.compile(
    rf"\)?{_GAP}{_FILLER}{_GAP}{_VARIANT}(?:{_GAP}{_FILLER}{_GAP}(?:{_SAID}))?", re.IGNORECASE
)
# A dash is a minus sign only where no word follows that it joins: "HER2- disease".
_JOINED = (
    r"(?![A-Za-z0-9])(?!\s*(?:mutat|mutant|posi|neg|wild|re-?arr|fusion|ampl|low|high|driven"
    r"|related|targeted|directed|specific|associated|altered|like|based))"
)
_SIGN_END = r"(?=\s?(?:[,/.;)]|$))"
_SIGN = re.compile(
    rf"(?:(?P<plus>[+⁺＋]|\s[+⁺＋]{_SIGN_END})|(?P<minus>[−⁻]|[-–]{_JOINED}|\s[-−–]{_SIGN_END})"
    rf"|\s?{DASH}?\((?:(?P<plus2>\+)|(?P<minus2>[-−–]))\))(?!\d)"
)
_BEFORE: Final[tuple[tuple[re.Pattern[str], MarkerStatus], ...]] = tuple(
    (
        re.compile(
            rf"(?:{pattern})\s{{0,3}}(?:the\s+|a\s+|an\s+|any\s+|your\s+|my\s+)?$", re.IGNORECASE
        ),
        status,
    )
    for pattern, status in (
        (r"\b(?:wild[\s-]?type|unmutated|non-?mutated)", _S.WILD_TYPE),
        (r"\bunmethylated", _S.NEGATIVE),
        (r"\b(?:methylated|express(?:es|ed|ing)?)", _S.POSITIVE),
        (r"\bnegative\s+for", _S.NEGATIVE),
        (r"\bpositive\s+for", _S.POSITIVE),
        (
            r"\b(?:no|without)\s+(?:mutations?|changes?|alterations?|variants?)\s+(?:in|of|on|to)",
            _S.WILD_TYPE,
        ),
        (
            (
                r"\b(?:mutations?|mutated|changes?|alterations?|variants?|deletions?|defects?"
                r"|mutant|faulty|altered|abnormal|inherited|loss|faults?|damaged|harmful|defective)"
                r"(?:\s+(?:in|of|on|to))?(?:\s+the)?"
            ),
            _S.MUTATED,
        ),
        (r"\b(?:rearrangements?|fusions?|translocations?)\s+(?:in|of|involving)", _S.REARRANGED),
        (r"\b(?:amplifications?|amplified|extra\s+copies|overexpression)(?:\s+of)?", _S.AMPLIFIED),
        (
            (
                r"\b(?:high|higher|elevated|raised|rising|increased|too\s+much|large\s+amounts?\s+of"
                r"|high\s+levels?\s+of|overexpress(?:es|ed|ing)?)"
            ),
            _S.HIGH,
        ),
        (r"\b(?:low|lower|decreased|falling|low\s+levels?\s+of)", _S.LOW),
    )
)
# Half of the cells: from here on PD-L1 counts as high.
_MEASURED: Final = 50
# How many letters before a marker its status may stand.
_BREATH: Final = 40
_FIXED: Final = {
    "del17p": _S.POSITIVE, "del13q": _S.POSITIVE, "del11q": _S.POSITIVE, "del5q": _S.POSITIVE,
    "del7q": _S.POSITIVE, "del1p": _S.POSITIVE, "gain1q": _S.POSITIVE, "trisomy12": _S.POSITIVE,
    "t1114": _S.REARRANGED, "t414": _S.REARRANGED, "t1416": _S.REARRANGED, "t1418": _S.REARRANGED,
}  # fmt: skip


def read_status(text: str, key: str, start: int, end: int, limit: int) -> SaidOfMarker:
    """Return what stands about the marker at `text[start:end]`, looking no further than `limit`."""
    sign = _SIGN.match(text, end)
    if sign is not None:
        status = _S.POSITIVE if sign["plus"] or sign["plus2"] else _S.NEGATIVE
        return SaidOfMarker(status, None, sign.end())
    variant, status = None, None
    after = _VARIANT_AFTER.match(text, end, limit)
    if after is not None:
        variant = " ".join(after["variant"].lower().split())
        end = after.end("variant")
    else:
        after = _STATUS_AFTER.match(text, end, limit)
    if after is not None:
        said = next((index for index in range(len(_STATUSES)) if after[f"s{index}"]), None)
        if said is not None:
            status, end = _STATUSES[said][1], after.end(f"s{said}")
    if status is None and variant is not None:
        status = _status_of_variant(key, variant)
    before = _status_before(text, start) if status is None else None
    status = status or before or _FIXED.get(key, _S.UNSTATED)
    return SaidOfMarker(status, variant, end, from_before=before is not None)


def _status_before(text: str, start: int) -> MarkerStatus | None:
    before = text[max(0, start - _BREATH) : start]
    for pattern, status in _BEFORE:
        if pattern.search(before):
            return status
    return None


def _status_of_variant(key: str, variant: str) -> MarkerStatus | None:
    percent = re.search(r"(\d+)\s?(?:%|percent)", variant)
    if percent is None:
        if re.fullmatch(r"[0123]\+", variant):
            return {"3+": _S.POSITIVE, "2+": _S.UNSTATED}.get(variant, _S.NEGATIVE)
        if re.search(r"(?:^|\s|[<>=≥≤])\d", variant) is None or "exon" in variant:
            return _S.MUTATED
        if key != "pd_l1":
            return None
        return _S.NEGATIVE if variant.startswith("<") else _S.POSITIVE
    value = int(percent.group(1))
    if (variant.startswith(("<", "less")) and value <= 1) or value == 0:
        return _S.NEGATIVE
    return _S.HIGH if value >= _MEASURED and not variant.startswith(("<", "less")) else _S.POSITIVE
