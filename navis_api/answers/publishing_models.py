"""Tables of how answers come to be public: the steps that are allowed, those taken, the changes.

Code of ours writes none of them: triggers do, so that no step is ever left out.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from navis_api.answers.models import AnswerState
from navis_api.db.base import Base, choice


class ChangeKind(StrEnum):
    """What has become of a published answer."""

    PUBLISHED = "PUBLISHED"
    UPDATED = "UPDATED"
    STALE = "STALE"
    RETRACTED = "RETRACTED"


class AnswerTransition(Base):
    """A step that a revision may take, and the viewers' roles that may have it taken."""

    __tablename__ = "answer_transitions"

    before: Mapped[AnswerState] = mapped_column(
        choice(AnswerState, name="before"), primary_key=True
    )
    after: Mapped[AnswerState] = mapped_column(choice(AnswerState, name="after"), primary_key=True)
    action: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text()))


class AnswerHistoryRow(Base):
    """A step that a revision took; `before` is None where it was stored. Rows are only added.

    `public` rows are of what readers were served: becoming live, and what came after.
    """

    __tablename__ = "answer_history"
    __table_args__ = (Index("ix_answer_history_answer_id_sequence", "answer_id", "sequence"),)

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    revision_id: Mapped[UUID] = mapped_column(ForeignKey("answer_revisions.id", ondelete="CASCADE"))
    revision: Mapped[int]
    before: Mapped[AnswerState | None] = mapped_column(choice(AnswerState, name="before"))
    after: Mapped[AnswerState] = mapped_column(choice(AnswerState, name="after"))
    at: Mapped[datetime]
    reason: Mapped[str | None]
    reviewer: Mapped[str | None]
    """Who approved the revision, where somebody had."""
    credentials: Mapped[str | None]
    actor_subject: Mapped[str | None]
    """Who had the step taken; None: our own code."""
    public: Mapped[bool]


class PublishedChange(Base):
    """The newest change of an answer that is or was public.

    Changes are made one after the other, so a reader who has seen one sequence number
    never misses a smaller one. A row stays when its answer is taken back: it is the
    tombstone, with what the answer's page says then.
    """

    __tablename__ = "published_changes"
    __table_args__ = (
        Index("ix_published_changes_slug", "slug"),
        CheckConstraint("sequence >= 1", name="sequence"),
    )

    answer_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind, name="kind"))
    slug: Mapped[str]
    title: Mapped[str]
    revision: Mapped[int]
    at: Mapped[datetime]
    reason: Mapped[str | None]


class PublicationReader(Base):
    """A process that keeps what it read of published answers in memory, for as long as its lease.

    `handled` is the newest publication that it has forgotten everything older for. See
    `publication_lease` and `fence`.
    """

    __tablename__ = "publication_readers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lease_until: Mapped[datetime]
    handled: Mapped[int] = mapped_column(BigInteger)
