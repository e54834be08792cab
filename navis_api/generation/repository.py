"""All queries on generations and their events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, cast, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.generation.models import Generation, GenerationEventRow
from navis_api.generation.shared import Facts
from navis_api.questions.models import Asking, Question, QuestionStatus


async def get_many(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Generation]:
    """Return these generations, as far as the viewer may see them."""
    rows = await session.scalars(select(Generation).where(Generation.id.in_(ids)))
    return {row.id: row for row in rows}


async def latest_by_question(
    session: AsyncSession, question_ids: Sequence[UUID]
) -> dict[UUID, Generation]:
    """Return the newest generation of each question, as far as the viewer may see it."""
    rows = await session.scalars(
        select(Generation)
        .where(Generation.question_id.in_(question_ids))
        .ext(distinct_on(Generation.question_id))
        .order_by(Generation.question_id, Generation.created_at.desc(), Generation.id.desc())
    )
    return {row.question_id: row for row in rows}


async def events_after(
    session: AsyncSession, generation_id: UUID, after: int
) -> list[GenerationEventRow]:
    """Return the events whose number is greater than `after`, in order."""
    return (await events_of_many(session, [generation_id], after))[generation_id]


async def events_of_many(
    session: AsyncSession, generation_ids: Sequence[UUID], after: int
) -> dict[UUID, list[GenerationEventRow]]:
    """Return the events of each generation whose number is greater than `after`, in order.

    Row security leaves out the text of what was refused, replaced or taken back since.
    """
    rows = await session.scalars(
        select(GenerationEventRow)
        .where(
            GenerationEventRow.generation_id.in_(generation_ids),
            GenerationEventRow.sequence > after,
        )
        .order_by(GenerationEventRow.generation_id, GenerationEventRow.sequence)
    )
    found: dict[UUID, list[GenerationEventRow]] = {each: [] for each in generation_ids}
    for row in rows:
        found[row.generation_id].append(row)
    return found


async def events_since(
    session: AsyncSession, positions: Mapping[UUID, int]
) -> dict[UUID, list[GenerationEventRow]]:
    """Return the events of each generation from after a number of its own on, in order."""
    place = (
        func.unnest(
            cast(list(positions), ARRAY(Uuid)), cast(list(positions.values()), ARRAY(Integer))
        )
        .table_valued("generation_id", "after")
        .render_derived()
    )
    rows = await session.scalars(
        select(GenerationEventRow)
        .join(place, place.c.generation_id == GenerationEventRow.generation_id)
        .where(GenerationEventRow.sequence > place.c.after)
        .order_by(GenerationEventRow.generation_id, GenerationEventRow.sequence)
    )
    found: dict[UUID, list[GenerationEventRow]] = {}
    for row in rows:
        found.setdefault(row.generation_id, []).append(row)
    return found


async def facts_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """Return what decides who may see these generations, as far as the viewer may."""
    last_sequence = (
        select(func.max(GenerationEventRow.sequence))
        .where(GenerationEventRow.generation_id == Generation.id)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            Generation.id,
            Question.status == QuestionStatus.ANSWERED,
            Question.asked_anonymously,
            Generation.revision_id.is_not(None),
            Generation.finished_at.is_not(None),
            func.coalesce(last_sequence, 0),
        )
        .join(Question, Question.id == Generation.question_id)
        .where(Generation.id.in_(ids))
    )
    return {
        id_: Facts(
            answered=answered,
            asked_anonymously=asked_anonymously,
            has_revision=has_revision,
            finished=finished,
            last_sequence=last,
        )
        for id_, answered, asked_anonymously, has_revision, finished, last in rows
    }


async def count_askers(
    session: AsyncSession, subjects: Mapping[UUID, Sequence[str]]
) -> dict[UUID, int]:
    """Return how many of some subjects have asked the question of a generation; not those of 0."""
    pairs = [(id_, subject) for id_, each in subjects.items() for subject in each]
    given = (
        func.unnest(
            cast([id_ for id_, _ in pairs], ARRAY(Uuid)),
            cast([subject for _, subject in pairs], ARRAY(Text)),
        )
        .table_valued("generation_id", "subject")
        .render_derived()
    )
    rows = await session.execute(
        select(Generation.id, func.count())
        .join(given, given.c.generation_id == Generation.id)
        .join(
            Asking,
            (Asking.question_id == Generation.question_id) & (Asking.subject == given.c.subject),
        )
        .group_by(Generation.id)
    )
    return dict(rows.all())  # pyright: ignore[reportArgumentType] - rows are pairs


async def lock(session: AsyncSession, generation_id: UUID) -> Generation | None:
    """Return the generation, held against other writers until the transaction ends."""
    return await session.scalar(
        select(Generation)
        .where(Generation.id == generation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def get_lease_token(session: AsyncSession, generation_id: UUID) -> UUID | None:
    """Return the token of whoever holds the generation."""
    return await session.scalar(
        select(Generation.lease_token).where(Generation.id == generation_id)
    )


async def last_sequence(session: AsyncSession, generation_id: UUID) -> int:
    """Return the number of the last event, 0 before the first."""
    return (
        await session.scalar(
            select(func.max(GenerationEventRow.sequence)).where(
                GenerationEventRow.generation_id == generation_id
            )
        )
    ) or 0


async def list_abandoned(session: AsyncSession, *, since: datetime) -> list[UUID]:
    """Return unfinished generations that nobody has worked on since a moment."""
    rows = await session.scalars(
        select(Generation.id)
        .where(
            Generation.finished_at.is_(None),
            Generation.created_at < since,
            or_(Generation.lease_expires_at.is_(None), Generation.lease_expires_at < since),
        )
        .order_by(Generation.created_at)
        .limit(100)
    )
    return list(rows)
