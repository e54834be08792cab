"""All queries on reviews of personal answers, as whoever the session acts for.

Row security shows a reviewer the answers of patients who consent to a review. That the consent
is to the text of now is asked for here, in the same statement.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.reviews.models import PersonalReview
from navis_api.db.paging import Order, Page, PageRequest, fetch_page
from navis_api.generation.models import GenerationStatus
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.texts import current_version

_OLDEST_FIRST = Order(
    "personal-reviews",
    (PersonalQuestion.finished_at, PersonalQuestion.id),
    (datetime, UUID),
)


def _version() -> int:
    return current_version(ConsentPurpose.REVIEW)


def _is_open() -> ColumnElement[bool]:
    """Whether the patient consents to a review by the viewer, in the words that stand now."""
    return func.navis_review_consent(PersonalQuestion.patient_id) == _version()


async def list_waiting(session: AsyncSession, page: PageRequest) -> Page[PersonalQuestion]:
    """Return a page of the answers that the viewer may review and nobody has, oldest first."""
    decided = exists().where(
        PersonalReview.patient_id == PersonalQuestion.patient_id,
        PersonalReview.question_id == PersonalQuestion.id,
    )
    statement = select(PersonalQuestion).where(
        PersonalQuestion.status == GenerationStatus.COMPLETED, _is_open(), ~decided
    )
    return await fetch_page(session, statement, _OLDEST_FIRST, page)


async def get(session: AsyncSession, question_id: UUID) -> PersonalQuestion | None:
    """Return a question whose answer the viewer may review, decided on or not."""
    return await session.scalar(
        select(PersonalQuestion)
        .where(
            PersonalQuestion.id == question_id,
            PersonalQuestion.status == GenerationStatus.COMPLETED,
            _is_open(),
        )
        .execution_options(populate_existing=True)
    )


async def hold(session: AsyncSession, row: PersonalQuestion) -> bool:
    """Hold consent and question until the transaction ends; False where either is gone."""
    held = func.navis_hold_for_review(row.patient_id, row.id, _version())
    return bool(await session.scalar(select(held)))


async def reviews_of(
    session: AsyncSession, question_ids: Sequence[UUID]
) -> dict[UUID, PersonalReview]:
    """Return what was decided on these questions' answers, by question."""
    rows = await session.scalars(
        select(PersonalReview).where(PersonalReview.question_id.in_(question_ids))
    )
    return {row.question_id: row for row in rows}


async def add(session: AsyncSession, review: PersonalReview) -> bool:
    """Store a review; False where there is one already, which stays."""
    stored = {
        column.name: getattr(review, column.name) for column in PersonalReview.__table__.columns
    }
    result = await session.scalar(
        insert(PersonalReview)
        .values(stored)
        .on_conflict_do_nothing()
        .returning(PersonalReview.question_id)
    )
    return result is not None
