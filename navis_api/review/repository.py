"""All queries of the review on people, revisions, decisions, comments and periods."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer, AnswerRevision
from navis_api.answers.publishing_models import AnswerHistoryRow
from navis_api.answers.states import ENDS, LIVE
from navis_api.questions.models import Question
from navis_api.review.models import ClaimComment, ReviewDecision, ReviewPeriod, StaffMember


async def get_member(session: AsyncSession, subject: str) -> StaffMember | None:
    """Return whoever has a subject on the staff, active or not."""
    return await session.scalar(select(StaffMember).where(StaffMember.subject == subject))


async def get_members(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, StaffMember]:
    """Return these members, by id."""
    rows = await session.scalars(select(StaffMember).where(StaffMember.id.in_(ids)))
    return {row.id: row for row in rows}


async def members_by_subject(
    session: AsyncSession, subjects: Sequence[str]
) -> dict[str, StaffMember]:
    """Return who has these subjects on the staff."""
    rows = await session.scalars(select(StaffMember).where(StaffMember.subject.in_(subjects)))
    return {row.subject: row for row in rows}


async def list_members(session: AsyncSession, *, active_only: bool) -> Sequence[StaffMember]:
    """Return the staff, by name."""
    statement = select(StaffMember).order_by(StaffMember.name, StaffMember.id)
    if active_only:
        statement = statement.where(StaffMember.active)
    return (await session.scalars(statement)).all()


async def get_revision(session: AsyncSession, revision_id: UUID) -> AnswerRevision | None:
    """Return a revision, not held."""
    return await session.get(AnswerRevision, revision_id, populate_existing=True)


async def lock_revision(
    session: AsyncSession, answer_id: UUID, number: int
) -> AnswerRevision | None:
    """Return a revision of an answer, held against other writers."""
    return await session.scalar(
        select(AnswerRevision)
        .where(AnswerRevision.answer_id == answer_id, AnswerRevision.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def last_step(
    session: AsyncSession, revision_id: UUID
) -> tuple[AnswerHistoryRow, str | None]:
    """Return the newest step of a revision, and the name of whoever took it; None: our code."""
    row, name = (
        await session.execute(
            select(AnswerHistoryRow, StaffMember.name)
            .outerjoin(StaffMember, StaffMember.subject == AnswerHistoryRow.actor_subject)
            .where(AnswerHistoryRow.revision_id == revision_id)
            .order_by(AnswerHistoryRow.sequence.desc())
            .limit(1)
        )
    ).one()
    return row, name


async def live_and_waiting(session: AsyncSession, answer_id: UUID) -> tuple[bool, bool]:
    """Whether something of an answer is live, and whether something of it may yet become so."""
    states = set(
        await session.scalars(
            select(AnswerRevision.state).where(
                AnswerRevision.answer_id == answer_id, AnswerRevision.state.not_in(ENDS)
            )
        )
    )
    return not states.isdisjoint(LIVE), bool(states.difference(LIVE))


async def newest_waiting(session: AsyncSession, answer_id: UUID) -> AnswerRevision | None:
    """Return the newest revision of an answer that may yet become live."""
    return await session.scalar(
        select(AnswerRevision)
        .where(AnswerRevision.answer_id == answer_id, AnswerRevision.state.not_in((*ENDS, *LIVE)))
        .order_by(AnswerRevision.number.desc())
        .limit(1)
    )


async def list_due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Return the revisions that were to be published by now, longest due first."""
    return (
        await session.scalars(
            select(AnswerRevision.id)
            .where(AnswerRevision.publish_at <= now)
            .order_by(AnswerRevision.publish_at, AnswerRevision.id)
            .limit(limit)
        )
    ).all()


async def taken_slugs(session: AsyncSession, slugs: Sequence[str], *, but_of: UUID) -> set[str]:
    """Return those of these slugs that other questions, or their answers, have."""
    of_questions = await session.scalars(
        select(Question.slug).where(Question.slug.in_(slugs), Question.id != but_of)
    )
    of_answers = await session.scalars(
        select(Answer.slug).where(Answer.slug.in_(slugs), Answer.question_id != but_of)
    )
    return {slug for slug in (*of_questions, *of_answers) if slug is not None}


async def list_decisions(
    session: AsyncSession, revision_ids: Sequence[UUID]
) -> dict[UUID, list[ReviewDecision]]:
    """Return what was decided on each of these revisions, oldest first."""
    rows = await session.scalars(
        select(ReviewDecision)
        .where(ReviewDecision.revision_id.in_(revision_ids))
        .order_by(ReviewDecision.at, ReviewDecision.id)
    )
    found: dict[UUID, list[ReviewDecision]] = {each: [] for each in revision_ids}
    for row in rows:
        found[row.revision_id].append(row)
    return found


async def lock_comment(session: AsyncSession, comment_id: UUID) -> ClaimComment | None:
    """Return a comment, held against other writers."""
    return await session.get(ClaimComment, comment_id, with_for_update=True)


async def list_comments(
    session: AsyncSession, revision_ids: Sequence[UUID]
) -> dict[UUID, list[ClaimComment]]:
    """Return the comments on each of these revisions, oldest first."""
    rows = await session.scalars(
        select(ClaimComment)
        .where(ClaimComment.revision_id.in_(revision_ids))
        .order_by(ClaimComment.at, ClaimComment.id)
    )
    found: dict[UUID, list[ClaimComment]] = {each: [] for each in revision_ids}
    for comment in rows:
        found[comment.revision_id].append(comment)
    return found


async def periods_of(session: AsyncSession, cancer_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return after how many months answers on these cancers are reviewed, where that is set."""
    rows = await session.execute(
        select(ReviewPeriod.cancer_id, ReviewPeriod.months).where(
            ReviewPeriod.cancer_id.in_(cancer_ids)
        )
    )
    return dict(rows.all())


async def set_period(
    session: AsyncSession, cancer_id: UUID, months: int | None, *, now: datetime
) -> None:
    """Set after how many months answers on a cancer are reviewed, or take that away."""
    if months is None:
        await session.execute(delete(ReviewPeriod).where(ReviewPeriod.cancer_id == cancer_id))
        return
    added = insert(ReviewPeriod).values(cancer_id=cancer_id, months=months, updated_at=now)
    await session.execute(
        added.on_conflict_do_update(
            index_elements=[ReviewPeriod.cancer_id], set_={"months": months, "updated_at": now}
        )
    )
