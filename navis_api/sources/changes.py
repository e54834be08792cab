"""Telling that a source isn't what it was when it was quoted."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.jobs.queue import enqueue

SOURCE_CHANGED = "source-changed"
"""The job that looks at what quotes a source. Its payload is the source's id."""


async def announce_change(session: AsyncSession, source_id: UUID, change: str) -> None:
    """Have a worker look at what quotes the source once the transaction has committed (law 2).

    `change` tells one change from another: a job for an earlier one may be at work already,
    and have read what this transaction changes.
    """
    await enqueue(
        session,
        SOURCE_CHANGED,
        source_id.bytes,
        dedupe_key=f"{SOURCE_CHANGED}:{source_id}:{change}",
    )
