"""What comes after a record was scanned, and nothing was found in it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records import jobs
from navis_api.records.models import Record, RecordState


async def hand_over(session: AsyncSession, record: Record, *, now: datetime) -> None:
    """Have findings read out of a scanned record, in the transaction that ends its scanning."""
    record.state = RecordState.EXTRACTING
    record.updated_at = now
    await session.flush()
    await jobs.request_extraction(session, record)
