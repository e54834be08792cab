"""What one of the staff may do with a revision: what is shown to them, and nothing else.

It saves people from trying in vain. Whether something is really done, the services decide.
"""

from navis_api.answers.models import AnswerScope, AnswerState
from navis_api.answers.repository import AnswerView
from navis_api.answers.states import ENDS, LIVE, transition
from navis_api.cancers.catalogue import Catalogue
from navis_api.questions.models import Question
from navis_api.review.deciding import is_own_work
from navis_api.review.holding import is_taken
from navis_api.review.models import StaffMember, StaffRole
from navis_api.review.people import may_decide
from navis_api.review.queue import QueueEntry
from navis_api.web.review.desk import Desk

_CLAIM, _RELEASE = "claim", "release"
_APPROVE, _REQUEST_CHANGES, _REJECT = "approve", "request_changes", "reject"
_WRITERS = frozenset({StaffRole.REVIEWER, StaffRole.EDITOR})


def allowed(
    desk: Desk, view: AnswerView, question: Question, entry: QueueEntry | None, *, newest: int
) -> frozenset[str]:
    """Return the names of what a member may do with a revision now.

    `entry` is its place in the queue, where it has one; `newest` the number of the answer's
    newest revision.
    """
    found = {"comment", "resolve"}
    member, revision = desk.member, view.revision
    taken = entry is not None and is_taken(entry.item, member.subject, desk.now)
    found |= _claiming(desk, entry, taken=taken)
    if taken or not concerns(member, question, desk.catalogue):
        return frozenset(found | _taking_back(member, revision.state))
    found |= _deciding(member, view)
    writes = member.role in _WRITERS and revision.number == newest
    if writes and revision.state not in ENDS:
        found.add("edit")
    if writes and _may(member, revision.state, AnswerState.IN_REVIEW):
        found.add("submit")
    if _publishes(member, view):
        found.add("publish")
        if revision.publish_at is not None:
            found.add("cancel")
    return frozenset(found | _taking_back(member, revision.state))


def concerns(member: StaffMember, question: Question, catalogue: Catalogue) -> bool:
    """Whether a question is about a cancer of theirs: all are, but for reviewers."""
    return member.role is not StaffRole.REVIEWER or may_decide(
        member, question.cancer_id, catalogue
    )


def _claiming(desk: Desk, entry: QueueEntry | None, *, taken: bool) -> set[str]:
    if entry is None:
        return set()
    if taken:
        return {_RELEASE} if desk.member.role is StaffRole.ADMINISTRATOR else set()
    if not concerns(desk.member, entry.question, desk.catalogue):
        return set()
    return {_CLAIM, _RELEASE} if entry.claimed_by is not None else {_CLAIM}


def _deciding(member: StaffMember, view: AnswerView) -> set[str]:
    state = view.revision.state
    # A stale one that is approved is published as it is for another while.
    approved = AnswerState.PUBLISHED if state is AnswerState.STALE else AnswerState.APPROVED
    found: set[str] = set()
    if _may(member, state, approved) and not is_own_work(member, view.revision):
        found.add(_APPROVE)
    if _may(member, state, AnswerState.CHANGES_REQUESTED):
        found.add(_REQUEST_CHANGES)
    if _may(member, state, AnswerState.REJECTED):
        found.add(_REJECT)
    return found


def _publishes(member: StaffMember, view: AnswerView) -> bool:
    # A stale one comes back by a reviewer's decision alone.
    waits = view.revision.state is AnswerState.APPROVED
    general = view.answer.scope is AnswerScope.GENERAL
    return waits and general and _may(member, AnswerState.APPROVED, AnswerState.PUBLISHED)


def _taking_back(member: StaffMember, state: AnswerState) -> set[str]:
    back = state in LIVE and _may(member, state, AnswerState.RETRACTED)
    return {"retract"} if back else set()


def _may(member: StaffMember, before: AnswerState, after: AnswerState) -> bool:
    step = transition(before, after)
    return step is not None and member.role.lower() in step.roles
