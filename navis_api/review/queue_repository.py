"""All queries on the queue: what waits, and who is at it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.db.paging import Order, Page, PageRequest, fetch_page
from navis_api.questions.models import Question
from navis_api.review.models import ReviewItem

_QUEUE = Order(
    name="review queue",
    columns=(ReviewItem.rank, ReviewItem.queued_at, ReviewItem.revision_id),
    kinds=(int, datetime, UUID),
)

ItemRow = tuple[ReviewItem, AnswerRevision, Answer, Question]
"""An item of the queue with what it is about."""


def _items() -> Select[ReviewItem, AnswerRevision, Answer, Question]:
    return (
        select(ReviewItem, AnswerRevision, Answer, Question)
        .join(AnswerRevision, AnswerRevision.id == ReviewItem.revision_id)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(Question, Question.id == Answer.question_id)
    )


async def count_waiting(session: AsyncSession) -> tuple[int, datetime | None]:
    """Return how many revisions wait for somebody, and since when the oldest does."""
    row = await session.execute(select(func.count(), func.min(ReviewItem.queued_at)))
    count, since = row.one()
    return count, since


async def page_of_items(
    session: AsyncSession,
    page: PageRequest,
    *,
    cancer_ids: Sequence[UUID] | None,
    states: Sequence[AnswerState] | None,
    most_rank: int | None,
    free_for: str | None,
    claimed_by: str | None,
    now: datetime,
) -> Page[ItemRow]:
    """Return a page of the queue; see `queue.QueueFilter`."""
    statement = (
        select(ReviewItem)
        .join(AnswerRevision, AnswerRevision.id == ReviewItem.revision_id)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(Question, Question.id == Answer.question_id)
    )
    if cancer_ids is not None:
        statement = statement.where(Question.cancer_id.in_(cancer_ids))
    if states is not None:
        statement = statement.where(AnswerRevision.state.in_(states))
    if most_rank is not None:
        statement = statement.where(ReviewItem.rank <= most_rank)
    if free_for is not None:
        statement = statement.where(
            or_(
                ReviewItem.claimed_by.is_(None),
                ReviewItem.claimed_by == free_for,
                ReviewItem.claimed_until <= now,
            )
        )
    if claimed_by is not None:
        statement = statement.where(
            ReviewItem.claimed_by == claimed_by, ReviewItem.claimed_until > now
        )
    found = await fetch_page(session, statement, _QUEUE, page)
    rows = await list_items(session, [item.revision_id for item in found.rows])
    by_revision = {row[0].revision_id: row for row in rows}
    # What was taken from the queue between the two statements isn't there any more.
    kept = [at for at, item in enumerate(found.rows) if item.revision_id in by_revision]
    return Page(
        rows=[by_revision[found.rows[at].revision_id] for at in kept],
        cursors=[found.cursors[at] for at in kept],
        has_next=found.has_next,
        has_previous=found.has_previous,
    )


async def list_items(session: AsyncSession, revision_ids: Sequence[UUID]) -> Sequence[ItemRow]:
    """Return those of these revisions that wait."""
    rows = await session.execute(
        _items()
        .where(ReviewItem.revision_id.in_(revision_ids))
        .execution_options(populate_existing=True)
    )
    return [(item, revision, answer, question) for item, revision, answer, question in rows]


async def list_left(
    session: AsyncSession,
    *,
    waiting_since: Mapping[AnswerState, datetime],
    urgent_rank: int,
    urgent_since: datetime,
    approved_since: datetime,
    due: datetime,
    now: datetime,
    limit: int,
) -> Sequence[ItemRow]:
    """Return what has waited since these moments or longer, or was claimed and left.

    `due` is when an approved one was to be published at the latest. Oldest first.
    """
    approved = AnswerRevision.state == AnswerState.APPROVED
    rows = await session.execute(
        _items()
        .where(
            or_(
                ReviewItem.claimed_until <= now,
                and_(approved, AnswerRevision.publish_at < due),
                and_(
                    approved,
                    AnswerRevision.publish_at.is_(None),
                    ReviewItem.queued_at < approved_since,
                ),
                and_(
                    ~approved, ReviewItem.rank <= urgent_rank, ReviewItem.queued_at < urgent_since
                ),
                *(
                    and_(AnswerRevision.state == state, ReviewItem.queued_at < since)
                    for state, since in waiting_since.items()
                ),
            )
        )
        .order_by(ReviewItem.queued_at, ReviewItem.revision_id)
        .limit(limit)
    )
    return [(item, revision, answer, question) for item, revision, answer, question in rows]


async def count_items(
    session: AsyncSession, cancer_ids: Sequence[UUID] | None
) -> Sequence[tuple[AnswerState, int, UUID | None, int]]:
    """Return how many items there are of each state, rank and cancer."""
    statement = (
        select(AnswerRevision.state, ReviewItem.rank, Question.cancer_id, func.count())
        .select_from(ReviewItem)
        .join(AnswerRevision, AnswerRevision.id == ReviewItem.revision_id)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(Question, Question.id == Answer.question_id)
        .group_by(AnswerRevision.state, ReviewItem.rank, Question.cancer_id)
    )
    if cancer_ids is not None:
        statement = statement.where(Question.cancer_id.in_(cancer_ids))
    rows = await session.execute(statement)
    return [(state, rank, cancer_id, number) for state, rank, cancer_id, number in rows]


async def get_item(session: AsyncSession, revision_id: UUID) -> ReviewItem | None:
    """Return a revision's place in the queue."""
    return await session.get(ReviewItem, revision_id, populate_existing=True)


async def claim_item(
    session: AsyncSession, revision_id: UUID, subject: str, *, until: datetime, now: datetime
) -> bool:
    """Take an item that nobody else is at, and say whether it was to be had.

    One statement: of two who come at the same moment, one gets it.
    """
    taken = await session.execute(
        update(ReviewItem)
        .where(
            ReviewItem.revision_id == revision_id,
            or_(
                ReviewItem.claimed_by.is_(None),
                ReviewItem.claimed_by == subject,
                ReviewItem.claimed_until <= now,
            ),
        )
        .values(claimed_by=subject, claimed_until=until)
        .returning(ReviewItem.revision_id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


async def release_item(session: AsyncSession, revision_id: UUID, *, seen: str | None) -> None:
    """Let others at an item, if it is still with whoever it was seen with."""
    await session.execute(
        update(ReviewItem)
        .where(ReviewItem.revision_id == revision_id, ReviewItem.claimed_by == seen)
        .values(claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
