"""What is stuck: waits too long, was begun and left, or was to be public and isn't."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import AnswerState
from navis_api.review import queue_repository
from navis_api.review.models import Rank
from navis_api.review.queue import QueueEntry


class StuckKind(StrEnum):
    """How a revision is stuck."""

    WAITING = "WAITING"
    """It has waited for longer than such a revision should."""
    LEFT = "LEFT"
    """Somebody claimed it, and their time ran out without a decision."""
    NOT_PUBLISHED = "NOT_PUBLISHED"
    """It is approved, and neither published nor scheduled."""
    MISSED = "MISSED"
    """The time at which it was to be published is over."""


@dataclass(frozen=True, slots=True)
class StuckItem:
    """A revision that is stuck, and since when."""

    kind: StuckKind
    entry: QueueEntry
    since: datetime


_WAITING: Mapping[AnswerState, timedelta] = {
    AnswerState.IN_REVIEW: timedelta(days=7),
    AnswerState.CHANGES_REQUESTED: timedelta(days=14),
    AnswerState.STALE: timedelta(days=7),
    AnswerState.PUBLISHED: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Patience:
    """After how long something counts as stuck.

    `waiting` by state; what is urgent (`Rank.URGENT` or more so) waits for `urgent` at most.
    """

    waiting: Mapping[AnswerState, timedelta] = field(default_factory=lambda: dict(_WAITING))
    urgent: timedelta = timedelta(days=1)
    not_published: timedelta = timedelta(days=3)
    missed: timedelta = timedelta(minutes=15)


MOST_STUCK = 500


async def list_stuck(
    session: AsyncSession,
    *,
    now: datetime,
    patience: Patience | None = None,
    limit: int = MOST_STUCK,
) -> Sequence[StuckItem]:
    """Return what is stuck, longest first; a revision may be stuck in more than one way."""
    patience = patience or Patience()
    found: list[StuckItem] = []
    rows = await queue_repository.list_left(
        session,
        waiting_since={state: now - time for state, time in patience.waiting.items()},
        urgent_rank=Rank.URGENT,
        urgent_since=now - patience.urgent,
        approved_since=now - patience.not_published,
        due=now - patience.missed,
        now=now,
        limit=limit,
    )
    for item, revision, answer, question in rows:
        entry = QueueEntry(item, revision, answer, question, None)
        found.extend(_stuck(entry, patience, now=now))
    return sorted(found, key=lambda each: (each.since, each.entry.item.revision_id))


def _stuck(entry: QueueEntry, patience: Patience, *, now: datetime) -> list[StuckItem]:
    item, revision = entry.item, entry.revision
    found: list[StuckItem] = []
    if revision.state is AnswerState.APPROVED:
        due = revision.publish_at
        if due is None and now - item.queued_at > patience.not_published:
            found.append(StuckItem(StuckKind.NOT_PUBLISHED, entry, item.queued_at))
        if due is not None and now - due > patience.missed:
            found.append(StuckItem(StuckKind.MISSED, entry, due))
    else:
        limit = patience.waiting.get(revision.state)
        if item.rank <= Rank.URGENT:
            limit = min(limit or patience.urgent, patience.urgent)
        if limit is not None and now - item.queued_at > limit:
            found.append(StuckItem(StuckKind.WAITING, entry, item.queued_at))
    if item.claimed_until is not None and item.claimed_until <= now:
        found.append(StuckItem(StuckKind.LEFT, entry, item.claimed_until))
    return found
