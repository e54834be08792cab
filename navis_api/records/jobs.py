"""The jobs that records cause, each put in by the transaction that causes it (law 2)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.jobs.queue import enqueue
from navis_api.kit.ids import new_id
from navis_api.records.models import Record

SCAN_RECORD = "scan-record"
"""Have a record scanned for malware. Its payload is the record's ids."""

EXTRACT_RECORD = "extract-record"
"""Have findings read out of a record. Its payload is the record's ids."""

TIDY_RECORD = "tidy-record"
"""Remove the objects of a record that nothing names any more. Its payload is the record's ids."""

_ID_BYTES = 16


def payload_of(record: Record) -> bytes:
    """Return the ids of a record, of 16 bytes each: the patient's and its own."""
    return record.patient_id.bytes + record.id.bytes


def ids_in(payload: bytes) -> tuple[UUID, UUID]:
    """Return the patient's id and the record's."""
    return UUID(bytes=payload[:_ID_BYTES]), UUID(bytes=payload[_ID_BYTES:])


async def request_scan(session: AsyncSession, record: Record) -> None:
    """Have one worker scan a record once the transaction has committed."""
    await enqueue(session, SCAN_RECORD, payload_of(record), dedupe_key=f"{SCAN_RECORD} {record.id}")


async def request_extraction(session: AsyncSession, record: Record) -> None:
    """Have one worker read a record once the transaction has committed."""
    key = f"{EXTRACT_RECORD} {record.id}"
    await enqueue(session, EXTRACT_RECORD, payload_of(record), dedupe_key=key)


async def request_tidying(session: AsyncSession, record: Record) -> None:
    """Have a worker tidy up after a record once the transaction has committed.

    Also while one is at it: that one may have looked before this transaction.
    """
    key = f"{TIDY_RECORD} {new_id()}"
    await enqueue(session, TIDY_RECORD, payload_of(record), dedupe_key=key)
