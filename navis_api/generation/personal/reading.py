"""Whether what a source says is said of a patient, by its own words and those it stands under."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from navis_api.generation.personal.case import KIND, Case
from navis_api.generation.personal.conditions import (
    Axis,
    Condition,
    conditions_in,
    conditions_of_source,
)
from navis_api.generation.personal.judgements import (
    Judgement,
    Standing,
    Subject,
    all_of,
    any_of,
    yes,
)

_MOST_HEADINGS = 8


@dataclass(frozen=True, slots=True)
class Named:
    """Alternatives that a statement names, by axis and subject, and whether one of them holds."""

    subjects: frozenset[tuple[str, str]]
    judged: Judgement


class PersonalReading:
    """Reads headings and statements of sources for one patient's case.

    What the `question` itself names holds as asked: who has stage II and asks about stage IV is
    told about stage IV, by no fact of theirs.
    """

    def __init__(self, case: Case, question: str) -> None:
        self.case = case
        self._asked = {
            (each.axis, each.subject, each.value)
            for group in conditions_in(question)
            for each in group
        }

    def of_headings(self, headings: Sequence[str], cancer_ids: frozenset[UUID]) -> Judgement:
        """Say whether what stands under headings, about these cancers, is said of the patient."""
        subjects = self.case.judge_subjects(cancer_ids)
        return all_of([subjects, *self._judged(_of_headings(headings))])

    def of_place(self, headings: Sequence[str], cancer_ids: frozenset[UUID]) -> Judgement:
        """Say the same where which kind of the cancer it is may be open: it is asked elsewhere."""
        subjects = self.case.judge_subjects(cancer_ids)
        subjects = yes() if subjects.open_on == frozenset({KIND}) else subjects
        return all_of([subjects, *self._judged(_of_headings(headings))])

    def of_statement(self, text: str) -> Judgement:
        """Say whether a statement is said of the patient, by its own words."""
        return all_of(self._judged(conditions_of_source(text)))

    def of_claim(self, text: str) -> Judgement:
        """Say the same of a claim that is no quote, which isn't kept in memory."""
        return all_of(self._judged(conditions_in(text)))

    def named_in(self, text: str) -> list[Named]:
        """Return for whom a statement of a source says in words that it holds, if it does."""
        return [
            Named(
                frozenset((each.axis.value, each.subject) for each in group),
                any_of(map(self._judge, group)),
            )
            for group in conditions_of_source(text)
            if any(each.axis not in {Axis.TARGET, Axis.SEX} for each in group)
        ]

    def turning_on(
        self, headings: Sequence[str], texts: Iterable[str]
    ) -> Iterable[tuple[Subject, Condition]]:
        """Yield what conditions turn on that isn't known, each with the condition."""
        groups = [*_of_headings(headings), *(g for t in texts for g in conditions_of_source(t))]
        for group in groups:
            for condition in group:
                for each in (condition, condition.also):
                    if each is not None:
                        yield from ((subject, each) for subject in self._judge(each).open_on)

    def _judged(self, groups: Iterable[Sequence[Condition]]) -> list[Judgement]:
        return [any_of(map(self._judge, group)) for group in groups]

    def _judge(self, condition: Condition) -> Judgement:
        judged = self.case.judge(condition)
        named = (condition.axis, condition.subject, condition.value) in self._asked
        judged = yes() if named and judged.standing is not Standing.YES else judged
        return all_of([judged, self._judge(condition.also)]) if condition.also else judged


def _of_headings(headings: Sequence[str]) -> list[Sequence[Condition]]:
    return [
        group
        for heading in headings[:_MOST_HEADINGS]
        for group in conditions_of_source(heading, is_heading=True)
    ]
