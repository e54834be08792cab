"""What comes after a record was scanned, and nothing was found in it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.models import Record, RecordState


async def hand_over(session: AsyncSession, record: Record, *, now: datetime) -> None:
    """Pass a scanned record on, in the transaction that ends its scanning.

    Nothing is read out of records yet, so that it is READY: checked and kept. Whatever reads
    findings out of it sets EXTRACTING here instead, and enqueues its job with `session`.
    """
    record.state = RecordState.READY
    record.updated_at = now
    await session.flush()
