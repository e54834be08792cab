"""All queries on sources and their versions, but for retrieval."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from navis_api.sources.models import Audience, PassageRow, Source, SourceVersion


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source and one of its versions, without the version's text."""

    source: Source
    version: SourceVersion


@dataclass(frozen=True, slots=True)
class PublisherCount:
    """How much of the corpus comes from one publisher under one licence."""

    publisher: str
    licence: str
    audience: Audience
    documents: int
    passages: int
    newest_access: date | None


async def views_of_versions(
    session: AsyncSession, version_ids: Sequence[UUID]
) -> dict[UUID, SourceView]:
    """Return these versions with their sources, by version."""
    rows = await session.execute(
        select(Source, SourceVersion)
        .join(SourceVersion, SourceVersion.source_id == Source.id)
        .where(SourceVersion.id.in_(version_ids))
        .options(defer(SourceVersion.text, raiseload=True))
    )
    return {version.id: SourceView(source, version) for source, version in rows}


async def get_current(
    session: AsyncSession, key: str
) -> tuple[Source, SourceVersion | None] | None:
    """Return a source and its current version, held against other importers."""
    source = await session.scalar(select(Source).where(Source.key == key).with_for_update())
    if source is None:
        return None
    version = await session.scalar(
        select(SourceVersion)
        .where(SourceVersion.source_id == source.id, SourceVersion.superseded_at.is_(None))
        .options(defer(SourceVersion.text))
    )
    return source, version


async def lock_named(session: AsyncSession, key_or_url: str) -> Sequence[Source]:
    """Return the sources with this key or address, by key, held against other writers."""
    return (
        await session.scalars(
            select(Source)
            .where(or_(Source.key == key_or_url, Source.url == key_or_url))
            .order_by(Source.key)
            .with_for_update()
        )
    ).all()


async def current_texts(session: AsyncSession, keys: Sequence[str]) -> dict[str, tuple[UUID, str]]:
    """Return the id and text of the current version of each source, by key."""
    rows = await session.execute(
        select(Source.key, SourceVersion.id, SourceVersion.text)
        .join(SourceVersion, SourceVersion.source_id == Source.id)
        .where(Source.key.in_(keys), SourceVersion.superseded_at.is_(None))
    )
    return {key: (version_id, text) for key, version_id, text in rows}


async def replace_passages(
    session: AsyncSession,
    *,
    old_version_id: UUID | None,
    rows: Sequence[dict[str, Any]],
) -> None:
    """Put the passages of a new version in the place of those of the old one."""
    if old_version_id is not None:
        await session.execute(delete(PassageRow).where(PassageRow.version_id == old_version_id))
    if rows:
        await session.execute(insert(PassageRow), rows)


async def headings(
    session: AsyncSession,
) -> AsyncIterator[tuple[str, str | None, str, Sequence[UUID], Sequence[UUID]]]:
    """Yield title, address, heading, tagged cancers and passage ids of each distinct heading."""
    rows = await session.stream(
        select(
            Source.title,
            Source.url,
            PassageRow.heading,
            PassageRow.cancer_ids,
            func.array_agg(PassageRow.id),
        )
        .join(SourceVersion, SourceVersion.id == PassageRow.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .group_by(Source.id, PassageRow.heading, PassageRow.cancer_ids)
        .execution_options(yield_per=500)
    )
    async for row in rows:
        yield row[0], row[1], row[2], row[3], row[4]


async def tag_passages(
    session: AsyncSession, passage_ids: Sequence[UUID], cancer_ids: Sequence[UUID]
) -> None:
    """Say which cancers these passages are about."""
    await session.execute(
        update(PassageRow)
        .where(PassageRow.id.in_(passage_ids))
        .values(cancer_ids=list(cancer_ids))
        .execution_options(synchronize_session=False)
    )


async def has_version_since(session: AsyncSession, moment: datetime) -> bool:
    """Whether any source has come, or has changed, since a moment."""
    return bool(
        await session.scalar(
            select(select(SourceVersion.id).where(SourceVersion.created_at > moment).exists())
        )
    )


async def measure(session: AsyncSession) -> None:
    """Let Postgres count the corpus anew, so that it plans searches for what is there."""
    await session.execute(select(func.navis_measure_corpus()))


async def count_by_publisher(session: AsyncSession) -> list[PublisherCount]:
    """Return what the corpus holds."""
    passages = (
        select(PassageRow.version_id, func.count().label("passages"))
        .group_by(PassageRow.version_id)
        .subquery()
    )
    rows = await session.execute(
        select(
            Source.publisher,
            Source.licence,
            Source.audience,
            func.count(),
            cast(func.coalesce(func.sum(passages.c.passages), 0), BigInteger),
            func.max(SourceVersion.accessed_on),
        )
        .join(SourceVersion, SourceVersion.source_id == Source.id)
        .outerjoin(passages, passages.c.version_id == SourceVersion.id)
        .where(SourceVersion.superseded_at.is_(None), Source.withdrawn_at.is_(None))
        .group_by(Source.publisher, Source.licence, Source.audience)
        .order_by(func.count().desc(), Source.publisher, Source.audience)
    )
    return [PublisherCount(*row) for row in rows]
