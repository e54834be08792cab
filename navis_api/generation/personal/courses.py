"""Where a patient stands under treatment: what came back, what was given, what comes next."""

from collections.abc import Iterable
from typing import Final

from navis_api.generation.contract import PatientFact
from navis_api.generation.personal.conditions import Axis, Condition
from navis_api.generation.personal.earlier import ANY_TREATMENT
from navis_api.generation.personal.extent import Extent
from navis_api.generation.personal.judgements import (
    NOT_THEIRS,
    UNCLEAR,
    Judgement,
    Standing,
    Subject,
    is_open,
    no,
    yes,
)
from navis_api.records.extraction.findings import Assertion, FindingKind, TreatmentStatus
from navis_api.vocabulary.terms import TermKind, terms
from navis_api.vocabulary.understanding import ConceptKind, concepts, understand

_COURSES: Final = {
    "castration_resistant": "whether it is castration-resistant",
    "castration_sensitive": "whether it is castration-resistant",
    "platinum_resistant": "whether it responds to platinum drugs",
    "platinum_sensitive": "whether it responds to platinum drugs",
    "chronic_phase": "phase",
    "accelerated_phase": "phase",
    "blast_phase": "phase",
}
_OPPOSITES: Final = {
    "castration_resistant": "castration_sensitive", "castration_sensitive": "castration_resistant",
    "platinum_resistant": "platinum_sensitive", "platinum_sensitive": "platinum_resistant",
}  # fmt: skip
_HORMONES: Final = frozenset({"hormone_therapy", "gnrh_agonist", "gnrh_antagonist", "orchiectomy"})
_GIVEN_BEFORE: Final = {
    "castration_resistant": _HORMONES,
    "castration_sensitive": _HORMONES,
    "platinum_resistant": frozenset({"platinum_drug"}),
    "platinum_sensitive": frozenset({"platinum_drug"}),
}
_BEHIND: Final = frozenset({TreatmentStatus.RECEIVED, TreatmentStatus.STOPPED})
_REMOVALS: Final = frozenset({"resection", "excision", "wide_excision", "debulking"})
# What is taken out for other reasons than that the tumor is in it.
_NO_REMOVAL: Final = frozenset({"oophorectomy", "orchiectomy", "lymphadenectomy"})


class Courses:
    """The treatments among a patient's facts, and the state that they led to."""

    def __init__(self, facts: Iterable[PatientFact], extent: Extent) -> None:
        self._extent = extent
        self.given = [
            fact
            for fact in facts
            if fact.treatment_status is not None
            and fact.treatment_status.is_given
            and fact.assertion is Assertion.PRESENT
        ]

    def judge(self, condition: Condition) -> Judgement:
        """Say whether a text on a state or an earlier treatment speaks of this patient."""
        if condition.axis is Axis.COURSE:
            return self._in_state(condition.value)
        if condition.subject == "line":
            return self._in_line(condition.value)
        return self._after(condition.value)

    def _in_state(self, state: str) -> Judgement:
        plain = state.replace("_", " ")
        if plain in self._extent.words:
            return yes(self._extent.words[plain])
        match state:
            case "recurrent":
                return self._extent.is_recurrent()
            case "newly_diagnosed":
                again = self._extent.is_recurrent()
                behind = [fact.number for fact in self.given if fact.treatment_status in _BEHIND]
                if again.standing is Standing.YES or behind:
                    return no(*again.facts, *behind)
                return yes()
            case "previously_treated":
                return self._after(ANY_TREATMENT)
            case _ if state in _COURSES:
                opposite = _OPPOSITES.get(state, "").replace("_", " ")
                if opposite in self._extent.words:
                    return no(self._extent.words[opposite])
                if not self._may_resist(state):
                    return NOT_THEIRS
                return is_open(Subject(FindingKind.STAGE_GROUP, _key(state), _COURSES[state]))
            case _:
                return NOT_THEIRS

    def _may_resist(self, state: str) -> bool:
        """Whether what a state says that the cancer resists has been given at all."""
        needed = _GIVEN_BEFORE.get(state)
        return needed is None or any(needed & _names(fact) for fact in self.given)

    def _in_line(self, line: str) -> Judgement:
        removed = [
            fact.number
            for fact in self.given
            if fact.kind is FindingKind.PROCEDURE
            and fact.treatment_status in _BEHIND
            and _removes(fact.key)
        ]
        if line == "adjuvant":
            return yes(*removed)
        if line == "neoadjuvant":
            again = self._extent.is_recurrent().standing is Standing.YES
            return no(*removed) if removed and not again else yes()
        in_line = [fact.number for fact in self.given if fact.line == line]
        return yes(*in_line) if in_line else self._after(ANY_TREATMENT)

    def _after(self, key: str) -> Judgement:
        systemic = [fact for fact in self.given if fact.kind is FindingKind.MEDICATION]
        if key == ANY_TREATMENT:
            return yes(*(fact.number for fact in systemic)) if systemic else UNCLEAR
        named = [fact.number for fact in self.given if key in _names(fact)]
        if named:
            return yes(*named)
        # That a treatment isn't among the facts doesn't say that it wasn't given.
        return UNCLEAR


def _key(state: str) -> str:
    return "phase" if state.endswith("_phase") else state.replace("_sensitive", "_resistant")


def _removes(procedure: str) -> bool:
    return procedure in _REMOVALS or (procedure.endswith("ectomy") and procedure not in _NO_REMOVAL)


def _names(fact: PatientFact) -> frozenset[str]:
    """Return what a treatment is called: itself, its drugs, their classes, kinds of treatment."""
    found = {fact.key}
    for kind in (TermKind.DRUG, TermKind.REGIMEN):
        term = terms().get((kind, fact.key))
        if term is None:
            continue
        found |= {*term.classes, *term.components}
        parts = (terms().get((TermKind.DRUG, part)) for part in term.components)
        found |= {name for part in parts if part is not None for name in part.classes}
    kinds = {c.key for c in concepts().values() if c.kind is ConceptKind.TREATMENT}
    found |= understand(fact.name).keys & kinds
    if fact.kind is FindingKind.RADIOTHERAPY:
        found.add("radiation")
    if fact.kind is FindingKind.PROCEDURE and _removes(fact.key):
        found.add("surgery")
    return frozenset(found)
