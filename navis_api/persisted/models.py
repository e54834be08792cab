"""Tables of persisted documents: the operations that clients have registered, and whose."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice


class DocumentKind(StrEnum):
    """What a document's operation does."""

    QUERY = "QUERY"
    MUTATION = "MUTATION"
    SUBSCRIPTION = "SUBSCRIPTION"


class PersistedDocument(Base):
    """A document under the id by which clients name it.

    Rows are only added: an id never comes to mean another text, also after every client
    that used it is gone, so that whatever was kept under it stays right.
    """

    __tablename__ = "persisted_documents"
    __table_args__ = (
        CheckConstraint("id ~ '^[0-9A-Za-z._~-]{1,128}$'", name="id"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("text <> ''", name="text"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    """Of the text in UTF-8, as hex."""
    text: Mapped[str]
    operation: Mapped[str]
    """The operation's name; empty where it has none."""
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind, name="kind"))
    registered_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PersistedDocumentUse(Base):
    """That a version of a client sends a document. One that nobody sends is not served."""

    __tablename__ = "persisted_document_uses"
    __table_args__ = (
        Index("ix_persisted_document_uses_document_id", "document_id"),
        CheckConstraint("client <> '' AND version <> ''", name="client_and_version"),
    )

    client: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("persisted_documents.id"), primary_key=True)
    registered_at: Mapped[datetime] = mapped_column(server_default=func.now())
