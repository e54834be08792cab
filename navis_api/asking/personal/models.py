"""Tables of personal questions: each row is one patient's, sealed, and row security holds it so.

Nothing of them stands in the tables of questions, answers and generations, which others read: a
mistake there couldn't show what isn't there.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.generation.models import GenerationEventKind, GenerationStatus
from navis_api.kit.ids import new_id


class PersonalQuestion(Base):
    """A question of a patient's own, its one writing and its one answer, all under one id.

    In the clear: ids, times, how far the writing has come, and by which engine.
    """

    __tablename__ = "personal_questions"
    __table_args__ = (
        Index("ix_personal_questions_list", "patient_id", "asked_at", "id"),
        Index(
            "uq_personal_questions_idempotency",
            "patient_id",
            "idempotency_hash",
            unique=True,
            postgresql_where="idempotency_hash IS NOT NULL",
        ),
        # A job knows the id alone.
        Index("ix_personal_questions_id", "id"),
        # What waits for a review.
        Index(
            "ix_personal_questions_answered",
            "finished_at",
            "id",
            postgresql_where="status = 'COMPLETED'",
        ),
        Index("ix_personal_questions_working", "asked_at", postgresql_where="finished_at IS NULL"),
        CheckConstraint(
            "(status IN ('COMPLETED', 'ABSTAINED', 'CANCELLED', 'FAILED'))"
            " = (finished_at IS NOT NULL)",
            name="finished_at",
        ),
        CheckConstraint(
            "(status = 'COMPLETED') = (answer_sealed IS NOT NULL)", name="completed_has_answer"
        ),
        CheckConstraint(
            "(lease_token IS NULL) = (lease_expires_at IS NULL)", name="lease_is_whole"
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(
        ForeignKey("patients.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    status: Mapped[GenerationStatus] = mapped_column(choice(GenerationStatus, name="status"))
    engine: Mapped[str]
    asked_sealed: Mapped[bytes]
    """The question, and the facts that it was asked with: JSON, sealed with the patient's key."""
    answer_sealed: Mapped[bytes | None]
    """The answer, as JSON, sealed with the patient's key."""
    idempotency_hash: Mapped[bytes | None]
    """SHA-256 of the key that the app sent: it may be anything, also words."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None]
    failure_code: Mapped[str | None]
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class PersonalEvent(Base):
    """An event of the writing, numbered from 1 without gaps. Subscribers replay these rows."""

    __tablename__ = "personal_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["patient_id", "question_id"],
            ["personal_questions.patient_id", "personal_questions.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("sequence >= 1", name="sequence"),
    )

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[GenerationEventKind] = mapped_column(choice(GenerationEventKind, name="kind"))
    at: Mapped[datetime]
    payload_sealed: Mapped[bytes]
    """What it tells, as JSON, sealed with the patient's key."""
