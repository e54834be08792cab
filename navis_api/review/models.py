"""Tables of the review: who may decide, what waits, what was decided, and what readers say."""

from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class StaffRole(StrEnum):
    """What somebody on the staff may do."""

    REVIEWER = "REVIEWER"
    EDITOR = "EDITOR"
    ADMINISTRATOR = "ADMINISTRATOR"


class Decision(StrEnum):
    """What a reviewer decides on a revision."""

    APPROVE = "APPROVE"
    REQUEST_CHANGES = "REQUEST_CHANGES"
    REJECT = "REJECT"


class FeedbackKind(StrEnum):
    """What a reader says of an answer."""

    HELPFUL = "HELPFUL"
    NOT_HELPFUL = "NOT_HELPFUL"
    PROBLEM = "PROBLEM"
    HARM = "HARM"


class Rank(IntEnum):
    """How urgently something waits; the smallest comes first."""

    HARM = 0
    """Somebody says that it did or may do harm."""
    QUOTE_GONE = 1
    """It is public, and what it rests on no longer stands in its source."""
    URGENT = 2
    """The question sounds like an emergency."""
    OUTDATED = 3
    """It is public, and its time is over."""
    ORDINARY = 5


class StaffMember(Base):
    """Somebody who reviews, publishes or administers, as the identity provider knows them.

    A reviewer decides on the cancers listed and all that stand below them in the
    catalogue; `all_cancers` is for every answer, those without a cancer too.
    """

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("subject <> '' AND name <> ''", name="subject_and_name"),
        CheckConstraint("role <> 'REVIEWER' OR credentials <> ''", name="reviewer_is_qualified"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subject: Mapped[str] = mapped_column(unique=True)
    role: Mapped[StaffRole] = mapped_column(choice(StaffRole, name="role"))
    name: Mapped[str]
    credentials: Mapped[str] = mapped_column(server_default="")
    cancer_ids: Mapped[list[UUID]] = mapped_column(server_default="{}")
    all_cancers: Mapped[bool] = mapped_column(server_default="false")
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ReviewItem(Base):
    """A revision that waits for somebody, and who is at it.

    Triggers add and remove the rows as revisions change their state. Whoever has
    claimed one is alone with it until `claimed_until`.
    """

    __tablename__ = "review_items"
    __table_args__ = (
        Index("ix_review_items_queue", "rank", "queued_at", "revision_id"),
        CheckConstraint("rank BETWEEN 0 AND 9", name="rank"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim"),
    )

    revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("answer_revisions.id", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int] = mapped_column(SmallInteger)
    queued_at: Mapped[datetime]
    reasons: Mapped[list[str]] = mapped_column(server_default="{}")
    """Why it waits, in words for the staff."""
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]


class ReviewDecision(Base):
    """What somebody decided on a revision. Rows are only added."""

    __tablename__ = "review_decisions"
    __table_args__ = (Index("ix_review_decisions_revision_id", "revision_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("answer_revisions.id", ondelete="CASCADE"))
    decision: Mapped[Decision] = mapped_column(choice(Decision, name="decision"))
    subject: Mapped[str]
    name: Mapped[str]
    credentials: Mapped[str]
    comment: Mapped[str | None]
    at: Mapped[datetime]


class ClaimComment(Base):
    """What somebody on the staff says of a revision, or of one claim in it (counted from 0)."""

    __tablename__ = "claim_comments"
    __table_args__ = (
        Index("ix_claim_comments_revision_id", "revision_id"),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("(section IS NULL) = (claim IS NULL)", name="place"),
        CheckConstraint("section >= 0 AND claim >= 0", name="place_counts_from_0"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("answer_revisions.id", ondelete="CASCADE"))
    section: Mapped[int | None]
    claim: Mapped[int | None]
    subject: Mapped[str]
    name: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]


class AnswerFeedback(Base):
    """What a reader says of a published revision, or of one claim in it (counted from 0).

    `subject` is None where they weren't signed in. `text` is in their own words: it is for
    the staff's eyes only.
    """

    __tablename__ = "answer_feedback"
    __table_args__ = (
        Index("ix_answer_feedback_answer_id_at", "answer_id", "at"),
        Index(
            "uq_answer_feedback_client_key",
            "client",
            "idempotency_key",
            unique=True,
            postgresql_where="idempotency_key IS NOT NULL",
        ),
        CheckConstraint("(section IS NULL) = (claim IS NULL)", name="place"),
        CheckConstraint("section >= 0 AND claim >= 0", name="place_counts_from_0"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("answer_revisions.id", ondelete="CASCADE"))
    kind: Mapped[FeedbackKind] = mapped_column(choice(FeedbackKind, name="kind"))
    section: Mapped[int | None]
    claim: Mapped[int | None]
    text: Mapped[str | None]
    subject: Mapped[str | None]
    client: Mapped[str] = mapped_column(server_default="")
    """Whose idempotency key it is: the subject, or empty."""
    idempotency_key: Mapped[str | None]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    resolution: Mapped[str | None]


class ReviewPeriod(Base):
    """After how many months answers on a cancer, and those below it, are reviewed again."""

    __tablename__ = "review_periods"
    __table_args__ = (CheckConstraint("months BETWEEN 1 AND 60", name="months"),)

    cancer_id: Mapped[UUID] = mapped_column(
        ForeignKey("cancers.id", ondelete="CASCADE"), primary_key=True
    )
    months: Mapped[int] = mapped_column(SmallInteger)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
