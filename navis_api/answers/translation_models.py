"""The table of translations: a revision of an answer, said in another language."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id
from navis_api.kit.languages import Language


class AnswerTranslation(Base):
    """A revision of an answer in another language, claim by claim. Its words never change.

    Readers get the one that was approved last, as long as it isn't withdrawn and the
    revision itself is served. A newer revision has to be translated anew.
    """

    __tablename__ = "answer_translations"
    __table_args__ = (
        Index("ix_answer_translations_revision_id", "revision_id", "language"),
        CheckConstraint("language <> 'en'", name="is_another_language"),
        CheckConstraint("question <> '' AND title <> '' AND translator <> ''", name="words"),
        CheckConstraint(
            "approved_by <> translator AND approver_subject <> translator_subject",
            name="approver_is_not_translator",
        ),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)"
            " AND (approved_by IS NULL) = (approver_credentials IS NULL)",
            name="approval_is_whole",
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawal_is_whole"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("answer_revisions.id", ondelete="CASCADE"))
    language: Mapped[Language] = mapped_column(choice(Language, name="language"))
    question: Mapped[str]
    """The question that the answer is to."""
    title: Mapped[str]
    summary: Mapped[str]
    doctor_questions: Mapped[list[str]]
    next_steps: Mapped[list[str]]
    gaps: Mapped[list[str]]
    sections: Mapped[list[Any]] = mapped_column(JSONB)
    """As many as the revision has, each `{"heading": "…", "claims": ["…"]}`, in its order."""
    translator: Mapped[str]
    translator_subject: Mapped[str | None]
    """Who of the staff handed it in; None: an import."""
    created_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approver_subject: Mapped[str | None]
    approver_credentials: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_reason: Mapped[str | None]
