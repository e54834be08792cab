"""Tables of the corpus: documents, their versions, and the passages of the current one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class Audience(StrEnum):
    """Whom a document was written for."""

    PATIENT = "patient"
    PROFESSIONAL = "professional"


class NameKind(StrEnum):
    """How a source says that two names are of one thing; this is how far it is believed."""

    LISTED = "listed"
    """A title, or the publisher's own list of other names."""
    STATED = "stated"
    """A sentence: "also called"."""
    ABBREVIATION = "abbreviation"
    """A short form whose letters stand in the long one beside it."""


# What the search sees as other characters: a slash joins words that are asked for singly, and
# people type letters without their accents. Postgres' own `unaccent` is an extension. In SQL's
# writing, where two apostrophes are one.
_SEEN = (
    "/\u2010\u2011\u2019ÀÁÂÃÄÅÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜÝÇÑàáâãäåèéêëìíîïòóôõöùúûüýÿçñ",
    " --''AAAAAAEEEEIIIIOOOOOUUUUYCNaaaaaaeeeeiiiiooooouuuuyycn",
)


def _vector(column: str, weight: str) -> str:
    seen, as_ = _SEEN
    return f"setweight(to_tsvector('english', translate({column}, '{seen}', '{as_}')), '{weight}')"


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
    names_rules: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """By which rules other names were read out of the text (`names.RULES`); 0: not yet."""


class OtherName(Base):
    """Two names of one thing, as a current version gives them: "nephroblastoma", "Wilms tumor".

    The names are as printed, the keys as `names.name_key` compares them. Rows go with the
    version's passages when another version takes its place.
    """

    __tablename__ = "other_names"
    __table_args__ = (
        Index("ix_other_names_name_key", "name_key"),
        Index("ix_other_names_other_key", "other_key"),
        CheckConstraint("name_key <> '' AND other_key <> ''", name="keys"),
        CheckConstraint("name_key <> other_key", name="differ"),
    )

    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("source_versions.id", ondelete="CASCADE"), primary_key=True
    )
    name_key: Mapped[str] = mapped_column(primary_key=True)
    other_key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    other_name: Mapped[str]
    kind: Mapped[NameKind] = mapped_column(choice(NameKind, name="kind"))


class CorpusWord(Base):
    """In how many passages a word stands (a lexeme of `passages.search`).

    Counted by `navis_measure_corpus`; a word that came since isn't there yet.
    """

    __tablename__ = "corpus_words"

    lexeme: Mapped[str] = mapped_column(primary_key=True)
    passages: Mapped[int]


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
            f"{_vector('heading', 'A')} || {_vector('text', 'B')}",
            persisted=True,
        ),
    )


class PassageVector(Base):
    """What an embedding model makes of a passage: a vector of unit length.

    `passage_id` is no foreign key: the vectors of passages that are gone serve passages of
    the same text (by `digest`) until the next run of the embedding job removes them. A row
    never changes, so a process may keep the vector behind a `number` for as long as it likes.
    """

    __tablename__ = "passage_vectors"
    __table_args__ = (
        UniqueConstraint("model", "passage_id"),
        Index("ix_passage_vectors_model_digest", "model", "digest"),
        CheckConstraint("cardinality(vector) >= 1", name="dimensions"),
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    passage_id: Mapped[UUID]
    model: Mapped[str]
    digest: Mapped[bytes]
    vector: Mapped[list[float]] = mapped_column(ARRAY(REAL, dimensions=1))


class EmbeddingRun(Base):
    """Who embeds with a model at the moment, and how it has gone so far.

    `attempts` counts the runs begun since a vector was last stored, those of workers that
    were killed too; nobody begins another one before `not_before`.
    """

    __tablename__ = "embedding_runs"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(lease_token IS NULL) = (lease_expires_at IS NULL)", name="lease"),
    )

    model: Mapped[str] = mapped_column(primary_key=True)
    lease_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime | None]
    failure: Mapped[str | None]
    updated_at: Mapped[datetime]
