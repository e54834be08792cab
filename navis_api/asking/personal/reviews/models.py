"""The table of what reviewers decided on personal answers: at most once on each, and for good."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice


class PersonalDecision(StrEnum):
    """What a reviewer says of a personal answer."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"


class WithdrawalReason(StrEnum):
    """Why an answer is taken back from its patient: one of these, and no words of the reviewer's.

    Free words could tell of the patient, and would have to be sealed with their key.
    """

    NOT_SUPPORTED = "NOT_SUPPORTED"
    FACTS_MISREAD = "FACTS_MISREAD"
    OUT_OF_DATE = "OUT_OF_DATE"
    MISLEADING = "MISLEADING"
    UNSAFE = "UNSAFE"


class PersonalReview(Base):
    """A reviewer's decision on one personal answer, with the name and credentials of then."""

    __tablename__ = "personal_reviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["patient_id", "question_id"],
            ["personal_questions.patient_id", "personal_questions.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "(decision = 'REJECT') = (reason IS NOT NULL)", name="rejected_for_a_reason"
        ),
        CheckConstraint(
            "(decision = 'APPROVE') = (next_review_on IS NOT NULL)", name="approved_until"
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision: Mapped[PersonalDecision] = mapped_column(choice(PersonalDecision, name="decision"))
    reason: Mapped[WithdrawalReason | None] = mapped_column(choice(WithdrawalReason, name="reason"))
    subject: Mapped[str]
    """The reviewer's name at the identity provider."""
    reviewer: Mapped[str]
    credentials: Mapped[str]
    at: Mapped[datetime]
    next_review_on: Mapped[date | None]
    """The same for every cancer: another period would say in the clear which cancer it is."""
