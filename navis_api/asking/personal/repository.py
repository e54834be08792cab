"""All queries on personal questions, as whoever the session acts for: row security decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.personal.models import PersonalEvent, PersonalQuestion
from navis_api.db.paging import Order, Page, PageRequest, fetch_page
from navis_api.records.models import Patient

_NEWEST_FIRST = Order(
    "personal-questions",
    (PersonalQuestion.asked_at, PersonalQuestion.id),
    (datetime, UUID),
    descending=True,
)
_ABANDONED_AT_A_TIME = 100


async def get_many(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, PersonalQuestion]:
    """Return these questions, as far as they are the viewer's."""
    rows = await session.scalars(select(PersonalQuestion).where(PersonalQuestion.id.in_(ids)))
    return {row.id: row for row in rows}


async def list_own(session: AsyncSession, page: PageRequest) -> Page[PersonalQuestion]:
    """Return a page of the viewer's questions, the newest first."""
    return await fetch_page(session, select(PersonalQuestion), _NEWEST_FIRST, page)


async def get_by_key(
    session: AsyncSession, patient_id: UUID, idempotency_hash: bytes
) -> PersonalQuestion | None:
    """Return the question that an idempotency key came with."""
    return await session.scalar(
        select(PersonalQuestion).where(
            PersonalQuestion.patient_id == patient_id,
            PersonalQuestion.idempotency_hash == idempotency_hash,
        )
    )


async def has_key(
    session: AsyncSession, subject: str, idempotency_hash: bytes, *, since: datetime
) -> bool:
    """Whether a patient's idempotency key came with a question after `since`: for our own code."""
    found = (
        select(PersonalQuestion.id)
        .join(Patient, Patient.id == PersonalQuestion.patient_id)
        .where(
            Patient.subject == subject,
            PersonalQuestion.idempotency_hash == idempotency_hash,
            PersonalQuestion.asked_at > since,
        )
    )
    return await session.scalar(found) is not None


async def lock(session: AsyncSession, question_id: UUID) -> PersonalQuestion | None:
    """Return a question, held against other writers until the transaction ends."""
    return await session.scalar(
        select(PersonalQuestion)
        .where(PersonalQuestion.id == question_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def get(session: AsyncSession, question_id: UUID) -> PersonalQuestion | None:
    """Return a question."""
    return await session.scalar(
        select(PersonalQuestion)
        .where(PersonalQuestion.id == question_id)
        .execution_options(populate_existing=True)
    )


async def list_events(
    session: AsyncSession, patient_id: UUID, question_id: UUID, *, after: int
) -> Sequence[PersonalEvent]:
    """Return the events whose number is greater than `after`, in order."""
    rows = await session.scalars(
        select(PersonalEvent)
        .where(
            PersonalEvent.patient_id == patient_id,
            PersonalEvent.question_id == question_id,
            PersonalEvent.sequence > after,
        )
        .order_by(PersonalEvent.sequence)
    )
    return rows.all()


async def last_sequence(session: AsyncSession, patient_id: UUID, question_id: UUID) -> int:
    """Return the number of the last event, 0 before the first."""
    return (
        await session.scalar(
            select(func.max(PersonalEvent.sequence)).where(
                PersonalEvent.patient_id == patient_id, PersonalEvent.question_id == question_id
            )
        )
    ) or 0


async def remove(session: AsyncSession, row: PersonalQuestion) -> None:
    """Remove a question with all that hangs on it."""
    await session.execute(
        delete(PersonalQuestion).where(
            PersonalQuestion.patient_id == row.patient_id, PersonalQuestion.id == row.id
        )
    )


async def list_abandoned(session: AsyncSession, *, since: datetime) -> list[UUID]:
    """Return questions whose answer isn't finished, and on which nobody works since a moment."""
    rows = await session.scalars(
        select(PersonalQuestion.id)
        .where(
            PersonalQuestion.finished_at.is_(None),
            PersonalQuestion.asked_at < since,
            or_(
                PersonalQuestion.lease_expires_at.is_(None),
                PersonalQuestion.lease_expires_at < since,
            ),
        )
        .order_by(PersonalQuestion.asked_at)
        .limit(_ABANDONED_AT_A_TIME)
    )
    return list(rows)
