"""All queries of erasing: who is meant, what there is of them, and taking it away.

The session is the system's own: much of this is nobody's to remove by themselves.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer
from navis_api.answers.publishing_models import PublishedChange
from navis_api.asking.models import IdempotencyKey
from navis_api.db.base import Base
from navis_api.generation.models import Generation
from navis_api.personal_data.erasing.models import Erasure
from navis_api.questions.models import Asking, Question, QuestionStatus
from navis_api.records.models import Patient, Record, RecordUpload
from navis_api.review.models import AnswerFeedback

_PATIENT = "patient_id"

KINDS: Final = 40
"""Kinds of rows that somebody has at most, and room for more."""


def _never_public() -> ColumnElement[bool]:
    """Return the condition of questions that nobody can have read but who asked, and the staff.

    What was published once was read by others, and whoever took it back has to be able to say
    what it was: it stays, without anybody's name. So does what somebody asked anonymously.
    """
    return (
        (Question.status != QuestionStatus.ANSWERED)
        & ~Question.asked_anonymously
        & ~exists().where(Answer.question_id == Question.id, PublishedChange.answer_id == Answer.id)
    )


def _theirs_alone(subject: str) -> ColumnElement[bool]:
    asked = select(Asking.question_id).where(Asking.subject == subject)
    by_others = exists().where(Asking.question_id == Question.id, Asking.subject != subject)
    return Question.id.in_(asked) & _never_public() & ~by_others


async def count_held(session: AsyncSession, subject: str) -> dict[str, int]:
    """Return how many rows there are that are somebody's, by the name of their table.

    Those of a patient are found by their column, so that no table is forgotten here.
    """
    counts = {
        Question.__tablename__: select(func.count()).where(_theirs_alone(subject)),
        Asking.__tablename__: select(func.count()).where(Asking.subject == subject),
        AnswerFeedback.__tablename__: select(func.count()).where(AnswerFeedback.subject == subject),
        IdempotencyKey.__tablename__: select(func.count()).where(IdempotencyKey.client == subject),
    }
    patient = select(Patient.id).where(Patient.subject == subject).scalar_subquery()
    for table in Base.metadata.sorted_tables:
        if _PATIENT in table.c:
            counts[table.name] = select(func.count()).where(table.c[_PATIENT] == patient)
    found = {
        name: (await session.execute(counted)).scalar_one() for name, counted in counts.items()
    }
    return {name: count for name, count in found.items() if count}


async def list_ids(session: AsyncSession, patient_id: UUID) -> list[UUID]:
    """Return the patient's id, and those of whatever is theirs: jobs may name any of them."""
    found = [patient_id]
    for table in Base.metadata.sorted_tables:
        if _PATIENT in table.c and "id" in table.c:
            found += await session.scalars(
                select(table.c["id"]).where(table.c[_PATIENT] == patient_id)
            )
    return found


async def lock_records(session: AsyncSession, patient_id: UUID) -> None:
    """Hold a patient's records until the transaction ends, as whoever works on one does."""
    await session.execute(
        select(Record.id)
        .where(Record.patient_id == patient_id)
        .order_by(Record.id)
        .with_for_update(key_share=True)
    )


async def end_uploads(session: AsyncSession, patient_id: UUID) -> None:
    """End a patient's uploads. Who writes to one holds it, and then needs its record."""
    await session.execute(delete(RecordUpload).where(RecordUpload.patient_id == patient_id))


async def remove_patient(session: AsyncSession, patient_id: UUID) -> None:
    """Remove a patient, and with them all rows that are theirs."""
    await session.execute(delete(Patient).where(Patient.id == patient_id))


async def list_theirs_alone(session: AsyncSession, subject: str) -> Sequence[UUID]:
    """Return the questions that somebody asked and nobody else, and that were never public."""
    return (await session.scalars(select(Question.id).where(_theirs_alone(subject)))).all()


async def lock_questions(session: AsyncSession, question_ids: Sequence[UUID]) -> None:
    """Hold questions and their generations until the transaction ends.

    Generations first: whoever writes one holds it before its question.
    """
    for table, column in ((Generation, Generation.question_id), (Question, Question.id)):
        await session.execute(
            select(table.id).where(column.in_(question_ids)).order_by(table.id).with_for_update()
        )


async def remove_askings(session: AsyncSession, subject: str) -> Sequence[UUID]:
    """Forget that somebody asked, and return which questions."""
    removed = await session.scalars(
        delete(Asking)
        .where(Asking.subject == subject)
        .returning(Asking.question_id)
        .execution_options(synchronize_session=False)
    )
    return removed.all()


async def list_left(session: AsyncSession, question_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return those of the questions that are nobody's any more."""
    by_nobody = ~exists().where(Asking.question_id == Question.id)
    left = select(Question.id).where(Question.id.in_(question_ids), _never_public(), by_nobody)
    return (await session.scalars(left)).all()


async def remove_questions(session: AsyncSession, question_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Remove questions with all that was written to them; return the ids of the generations."""
    # First, since a generation keeps the revision that it names.
    removed = await session.scalars(
        delete(Generation)
        .where(Generation.question_id.in_(question_ids))
        .returning(Generation.id)
        .execution_options(synchronize_session=False)
    )
    generation_ids = removed.all()
    await session.execute(delete(Question).where(Question.id.in_(question_ids)))
    return generation_ids


async def remove_keys(session: AsyncSession, subject: str, question_ids: Sequence[UUID]) -> None:
    """Forget the idempotency keys that somebody sent, and those that name these questions."""
    await session.execute(
        delete(IdempotencyKey).where(
            or_(IdempotencyKey.client == subject, IdempotencyKey.question_id.in_(question_ids))
        )
    )


async def get_erasure(session: AsyncSession, erasure_id: UUID) -> Erasure | None:
    """Return a receipt."""
    return await session.get(Erasure, erasure_id)


async def lock_erasure(session: AsyncSession, erasure_id: UUID) -> Erasure | None:
    """Return a receipt, held until the transaction ends."""
    return await session.get(Erasure, erasure_id, with_for_update=True, populate_existing=True)


async def list_unsettled(
    session: AsyncSession, *, begun_by: datetime, due_by: datetime, limit: int
) -> Sequence[UUID]:
    """Return receipts that wait for something.

    Either what follows the rows isn't done although that time has passed since, or it has to
    be looked at for the last time.
    """
    undone = or_(Erasure.key_destroyed_at.is_(None), Erasure.objects_removed_at.is_(None))
    found = await session.scalars(
        select(Erasure.id)
        .where(
            Erasure.settled_at.is_(None),
            or_(undone & (Erasure.erased_at <= begun_by), Erasure.erased_at <= due_by),
        )
        .order_by(Erasure.erased_at)
        .limit(limit)
    )
    return found.all()
