"""The table of findings: each is one patient's, sealed, and row security holds it so."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class FindingStatus(StrEnum):
    """What the patient says of a finding. A trigger holds that nobody else says it."""

    EXTRACTED = "EXTRACTED"
    CONFIRMED = "CONFIRMED"
    CORRECTED = "CORRECTED"
    REJECTED = "REJECTED"


class StoredFinding(Base):
    """A finding as it lies here. Whatever says something about the person is sealed.

    `number` is its place among those that were read out of the record together, from 0.
    """

    __tablename__ = "findings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["patient_id", "record_id"], ["records.patient_id", "records.id"], ondelete="CASCADE"
        ),
        Index("ix_findings_list", "patient_id", "record_id", "number"),
        CheckConstraint("number >= 0", name="number"),
        CheckConstraint(
            "(status = 'CORRECTED') = (correction_sealed IS NOT NULL)", name="correction_is_there"
        ),
        CheckConstraint(
            "(status = 'EXTRACTED') = (decided_at IS NULL)", name="decision_has_a_time"
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    record_id: Mapped[UUID]
    number: Mapped[int]
    status: Mapped[FindingStatus] = mapped_column(choice(FindingStatus, name="status"))
    content_sealed: Mapped[bytes]
    """The finding as it was read, as JSON, sealed with the patient's key."""
    correction_sealed: Mapped[bytes | None]
    """What the patient put right, as JSON, sealed with their key."""
    extracted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
