"""Holding the revision that a step is meant for, as whoever takes it has read it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer, AnswerRevision
from navis_api.answers.repository import hold_publications
from navis_api.questions import repository as questions
from navis_api.questions.models import Question
from navis_api.review import queue_repository, repository
from navis_api.review.acting import Acting, RevisionTarget
from navis_api.review.errors import (
    ClaimedByAnother,
    LastChange,
    NewerRevision,
    RevisionConflict,
    RevisionUnknown,
)
from navis_api.review.models import ReviewItem


@dataclass(frozen=True, slots=True)
class Held:
    """A revision with its answer and question, all held against others until the end."""

    revision: AnswerRevision
    answer: Answer
    question: Question


async def hold(session: AsyncSession, target: RevisionTarget, *, publishes: bool = False) -> Held:
    """Return what a step is meant for, held.

    `publishes` where the step may change what is public. Everybody holds in one order:
    publications, question, revisions. Raises RevisionUnknown, and RevisionConflict when
    somebody has changed the revision since it was read.
    """
    if publishes:
        await hold_publications(session)
    answer = await session.get(Answer, target.answer_id)
    if answer is None:
        raise RevisionUnknown
    question = await questions.lock(session, answer.question_id)
    revision = await repository.lock_revision(session, answer.id, target.revision)
    if revision is None:
        raise RevisionUnknown
    if revision.lock_version != target.expected_version:
        raise RevisionConflict(
            await last_change(session, revision),
            revision=revision.number,
            version=revision.lock_version,
        )
    return Held(revision, answer, question)


async def hold_due(session: AsyncSession, revision_id: UUID, *, now: datetime) -> Held | None:
    """Return a revision that is to be published by now, held; None where it no longer is."""
    await hold_publications(session)
    found = await repository.get_revision(session, revision_id)
    if found is None:
        return None
    answer = await session.get_one(Answer, found.answer_id)
    question = await questions.lock(session, answer.question_id)
    revision = await repository.lock_revision(session, answer.id, found.number)
    if revision is None or revision.publish_at is None or revision.publish_at > now:
        return None
    return Held(revision, answer, question)


async def last_change(session: AsyncSession, revision: AnswerRevision) -> LastChange:
    """Return who changed a revision last: by its newest step, or its schedule."""
    row, name = await repository.last_step(session, revision.id)
    if revision.updated_at > row.at:
        # No step, so it was the schedule; whoever cancelled one isn't kept with the revision.
        editor = (
            await repository.get_member(session, revision.publish_by)
            if revision.publish_by is not None
            else None
        )
        who = editor.name if editor else "An editor"
        return LastChange(who, revision.state, revision.state, revision.updated_at)
    return LastChange(name, row.before, row.after, row.at)


async def written_since(session: AsyncSession, newer: AnswerRevision) -> NewerRevision:
    """Return the error that says who wrote a newer revision, and what became of it."""
    return NewerRevision(
        await last_change(session, newer),
        author=newer.author,
        written_at=newer.created_at,
        revision=newer.number,
        version=newer.lock_version,
    )


async def require_free(
    session: AsyncSession, revision: AnswerRevision, acting: Acting
) -> ReviewItem | None:
    """Return the revision's place in the queue, if it has one.

    Raises ClaimedByAnother while somebody else is at it.
    """
    item = await queue_repository.get_item(session, revision.id)
    if item is not None and is_taken(item, acting.member.subject, acting.now):
        raise await taken(session, item)
    return item


def is_taken(item: ReviewItem, subject: str, now: datetime) -> bool:
    """Whether somebody other than `subject` is at an item."""
    if item.claimed_by is None or item.claimed_until is None:
        return False
    return item.claimed_by != subject and item.claimed_until > now


async def taken(session: AsyncSession, item: ReviewItem) -> ClaimedByAnother:
    """Return the error that says who is at an item. It has been claimed."""
    assert item.claimed_by is not None
    assert item.claimed_until is not None
    holder = await repository.get_member(session, item.claimed_by)
    return ClaimedByAnother(holder.name if holder else "Somebody", item.claimed_until)
