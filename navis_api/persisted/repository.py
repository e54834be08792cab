"""All queries on persisted documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.persisted.models import DocumentKind, PersistedDocument, PersistedDocumentUse


@dataclass(frozen=True, slots=True)
class Use:
    """A document as a version of a client sends it."""

    client: str
    version: str
    id: str
    operation: str
    kind: DocumentKind
    registered_at: datetime


_in_use = exists().where(PersistedDocumentUse.document_id == PersistedDocument.id)


async def list_ids(session: AsyncSession) -> dict[str, str]:
    """Return the ids of all documents that some client sends, with the hashes of their texts."""
    rows = await session.execute(
        select(PersistedDocument.id, PersistedDocument.sha256).where(_in_use)
    )
    return dict(rows.all())


async def get_texts(session: AsyncSession, ids: Sequence[str]) -> dict[str, str]:
    """Return the texts under these ids, as far as there are any."""
    rows = await session.execute(
        select(PersistedDocument.id, PersistedDocument.text).where(PersistedDocument.id.in_(ids))
    )
    return dict(rows.all())


async def list_documents(session: AsyncSession) -> Sequence[PersistedDocument]:
    """Return all documents that some client sends, by id."""
    statement = select(PersistedDocument).where(_in_use).order_by(PersistedDocument.id)
    return (await session.scalars(statement)).all()


async def list_uses(session: AsyncSession, *, client: str | None = None) -> list[Use]:
    """Return what clients send, by client, version and operation."""
    use, document = PersistedDocumentUse, PersistedDocument
    statement = (
        select(
            use.client, use.version, document.id, document.operation, document.kind,
            use.registered_at,
        )
        .join(document, document.id == use.document_id)
        .order_by(use.client, use.version, document.operation, document.id)
    )  # fmt: skip
    if client is not None:
        statement = statement.where(use.client == client)
    return [Use(*row) for row in await session.execute(statement)]


async def add_documents(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add documents; those whose id is there stay as they are."""
    await session.execute(insert(PersistedDocument).on_conflict_do_nothing(), rows)


async def add_uses(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> int:
    """Add uses, and return how many of them are new."""
    added = await session.scalars(
        insert(PersistedDocumentUse)
        .on_conflict_do_nothing()
        .returning(PersistedDocumentUse.document_id),
        rows,
    )
    return len(added.all())


async def remove_uses(session: AsyncSession, client: str, version: str) -> int:
    """Remove what a version of a client sends, and return how many documents that were."""
    use = PersistedDocumentUse
    removed = await session.scalars(
        delete(use).where(use.client == client, use.version == version).returning(use.document_id)
    )
    return len(removed.all())
