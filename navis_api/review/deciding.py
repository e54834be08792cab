"""Deciding on a revision: approve, ask for changes, reject.

Two people stand behind every publication: whoever wrote the revision can't approve it. That
is asked of the revision at hand alone. Who wrote an earlier one may approve what somebody
else has made of it and answers for in their own name, and a revision that changes nothing is
refused, so that nobody's text is passed through another's name untouched.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.publishing import Approval
from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.kit.text import squeeze
from navis_api.review import repository
from navis_api.review.acting import Acting, RevisionTarget, note
from navis_api.review.comments import MAX_COMMENT_CHARS
from navis_api.review.errors import CommentRequired, OwnWork
from navis_api.review.holding import Held, hold, require_free
from navis_api.review.models import Decision, ReviewDecision, StaffMember
from navis_api.review.people import require_step
from navis_api.review.periods import next_review
from navis_api.review.standing import require_quotes, settle_question

_ACTIONS = {
    Decision.APPROVE: "answer.approve",
    Decision.REQUEST_CHANGES: "answer.request_changes",
    Decision.REJECT: "answer.reject",
}

_REASONS = {
    Decision.REQUEST_CHANGES: "A reviewer has asked for changes.",
    Decision.REJECT: "A reviewer has rejected it.",
}


async def decide(
    session: AsyncSession,
    target: RevisionTarget,
    decision: Decision,
    comment: str | None,
    *,
    acting: Acting,
    catalogue: Catalogue,
    review_months: int,
) -> AnswerRevision:
    """Decide on a revision and return it, in its new state.

    A STALE one that is approved is PUBLISHED as it is for another while. `comment` is for the
    staff, and required unless it is approved. `review_months` is for how long an approval
    holds where no period is set for the cancer. The session is the reviewer's own.

    Raises RevisionUnknown, RevisionConflict, StepNotAllowed, RoleNotAllowed, NotYourCancer,
    OwnWork, ClaimedByAnother, CommentRequired, InvalidInput and, when sources have changed,
    QuotesGone.
    """
    said = squeeze(comment or "") or None
    held = await hold(session, target, publishes=decision is Decision.APPROVE)
    before = held.revision.state
    require_step(
        acting.member,
        before,
        _outcome(before, decision),
        cancer_id=held.question.cancer_id,
        catalogue=catalogue,
    )
    if decision is not Decision.APPROVE and said is None:
        raise CommentRequired
    if said is not None and len(said) > MAX_COMMENT_CHARS:
        raise InvalidInput(
            f"A comment has {MAX_COMMENT_CHARS} characters at most.", path=("input", "comment")
        )
    await require_free(session, held.revision, acting)
    if decision is Decision.APPROVE:
        await _approve(session, held, acting, catalogue, review_months=review_months)
    else:
        # The comment is for colleagues, and a state's reason is for whoever sees the revision.
        await publishing.move(
            session,
            held.revision,
            _outcome(before, decision),
            reason=_REASONS[decision],
            now=acting.now,
        )
        await settle_question(session, held)
    _remember(session, held.revision, decision, said, acting)
    await note(session, acting, _ACTIONS[decision], held.revision, before=before.value)
    return held.revision


def _outcome(before: AnswerState, decision: Decision) -> AnswerState:
    if decision is Decision.REQUEST_CHANGES:
        return AnswerState.CHANGES_REQUESTED
    if decision is Decision.REJECT:
        return AnswerState.REJECTED
    return AnswerState.PUBLISHED if before is AnswerState.STALE else AnswerState.APPROVED


async def _approve(
    session: AsyncSession,
    held: Held,
    acting: Acting,
    catalogue: Catalogue,
    *,
    review_months: int,
) -> None:
    member = acting.member
    if is_own_work(member, held.revision):
        raise OwnWork
    await require_quotes(session, held.revision)
    until = await next_review(
        session,
        held.question.cancer_id,
        catalogue=catalogue,
        default_months=review_months,
        now=acting.now,
    )
    approval = Approval(
        by=member.name,
        credentials=member.credentials,
        at=acting.now,
        next_review_on=until,
        subject=member.subject,
    )
    await publishing.approve(session, held.revision, approval, now=acting.now)


def is_own_work(member: StaffMember, revision: AnswerRevision) -> bool:
    """Whether somebody wrote a revision; a namesake of its author counts, as readers can't tell."""
    return member.subject == revision.author_subject or member.name == revision.author


def _remember(
    session: AsyncSession,
    revision: AnswerRevision,
    decision: Decision,
    comment: str | None,
    acting: Acting,
) -> None:
    member = acting.member
    session.add(
        ReviewDecision(
            id=new_id(),
            revision_id=revision.id,
            decision=decision,
            subject=member.subject,
            name=member.name,
            credentials=member.credentials,
            comment=comment,
            at=acting.now,
        )
    )


async def decisions_on(
    session: AsyncSession, revision_ids: Sequence[UUID]
) -> dict[UUID, list[ReviewDecision]]:
    """Return what was decided on each of these revisions, oldest first."""
    return await repository.list_decisions(session, revision_ids)
