"""Tables of generations and of the events that their subscribers follow."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class GenerationStatus(StrEnum):
    """How far the writing of an answer has come."""

    QUEUED = "QUEUED"
    RETRIEVING = "RETRIEVING"
    DRAFTING = "DRAFTING"
    CHECKING = "CHECKING"
    COMPLETED = "COMPLETED"
    ABSTAINED = "ABSTAINED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class GenerationEventKind(StrEnum):
    """What an event tells."""

    PROGRESSED = "PROGRESSED"
    TEXT_ADDED = "TEXT_ADDED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class Generation(Base):
    """The writing of an answer to a question, by whichever worker holds its lease."""

    __tablename__ = "generations"
    __table_args__ = (
        Index(
            "uq_generations_active",
            "question_id",
            unique=True,
            postgresql_where="finished_at IS NULL",
        ),
        Index("ix_generations_question_id", "question_id", "created_at"),
        CheckConstraint(
            "(status IN ('COMPLETED', 'ABSTAINED', 'CANCELLED', 'FAILED'))"
            " = (finished_at IS NOT NULL)",
            name="finished_at",
        ),
        CheckConstraint(
            "(status = 'COMPLETED') = (revision_id IS NOT NULL)", name="completed_has_revision"
        ),
        CheckConstraint(
            "(lease_token IS NULL) = (lease_expires_at IS NULL)", name="lease_is_whole"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    status: Mapped[GenerationStatus] = mapped_column(choice(GenerationStatus, name="status"))
    engine: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None]
    revision_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("answer_revisions.id", ondelete="RESTRICT")
    )
    failure_code: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class GenerationEventRow(Base):
    """An event of a generation, numbered from 1 without gaps. Subscribers replay these rows."""

    __tablename__ = "generation_events"
    __table_args__ = (CheckConstraint("sequence >= 1", name="sequence"),)

    generation_id: Mapped[UUID] = mapped_column(
        ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[GenerationEventKind] = mapped_column(choice(GenerationEventKind, name="kind"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    payload: Mapped[dict[str, Any]]
