"""Forgetting what a reader has said, when they have everything erased that is theirs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.review import feedback_repository as repository
from navis_api.review.feedback_repository import REPORTS
from navis_api.review.placing import place


async def forget_reader(session: AsyncSession, subject: str, *, now: datetime) -> Sequence[UUID]:
    """Remove what somebody said signed in, with their words, and return its ids.

    The queue forgets what waited for no other reason. The session is the system's own.
    """
    said = await repository.list_of_reader(session, subject)
    reported = sorted({each.answer_id for each in said if each.kind in REPORTS})
    # In the order of those who give feedback: reports of the answer, its revision, the rows.
    for answer_id in reported:
        await repository.hold_reports(session, answer_id)
    removed = await repository.remove_of_reader(session, subject)
    for answer_id in reported:
        target = await repository.lock_target(session, answer_id)
        if target is not None:
            await place(session, target, now=now)
    return removed
