"""From which state a revision may come to which, by whose hand: the one table of transitions.

The database holds the same rows in `answer_transitions`, and its trigger reads them
there; docs/review.md prints them. A test compares the three.
"""

from dataclasses import dataclass
from typing import Final

from navis_api.answers.models import AnswerState

SYSTEM: Final = "system"
"""Our own code, acting for nobody in particular: imports, the worker."""

_DRAFT, _IN_REVIEW = AnswerState.DRAFT, AnswerState.IN_REVIEW
_CHANGES, _APPROVED = AnswerState.CHANGES_REQUESTED, AnswerState.APPROVED
_PUBLISHED, _STALE = AnswerState.PUBLISHED, AnswerState.STALE
_OVER, _RETRACTED, _REJECTED = (
    AnswerState.SUPERSEDED,
    AnswerState.RETRACTED,
    AnswerState.REJECTED,
)

FIRST = AnswerState.DRAFT
"""The state in which every revision is stored."""

LIVE = (AnswerState.PUBLISHED, AnswerState.STALE)
"""What readers are served."""

ENDS = (AnswerState.SUPERSEDED, AnswerState.RETRACTED, AnswerState.REJECTED)
"""What nothing follows."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that is allowed; `roles` are the viewers' roles that may take it."""

    before: AnswerState
    after: AnswerState
    action: str
    roles: tuple[str, ...]


_REVIEWER = (SYSTEM, "reviewer")
_EDITOR = (SYSTEM, "editor")
_WRITERS = (SYSTEM, "reviewer", "editor")
_TAKE_BACK = (SYSTEM, "editor", "administrator")

TRANSITIONS = (
    Transition(_DRAFT, _IN_REVIEW, "submit", _WRITERS),
    Transition(_DRAFT, _OVER, "replace", _WRITERS),
    Transition(_DRAFT, _REJECTED, "reject", _REVIEWER),
    Transition(_IN_REVIEW, _APPROVED, "approve", _REVIEWER),
    Transition(_IN_REVIEW, _CHANGES, "request_changes", _REVIEWER),
    Transition(_IN_REVIEW, _REJECTED, "reject", _REVIEWER),
    Transition(_IN_REVIEW, _OVER, "replace", _WRITERS),
    Transition(_CHANGES, _OVER, "replace", _WRITERS),
    Transition(_CHANGES, _REJECTED, "reject", _REVIEWER),
    Transition(_APPROVED, _PUBLISHED, "publish", _EDITOR),
    Transition(_APPROVED, _CHANGES, "request_changes", _REVIEWER),
    Transition(_APPROVED, _REJECTED, "reject", _REVIEWER),
    Transition(_APPROVED, _OVER, "replace", _WRITERS),
    Transition(_PUBLISHED, _STALE, "expire", (SYSTEM,)),
    Transition(_PUBLISHED, _OVER, "supersede", _EDITOR),
    Transition(_PUBLISHED, _RETRACTED, "retract", _TAKE_BACK),
    Transition(_STALE, _PUBLISHED, "renew", _REVIEWER),
    Transition(_STALE, _OVER, "supersede", _EDITOR),
    Transition(_STALE, _RETRACTED, "retract", _TAKE_BACK),
)

_BY_PAIR = {(each.before, each.after): each for each in TRANSITIONS}


def transition(before: AnswerState, after: AnswerState) -> Transition | None:
    """Return the step from one state to another, or None where there is none."""
    return _BY_PAIR.get((before, after))
