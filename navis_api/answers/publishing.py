"""Taking a revision from one state to the next.

Who may have it done is decided above, and held by the database too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import repository
from navis_api.answers.errors import StepNotAllowed
from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.answers.states import transition


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved a revision, when, and until when it holds.

    `subject` is the reviewer's, None where somebody outside approved and it was imported.
    """

    by: str
    credentials: str
    at: datetime
    next_review_on: date
    subject: str | None = None


async def move(
    session: AsyncSession,
    revision: AnswerRevision,
    to: AnswerState,
    *,
    now: datetime,
    reason: str | None = None,
    **changed: Any,  # noqa: ANN401 - columns of the revision, each of its own type
) -> None:
    """Take a revision to another state, with the columns that change by it.

    `reason` is shown with the state in the history. Raises StepNotAllowed.
    """
    if transition(revision.state, to) is None:
        raise StepNotAllowed(revision.state, to)
    for name, value in changed.items():
        setattr(revision, name, value)
    revision.state = to
    revision.state_reason = reason
    revision.updated_at = now
    await session.flush()
    # The trigger counts the version, and forgets what was said of the state before.
    await session.refresh(revision, ["lock_version", "publish_at", "publish_by", "stale_claims"])


async def submit(session: AsyncSession, revision: AnswerRevision, *, now: datetime) -> None:
    """Have a draft wait for a reviewer, in the place of those before it that were never live."""
    for older in await repository.waiting_revisions(session, revision.answer_id):
        if older.id != revision.id:
            await move(
                session,
                older,
                AnswerState.SUPERSEDED,
                reason=f"Revision {revision.number} has taken its place.",
                now=now,
            )
    await move(session, revision, AnswerState.IN_REVIEW, now=now)


async def approve(
    session: AsyncSession, revision: AnswerRevision, approval: Approval, *, now: datetime
) -> None:
    """Mark a revision as approved or, when it is stale, as good for another while."""
    stale = revision.state is AnswerState.STALE
    if stale:
        await repository.hold_publications(session)
    await move(
        session,
        revision,
        AnswerState.PUBLISHED if stale else AnswerState.APPROVED,
        now=now,
        approved_by=approval.by,
        approver_credentials=approval.credentials,
        approver_subject=approval.subject,
        approved_at=approval.at,
        next_review_on=approval.next_review_on,
    )


async def publish(
    session: AsyncSession, revision: AnswerRevision, *, slug: str, now: datetime
) -> None:
    """Make an approved revision public at an address, in place of the one that was live.

    Both happen in the caller's transaction: at every instant there is just one.
    """
    await repository.hold_publications(session)
    live = await repository.live_revision(session, revision.answer_id)
    if live is not None:
        await move(
            session,
            live,
            AnswerState.SUPERSEDED,
            reason=f"Revision {revision.number} has taken its place.",
            now=now,
        )
    answer = await session.get_one(Answer, revision.answer_id)
    answer.slug = slug
    await session.flush()
    await move(session, revision, AnswerState.PUBLISHED, now=now, published_at=now)


async def retract(
    session: AsyncSession, revision: AnswerRevision, *, reason: str, now: datetime
) -> None:
    """Take a live revision back. `reason` is public: the answer's page says it."""
    await repository.hold_publications(session)
    await move(session, revision, AnswerState.RETRACTED, reason=reason, now=now)


async def expire(
    session: AsyncSession,
    revision: AnswerRevision,
    *,
    reason: str,
    claims: Sequence[dict[str, Any]] | None = None,
    now: datetime,
) -> None:
    """Mark a published revision as due for another review; it stays public, with a notice.

    `claims` are those whose quotes no longer stand (`AnswerRevision.stale_claims`).
    """
    await repository.hold_publications(session)
    await move(
        session,
        revision,
        AnswerState.STALE,
        reason=reason,
        now=now,
        stale_claims=list(claims) if claims else None,
    )
