"""A personal question, its writing and its answer, opened for their patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from navis_api.answers.personal_view import PersonalRevision, PersonalView
from navis_api.asking.personal.facts import rests_on
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.sealed import (
    AskedFact,
    AskedPersonally,
    WrittenAnswer,
    answer_in,
    asked_in,
)
from navis_api.generation.contract import Unknown
from navis_api.generation.models import GenerationStatus
from navis_api.questions.models import QuestionStatus
from navis_api.records.sealing.patient_key import PatientKey

_STATUS: Final = {
    # Nobody qualified has checked it.
    GenerationStatus.COMPLETED: QuestionStatus.AWAITING_REVIEW,
    GenerationStatus.ABSTAINED: QuestionStatus.DECLINED,
    GenerationStatus.CANCELLED: QuestionStatus.FAILED,
    GenerationStatus.FAILED: QuestionStatus.FAILED,
}


@dataclass(frozen=True, slots=True)
class PersonalQuestionView:
    """A question as its patient asked it. It never has an address."""

    id: UUID
    text: str
    locale: str
    cancer_id: UUID | None
    asked_at: datetime
    status: QuestionStatus
    slug: None = None


@dataclass(frozen=True, slots=True)
class PersonalGenerationView:
    """The writing of a personal answer: as far as it has come."""

    id: UUID
    question_id: UUID
    status: GenerationStatus
    engine: str
    created_at: datetime
    finished_at: datetime | None


class PersonalAnswerView(PersonalView):
    """A personal answer, with the facts that it rests on and what isn't known."""

    def __init__(
        self, row: PersonalQuestion, written: WrittenAnswer, asked: AskedPersonally
    ) -> None:
        super().__init__(
            PersonalRevision(
                id=row.id,
                title=written.title,
                summary=written.summary,
                author=written.author,
                doctor_questions=written.doctor_questions,
                next_steps=written.next_steps,
                gaps=written.gaps,
                reading_grade=written.reading_grade,
                updated_at=row.finished_at or row.asked_at,
            ),
            written.content,
            rests_on(written, asked.facts),
        )
        self.asked = asked.facts
        self._claim_facts = written.claim_facts
        self.unknowns: Sequence[Unknown] = written.unknowns

    @cached_property
    def _by_number(self) -> dict[int, AskedFact]:
        return {each.fact.number: each for each in self.asked}

    def finding_ids(self, section: int, claim: int) -> tuple[UUID, ...]:
        """Return the findings that a claim rests on, both counted from 0."""
        numbers = self._claim_facts[section][claim]
        ids = (id_ for number in numbers for id_ in self._by_number[number].finding_ids)
        return tuple(dict.fromkeys(ids))


class PersonalEntry:
    """A row and its patient's key: what is in it is opened when it is asked for."""

    def __init__(self, row: PersonalQuestion, key: PatientKey) -> None:
        self.row = row
        self.key = key

    @cached_property
    def asked(self) -> AskedPersonally:
        """The question as it was asked."""
        return asked_in(self.row, self.key)

    @cached_property
    def question(self) -> PersonalQuestionView:
        """The question as it is shown."""
        return PersonalQuestionView(
            id=self.row.id,
            text=self.asked.text,
            locale=self.asked.locale,
            cancer_id=self.asked.cancer_id,
            asked_at=self.row.asked_at,
            status=_STATUS.get(self.row.status, QuestionStatus.GENERATING),
        )

    @property
    def generation(self) -> PersonalGenerationView:
        """The writing of its answer."""
        row = self.row
        return PersonalGenerationView(
            row.id, row.id, row.status, row.engine, row.asked_at, row.finished_at
        )

    @cached_property
    def answer(self) -> PersonalAnswerView | None:
        """Its answer; None while it has none."""
        written = answer_in(self.row, self.key)
        return PersonalAnswerView(self.row, written, self.asked) if written else None
