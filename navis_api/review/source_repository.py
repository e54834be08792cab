"""All queries of the review on sources: the current versions of those that are cited."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from navis_api.answers.document import ContentSource, content_source
from navis_api.sources.models import PassageRow, Source, SourceVersion
from navis_api.sources.repository import SourceView


@dataclass(frozen=True, slots=True)
class Around:
    """A passage of a current version; `heading` is a path, as `passages` has it."""

    start: int
    end: int
    heading: str
    cancer_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class CurrentSource:
    """The current version of a source, with its passages in order."""

    source: ContentSource
    text: str
    withdrawn: bool
    passages: tuple[Around, ...]


async def current_sources(
    session: AsyncSession, version_ids: Sequence[UUID]
) -> dict[UUID, CurrentSource]:
    """Return the current version of the source of each of these versions, by the version given."""
    named = aliased(SourceVersion, name="named")
    rows = (
        await session.execute(
            select(named.id, Source, SourceVersion)
            .join(Source, Source.id == named.source_id)
            .join(SourceVersion, SourceVersion.source_id == Source.id)
            .where(named.id.in_(version_ids), SourceVersion.superseded_at.is_(None))
        )
    ).all()
    passages = await _passages(session, sorted({version.id for _, _, version in rows}))
    return {
        given: CurrentSource(
            source=content_source(SourceView(source, version)),
            text=version.text,
            withdrawn=source.withdrawn_at is not None,
            passages=tuple(passages.get(version.id, ())),
        )
        for given, source, version in rows
    }


async def _passages(session: AsyncSession, version_ids: Sequence[UUID]) -> dict[UUID, list[Around]]:
    rows = await session.execute(
        select(
            PassageRow.version_id,
            PassageRow.start,
            PassageRow.end,
            PassageRow.heading,
            PassageRow.cancer_ids,
        )
        .where(PassageRow.version_id.in_(version_ids))
        .order_by(PassageRow.version_id, PassageRow.position)
    )
    found: dict[UUID, list[Around]] = {}
    for version_id, start, end, heading, cancer_ids in rows:
        found.setdefault(version_id, []).append(Around(start, end, heading, frozenset(cancer_ids)))
    return found
