"""The table of consents: what a patient allowed, in which wording, from when until when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class ConsentPurpose(StrEnum):
    """What a patient is asked to allow, each by itself."""

    PERSONAL_ANSWERS = "PERSONAL_ANSWERS"
    """Use my confirmed findings to answer me."""
    REVIEW = "REVIEW"
    """Let qualified reviewers see my personal questions and answers, without my name."""
    EXTERNAL_PROCESSING = "EXTERNAL_PROCESSING"
    """Send the facts, stripped of what identifies me, to a server that the operator has set up."""
    READING_BY_MODEL = "READING_BY_MODEL"
    """Send the words of my records to a language model, so that it points out more findings."""


class Consent(Base):
    """A consent to one version of a purpose's text. It ends once, and its row stays.

    A newer grant ends the older one, so that a purpose has one at most that hasn't ended. Row
    security and a trigger hold that only the patient gives and ends it, our own code included.
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_list", "patient_id", "purpose", "granted_at"),
        Index(
            "uq_consents_open",
            "patient_id",
            "purpose",
            unique=True,
            postgresql_where="revoked_at IS NULL",
        ),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("revoked_at >= granted_at", name="ends_after_it_began"),
    )

    patient_id: Mapped[UUID] = mapped_column(
        ForeignKey("patients.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[ConsentPurpose] = mapped_column(choice(ConsentPurpose, name="purpose"))
    version: Mapped[int]
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
