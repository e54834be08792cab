"""Queries of retrieval: passages of current versions that hold given phrases."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, REAL, ColumnElement, Float, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from navis_api.sources.models import Audience, PassageRow, Source, SourceVersion

# Weights of ts_rank for the labels D, C, B, A: a heading (A) says what its passage is about.
_WEIGHTS = (0.1, 0.2, 0.4, 1.0)
# An empty array has no overlap with any other: a general text is found by its length.
_NO_CANCER = 0


def usable() -> list[ColumnElement[bool]]:
    """Return the conditions on a source that answers may quote.

    Sample sources serve only until there is a real one: they are summaries that
    nobody has reviewed.
    """
    real = aliased(Source)
    any_real = select(real.id).where(~real.sample, real.withdrawn_at.is_(None)).exists()
    return [Source.withdrawn_at.is_(None), or_(~Source.sample, ~any_real)]


async def list_passages(
    session: AsyncSession,
    query: str,
    *,
    cancer_ids: Sequence[UUID] | None,
    language: str,
    without_heading: str | None,
    limit: int,
) -> Sequence[Any]:
    """Return passages that match a tsquery (`english`), best first, patients' pages before others.

    With `cancer_ids`, those of passages about one of these cancers; with an empty list those of
    general texts; with None all. `without_heading` is a regular expression that no heading may
    match. Rows have the columns of `retrieval.Candidate`.
    """
    search: ColumnElement[Any] = cast(func.to_tsquery("english", query), TSQUERY)
    rank = func.ts_rank(
        cast(literal(list(_WEIGHTS), ARRAY(Float)), ARRAY(REAL)), PassageRow.search, search
    )
    wanted = [
        PassageRow.search.op("@@")(search),
        *usable(),
        Source.language == language,
        SourceVersion.superseded_at.is_(None),
    ]
    if cancer_ids is not None:
        wanted.append(
            PassageRow.cancer_ids.op("&&")(list(cancer_ids))
            if cancer_ids
            else func.cardinality(PassageRow.cancer_ids) == _NO_CANCER
        )
    if without_heading is not None:
        wanted.append(~PassageRow.heading.regexp_match(without_heading, flags="i"))
    statement = (
        select(
            PassageRow.id,
            PassageRow.version_id,
            PassageRow.position,
            PassageRow.start,
            PassageRow.end,
            PassageRow.heading,
            PassageRow.text,
            PassageRow.cancer_ids,
            Source.id.label("source_id"),
            Source.title,
            Source.url,
            Source.audience,
            rank.label("rank"),
        )
        .join(SourceVersion, SourceVersion.id == PassageRow.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .where(and_(*wanted))
        .order_by(
            (Source.audience == Audience.PATIENT).desc(),
            rank.desc(),
            Source.key,
            PassageRow.position,
        )
        .limit(limit)
    )
    return (await session.execute(statement)).all()


async def has_passages(session: AsyncSession, cancer_ids: Sequence[UUID]) -> bool:
    """Whether any passage of a source that isn't withdrawn is about one of these cancers."""
    about = (
        select(PassageRow.id)
        .join(SourceVersion, SourceVersion.id == PassageRow.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .where(PassageRow.cancer_ids.op("&&")(list(cancer_ids)), *usable())
    )
    return bool(await session.scalar(select(about.exists())))


async def text_of_versions(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the whole texts that quotes point into, by version."""
    statement = select(SourceVersion.id, SourceVersion.text).where(SourceVersion.id.in_(set(ids)))
    return {row.id: row.text for row in await session.execute(statement)}
