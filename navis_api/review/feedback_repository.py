"""Queries on what readers say of answers, and on the places in the queue that it earns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Text, case, cast, delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.states import LIVE
from navis_api.db.paging import Order, Page, PageRequest, fetch_page
from navis_api.db.sessions import SYSTEM_ROWS, RowViewer
from navis_api.review.models import AnswerFeedback, FeedbackKind, ReviewItem

REPORTS = (FeedbackKind.HARM, FeedbackKind.PROBLEM)
"""What somebody on the staff has to look at; the rest is counted."""

OPINIONS = (FeedbackKind.HELPFUL, FeedbackKind.NOT_HELPFUL)

# The newest opinion of somebody who is signed in is theirs; others are told apart by nothing.
_READER = func.coalesce(AnswerFeedback.subject, cast(AnswerFeedback.id, Text))
_URGENCY = case(
    (AnswerFeedback.kind == FeedbackKind.HARM, 0),
    (AnswerFeedback.kind == FeedbackKind.PROBLEM, 1),
    else_=2,
)
_OPEN = Order(
    name="open feedback",
    columns=(_URGENCY, AnswerFeedback.at, AnswerFeedback.id),
    kinds=(int, datetime, UUID),
)
# What may stand in the queue, besides what readers are served.
_IN_QUEUE = (
    *LIVE,
    AnswerState.IN_REVIEW,
    AnswerState.CHANGES_REQUESTED,
    AnswerState.APPROVED,
)


@dataclass(frozen=True, slots=True)
class OpenReports:
    """How many reports nobody has dealt with; `problem_readers` count each reader once."""

    harm: int
    problem: int
    problem_readers: int


NO_REPORTS = OpenReports(0, 0, 0)


async def see_as(session: AsyncSession, viewer: RowViewer) -> None:
    """Let row security show a session of the system what a viewer sees, until `see_as_system`."""
    await session.execute(
        select(
            func.set_config("navis.role", viewer.role, True),  # noqa: FBT003 - SQL's argument
            func.set_config("navis.subject", viewer.subject, True),  # noqa: FBT003 - as above
        )
    )


async def see_as_system(session: AsyncSession) -> None:
    """Undo `see_as`."""
    await see_as(session, SYSTEM_ROWS)


async def was_public(session: AsyncSession, answer_id: UUID, number: int) -> AnswerRevision | None:
    """Return a revision of an answer that is or was public."""
    return await session.scalar(
        select(AnswerRevision).where(
            AnswerRevision.answer_id == answer_id,
            AnswerRevision.number == number,
            AnswerRevision.published_at.is_not(None),
        )
    )


async def add(session: AsyncSession, feedback: Mapping[str, object]) -> AnswerFeedback | None:
    """Add feedback, and return it; None where its client's idempotency key is used already."""
    return await session.scalar(
        insert(AnswerFeedback)
        .values(feedback)
        .on_conflict_do_nothing(
            index_elements=["client", "idempotency_key"],
            index_where=AnswerFeedback.idempotency_key.is_not(None),
        )
        .returning(AnswerFeedback)
    )


async def require_by_key(session: AsyncSession, client: str, key: str) -> AnswerFeedback:
    """Return the feedback that came with a key."""
    return (
        await session.scalars(
            select(AnswerFeedback).where(
                AnswerFeedback.client == client, AnswerFeedback.idempotency_key == key
            )
        )
    ).one()


async def get(session: AsyncSession, feedback_id: UUID) -> AnswerFeedback | None:
    """Return one."""
    return await session.get(AnswerFeedback, feedback_id)


async def lock(session: AsyncSession, feedback_id: UUID) -> AnswerFeedback | None:
    """Return one, held against other writers."""
    return await session.get(
        AnswerFeedback, feedback_id, with_for_update=True, populate_existing=True
    )


async def list_of_reader(session: AsyncSession, subject: str) -> Sequence[AnswerFeedback]:
    """Return what somebody has said, signed in."""
    wanted = select(AnswerFeedback).where(AnswerFeedback.subject == subject)
    return (await session.scalars(wanted)).all()


async def remove_of_reader(session: AsyncSession, subject: str) -> Sequence[UUID]:
    """Remove what somebody has said, signed in, and return its ids."""
    removed = await session.scalars(
        delete(AnswerFeedback)
        .where(AnswerFeedback.subject == subject)
        .returning(AnswerFeedback.id)
        .execution_options(synchronize_session=False)
    )
    return removed.all()


