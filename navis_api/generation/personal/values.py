"""What one fact says of a marker: its status, its change, what was measured."""

import re
from dataclasses import dataclass
from typing import Final

from navis_api.generation.contract import PatientFact
from navis_api.generation.personal.judgements import Subject
from navis_api.records.extraction.findings import Assertion, FindingKind
from navis_api.vocabulary.marker_status import MarkerStatus
from navis_api.vocabulary.markers import markers_in
from navis_api.vocabulary.terms import TermKind, terms

_S = MarkerStatus


@dataclass(frozen=True, slots=True)
class Result:
    """What one fact says of a marker: whether it is there, how, and from where to where it lies.

    `is_of_gene` when it is a change of the gene that is said to be there or not.
    """

    fact: int
    status: MarkerStatus | None
    variant: str | None
    span: tuple[float, float] | None
    unit: str
    is_of_gene: bool


# A value as records have it; the first that is met counts.
_VALUES: Final[tuple[tuple[re.Pattern[str], MarkerStatus | None], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), status)
    for pattern, status in (
        (r"\b(?:equivocal|indeterminate|borderline|unknown|pending|not\s+(?:done|tested))\b", None),
        (r"\b(?:wild[\s_-]?type|unmutated|not\s+mutated)\b", _S.WILD_TYPE),
        (r"\b(?:negative|absent|stable|mss|proficient|pmmr|no\s+mutation)\b", _S.NEGATIVE),
        (r"\bnot\s+(?:detected|found|present|amplified|rearranged)\b", _S.NEGATIVE),
        (r"\b(?:msi-?l|(?:ultra-?)?low)\b", _S.LOW),
        (r"\b(?:msi-?h|high|deficient|dmmr|unstable)\b", _S.HIGH),
        (r"\b(?:rearrang\w*|fusion|translocat\w*)\b", _S.REARRANGED),
        (r"\bamplifi\w*\b", _S.AMPLIFIED),
        (r"\b(?:mutat\w*|variant|deletion|insertion|exon)\b", _S.MUTATED),
        (r"\b(?:positive|present|detected|expressed)\b", _S.POSITIVE),
    )
)
_AMINO_ACIDS: Final = {
    "ala": "A", "arg": "R", "asn": "N", "asp": "D", "cys": "C", "gln": "Q", "glu": "E",
    "gly": "G", "his": "H", "ile": "I", "leu": "L", "lys": "K", "met": "M", "phe": "F",
    "pro": "P", "ser": "S", "thr": "T", "trp": "W", "tyr": "Y", "val": "V",
}  # fmt: skip
_LONG_CHANGE = re.compile(r"p\.\(?([A-Z][a-z]{2})(\d{1,4})([A-Z][a-z]{2})\)?")
_SHORT_CHANGE = re.compile(r"(?<![A-Za-z0-9])([A-Z]\d{1,4}[A-Z]?)(?![A-Za-z0-9])")
_EXON = re.compile(
    r"\bex(?:on)?\s*(?P<number>\d{1,2})\s*(?P<what>del|ins|skip)?[a-z]*", re.IGNORECASE
)
_EXON_CHANGES: Final = {"del": "deletion", "ins": "insertion", "skip": "skipping", "": ""}
_NUMBER = re.compile(
    r"(?P<sign>[<>≤≥]=?|less\s+than|more\s+than|at\s+least|below|under|above|over)?\s*"
    r"(?<![A-Za-z0-9])(?P<number>\d{1,6}(?:\.\d+)?)"
    r"(?:\s?%?\s?(?:-|–|to)\s?(?P<high>\d{1,6}(?:\.\d+)?))?\s?(?P<percent>%)?(?!\+)",
    re.IGNORECASE,
)
_COMBINED = re.compile(r"\b(?:cps|combined\s+positive)\b", re.IGNORECASE)
_A_LITTLE = 1e-6
# Half of the cells: from here on PD-L1 counts as high.
_HALF = 50


