"""What stood in the way of a step, in a sentence for whoever tried, and what they had typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from navis_api.answers.errors import StepNotAllowed
from navis_api.answers.models import AnswerState
from navis_api.errors import InvalidInput, UserFault
from navis_api.review.errors import (
    ClaimedByAnother,
    ClaimNotSupported,
    LastChange,
    NewerRevision,
    RevisionConflict,
    RevisionOver,
)
from navis_api.web.forms import Form
from navis_api.web.review.words import STATES, moment

_DID: Final[Mapping[AnswerState, str]] = {
    AnswerState.IN_REVIEW: "sent it to review",
    AnswerState.CHANGES_REQUESTED: "asked for changes",
    AnswerState.APPROVED: "approved it",
    AnswerState.PUBLISHED: "published it",
    AnswerState.STALE: "marked it as to be checked again",
    AnswerState.SUPERSEDED: "replaced it by a later revision",
    AnswerState.RETRACTED: "took it back",
    AnswerState.REJECTED: "rejected it",
}

_STATUS: Final[Mapping[str, HTTPStatus]] = {
    "CONFLICT": HTTPStatus.CONFLICT,
    "FORBIDDEN": HTTPStatus.FORBIDDEN,
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
}

# What a person types, and the words that the page has for it, in the order of importance.
_TYPED: Final[Mapping[str, str]] = {
    "comment": "Your comment",
    "text": "Your comment",
    "reason": "Your reason",
    "resolution": "What came of it",
    "summary": "Summary",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that was refused: by which form it was tried, why, and what was typed there.

    `places` names claims, counted from 0 in the revision as it is, with what is wrong there.
    """

    form_id: str
    step: str
    sentence: str
    status: HTTPStatus
    form: Form
    places: Mapping[tuple[int, int], Sequence[str]] = field(
        default_factory=dict[tuple[int, int], Sequence[str]]
    )
    newer: int | None = None
    """The number of a newer revision to work on instead."""

    def typed(self, form_id: str, name: str, otherwise: str = "") -> str:
        """Return what was typed into a field of a form; `otherwise` of any other form."""
        return self.form.text(name) if form_id == self.form_id else otherwise

    @property
    def words(self) -> list[tuple[str, str]]:
        """What was typed in words, with its label."""
        return words_typed(self.form)


def words_typed(form: Form) -> list[tuple[str, str]]:
    """Return what somebody typed into a form in their own words, with labels."""
    return [(label, form.text(name)) for name, label in _TYPED.items() if form.text(name).strip()]


def refusal(fault: UserFault, *, form_id: str, step: str, form: Form) -> Refusal:
    """Return what to show of a fault that a service raised."""
    status = _STATUS.get(fault.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    newer = fault.revision if isinstance(fault, NewerRevision) else None
    return Refusal(form_id, step, sentence(fault), status, form, newer=newer)


def sentence(fault: UserFault) -> str:
    """Return what is wrong and what to do, as the page says it."""
    match fault:
        case NewerRevision():
            return (
                f"{fault.author} wrote revision {fault.revision} on {moment(fault.written_at)}, and"
                " it waits. Work on that one."
            )
        case RevisionConflict():
            return (
                f"Nothing was changed: {_happened(fault.last)} after you had opened this page. You"
                " see it now as it is. Read it again, and decide anew."
            )
        case ClaimedByAnother():
            return (
                f"{fault.name} is at this revision until {moment(fault.until)}. Take another, or"
                f" ask {fault.name} to release it."
            )
        case StepNotAllowed():
            return f"This can't be done while a revision is “{STATES[fault.before]}”."
        case RevisionOver():
            return f"This revision is “{STATES[fault.state]}”: nothing follows it."
        case ClaimNotSupported():
            return (
                "Nothing was changed, since the quotes don't support what these claims would say."
                " Say less, or drop them."
            )
        case InvalidInput() | UserFault():
            return fault.message


def _happened(last: LastChange) -> str:
    who = last.by or "The system"
    did = "changed it" if last.before is last.after else _DID.get(last.after, "changed it")
    return f"{who} {did} on {moment(last.at)},"
