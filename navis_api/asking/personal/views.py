"""A personal question, its writing and its answer, opened for their patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from navis_api.answers.models import AnswerState
from navis_api.answers.personal_view import PersonalRevision, PersonalView
from navis_api.asking.personal.facts import rests_on
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.reviews.models import PersonalReview, WithdrawalReason
from navis_api.asking.personal.reviews.withdrawal import is_withdrawn
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
class Withdrawal:
    """That a reviewer took an answer back from its patient, when and why."""

    reason: WithdrawalReason
    reviewer: str
    credentials: str
    at: datetime

    @classmethod
    def of(cls, review: PersonalReview | None) -> "Withdrawal | None":
        """Return what a review says of it; None where the answer stays."""
        if review is None or review.reason is None:
            return None
        return cls(review.reason, review.reviewer, review.credentials, review.at)


@dataclass(frozen=True, slots=True)
class PersonalQuestionView:
    """A question as its patient asked it. It never has an address."""

    id: UUID
    text: str
    locale: str
    cancer_id: UUID | None
    asked_at: datetime
    status: QuestionStatus
    withdrawal: Withdrawal | None
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
        self,
        row: PersonalQuestion,
        written: WrittenAnswer,
        asked: AskedPersonally,
        review: PersonalReview | None = None,
    ) -> None:
        approval = None if is_withdrawn(review) else review
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
                updated_at=approval.at if approval else row.finished_at or row.asked_at,
                state=AnswerState.APPROVED if approval else AnswerState.DRAFT,
                approved_by=approval.reviewer if approval else None,
                approver_credentials=approval.credentials if approval else None,
                approved_at=approval.at if approval else None,
                next_review_on=approval.next_review_on if approval else None,
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
    """A row and its patient's key: what is in it is opened when it is asked for.

    `review` is what a reviewer decided on its answer.
    """

    def __init__(
        self, row: PersonalQuestion, key: PatientKey, review: PersonalReview | None = None
    ) -> None:
        self.row = row
        self.key = key
        self.review = review

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
            status=self._question_status,
            withdrawal=Withdrawal.of(self.review),
        )

    @property
    def _question_status(self) -> QuestionStatus:
        if self.review is not None:
            withdrawn = is_withdrawn(self.review)
            return QuestionStatus.DECLINED if withdrawn else QuestionStatus.ANSWERED
        return _STATUS.get(self.row.status, QuestionStatus.GENERATING)

    @property
    def generation(self) -> PersonalGenerationView:
        """The writing of its answer."""
        row = self.row
        status = GenerationStatus.FAILED if is_withdrawn(self.review) else row.status
        return PersonalGenerationView(
            row.id, row.id, status, row.engine, row.asked_at, row.finished_at
        )

    @cached_property
    def answer(self) -> PersonalAnswerView | None:
        """Its answer; None while it has none, and once a reviewer took it back."""
        if is_withdrawn(self.review):
            return None
        written = answer_in(self.row, self.key)
        if written is None:
            return None
        return PersonalAnswerView(self.row, written, self.asked, self.review)
