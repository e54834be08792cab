"""The job that has findings read out of a record, and stores them or says why there are none."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from contextlib import aclosing
from typing import Final, Protocol
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
from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.findings import Finding, FindingOrigin
from navis_api.records.extraction.outcome import Extraction
from navis_api.records.findings import repository as findings
from navis_api.records.findings.models import StoredFinding
from navis_api.records.findings.sealed import finding_in, sealed_findings
from navis_api.records.leasing import Leases, RecordTaken
from navis_api.records.models import Record, RecordFailure, RecordState
from navis_api.records.proposing.accepting import says_as_much, without_origin
from navis_api.records.proposing.service import Proposing
from navis_api.records.sealing.errors import (
    KeyGone,
    MasterKeyInvalid,
    SealBroken,
    StorageUnavailable,
)
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_AGAIN_S: Final = 15.0
_BUSY_AGAIN_S: Final = 2.0

MAX_FINDINGS: Final = 2_000
"""Findings of one record. Nobody confirms more, and the fullest that we have seen gave 60."""


class RecordReader(Protocol):
    """Reads what a record holds, as `ExtractionSandbox` does."""

    @property
    def is_busy(self) -> bool:
        """Whether one more record would have to wait."""
        ...

    async def extract(self, content: bytes | AsyncIterable[bytes]) -> Extraction:
        """Return it. Raises ExtractionFailed."""
        ...


class ExtractionTask:
    """Reads findings out of records. A record is read by one worker at a time.

    What can't be read is of no use here: its contents are removed, and its row says why. What
    we failed to read ourselves stays for whoever looks into it, until the patient deletes it.
    """

    def __init__(
        self,
        database: Database,
        storage: SealedStorage,
        reader: RecordReader,
        *,
        clock: Clock,
        lease_s: float,
        proposing: Proposing | None = None,
    ) -> None:
        self._database = database
        self._storage = storage
        self._reader = reader
        self._proposing = proposing
        self._clock = clock
        self._leases = Leases(database, clock=clock, lease_s=lease_s)

    async def run(self, payload: bytes) -> None:
        """Read the record whose ids these are, unless that was done.

        Raises JobNotReady while another worker does it, this one has enough to read, or the
        storage is away.
        """
        if self._reader.is_busy:
            # A job that waits in here takes the place of one that could be done meanwhile.
            raise JobNotReady(_BUSY_AGAIN_S)
        _, record_id = jobs.ids_in(payload)
        token = new_id()
        contents = await self._claim(record_id, token)
        if contents is None:
            return
        try:
            read, rows, key = await self._leases.while_held(
                record_id, token, self._read_and_seal(contents)
            )
        except (StorageUnavailable, KeyGone, MasterKeyInvalid) as away:
            # Without the key it may be this worker that looks in the wrong place: nothing is
            # given up for that. Where it was destroyed, the record went first.
            if await self._leases.give_back(record_id, token):
                failure = describe_failure(away)
                _log.warning("records.reading_postponed", record_id=str(record_id), failure=failure)
                raise JobNotReady(_AGAIN_S) from None
        except RecordTaken:
            _log.info("records.reading_stopped", record_id=str(record_id))
        except ExtractionFailed as failed:
            await self._give_up(record_id, token, failed.code)
        except SealBroken:
            if not await self._leases.is_held(record_id, token):
                return
            _log.error("records.contents_damaged", record_id=str(record_id))
            await self._give_up(record_id, token, RecordFailure.NOT_READ)
        else:
            await self._store(record_id, token, list(zip(read, rows, strict=True)), key)

    async def _read_and_seal(
        self, contents: RecordContents
    ) -> tuple[tuple[Finding, ...], list[StoredFinding], PatientKey]:
        key = await self._storage.keys.open(contents.patient_id)
        extraction = await self._read(contents)
        read = extraction.findings
        if self._proposing is not None:
            read += await self._proposing.more_of(
                extraction, patient_id=contents.patient_id, record_id=contents.record_id
            )
        rows = await asyncio.to_thread(
            sealed_findings,
            read,
            key,
            patient_id=contents.patient_id,
            record_id=contents.record_id,
            now=self._clock(),
        )
        return read, rows, key

    async def _read(self, contents: RecordContents) -> Extraction:
        was_given = False

        async def pieces() -> AsyncGenerator[bytes]:
            nonlocal was_given
            async with aclosing(read_contents(self._storage, contents)) as parts:
                async for part in parts:
                    yield part
            was_given = True

        try:
            async with aclosing(pieces()) as given:
                found = await self._reader.extract(given)
        except ExtractionFailed as failed:
            if failed.code is FailureCode.TOO_COSTLY and not was_given:
                # It was the storage that took so long, and the file can't help it.
                raise StorageUnavailable from None
            raise
        if len(found.findings) > MAX_FINDINGS:
            raise ExtractionFailed(FailureCode.TOO_LARGE)
        return found

    async def _claim(self, record_id: UUID, token: UUID) -> RecordContents | None:
        """Take the record for as long as the lease runs; None where nothing is to be done."""

        async def give_up(session: AsyncSession, record: Record) -> None:
            await self._fail(session, record, RecordFailure.NOT_READ)

        return await self._leases.claim(
            record_id,
            token,
            state=RecordState.EXTRACTING,
            action="record.extract",
            give_up=give_up,
        )

    async def _store(
        self,
        record_id: UUID,
        token: UUID,
        read: Sequence[tuple[Finding, StoredFinding]],
        key: PatientKey,
    ) -> None:
        """Write what was read, unless another worker has taken the record over.

        What the patient hasn't decided on is replaced. What they have stays, and isn't put
        before them once more.
        """
        async with self._database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            if record is None or record.lease_token != token:
                return
            decided = await findings.list_decided(session, record.patient_id, record_id)
            known = [finding_in(row, key) for row in decided]
            await findings.forget_undecided(session, record.patient_id, record_id)
            new = [row for finding, row in read if not _is_known(finding, known)]
            session.add_all(new)
            await session.flush()
            now = self._clock()
            record.state = RecordState.READY
            record.updated_at = now
            await session.flush()
            await as_ourselves(now).note(
                session, "record.ready", record_id=record_id, detail={"findings": len(new)}
            )

    async def _give_up(
        self, record_id: UUID, token: UUID, failure: FailureCode | RecordFailure
    ) -> None:
        async with self._database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            if record is not None and record.lease_token == token:
                await self._fail(session, record, failure)

    async def _fail(
        self, session: AsyncSession, record: Record, failure: FailureCode | RecordFailure
    ) -> None:
        now = self._clock()
        record.state = RecordState.FAILED
        record.failure = failure.value
        record.updated_at = now
        await session.flush()
        # What was read before, and perhaps confirmed, has its words in these contents.
        read_before = await findings.list_of_records(session, [record.id])
        if failure is not RecordFailure.NOT_READ and not read_before:
            await repository.forget_parts(session, record.patient_id, record.id)
            await jobs.request_tidying(session, record)
        await as_ourselves(now).note(
            session, "record.fail", record_id=record.id, detail={"failure": failure.value}
        )
        _log.warning("records.unreadable", record_id=str(record.id), failure=failure.value)


def _is_known(finding: Finding, decided: Sequence[Finding]) -> bool:
    """Whether the patient has decided on this: on the same words, or on the same proposal.

    A model chooses its quotes anew each time, so that of what it proposes the sense counts.
    """
    said = without_origin(finding)
    if any(without_origin(each) == said for each in decided):
        return True
    is_proposed = finding.origin is FindingOrigin.MODEL
    return is_proposed and any(says_as_much(each, finding) for each in decided)
