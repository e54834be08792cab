"""The table of receipts: that somebody's data were erased, and nothing of whose they were."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class ErasedBy(StrEnum):
    """Who had it done."""

    PATIENT = "PATIENT"
    OPERATOR = "OPERATOR"


class Erasure(Base):
    """A receipt. It stands as soon as the rows are gone, and says what has been done since.

    A trigger holds that it stays, and that a time once written is never another one. Whoever
    knows its id may read it: the id can't be guessed, and there is no name in the row.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        Index("ix_erasures_unsettled", "erased_at", postgresql_where="settled_at IS NULL"),
        CheckConstraint("jsonb_typeof(removed) = 'object'", name="removed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    pseudonym: Mapped[UUID] = mapped_column(unique=True)
    """What was the patient's id here, under which the audit record and the objects know them."""
    erased_by: Mapped[ErasedBy] = mapped_column(choice(ErasedBy, name="erased_by"))
    erased_at: Mapped[datetime]
    removed: Mapped[dict[str, Any]]
    """How many rows of each kind there were, by the name of their table."""
    key_destroyed_at: Mapped[datetime | None]
    objects_removed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """When it was looked for the last time for what somebody still at work may have left."""
