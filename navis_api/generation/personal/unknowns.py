"""What isn't known of a patient and would change their answer, by how much turns on it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final, TypedDict

from navis_api.generation.contract import PatientFact, Unknown
from navis_api.generation.personal.case import KIND, Case
from navis_api.generation.personal.conditions import Axis, Condition
from navis_api.generation.personal.judgements import Subject
from navis_api.generation.personal.results import marker_of
from navis_api.generation.personal.words import condition_in_words, listed, marker_in_words
from navis_api.records.extraction.findings import FindingKind
from navis_api.vocabulary.marker_status import MarkerStatus

# What a single statement turns on may be an aside; of more than so many a reader takes in none.
_LEAST: Final = 2
_MOST: Final = 5
_MOST_VALUES: Final = 5


class _Texts(TypedDict):
    questions: dict[str, str]
    disputed: str
    uncertain: str
    several: str
    reason: dict[str, str]


@dataclass(slots=True)
class Turning:
    """How many statements turn on each unknown, and what they tell apart."""

    counts: defaultdict[Subject, int] = field(
        default_factory=lambda: defaultdict[Subject, int](int)
    )
    values: defaultdict[Subject, dict[str, str]] = field(
        default_factory=lambda: defaultdict[Subject, dict[str, str]](dict)
    )

    kinds: set[str] = field(default_factory=set[str])

    def add(
        self, conditions: Iterable[tuple[Subject, Condition]], subjects: Iterable[Subject]
    ) -> None:
        """Count a statement for each subject that it turns on, under these conditions."""
        for subject, condition in conditions:
            words = _in_words(condition, subject)
            if words:
                # "BRAF-mutated" and "BRAF-positive" are told apart by nobody.
                self.values[subject].setdefault(_sense(condition, words), words)
        for subject in subjects:
            self.counts[subject] += 1

    def unknowns(self, case: Case, cancer: str, *, on_treatment: bool) -> tuple[Unknown, ...]:
        """Return what isn't known, what most statements turn on first."""
        ranked = sorted(self.counts, key=lambda each: (-self.counts[each], each.kind, each.key))
        found = [
            subject
            for subject in ranked
            if self._is_decisive(subject) or _unsettled(subject, case.unsettled)
        ]
        return tuple(
            Unknown(
                kind=subject.kind,
                name=subject.name,
                key=subject.key,
                doctor_question=_question(subject, case, cancer),
                reason=self._reason(subject, cancer, on_treatment=on_treatment),
            )
            for subject in found[:_MOST]
        )

    def _is_decisive(self, subject: Subject) -> bool:
        """Whether enough turns on it; on the kind of the cancer, where sources tell kinds apart."""
        kinds = len(self.kinds) if subject == KIND else _LEAST
        return self.counts[subject] >= _LEAST and kinds >= _LEAST

    def _reason(self, subject: Subject, cancer: str, *, on_treatment: bool) -> str:
        texts = _texts()["reason"]
        values = sorted(self.values[subject].values())[:_MOST_VALUES]
        if subject == KIND and self.kinds:
            return texts["kinds"].format(values=listed(sorted(self.kinds)), cancer=cancer)
        key = ("treatment" if on_treatment else "other") + ("_one" if len(values) == 1 else "")
        if not values:
            return texts["subject"].format(name=subject.name, cancer=cancer)
        return texts[key].format(values=listed(values), cancer=cancer)


def _in_words(condition: Condition, subject: Subject) -> str:
    """Return a condition in words; of results of which any is enough, the one that isn't known."""
    if condition.axis is Axis.TARGET:
        return marker_in_words(subject.key, MarkerStatus.POSITIVE)
    return condition_in_words(condition)


def _sense(condition: Condition, words: str) -> str:
    """Return what a result comes to: that it is there, or isn't; of others, their words."""
    if condition.axis is Axis.TARGET:
        return "True"
    if condition.axis is Axis.MARKER:
        present = MarkerStatus(condition.value).is_present
        return words if present is None else str(present)
    return words


def _unsettled(subject: Subject, facts: Sequence[PatientFact]) -> PatientFact | None:
    """Return the fact that leaves a subject open, if there is one."""
    of_markers = {FindingKind.TUMOR_MARKER, FindingKind.GENOMIC_VARIANT}
    for fact in facts:
        if subject.kind in of_markers and fact.kind in of_markers:
            if subject.key in marker_of(fact.key):
                return fact
        elif fact.kind is subject.kind and fact.key in {subject.key, "extent"}:
            return fact
    return None


def _question(subject: Subject, case: Case, cancer: str) -> str:
    texts = _texts()
    fact = _unsettled(subject, case.unsettled)
    if fact is not None:
        key = "disputed" if fact.disputed else "several" if case.has_several else "uncertain"
        return texts[key].format(name=subject.name)
    questions = texts["questions"]
    template = questions.get(subject.key) or questions[subject.kind.value]
    return template.format(name=subject.name, cancer=cancer)


@cache
def _texts() -> _Texts:
    text = files("navis_api.generation.personal").joinpath("unknowns.json").read_text("utf-8")
    return json.loads(text)