def subject_of(gene_key: str) -> Subject:
    """Return a marker as what isn't known."""
    term = terms().get((TermKind.GENE, gene_key))
    name = term.label if term is not None else gene_key.replace("_", " ").upper()
    return Subject(FindingKind.TUMOR_MARKER, gene_key, name)


def read_result(fact: PatientFact, key: str) -> Result | None:
    """Return what a fact says of a marker, or None where it says nothing that we can read."""
    text = f"{fact.value or ''}"
    status = _status(fact, key, text)
    is_measured = status is None or key == "pd_l1" or fact.kind is FindingKind.TUMOR_MARKER
    number = _NUMBER.search(text) if is_measured else None
    variant = _variant(f"{text} {fact.name}") if status is not None else None
    unit = (fact.unit or ("%" if number and number["percent"] else "")).lower().replace(" ", "")
    if key == "pd_l1" and not unit and _COMBINED.search(f"{text} {fact.name}"):
        unit = "cps"
    span = _span(number) if number else None
    if key == "pd_l1":
        if span is None and status is _S.NEGATIVE:
            span, unit = (0.0, 1 - _A_LITTLE), "%"
        if status is None and span is not None and unit == "%":
            status = _status_of_share(*span)
    if status is None and span is None:
        return None
    is_change = status in {_S.MUTATED, _S.WILD_TYPE} or (
        fact.kind is FindingKind.GENOMIC_VARIANT and status not in {_S.AMPLIFIED, _S.LOW, _S.HIGH}
    )
    return Result(fact.number, status, variant, span, unit, is_change)


def _span(number: re.Match[str]) -> tuple[float, float]:
    """Return from where to where a measured value may lie: "<1%", "1-49%", "80%"."""
    low = float(number["number"])
    sign = (number["sign"] or "").lower()
    if number["high"]:
        return low, float(number["high"])
    if sign.startswith(("<", "≤", "less", "below", "under")):
        is_strict = "=" not in sign and "≤" not in sign
        return 0.0, low - _A_LITTLE if is_strict else low
    if sign.startswith((">", "≥", "more", "at", "above", "over")):
        is_strict = sign.startswith((">", "more", "above", "over")) and "=" not in sign
        return (low + _A_LITTLE if is_strict else low), float("inf")
    return low, low


def _status_of_share(low: float, high: float) -> MarkerStatus | None:
    if high < 1:
        return _S.NEGATIVE
    if low < 1:
        return None
    return _S.HIGH if low >= _HALF else _S.POSITIVE


def _status(fact: PatientFact, key: str, text: str) -> MarkerStatus | None:
    if fact.assertion is Assertion.ABSENT:
        return _S.NEGATIVE
    for pattern, status in _VALUES:
        if pattern.search(text):
            return status
    label = subject_of(key).name
    written = f"{text}{fact.unit}" if fact.unit == "%" else text
    said = [m.status for m in markers_in(f"{label} {written}") if m.gene_key == key]
    settled = next((status for status in said if status is not _S.UNSTATED), None)
    if settled is None and fact.kind is FindingKind.GENOMIC_VARIANT:
        return _S.MUTATED if _variant(text) or not text else None
    return settled


def _variant(text: str) -> str | None:
    long = _LONG_CHANGE.search(text)
    if long is not None:
        one, other = (_AMINO_ACIDS.get(long[at].lower()) for at in (1, 3))
        return f"{one}{long[2]}{other}".lower() if one and other else None
    exon = _EXON.search(text)
    if exon is not None:
        return f"exon {exon['number']} {_EXON_CHANGES[(exon['what'] or '').lower()]}".strip()
    short = _SHORT_CHANGE.search(text)
    if short is not None:
        return short[1].lower()
    if re.search(r"\bITD\b|internal\s+tandem", text, re.IGNORECASE):
        return "itd"
    return "tkd" if re.search(r"\bTKD\b", text, re.IGNORECASE) else None


def plain_variant(wanted: str) -> str | None:
    """Return a text's variant as `_variant` writes it; None for shares and scores."""
    return _variant(wanted.upper()) or _variant(wanted)
