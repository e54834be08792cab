"""Completing an upload: what arrived is what was announced, to the byte."""

import asyncio
import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records import jobs, repository
from navis_api.records.acting import Acting
from navis_api.records.contents import RecordContents, contents_of, read_contents
from navis_api.records.errors import RecordUnknown, UploadIncomplete, UploadOver
from navis_api.records.models import Record, RecordFailure, RecordState
from navis_api.records.sealing.storage import SealedStorage

_OVER = frozenset({RecordState.FAILED, RecordState.QUARANTINED, RecordState.DELETED})


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived of an upload, read once more from where it lies, and whether it is the file."""

    contents: RecordContents
    is_as_announced: bool


async def find_arrived(session: AsyncSession, record_id: UUID) -> RecordContents | None:
    """Return where that lies which is to be checked; None if the upload was completed before.

    Raises RecordUnknown, UploadOver, and UploadIncomplete with how much has arrived.
    """
    record = await repository.get_record(session, record_id)
    if record is None or record.state is RecordState.DELETED:
        raise RecordUnknown
    if record.state in _OVER:
        raise UploadOver
    if record.state is not RecordState.UPLOADING:
        return None
    upload = await repository.get_upload(session, record_id)
    if upload is None or upload.received_bytes != record.size_bytes:
        raise UploadIncomplete(upload.received_bytes if upload else 0)
    return await contents_of(session, record)


async def check(storage: SealedStorage, contents: RecordContents) -> Arrived:
    """Read what arrived and compare its SHA-256. Holds one part at a time, and no connection.

    Raises StorageUnavailable.
    """
    digest = hashlib.sha256()
    async for part in read_contents(storage, contents):
        await asyncio.to_thread(digest.update, part)
    return Arrived(contents, digest.hexdigest() == contents.sha256)


async def complete(
    session: AsyncSession, record_id: UUID, arrived: Arrived | None, acting: Acting
) -> Record:
    """Have a record scanned whose contents are what was announced, or end it as FAILED.

    Completing twice changes nothing. Raises RecordUnknown, UploadOver, and UploadIncomplete
    when somebody began to send it anew meanwhile.
    """
    record = await repository.lock_record(session, record_id)
    if record is None or record.state is RecordState.DELETED:
        raise RecordUnknown
    if record.state is not RecordState.UPLOADING:
        if record.state in _OVER:
            raise UploadOver
        return record
    if arrived is None or arrived.contents != await contents_of(session, record):
        upload = await repository.get_upload(session, record_id)
        raise UploadIncomplete(upload.received_bytes if upload else 0)
    await repository.end_upload(session, record.patient_id, record.id)
    record.updated_at = acting.now
    if arrived.is_as_announced:
        record.state = RecordState.SCANNING
        await session.flush()
        await jobs.request_scan(session, record)
    else:
        record.state = RecordState.FAILED
        record.failure = RecordFailure.HASH_MISMATCH
        await repository.forget_parts(session, record.patient_id, record.id)
    # A request that was cut off may have left an object that no part names.
    await jobs.request_tidying(session, record)
    await acting.note(
        session, "record.complete", record_id=record.id, detail={"state": record.state}
    )
    return record
