"""A patient's results: what their facts say of a marker, held against what a text asks of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from navis_api.generation.contract import PatientFact
from navis_api.generation.personal.changes import places_of
from navis_api.generation.personal.conditions import Axis, Condition
from navis_api.generation.personal.judgements import (
    UNCLEAR,
    Judgement,
    Standing,
    any_of,
    is_open,
    no,
    turned,
    yes,
)
from navis_api.generation.personal.values import Result, plain_variant, read_result, subject_of
from navis_api.vocabulary.marker_status import MarkerStatus

_S = MarkerStatus


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
# Of these "positive" is said of the protein; a change of the gene is another result.
_OF_PROTEIN: Final = frozenset({"her2"})
# Of these few cells that have it are enough for the treatment (American Society of Clinical
# Oncology and College of American Pathologists, 2020), though some call so few negative.
_LOW_IS_POSITIVE: Final = frozenset({"er", "pr"})
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
                found = read_result(fact, _TESTS.get(key, key))
                if found is not None:
                    self._results[_TESTS.get(key, key)].append(found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The markers whose result is settled, in the facts' order."""
        return tuple(key for key in self._results if self.status(key) is not None)

    def status(self, key: str) -> MarkerStatus | None:
        """Return what the facts agree on; None where they don't say, or differ."""
        found = self._results.get(key, ())
        of_protein = [each for each in found if not each.is_of_gene]
        found = of_protein if key in _OF_PROTEIN and of_protein else found
        return _agreed(found)

    def _status_asked(self, key: str, wanted: MarkerStatus) -> MarkerStatus | None:
        """Return what they agree on of what is asked: a protein, or a change of its gene."""
        if key not in _OF_PROTEIN:
            return self.status(key)
        of_gene = wanted in {_S.MUTATED, _S.WILD_TYPE}
        return _agreed(each for each in self._results.get(key, ()) if each.is_of_gene is of_gene)

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
        """Say whether one of the markers is there, with its change, as a drug needs it."""
        return any_of(map(self._judge_need, genes))

    def _judge_need(self, need: str) -> Judgement:
        """Say it of one. That a change isn't one of few others goes without saying."""
        gene, _, change = need.partition(" ")
        is_there = self.judge(Condition(Axis.MARKER, gene, MarkerStatus.POSITIVE.value, 0, 0))
        if not change or is_there.standing is not Standing.YES:
            return is_there
        has_it = self._judge_variant(gene, change, self.facts(gene))
        is_unsaid = change.startswith("not ") and not self._variants(gene)
        return is_there if is_unsaid else has_it

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
        wanted = MarkerStatus(condition.value)
        status = self._status_asked(key, wanted)
        facts = self.facts(key)
        if status is None:
            return self._judge_unknown(key)
        change = plain_variant(condition.variant) if condition.variant else None
        if change and wanted.is_present is False and status.is_present:
            # "Without V600E" is said of those who have another change, too.
            return turned(self._judge_variant(key, change, facts))
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

    def _variants(self, key: str) -> list[str]:
        return [each.variant for each in self._results.get(key, ()) if each.variant is not None]

    def _judge_variant(self, key: str, wanted: str, facts: frozenset[int]) -> Judgement:
        if wanted.startswith("not "):
            return turned(self._judge_variant(key, wanted.removeprefix("not "), facts))
        known = self._variants(key)
        asked = plain_variant(wanted)
        if asked is None:
            # A score or a share that no limit was read from says more than that it is there.
            is_number = re.search(r"\d", wanted) and not re.fullmatch(r"[0-3]\+", wanted)
            return UNCLEAR if is_number else yes(*facts)
        if not known:
            return is_open(subject_of(key))
        if any(_covers(asked, name) for each in known for name in {each, *places_of(key, each)}):
            return yes(*facts)
        names = {asked, *places_of(key, asked)}
        is_wider = any(_covers(each, name) for each in known for name in names)
        return UNCLEAR if is_wider else no(*facts)

    def _judge_number(self, condition: Condition) -> Judgement:
        limit = condition.threshold
        assert limit is not None
        measured = [each for each in self._results.get(condition.subject, ()) if each.span]
        if not measured:
            return is_open(subject_of(condition.subject))
        comparable = [each for each in measured if limit.unit in {"", each.unit}]
        holding = {limit.holds(*each.span) for each in comparable if each.span}
        if len(holding) != 1:
            return UNCLEAR
        facts = (each.fact for each in comparable)
        match holding.pop():
            case None:
                return UNCLEAR
            case holds:
                return yes(*facts) if holds else no(*facts)


def marker_of(key: str) -> frozenset[str]:
    """Return the markers that a fact's key is about, and the family that they belong to."""
    keys = {_TESTS.get(part, part) for part in key.split("+")}
    keys |= {family for family, members in _FAMILIES.items() if keys & set(members)}
    return frozenset(keys)


def _family_of(key: str) -> str:
    """Return hormone receptors for one of them, which are tested together; else the marker."""
    return "hr" if key in _FAMILIES["hr"] else key


def _agrees(key: str, status: MarkerStatus, wanted: MarkerStatus) -> bool | None:
    """Whether a result is the one that is asked for; None where that can't be told."""
    if wanted is _S.LOW or status is _S.LOW:
        if status is _S.LOW and wanted.is_present and key in _LOW_IS_POSITIVE:
            return True
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


def _agreed(found: Iterable[Result]) -> MarkerStatus | None:
    said = [each.status for each in found if each.status is not None]
    are_one = len(set(said)) == 1 or len({status.is_present for status in said}) == 1
    return said[0] if are_one else None


def _covers(wide: str, change: str) -> bool:
    """Whether a change is the one that is named, or one of those: "v600" of "v600e"."""
    rest = change.removeprefix(wide) if change.startswith(wide) else None
    return rest is not None and (not rest or rest[0] == " " or (rest.isalpha() and len(rest) == 1))
