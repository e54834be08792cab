"""Tables of the audit record: who did or read what, when, and from where."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Index
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base


class AuditEvent(Base):
    """One act. Rows are only added: a trigger numbers and chains them, and refuses all else.

    `hash` covers every column before it, and so `previous`, the hash of the row before:
    whoever changes, removes or inserts a row breaks the chain there (`audit.chain`).
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_object", "object_type", "object_id"),
        CheckConstraint("action <> ''", name="action"),
        CheckConstraint("at BETWEEN '2000-01-01Z' AND '9999-12-30Z'", name="at"),
        CheckConstraint(
            "jsonb_typeof(detail) = 'object' AND octet_length(detail::text) <= 65536",
            name="detail",
        ),
    )

    sequence: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    """A viewer's kind, or SYSTEM for our own code."""
    actor: Mapped[str | None]
    """The token's subject, or a patient's id with us. None: nobody signed in, or nothing held."""
    action: Mapped[str]
    """What was done, as `object.verb`: `answer.approve`."""
    object_type: Mapped[str | None]
    object_id: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
    """Ids, states and counts. Never anybody's words."""
    origin: Mapped[str | None]
    """The address that the request came from, or the name of the process."""
    request_id: Mapped[str | None]
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class AuditHead(Base):
    """The number and hash of the newest row: without it, cutting the end off would go unseen."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint('"only"', name="only"),)

    only: Mapped[bool] = mapped_column(primary_key=True, server_default="true")
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
