"""A patient's results: what their facts say of a marker, held against what a text asks of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from navis_api.generation.contract import PatientFact
from navis_api.generation.personal.conditions import Axis, Condition
from navis_api.generation.personal.judgements import (
    UNCLEAR,
    Judgement,
    Standing,
    Subject,
    any_of,
    is_open,
    no,
    yes,
)
from navis_api.records.extraction.findings import Assertion, FindingKind
from navis_api.vocabulary.marker_status import MarkerStatus
from navis_api.vocabulary.markers import markers_in
from navis_api.vocabulary.terms import TermKind, terms

_S = MarkerStatus


@dataclass(frozen=True, slots=True)
class Result:
    """What one fact says of a marker: whether it is there, how, and its number."""

    fact: int
    status: MarkerStatus | None
    variant: str | None
    number: float | None
    unit: str


# What a combined test is a test of; of the members of a family any one is enough.
_TESTS: Final[Mapping[str, str]] = {"her2_ihc": "her2", "her2_fish": "her2", "er_pr": "hr"}
_FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "hr": ("er", "pr"),
    "brca": ("brca1", "brca2"),
    "ras": ("kras", "nras", "hras"),
    "idh": ("idh1", "idh2"),
    "fgfr": ("fgfr1", "fgfr2", "fgfr3", "fgfr4"),
    "pdgfr": ("pdgfra", "pdgfrb"),
}
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
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?P<number>\d{1,6}(?:\.\d+)?)\s?(?P<percent>%)?(?!\+)")
# Of these "high" is more than "positive".
_OF_DEGREES: Final = frozenset({"pd_l1", "msi", "tmb"})
# What says that a change of one sort is there says nothing of another sort.
_SORTS: Final[Mapping[MarkerStatus, str]] = {
    _S.MUTATED: "change", _S.REARRANGED: "rearrangement", _S.AMPLIFIED: "amplification",
}  # fmt: skip


class Results:
    """The results among a patient's facts, by marker."""

    def __init__(self, facts: Iterable[PatientFact]) -> None:
        self._results: defaultdict[str, list[Result]] = defaultdict(list)
        for fact in facts:
            for key in fact.key.split("+"):
                found = _result(fact, _TESTS.get(key, key))
                if found is not None:
                    self._results[_TESTS.get(key, key)].append(found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The markers whose result is settled, in the facts' order."""
        return tuple(key for key in self._results if self.status(key) is not None)

    def status(self, key: str) -> MarkerStatus | None:
        """Return what the facts agree on; None where they don't say, or differ."""
        said = [each.status for each in self._results.get(key, ()) if each.status is not None]
        are_one = len(set(said)) == 1 or len({status.is_present for status in said}) == 1
        return said[0] if are_one else None

    def facts(self, key: str) -> frozenset[int]:
        """Return the numbers of the facts on a marker, or on the members of its family."""
        own = {each.fact for each in self._results.get(key, ())}
        return frozenset(own.union(*(self.facts(part) for part in _FAMILIES.get(key, ()))))

    def judge(self, condition: Condition) -> Judgement:
        """Say whether a text that asks for a result speaks of this patient."""
        key = condition.subject
        if condition.threshold is not None:
            return self._judge_number(condition)
        if key not in self._results and key in _FAMILIES:
            return self._judge_family(condition, _FAMILIES[key])
        return self._judge_status(key, condition)

    def judge_any(self, genes: Iterable[str]) -> Judgement:
        """Say whether one of the markers is there, as a drug needs it."""
        return any_of(
            self.judge(Condition(Axis.MARKER, gene, MarkerStatus.POSITIVE.value, 0, 0))
            for gene in genes
        )

    def _judge_family(self, condition: Condition, members: tuple[str, ...]) -> Judgement:
        """Of a family one that is there is enough, and none may be for it not to be there."""
        found = [self._judge_status(member, condition) for member in members]
        wanted = MarkerStatus(condition.value).is_present
        if wanted is False:
            denied = [each for each in found if each.standing is Standing.NO]
            if denied:
                return no(*(n for each in denied for n in each.facts))
            if any(each.standing is Standing.OPEN for each in found):
                return is_open(subject_of(condition.subject))
            return yes(*(n for each in found for n in each.facts))
        judged = any_of(found)
        is_unknown = judged.standing is Standing.OPEN
        return is_open(subject_of(condition.subject)) if is_unknown else judged

    def _judge_status(self, key: str, condition: Condition) -> Judgement:
        status = self.status(key)
        facts = self.facts(key)
        if status is None:
            return self._judge_unknown(key)
        wanted = MarkerStatus(condition.value)
        holds = _agrees(key, status, wanted)
        if holds is None:
            return is_open(subject_of(key))
        if not holds:
            return no(*facts)
        if condition.variant is None or wanted.is_present is not True:
            return yes(*facts)
        return self._judge_variant(key, condition.variant, facts)

    def _judge_unknown(self, key: str) -> Judgement:
        """Of a member of a family that is there, the others matter little: nobody asks for them."""
        of_family = (members for members in _FAMILIES.values() if key in members)
        others = [self.status(member) for members in of_family for member in members]
        settled = any(status is not None and status.is_present for status in others)
        return UNCLEAR if settled else is_open(subject_of(_family_of(key)))

    def _judge_variant(self, key: str, wanted: str, facts: frozenset[int]) -> Judgement:
        known = [each.variant for each in self._results[key] if each.variant is not None]
        asked = _plain_variant(wanted)
        if asked is None:
            return yes(*facts)
        if not known:
            return is_open(subject_of(key))
        if any(variant.startswith(asked) for variant in known):
            return yes(*facts)
        return UNCLEAR if any(asked.startswith(variant) for variant in known) else no(*facts)

    def _judge_number(self, condition: Condition) -> Judgement:
        limit = condition.threshold
        assert limit is not None
        measured = [
            each for each in self._results.get(condition.subject, ()) if each.number is not None
        ]
        if not measured:
            return is_open(subject_of(condition.subject))
        comparable = [each for each in measured if not limit.unit or limit.unit == each.unit]
        holding = {limit.holds(each.number or 0.0) for each in comparable}
        if len(holding) != 1:
            return UNCLEAR
        facts = (each.fact for each in comparable)
        return yes(*facts) if holding.pop() else no(*facts)


def marker_of(key: str) -> frozenset[str]:
    """Return the markers that a fact's key is about, and the family that they belong to."""
    keys = {_TESTS.get(part, part) for part in key.split("+")}
    keys |= {family for family, members in _FAMILIES.items() if keys & set(members)}
    return frozenset(keys)


def _family_of(key: str) -> str:
    """Return hormone receptors for one of them, which are tested together; else the marker."""
    return "hr" if key in _FAMILIES["hr"] else key


def subject_of(gene_key: str) -> Subject:
    """Return a marker as what isn't known."""
    term = terms().get((TermKind.GENE, gene_key))
    name = term.label if term is not None else gene_key.replace("_", " ").upper()
    return Subject(FindingKind.TUMOR_MARKER, gene_key, name)


def _agrees(key: str, status: MarkerStatus, wanted: MarkerStatus) -> bool | None:
    """Whether a result is the one that is asked for; None where that can't be told."""
    if wanted is _S.LOW or status is _S.LOW:
        if status is wanted:
            return True
        # "Low" lies between: who only knows "negative" may be low, and "low" is often called so.
        return None if _S.NEGATIVE in {status, wanted} else False
    if status.is_present != wanted.is_present:
        return False
    if wanted is _S.HIGH and status is _S.POSITIVE:
        return None if key in _OF_DEGREES else True
    if status.is_present and {status, wanted} <= set(_SORTS) and status is not wanted:
        return None
    return True


def _result(fact: PatientFact, key: str) -> Result | None:
    text = f"{fact.value or ''}"
    status = _status(fact, key, text)
    number = _NUMBER.search(text) if status is None or key == "pd_l1" else None
    if fact.kind is FindingKind.TUMOR_MARKER and number is None:
        number = _NUMBER.search(text)
    variant = _variant(f"{text} {fact.name}") if status is not None else None
    unit = (fact.unit or ("%" if number and number["percent"] else "")).lower().replace(" ", "")
    value = float(number["number"]) if number else None
    if status is None and value is None:
        return None
    return Result(fact.number, status, variant, value, unit)


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
    return "itd" if re.search(r"\bITD\b", text) else None


def _plain_variant(wanted: str) -> str | None:
    """Return a text's variant as `_variant` writes it; None for shares and scores."""
    return _variant(wanted.upper()) or _variant(wanted)
