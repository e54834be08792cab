"""What the review's pages call things: states, urgencies, steps, times."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from navis_api.answers.models import AnswerState
from navis_api.review.models import Decision, FeedbackKind, Rank, StaffRole
from navis_api.review.stuck import StuckKind
from navis_api.web.page_words import day

STATES: Final[Mapping[AnswerState, str]] = {
    AnswerState.DRAFT: "Draft",
    AnswerState.IN_REVIEW: "In review",
    AnswerState.CHANGES_REQUESTED: "Changes requested",
    AnswerState.APPROVED: "Approved",
    AnswerState.PUBLISHED: "Published",
    AnswerState.STALE: "Published, to be checked again",
    AnswerState.SUPERSEDED: "Replaced by a later revision",
    AnswerState.RETRACTED: "Taken back",
    AnswerState.REJECTED: "Rejected",
}

URGENCIES: Final[Mapping[Rank, str]] = {
    Rank.HARM: "Harm reported",
    Rank.QUOTE_GONE: "A quote is gone",
    Rank.URGENT: "Urgent question",
    Rank.OUTDATED: "Review is overdue",
    Rank.ORDINARY: "Ordinary",
}

DECISIONS: Final[Mapping[Decision, str]] = {
    Decision.APPROVE: "Approved",
    Decision.REQUEST_CHANGES: "Asked for changes",
    Decision.REJECT: "Rejected",
}

REPORTS: Final[Mapping[FeedbackKind, str]] = {
    FeedbackKind.HARM: "Harm",
    FeedbackKind.PROBLEM: "A problem",
    FeedbackKind.HELPFUL: "Helpful",
    FeedbackKind.NOT_HELPFUL: "Not helpful",
}

STUCK: Final[Mapping[StuckKind, str]] = {
    StuckKind.WAITING: "Has waited too long",
    StuckKind.LEFT: "Was begun, and left",
    StuckKind.NOT_PUBLISHED: "Is approved, and not published",
    StuckKind.MISSED: "Missed the time it was to be published at",
}

ROLES: Final[Mapping[StaffRole, str]] = {
    StaffRole.REVIEWER: "reviewer",
    StaffRole.EDITOR: "editor",
    StaffRole.ADMINISTRATOR: "administrator",
}

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


def urgency(rank: int) -> str:
    """Return how urgent a rank is; one between two is the more ordinary."""
    return URGENCIES[min((each for each in Rank if each >= rank), default=Rank.ORDINARY)]


def moment(at: datetime) -> str:
    """Return a moment as people write it: 21 November 2026, 12:01 UTC."""
    there = at.astimezone(UTC)
    return f"{day(there)}, {there:%H:%M} UTC"


def lasting(span: timedelta) -> str:
    """Return a span of time in the largest unit that fits: 3 days."""
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        count = span // unit
        if count >= 1:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "less than a minute"
