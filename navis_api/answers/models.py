"""Tables of answers: revisions, their sections, claims and citations."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class AnswerScope(StrEnum):
    """Whom an answer is for."""

    GENERAL = "GENERAL"
    PERSONAL = "PERSONAL"


class AnswerState(StrEnum):
    """Where a revision stands between its writing and its readers."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    STALE = "STALE"
    SUPERSEDED = "SUPERSEDED"
    RETRACTED = "RETRACTED"
    REJECTED = "REJECTED"


class SectionKind(StrEnum):
    """What a section of an answer is about."""

    OVERVIEW = "OVERVIEW"
    EXPLANATION = "EXPLANATION"
    FACTORS = "FACTORS"
    OPTIONS = "OPTIONS"
    EVIDENCE = "EVIDENCE"
    CONSIDERATIONS = "CONSIDERATIONS"
    DOCTOR_QUESTIONS = "DOCTOR_QUESTIONS"
    NEXT_STEPS = "NEXT_STEPS"
    TAKEAWAY = "TAKEAWAY"
    SUPPORT = "SUPPORT"


class ClaimStyle(StrEnum):
    """How a claim stands on the page."""

    SENTENCE = "SENTENCE"
    LEAD_IN = "LEAD_IN"
    BULLET = "BULLET"


class Answer(Base):
    """The answer to a question, through all its revisions."""

    __tablename__ = "answers"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("scope = 'GENERAL' OR slug IS NULL", name="personal_has_no_slug"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), unique=True
    )
    scope: Mapped[AnswerScope] = mapped_column(
        choice(AnswerScope, name="scope"), server_default="GENERAL"
    )
    slug: Mapped[str | None] = mapped_column(unique=True)


class AnswerRevision(Base):
    """One wording of an answer. Its content never changes; an edit is a new revision."""

    __tablename__ = "answer_revisions"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        Index(
            "uq_answer_revisions_live",
            "answer_id",
            unique=True,
            postgresql_where="state IN ('PUBLISHED', 'STALE')",
        ),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("disclaimer_id <> ''", name="disclaimer"),
        CheckConstraint("title <> '' AND author <> ''", name="title_and_author"),
        CheckConstraint(
            "approved_by <> author AND approver_subject <> author_subject",
            name="approver_is_not_author",
        ),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)"
            " AND (approved_by IS NULL) = (approver_credentials IS NULL)"
            " AND (approved_by IS NULL) = (next_review_on IS NULL)",
            name="approval_is_whole",
        ),
        CheckConstraint(
            "state NOT IN ('APPROVED', 'PUBLISHED', 'STALE') OR approved_by IS NOT NULL",
            name="published_is_approved",
        ),
        CheckConstraint(
            "state NOT IN ('PUBLISHED', 'STALE') OR published_at IS NOT NULL",
            name="published_at",
        ),
        CheckConstraint(
            "(publish_at IS NULL) = (publish_by IS NULL)", name="scheduled_by_somebody"
        ),
        CheckConstraint("publish_at IS NULL OR state = 'APPROVED'", name="scheduled_is_approved"),
        CheckConstraint("stale_claims IS NULL OR state = 'STALE'", name="stale_claims"),
        CheckConstraint("priority BETWEEN 0 AND 9", name="priority"),
        Index(
            "ix_answer_revisions_publish_at",
            "publish_at",
            postgresql_where="publish_at IS NOT NULL",
        ),
        Index(
            "ix_answer_revisions_next_review_on",
            "next_review_on",
            postgresql_where="state = 'PUBLISHED'",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[AnswerState] = mapped_column(choice(AnswerState, name="state"))
    author: Mapped[str]
    author_subject: Mapped[str | None]
    """The person who wrote it; None: an engine, or an import."""
    edit_reason: Mapped[str | None]
    """Why this revision was made of the one before."""
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    """How urgently it wants a reviewer: 0 first (`review.models.Rank`)."""
    lock_version: Mapped[int] = mapped_column(server_default="1")
    """Goes up with each change of the row, by trigger: what was read before it is out of date."""
    title: Mapped[str]
    summary: Mapped[str]
    doctor_questions: Mapped[list[str]]
    next_steps: Mapped[list[str]]
    gaps: Mapped[list[str]] = mapped_column(server_default="{}")
    """What was asked and the sources don't cover, in plain sentences."""
    disclaimer_id: Mapped[str]
    call_to_action: Mapped[str | None]
    reading_grade: Mapped[float | None]
    sample: Mapped[bool] = mapped_column(server_default="false")
    content: Mapped[dict[str, Any]]
    """What readers get, as one document, built from the tables below (READ_PATH 1)."""
    approved_by: Mapped[str | None]
    approver_credentials: Mapped[str | None]
    approver_subject: Mapped[str | None]
    """The reviewer who approved it; None where somebody outside did, and it was imported."""
    approved_at: Mapped[datetime | None]
    next_review_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    publish_by: Mapped[str | None]
    """The editor who had it published at that time."""
    state_reason: Mapped[str | None]
    stale_claims: Mapped[list[Any] | None] = mapped_column(JSONB)
    """The claims whose quotes no longer stand: `{"section": 0, "claim": 2, "source": uuid}`."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AnswerSection(Base):
    """A headed part of a revision."""

    __tablename__ = "answer_sections"
    __table_args__ = (UniqueConstraint("revision_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("answer_revisions.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[SectionKind] = mapped_column(choice(SectionKind, name="kind"))
    heading: Mapped[str]


class Claim(Base):
    """One sentence or bullet of a section."""

    __tablename__ = "claims"
    __table_args__ = (
        UniqueConstraint("section_id", "position"),
        CheckConstraint("text <> ''", name="text"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    section_id: Mapped[UUID] = mapped_column(ForeignKey("answer_sections.id", ondelete="CASCADE"))
    position: Mapped[int]
    style: Mapped[ClaimStyle] = mapped_column(choice(ClaimStyle, name="style"))
    text: Mapped[str]


class Citation(Base):
    """What a claim rests on: `quote` is the version's text from `start` to `end`, to the letter."""

    __tablename__ = "citations"
    __table_args__ = (
        Index("ix_citations_source_version_id", "source_version_id"),
        CheckConstraint('start >= 0 AND "end" > start', name="span"),
        CheckConstraint("number >= 1", name="number"),
    )

    claim_id: Mapped[UUID] = mapped_column(
        ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    source_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("source_versions.id", ondelete="RESTRICT")
    )
    number: Mapped[int]
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    locator: Mapped[str | None]
