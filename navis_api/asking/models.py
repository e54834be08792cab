"""The table that makes a repeated request give its first result."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base


class IdempotencyKey(Base):
    """A key that a client sent, what it came with, and what came of it.

    `request_hash` is a keyed-by-client digest of the input, so that the input
    itself, a patient's words, stands only with the question.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)

    client: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    result: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    question_id: Mapped[UUID | None]
