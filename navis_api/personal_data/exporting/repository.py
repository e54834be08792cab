"""All queries of exporting: what there is of somebody, a little at a time.

Sessions are the patient's own, so that row security holds what is somebody else's back, but for
the audit record: that shows itself to administrators and to our own code alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.personal.models import PersonalQuestion
from navis_api.audit.models import AuditEvent
from navis_api.cancers.models import Cancer
from navis_api.identity.viewer import ViewerKind
from navis_api.questions.models import Asking, Question, QuestionStatus
from navis_api.records.consents.models import Consent
from navis_api.records.models import Patient, Record
from navis_api.review.models import AnswerFeedback

_FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose data it is. `since` is None where there is no row of theirs: `id` is made up then."""

    id: UUID
    subject: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with when this person asked it, and the cancer's slug."""

    question_id: UUID
    text: str
    locale: str
    status: QuestionStatus
    slug: str | None
    cancer: str | None
    asked_at: datetime


async def get_patient(session: AsyncSession, subject: str) -> Patient | None:
    """Return a patient's row."""
    return await session.scalar(select(Patient).where(Patient.subject == subject))


async def list_record_ids(session: AsyncSession, patient_id: UUID) -> Sequence[UUID]:
    """Return the ids of a patient's records, the oldest first, with those that are deleted."""
    found = await session.scalars(
        select(Record.id)
        .where(Record.patient_id == patient_id)
        .order_by(Record.created_at, Record.id)
    )
    return found.all()


async def list_consents(session: AsyncSession, patient_id: UUID) -> Sequence[Consent]:
    """Return every consent that a patient ever gave, the oldest first."""
    found = await session.scalars(
        select(Consent)
        .where(Consent.patient_id == patient_id)
        .order_by(Consent.granted_at, Consent.id)
    )
    return found.all()


async def list_questions(
    session: AsyncSession, subject: str, *, after: UUID | None, limit: int
) -> list[AskedQuestion]:
    """Return questions that somebody asked, by their ids, from after one of them on."""
    found = await session.execute(
        select(
            Question.id,
            Question.text,
            Question.locale,
            Question.status,
            Question.slug,
            Cancer.slug,
            Asking.asked_at,
        )
        .join(Asking, Asking.question_id == Question.id)
        .outerjoin(Cancer, Cancer.id == Question.cancer_id)
        .where(Asking.subject == subject, Asking.question_id > (after or _FIRST))
        .order_by(Asking.question_id)
        .limit(limit)
    )
    return [AskedQuestion(*row) for row in found]


async def list_feedback(
    session: AsyncSession, subject: str, *, after: UUID | None, limit: int
) -> Sequence[AnswerFeedback]:
    """Return what somebody said of answers, by its ids, from after one of them on."""
    found = await session.scalars(
        select(AnswerFeedback)
        .where(AnswerFeedback.subject == subject, AnswerFeedback.id > (after or _FIRST))
        .order_by(AnswerFeedback.id)
        .limit(limit)
    )
    return found.all()


async def list_personal_questions(
    session: AsyncSession, patient_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[PersonalQuestion]:
    """Return a patient's personal questions, by their ids, from after one of them on."""
    found = await session.scalars(
        select(PersonalQuestion)
        .where(PersonalQuestion.patient_id == patient_id, PersonalQuestion.id > (after or _FIRST))
        .order_by(PersonalQuestion.id)
        .limit(limit)
    )
    return found.all()


async def newest_act(session: AsyncSession) -> int:
    """Return the number of the newest row of the audit record."""
    return await session.scalar(select(func.max(AuditEvent.sequence))) or 0


async def list_acts(
    session: AsyncSession,
    holder: Holder,
    record_ids: Sequence[UUID],
    *,
    first: int,
    last: int,
) -> Sequence[AuditEvent]:
    """Return the rows with these numbers that are of what this person did, or of what is theirs.

    Rows from before migration 0017 have the identity provider's name in place of our id.
    """
    own = and_(
        AuditEvent.actor_kind == ViewerKind.PATIENT.value,
        AuditEvent.actor.in_((str(holder.id), holder.subject)),
    )
    of_theirs = or_(
        and_(AuditEvent.object_type == "patient", AuditEvent.object_id == str(holder.id)),
        and_(
            AuditEvent.object_type == "record",
            AuditEvent.object_id.in_([str(each) for each in record_ids]),
        ),
    )
    found = await session.scalars(
        select(AuditEvent)
        .where(AuditEvent.sequence.between(first, last), or_(own, of_theirs))
        .order_by(AuditEvent.sequence)
    )
    return found.all()
