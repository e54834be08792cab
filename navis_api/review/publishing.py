"""Publishing an approved revision, now or at a time, and taking a published one back."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers.errors import StepNotAllowed
from navis_api.answers.models import AnswerRevision, AnswerScope, AnswerState
from navis_api.answers.repository import live_revision, waiting_revisions
from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import InvalidInput
from navis_api.questions import service as questions
from navis_api.review.acting import Acting, RevisionTarget, note
from navis_api.review.addresses import address_for
from navis_api.review.errors import NothingScheduled, PersonalAnswer
from navis_api.review.holding import Held, hold, require_free, written_since
from navis_api.review.people import require_step
from navis_api.review.reasons import given_reason
from navis_api.review.standing import require_quotes, settle_question

MOST_AHEAD = timedelta(days=731)
"""By then every approval should have been looked at anew: more is a slip."""


async def publish(
    session: AsyncSession,
    target: RevisionTarget,
    *,
    slug: str | None = None,
    at: datetime | None = None,
    acting: Acting,
    catalogue: Catalogue,
) -> AnswerRevision:
    """Make an approved revision public, now or (`at`) later, and return it.

    What was live of the answer is superseded in the same transaction. An answer that was
    public keeps its address; otherwise it is `slug`, or made from the question. One that is
    scheduled is published by the worker and meanwhile APPROVED, with `publish_at`; being
    published now, or scheduled again, ends that. The session is the editor's own.

    Raises RevisionUnknown, RevisionConflict, NewerRevision when that is live, StepNotAllowed,
    RoleNotAllowed, ClaimedByAnother, QuotesGone, PersonalAnswer, AddressStays, AddressTaken
    and InvalidInput.
    """
    held = await hold(session, target, publishes=True)
    _require_publishable(held, acting, catalogue)
    await require_free(session, held.revision, acting)
    if at is not None and at > acting.now:
        if at - acting.now > MOST_AHEAD:
            raise InvalidInput(
                "A publication is scheduled two years ahead at most.", path=("input", "at")
            )
        await _schedule(session, held, slug, at, acting)
        return held.revision
    await make_public(session, held, slug=slug, catalogue=catalogue, now=acting.now)
    await note(session, acting, "answer.publish", held.revision)
    return held.revision


async def make_public(
    session: AsyncSession, held: Held, *, slug: str | None, catalogue: Catalogue, now: datetime
) -> None:
    """Publish a held revision that is APPROVED.

    Raises QuotesGone, NewerRevision, and what `address_for` does.
    """
    live = await live_revision(session, held.answer.id)
    if live is not None and live.number > held.revision.number:
        raise await written_since(session, live)
    await require_quotes(session, held.revision)
    address = await address_for(session, held, slug)
    await publishing.publish(session, held.revision, slug=address, now=now)
    await questions.mark_answered(
        session,
        held.question,
        slug=address,
        catalogue=catalogue,
        answer_text=f"{held.revision.title} {held.revision.summary}",
        now=now,
    )


def _require_publishable(held: Held, acting: Acting, catalogue: Catalogue) -> None:
    # A stale one comes back by a reviewer's decision alone (`deciding`).
    if held.revision.state is not AnswerState.APPROVED:
        raise StepNotAllowed(held.revision.state, AnswerState.PUBLISHED)
    require_step(
        acting.member,
        held.revision.state,
        AnswerState.PUBLISHED,
        cancer_id=held.question.cancer_id,
        catalogue=catalogue,
    )
    if held.answer.scope is not AnswerScope.GENERAL:
        raise PersonalAnswer


async def _schedule(
    session: AsyncSession, held: Held, slug: str | None, at: datetime, acting: Acting
) -> None:
    await require_quotes(session, held.revision)
    if slug is not None:
        held.answer.slug = await address_for(session, held, slug)
    held.revision.publish_by = acting.member.subject
    await set_schedule(session, held.revision, at, now=acting.now)
    await note(session, acting, "answer.schedule", held.revision, publish_at=at)


async def set_schedule(
    session: AsyncSession, revision: AnswerRevision, at: datetime | None, *, now: datetime
) -> None:
    """Say when a revision is to be published, or that it isn't."""
    revision.publish_at = at
    if at is None:
        revision.publish_by = None
    revision.updated_at = now
    await session.flush()
    await session.refresh(revision, ["lock_version"])


async def cancel_schedule(
    session: AsyncSession, target: RevisionTarget, *, acting: Acting, catalogue: Catalogue
) -> AnswerRevision:
    """Let a scheduled revision wait again for its publication, and return it.

    Raises RevisionUnknown, RevisionConflict, StepNotAllowed, RoleNotAllowed and
    NothingScheduled.
    """
    held = await hold(session, target)
    if held.revision.publish_at is None:
        raise NothingScheduled
    _require_publishable(held, acting, catalogue)
    await set_schedule(session, held.revision, None, now=acting.now)
    await note(session, acting, "answer.unschedule", held.revision)
    return held.revision


async def retract(
    session: AsyncSession,
    target: RevisionTarget,
    reason: str,
    *,
    acting: Acting,
    catalogue: Catalogue,
) -> AnswerRevision:
    """Take a live revision back at once, whoever is at it, and return it.

    `reason` is public: it stands on the answer's page and in the changes that copies follow.
    What was scheduled to follow it no longer is, since nothing should bring the answer back
    unless somebody means it to.
    Raises RevisionUnknown, RevisionConflict, StepNotAllowed, RoleNotAllowed, ReasonRequired
    and InvalidInput.
    """
    said = given_reason(reason)
    held = await hold(session, target, publishes=True)
    before = held.revision.state
    require_step(
        acting.member,
        before,
        AnswerState.RETRACTED,
        cancer_id=held.question.cancer_id,
        catalogue=catalogue,
    )
    await publishing.retract(session, held.revision, reason=said, now=acting.now)
    for waiting in await waiting_revisions(session, held.answer.id):
        if waiting.publish_at is not None:
            await set_schedule(session, waiting, None, now=acting.now)
    await settle_question(session, held)
    await note(session, acting, "answer.retract", held.revision, before=before.value)
    return held.revision
