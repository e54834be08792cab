"""Where a revision stands in the queue: by its state, and by what readers say of its answer.

Triggers add and remove items as revisions change their state. This adds what they don't know,
and takes it out again when it is no longer so.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.review import feedback_repository
from navis_api.review.feedback_repository import OpenReports
from navis_api.review.models import Rank, ReviewItem

QUOTES: Final = "Quotes: "
READERS: Final = "Readers: "
"""How the reasons begin that are kept here; the rest of an item's reasons are left alone."""

PROBLEMS_THAT_ARE_URGENT = 3
"""So many readers who each report a problem are no accident."""

_AS_BEFORE: Final = object()


async def place(
    session: AsyncSession,
    revision: AnswerRevision,
    *,
    quotes: object = _AS_BEFORE,
    now: datetime,
) -> None:
    """Give a revision, which the session holds, its place in the queue, or take it out.

    `quotes` is what to say of its quotes (a text that begins with QUOTES, or None for nothing);
    left out, what was said stays.
    """
    open_reports = await feedback_repository.open_reports(session, revision)
    item = await feedback_repository.lock_item(session, revision.id)
    kept = [each for each in item.reasons if not each.startswith(READERS)] if item else []
    if quotes is not _AS_BEFORE:
        kept = [each for each in kept if not each.startswith(QUOTES)]
        kept += [quotes] if isinstance(quotes, str) else []
    said = _said(open_reports)
    rank = _rank(revision, open_reports)
    if rank is None:
        if item is not None:
            await session.delete(item)
    elif item is None:
        session.add(
            ReviewItem(revision_id=revision.id, rank=rank, queued_at=now, reasons=[*kept, *said])
        )
    else:
        item.rank = rank
        item.reasons = [*kept, *said]
    await session.flush()


def _rank(revision: AnswerRevision, reports: OpenReports) -> Rank | int | None:
    """Return how urgent a revision is; None: nobody has to look at it."""
    ranks = [_rank_by_reports(reports), _rank_by_state(revision)]
    return min((rank for rank in ranks if rank is not None), default=None)


def _rank_by_state(revision: AnswerRevision) -> Rank | int | None:
    if revision.state is AnswerState.PUBLISHED:
        return None
    if revision.state is AnswerState.STALE:
        return Rank.QUOTE_GONE if revision.stale_claims else Rank.OUTDATED
    return revision.priority


def _rank_by_reports(reports: OpenReports) -> Rank | None:
    if reports.harm:
        return Rank.HARM
    if reports.problem_readers >= PROBLEMS_THAT_ARE_URGENT:
        return Rank.URGENT
    return Rank.ORDINARY if reports.problem else None


def _said(reports: OpenReports) -> list[str]:
    parts = [
        f"{number} {'report' if number == 1 else 'reports'} of {what}"
        for number, what in ((reports.harm, "harm"), (reports.problem, "a problem"))
        if number
    ]
    return [f"{READERS}{' and '.join(parts)}."] if parts else []