async def hold_reports(session: AsyncSession, answer_id: UUID) -> None:
    """Have all who report something of an answer wait for each other, so that all are counted."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"navis feedback {answer_id}", 0)))
    )


async def lock_target(session: AsyncSession, answer_id: UUID) -> AnswerRevision | None:
    """Return the revision of an answer that reports put into the queue, held as it is.

    It is the live one or, without one, the newest that waits.
    """
    wanted = (
        _targets(answer_id).with_for_update(read=True).execution_options(populate_existing=True)
    )
    # A revision that was superseded while we waited for it is passed over, and the one that
    # took its place is only seen by another statement.
    return await session.scalar(wanted) or await session.scalar(wanted)


def _targets(answer_id: UUID) -> Select[AnswerRevision]:
    return (
        select(AnswerRevision)
        .where(AnswerRevision.answer_id == answer_id, AnswerRevision.state.in_(_IN_QUEUE))
        .order_by(AnswerRevision.state.in_(LIVE).desc(), AnswerRevision.number.desc())
        .limit(1)
    )


async def open_reports(session: AsyncSession, revision: AnswerRevision) -> OpenReports:
    """Return the open reports on a revision's answer, if they concern this revision."""
    target = await session.scalar(_targets(revision.answer_id).with_only_columns(AnswerRevision.id))
    if target != revision.id:
        return NO_REPORTS
    of_kind = {kind: func.count().filter(AnswerFeedback.kind == kind) for kind in REPORTS}
    readers = func.count(_READER.distinct()).filter(AnswerFeedback.kind == FeedbackKind.PROBLEM)
    row = (
        await session.execute(
            select(of_kind[FeedbackKind.HARM], of_kind[FeedbackKind.PROBLEM], readers).where(
                AnswerFeedback.answer_id == revision.answer_id,
                AnswerFeedback.resolved_at.is_(None),
            )
        )
    ).one()
    return OpenReports(*row)


async def answers_reported(session: AsyncSession) -> Sequence[UUID]:
    """Return the answers with open reports."""
    return (
        await session.scalars(
            select(AnswerFeedback.answer_id)
            .where(AnswerFeedback.kind.in_(REPORTS), AnswerFeedback.resolved_at.is_(None))
            .distinct()
        )
    ).all()


async def lock_item(session: AsyncSession, revision_id: UUID) -> ReviewItem | None:
    """Return a revision's place in the queue, held against other writers."""
    return await session.get(ReviewItem, revision_id, with_for_update=True, populate_existing=True)


async def count_by_kind(
    session: AsyncSession, answer_ids: Sequence[UUID]
) -> list[tuple[UUID, FeedbackKind, int, int]]:
    """Return answer, kind, number and how many of them are open."""
    newest_opinions = (
        select(AnswerFeedback.id)
        .where(AnswerFeedback.answer_id.in_(answer_ids), AnswerFeedback.kind.in_(OPINIONS))
        .ext(distinct_on(AnswerFeedback.answer_id, _READER))
        .order_by(
            AnswerFeedback.answer_id, _READER, AnswerFeedback.at.desc(), AnswerFeedback.id.desc()
        )
    )
    rows = await session.execute(
        select(
            AnswerFeedback.answer_id,
            AnswerFeedback.kind,
            func.count(),
            func.count().filter(AnswerFeedback.resolved_at.is_(None)),
        )
        .where(
            AnswerFeedback.answer_id.in_(answer_ids),
            AnswerFeedback.kind.in_(REPORTS) | AnswerFeedback.id.in_(newest_opinions),
        )
        .group_by(AnswerFeedback.answer_id, AnswerFeedback.kind)
    )
    return [(answer_id, kind, number, unresolved) for answer_id, kind, number, unresolved in rows]


async def page_of_open(
    session: AsyncSession,
    page: PageRequest,
    *,
    kinds: Sequence[FeedbackKind],
    answer_id: UUID | None,
) -> Page[AnswerFeedback]:
    """Return a page of what nobody has dealt with: harm first, then problems, oldest first."""
    wanted = select(AnswerFeedback).where(
        AnswerFeedback.kind.in_(kinds), AnswerFeedback.resolved_at.is_(None)
    )
    if answer_id is not None:
        wanted = wanted.where(AnswerFeedback.answer_id == answer_id)
    return await fetch_page(session, wanted, _OPEN, page)
