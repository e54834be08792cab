"""The job that writes a personal answer: put in, and put in again where nobody is at it.

The job itself is `generation.tasks.GenerationTask`, over `PersonalKeeping`.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.personal import repository
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.queue import enqueue

_log = structlog.get_logger(__name__)

ANSWER_PERSONALLY: Final = "answer-personally"
"""The task that writes a personal answer; its payload is the question's id."""


async def request_answer(session: AsyncSession, question_id: UUID) -> None:
    """Have a worker write an answer once the transaction has committed."""
    await enqueue(
        session,
        ANSWER_PERSONALLY,
        question_id.bytes,
        dedupe_key=f"{ANSWER_PERSONALLY}:{question_id}",
    )


async def enqueue_abandoned(database: Database, *, now: datetime, lease_s: float) -> None:
    """Give the questions that nobody has worked on for a lease's time back to the queue."""
    async with database.writing(SYSTEM_ROWS) as session:
        since = now - timedelta(seconds=lease_s)
        found = await repository.list_abandoned(session, since=since)
        for question_id in found:
            await request_answer(session, question_id)
    if found:
        _log.info("personal.abandoned_enqueued", count=len(found))
