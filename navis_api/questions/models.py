"""Tables of questions and of who asked them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id

# Publications are rare beside searches, each of which would read a queue from beginning to end.
_SORTED = {"fastupdate": "off"}

_SAMPLE = (
    "status = 'ANSWERED' AND get_byte(uuid_send(id), 15)"
    " < CASE WHEN length(text) <= 48 THEN 64 ELSE 4 END"
)


class QuestionStatus(StrEnum):
    """What has become of a question."""

    GENERATING = "GENERATING"
    AWAITING_REVIEW = "AWAITING_REVIEW"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"
    FAILED = "FAILED"


class Question(Base):
    """A question, asked by one or many.

    `match_key` is the text in normalised form: two questions with the same key,
    cancer and locale are the same question (law 5).
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint(
            "match_key",
            "cancer_id",
            "locale",
            name="uq_questions_match_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("status <> 'ANSWERED' OR slug IS NOT NULL", name="answered_has_slug"),
        CheckConstraint("(status = 'ANSWERED') = (answered_at IS NOT NULL)", name="answered_at"),
        CheckConstraint("text <> '' AND match_key <> ''", name="text"),
        Index(
            "ix_questions_published",
            "answered_at",
            "id",
            postgresql_where="status = 'ANSWERED'",
        ),
        Index(
            "ix_questions_published_of_cancer",
            "cancer_id",
            "answered_at",
            "id",
            postgresql_where="status = 'ANSWERED'",
        ),
        Index("ix_questions_asked", "asked_at", "id"),
        Index("ix_questions_asked_of_cancer", "cancer_id", "asked_at", "id"),
        Index(
            "ix_questions_search",
            "search",
            postgresql_using="gin",
            postgresql_where="status = 'ANSWERED'",
            postgresql_with=_SORTED,
        ),
        Index(
            "ix_questions_search_within_cancers",
            text("navis_search_within_cancers(search)"),
            postgresql_using="gin",
            postgresql_where="status = 'ANSWERED'",
            postgresql_with=_SORTED,
        ),
        Index(
            "ix_questions_search_sample",
            "search",
            postgresql_using="gin",
            postgresql_where=_SAMPLE,
            postgresql_with=_SORTED,
        ),
        Index(
            "ix_questions_search_within_cancers_sample",
            text("navis_search_within_cancers(search)"),
            postgresql_using="gin",
            postgresql_where=_SAMPLE,
            postgresql_with=_SORTED,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str | None] = mapped_column(unique=True)
    text: Mapped[str]
    match_key: Mapped[str]
    cancer_id: Mapped[UUID | None] = mapped_column(ForeignKey("cancers.id", ondelete="RESTRICT"))
    locale: Mapped[str]
    status: Mapped[QuestionStatus] = mapped_column(choice(QuestionStatus, name="status"))
    asked_anonymously: Mapped[bool] = mapped_column(server_default="false")
    """Someone asked without signing in: whoever holds the question's id may then follow it."""
    times_asked: Mapped[int] = mapped_column(server_default="0")
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    search: Mapped[Any] = mapped_column(TSVECTOR, server_default="")
    """Words and concepts of question, cancer and answer; written when it is answered."""


class Asking(Base):
    """That a signed-in viewer asked a question. Only they can see it."""

    __tablename__ = "askings"

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(primary_key=True, index=True)
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SearchWord(Base):
    """A word that published questions use, with the forms it takes when one letter is missing.

    Two words that differ by one letter added, dropped, changed or swapped share
    such a form: an indexed look-up finds what a typing error was meant to be.
    """

    __tablename__ = "search_words"
    __table_args__ = (Index("ix_search_words_deletions", "deletions", postgresql_using="gin"),)

    word: Mapped[str] = mapped_column(primary_key=True)
    deletions: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    uses: Mapped[int] = mapped_column(server_default="1")
