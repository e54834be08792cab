"""An answer that was written for one patient, in the form in which answers are shown.

It is no row of the tables of answers: it has no address and no revisions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from navis_api.answers import fixed_texts
from navis_api.answers.document import AnswerContent, content_from_json
from navis_api.answers.models import AnswerScope, AnswerState


@dataclass(frozen=True, slots=True)
class PersonalAnswer:
    """What stands for the row of an answer."""

    id: UUID
    question_id: UUID
    scope: AnswerScope = AnswerScope.PERSONAL
    slug: None = None


@dataclass(frozen=True, slots=True)
class PersonalRevision:
    """What stands for its only revision: a draft until a reviewer approves it."""

    id: UUID
    title: str
    summary: str
    author: str
    doctor_questions: list[str]
    next_steps: list[str]
    gaps: list[str]
    reading_grade: float | None
    updated_at: datetime
    state: AnswerState = AnswerState.DRAFT
    number: int = 1
    lock_version: int = 1
    disclaimer_id: str = fixed_texts.PERSONAL_DISCLAIMER.id
    call_to_action: None = None
    approved_by: str | None = None
    approver_credentials: str | None = None
    approved_at: datetime | None = None
    next_review_on: date | None = None
    published_at: datetime | None = None
    publish_at: datetime | None = None
    state_reason: str | None = None
    stale_claims: list[Any] | None = None


class PersonalView:
    """An answer for one patient as they get to see it. `document` is its content as stored.

    `rests_on` says, for each section that rests on facts of theirs, which these are.
    """

    def __init__(
        self, revision: PersonalRevision, document: Mapping[str, Any], rests_on: Sequence[str] = ()
    ) -> None:
        self.rests_on = rests_on
        self.answer = PersonalAnswer(revision.id, revision.id)
        self.revision = revision
        self.document = document

    @property
    def reviewed(self) -> bool:
        """Whether somebody qualified approved it."""
        return self.revision.approved_at is not None

    @property
    def cited(self) -> Sequence[Mapping[str, Any]]:
        """The citations of the content, as they are stored."""
        return self.document["citations"]

    @cached_property
    def content(self) -> AnswerContent:
        """Its sections and citations."""
        return content_from_json(self.document)
