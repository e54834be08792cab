"""What the worker does for records beside scanning: tidying up, and ending what was abandoned."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.records import jobs, repository
from navis_api.records.acting import as_ourselves
from navis_api.records.models import RecordFailure, RecordState
from navis_api.records.sealing.storage import SealedStorage

_log = structlog.get_logger(__name__)

_A_SWEEP: Final = 200
_OVERDUE: Final = timedelta(minutes=5)


class TidyTask:
    """Removes objects that nothing names: of what was deleted, refused, or sent twice."""

    def __init__(self, database: Database, storage: SealedStorage) -> None:
        self._database = database
        self._storage = storage

    async def run(self, payload: bytes) -> None:
        """Tidy up after the record whose ids these are. Raises StorageUnavailable."""
        patient_id, record_id = jobs.ids_in(payload)
        async with self._database.reading(SYSTEM_ROWS) as session:
            record = await repository.get_record(session, record_id)
            if record is not None and record.state is RecordState.UPLOADING:
                # An object is stored before its row: here it may not be named yet.
                return
            parts = await repository.list_parts(session, patient_id, record_id)
        kept = [part.id for part in parts]
        removed = await self._storage.remove_all_but(patient_id, record_id, kept)
        if removed:
            _log.info("records.objects_removed", record_id=str(record_id), count=removed)


async def end_abandoned(database: Database, *, now: datetime) -> None:
    """End the uploads whose time is over: nothing of what had arrived is kept.

    Each in a transaction of its own, so that a worker killed in between loses nothing.
    """
    async with database.reading(SYSTEM_ROWS) as session:
        expired = await repository.list_expired(session, by=now, limit=_A_SWEEP)
    for record_id in expired:
        async with database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            upload = await repository.get_upload(session, record_id)
            if record is None or upload is None or upload.expires_at > now:
                continue
            record.state = RecordState.FAILED
            record.failure = RecordFailure.UPLOAD_EXPIRED
            record.updated_at = now
            await session.flush()
            await repository.end_upload(session, record.patient_id, record.id)
            await repository.forget_parts(session, record.patient_id, record.id)
            await jobs.request_tidying(session, record)
            await as_ourselves(now).note(
                session, "record.fail", record_id=record.id, detail={"failure": record.failure}
            )


async def request_overdue_scans(database: Database, *, now: datetime) -> None:
    """Have those scanned that wait for it since long: their job may have been lost."""
    async with database.writing(SYSTEM_ROWS) as session:
        waiting = await repository.list_waiting(
            session, RecordState.SCANNING, since=now - _OVERDUE, limit=_A_SWEEP
        )
        for record in waiting:
            await jobs.request_scan(session, record)


async def request_overdue_extractions(database: Database, *, now: datetime) -> None:
    """Have those read that wait for it since long: their job may have been lost."""
    async with database.writing(SYSTEM_ROWS) as session:
        waiting = await repository.list_waiting(
            session, RecordState.EXTRACTING, since=now - _OVERDUE, limit=_A_SWEEP
        )
        for record in waiting:
            await jobs.request_extraction(session, record)
