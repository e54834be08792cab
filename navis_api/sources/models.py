"""Tables of the corpus: documents, their versions, and the passages of the current one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class Audience(StrEnum):
    """Whom a document was written for."""

    PATIENT = "patient"
    PROFESSIONAL = "professional"


class Source(Base):
    """A document that answers may quote, whatever its version."""

    __tablename__ = "sources"
    __table_args__ = (
        CheckConstraint("licence <> ''", name="licence"),
        CheckConstraint("publisher <> ''", name="publisher"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    publisher: Mapped[str]
    url: Mapped[str | None]
    licence: Mapped[str]
    audience: Mapped[Audience] = mapped_column(choice(Audience, name="audience"))
    language: Mapped[str]
    sample: Mapped[bool] = mapped_column(server_default="false")
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SourceVersion(Base):
    """The text of a document as it stood at one time. It never changes: quotes point into it.

    It is empty where a page had nothing but links and navigation.
    """

    __tablename__ = "source_versions"
    __table_args__ = (
        UniqueConstraint("source_id", "number"),
        Index(
            "uq_source_versions_current",
            "source_id",
            unique=True,
            postgresql_where="superseded_at IS NULL",
        ),
        CheckConstraint("number >= 1", name="number"),
        Index("ix_source_versions_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("sources.id", ondelete="RESTRICT"))
    number: Mapped[int]
    text: Mapped[str]
    content_hash: Mapped[str]
    version: Mapped[str | None]
    published_on: Mapped[date | None]
    last_reviewed_on: Mapped[date | None]
    accessed_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    superseded_at: Mapped[datetime | None]


class PassageRow(Base):
    """A part of a current version, as retrieval finds it.

    `start` and `end` count characters of the version's text; `heading` is the
    path of headings above, from the document's title down.
    """

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        Index("ix_passages_search", "search", postgresql_using="gin"),
        Index("ix_passages_cancer_ids", "cancer_ids", postgresql_using="gin"),
        CheckConstraint('start >= 0 AND "end" > start', name="span"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("source_versions.id", ondelete="CASCADE"))
    position: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    heading: Mapped[str]
    text: Mapped[str]
    cancer_ids: Mapped[list[UUID]]
    """The cancers that the document's title or the headings above name; empty: a general text."""
    search: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(to_tsvector('english', heading), 'A')"
            " || setweight(to_tsvector('english', text), 'B')",
            persisted=True,
        ),
    )
