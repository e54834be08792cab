"""Queries of the embedding of the corpus: what is missing, what is stored, who is at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    Select,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from navis_api.sources.embedding.embedder import STORED_DIMENSIONS, embedded_text, text_digest
from navis_api.sources.embedding.vectors import Vector
from navis_api.sources.models import (
    Audience,
    EmbeddingRun,
    PassageRow,
    PassageVector,
    Source,
    SourceVersion,
)


@dataclass(frozen=True, slots=True)
class Unembedded:
    """A passage that has no vector yet, with what is to be embedded of it."""

    passage_id: UUID
    text: str
    digest: bytes


def _to_embed() -> Select[UUID, str, str]:
    """Return the query of the passages to embed: what is withdrawn goes to no model."""
    return (
        select(PassageRow.id, PassageRow.heading, PassageRow.text)
        .join(SourceVersion, SourceVersion.id == PassageRow.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .where(Source.withdrawn_at.is_(None))
    )


def _has_vector(under: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(PassageVector.number)
        .where(PassageVector.passage_id == PassageRow.id, under)
        .exists()
    )


def _of_model(model: str) -> ColumnElement[bool]:
    """Whether a vector is one of this model, whatever its length."""
    return func.regexp_replace(PassageVector.model, STORED_DIMENSIONS, "") == model


async def is_missing_any(session: AsyncSession, model: str) -> bool:
    """Whether a passage has no vector of this model."""
    missing = _to_embed().where(~_has_vector(_of_model(model)))
    return bool(await session.scalar(select(missing.exists())))


async def list_unembedded(
    session: AsyncSession, stored: str, *, after: UUID | None, limit: int
) -> list[Unembedded]:
    """Return passages without a vector stored under this name, in the order of their ids."""
    stored_here = PassageVector.model == stored
    if after is None:
        statement = _to_embed().where(~_has_vector(stored_here))
    else:
        # Said of the vectors too: Postgres would read all of them from the first on.
        beyond = and_(stored_here, PassageVector.passage_id > after)
        statement = _to_embed().where(PassageRow.id > after, ~_has_vector(beyond))
    rows = await session.execute(statement.order_by(PassageRow.id).limit(limit))
    found: list[Unembedded] = []
    for passage_id, heading, passage in rows:
        text = embedded_text(heading, passage)
        found.append(Unembedded(passage_id, text, text_digest(text)))
    return found


async def copy_known(
    session: AsyncSession, stored: str, passages: Sequence[Unembedded]
) -> set[UUID]:
    """Give passages the vectors of equal texts, and return which passages got one."""
    wanted = (
        func.unnest(
            bindparam("ids", [each.passage_id for each in passages], type_=ARRAY(Uuid)),
            bindparam("digests", [each.digest for each in passages], type_=ARRAY(LargeBinary)),
        )
        .table_valued("passage_id", "digest")
        .render_derived(name="wanted")
    )
    equal = aliased(PassageVector)
    known = (
        select(equal.vector)
        .where(equal.model == stored, equal.digest == wanted.c.digest)
        .limit(1)
        .lateral()
    )
    copied = (
        insert(PassageVector)
        .from_select(
            ["passage_id", "model", "digest", "vector"],
            select(wanted.c.passage_id, literal(stored), wanted.c.digest, known.c.vector)
            .select_from(wanted)
            .join(known, true()),
        )
        .on_conflict_do_nothing()
        .returning(PassageVector.passage_id)
    )
    return set(await session.scalars(copied))


async def add_vectors(
    session: AsyncSession,
    stored: str,
    passages: Sequence[Unembedded],
    vectors: Mapping[bytes, Vector],
) -> None:
    """Store the vectors of passages, by the digests of their texts. Twice changes nothing."""
    rows = [
        {
            "passage_id": each.passage_id,
            "model": stored,
            "digest": each.digest,
            "vector": vectors[each.digest].tolist(),
        }
        for each in passages
    ]
    await session.execute(insert(PassageVector).values(rows).on_conflict_do_nothing())


async def remove_orphans(session: AsyncSession) -> None:
    """Remove the vectors of passages that are gone."""
    held = select(PassageRow.id).where(PassageRow.id == PassageVector.passage_id).exists()
    await session.execute(delete(PassageVector).where(~held))


async def remove_other_models(session: AsyncSession, model: str) -> int:
    """Remove all vectors but those of this model, and return how many they were."""
    gone = await session.scalars(
        delete(PassageVector).where(~_of_model(model)).returning(PassageVector.number)
    )
    return len(gone.all())


async def count_passages(session: AsyncSession) -> int:
    """Return how many passages are to have a vector."""
    return await session.scalar(select(func.count()).select_from(_to_embed().subquery())) or 0


async def count_embedded(session: AsyncSession, model: str) -> dict[tuple[str, str, Audience], int]:
    """Return how many passages have a vector of this model, by publisher, licence, audience."""
    rows = await session.execute(
        _to_embed()
        .with_only_columns(Source.publisher, Source.licence, Source.audience, func.count())
        .where(_has_vector(_of_model(model)))
        .group_by(Source.publisher, Source.licence, Source.audience)
    )
    return {(publisher, licence, audience): n for publisher, licence, audience, n in rows}


async def get_run(session: AsyncSession, model: str) -> EmbeddingRun | None:
    """Return how embedding with this model goes, if it ever began."""
    return await session.get(EmbeddingRun, model)


async def lock_run(session: AsyncSession, model: str, *, now: datetime) -> EmbeddingRun:
    """Return the row of this model, made where it is missing, held until the transaction ends."""
    await session.execute(
        insert(EmbeddingRun).values(model=model, updated_at=now).on_conflict_do_nothing()
    )
    return (
        await session.scalars(
            select(EmbeddingRun).where(EmbeddingRun.model == model).with_for_update()
        )
    ).one()


async def update_run(
    session: AsyncSession, model: str, token: UUID, values: Mapping[str, object]
) -> bool:
    """Change the row while the lease is still this one's; say whether it was."""
    changed = await session.scalar(
        update(EmbeddingRun)
        .where(EmbeddingRun.model == model, EmbeddingRun.lease_token == token)
        .values(**values)
        .returning(EmbeddingRun.model)
    )
    return changed is not None
