"""All queries on what became of answers.

The table is filled by triggers alone. Row security decides which steps a viewer sees:
readers those of what was live, staff all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import AnswerState
from navis_api.answers.publishing_models import AnswerHistoryRow, ChangeKind, PublishedChange

_MADE: Final = (AnswerState.DRAFT, AnswerState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class PastRevision:
    """A revision, as an answer's history tells of it.

    `reason` is why it stands where it stands, `correction` why it was made of the one
    before; `reviewer` and `credentials` are of whoever approved it last.
    """

    number: int
    state: AnswerState
    at: datetime
    reason: str | None
    correction: str | None
    reviewer: str | None
    credentials: str | None
    published_at: datetime | None


async def history(
    session: AsyncSession, answer_ids: Sequence[UUID]
) -> dict[UUID, list[PastRevision]]:
    """Return the revisions of each answer, oldest first, as far as the viewer may see them."""
    rows = await session.scalars(
        select(AnswerHistoryRow)
        .where(AnswerHistoryRow.answer_id.in_(answer_ids))
        .order_by(AnswerHistoryRow.answer_id, AnswerHistoryRow.sequence)
    )
    steps: dict[UUID, dict[int, list[AnswerHistoryRow]]] = {each: {} for each in answer_ids}
    for row in rows:
        steps[row.answer_id].setdefault(row.revision, []).append(row)
    return {
        answer_id: [_told(found) for _, found in sorted(revisions.items())]
        for answer_id, revisions in steps.items()
    }


def _told(steps: Sequence[AnswerHistoryRow]) -> PastRevision:
    """Return what the steps of one revision, oldest first, come to."""
    first, newest = steps[0], steps[-1]
    return PastRevision(
        number=newest.revision,
        state=newest.after,
        at=newest.at,
        reason=newest.reason,
        correction=first.reason if first.after in _MADE else None,
        reviewer=newest.reviewer,
        credentials=newest.credentials,
        published_at=next((step.at for step in steps if step.after is AnswerState.PUBLISHED), None),
    )


async def get_retraction(session: AsyncSession, slug: str) -> PublishedChange | None:
    """Return how the answer at an address was taken back, or None where it wasn't."""
    newest = await session.scalar(
        select(PublishedChange)
        .where(PublishedChange.slug == slug)
        .order_by(PublishedChange.sequence.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.kind is ChangeKind.RETRACTED else None
