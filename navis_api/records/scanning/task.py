"""The job that has a record scanned, and passes it on, quarantines it or gives it up."""

from contextlib import aclosing
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import Clock
from navis_api.kit.ids import new_id
from navis_api.records import jobs, repository
from navis_api.records.acting import as_ourselves
from navis_api.records.contents import RecordContents, read_contents
from navis_api.records.handing_over import hand_over
from navis_api.records.leasing import Leases, RecordTaken
from navis_api.records.models import Record, RecordFailure, RecordState
from navis_api.records.scanning.scanner import (
    Scanner,
    ScannerUnavailable,
    TooLargeToScan,
    Verdict,
)
from navis_api.records.sealing.errors import (
    KeyGone,
    MasterKeyInvalid,
    SealBroken,
    StorageUnavailable,
)
from navis_api.records.sealing.storage import SealedStorage
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_AGAIN_S: Final = 15.0


class ScanTask:
    """Scans what patients uploaded. A record is scanned by one worker at a time.

    What was found in a record is destroyed with it: the patient has the file, we need it for
    nothing, and kept it would be a danger to whatever reads it later. Row and name stay, so
    that the patient sees what became of it.
    """

    def __init__(
        self,
        database: Database,
        storage: SealedStorage,
        scanner: Scanner | None,
        *,
        clock: Clock,
        lease_s: float,
        requires_scanner: bool,
    ) -> None:
        self._database = database
        self._storage = storage
        self._scanner = scanner
        self._clock = clock
        self._leases = Leases(database, clock=clock, lease_s=lease_s)
        self._requires_scanner = requires_scanner

    async def run(self, payload: bytes) -> None:
        """Scan the record whose ids these are, unless that was done.

        Raises JobNotReady while another worker does it, the scanner is away, or the storage.
        """
        _, record_id = jobs.ids_in(payload)
        if self._scanner is None and self._requires_scanner:
            _log.error("records.scanner_missing", record_id=str(record_id))
            raise JobNotReady(_AGAIN_S)
        token = new_id()
        contents = await self._claim(record_id, token)
        if contents is None:
            return
        try:
            verdict = await self._leases.while_held(record_id, token, self._verdict(contents))
        except (ScannerUnavailable, StorageUnavailable, KeyGone, MasterKeyInvalid) as away:
            # Without the key it may be this worker that looks in the wrong place: nothing is
            # given up for that. Where it was destroyed, the record went first.
            if await self._leases.give_back(record_id, token):
                failure = describe_failure(away)
                _log.warning("records.scan_postponed", record_id=str(record_id), failure=failure)
                raise JobNotReady(_AGAIN_S) from None
        except RecordTaken:
            _log.info("records.scan_stopped", record_id=str(record_id))
        except TooLargeToScan:
            await self._end(record_id, token, RecordFailure.TOO_LARGE_TO_SCAN)
        except SealBroken:
            if not await self._leases.is_held(record_id, token):
                return
            _log.error("records.contents_damaged", record_id=str(record_id))
            await self._end(record_id, token, RecordFailure.NOT_SCANNED)
        else:
            infected = verdict is Verdict.INFECTED
            await self._end(record_id, token, RecordFailure.MALWARE if infected else None)

    async def _verdict(self, contents: RecordContents) -> Verdict:
        if self._scanner is None:
            return Verdict.CLEAN
        async with aclosing(read_contents(self._storage, contents)) as pieces:
            return await self._scanner.scan(pieces)

    async def _claim(self, record_id: UUID, token: UUID) -> RecordContents | None:
        """Take the record for as long as the lease runs; None where nothing is to be done."""

        async def give_up(session: AsyncSession, record: Record) -> None:
            await self._fail(session, record, RecordFailure.NOT_SCANNED)

        return await self._leases.claim(
            record_id,
            token,
            state=RecordState.SCANNING,
            action="record.scan",
            give_up=give_up,
        )

    async def _end(self, record_id: UUID, token: UUID, failure: RecordFailure | None) -> None:
        """Write what came of it, unless another worker has taken the record over."""
        async with self._database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            if record is None or record.lease_token != token:
                return
            if failure is not None:
                await self._fail(session, record, failure)
                return
            await hand_over(session, record, now=self._clock())

    async def _fail(self, session: AsyncSession, record: Record, failure: RecordFailure) -> None:
        infected = failure is RecordFailure.MALWARE
        now = self._clock()
        record.state = RecordState.QUARANTINED if infected else RecordState.FAILED
        record.failure = failure
        record.updated_at = now
        await session.flush()
        if failure is not RecordFailure.NOT_SCANNED:
            # What can't be opened stays for whoever looks into it, until the patient deletes it.
            await repository.forget_parts(session, record.patient_id, record.id)
            await jobs.request_tidying(session, record)
        action = "record.quarantine" if infected else "record.fail"
        await as_ourselves(now).note(
            session, action, record_id=record.id, detail={"failure": failure}
        )
        _log.warning("records.refused", record_id=str(record.id), failure=failure.value)
