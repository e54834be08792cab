"""The job that reads findings out of records: once, by one worker, and sealed."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import update

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.jobs.worker import JobNotReady
from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.outcome import Extraction
from navis_api.records.extraction.sandbox import ExtractionSandbox
from navis_api.records.findings import repository as findings
from navis_api.records.findings.models import FindingStatus
from navis_api.records.findings.sealed import finding_in
from navis_api.records.findings.task import MAX_FINDINGS
from navis_api.records.jobs import EXTRACT_RECORD
from navis_api.records.leasing import MAX_ATTEMPTS
from navis_api.records.models import Record, RecordFailure, RecordState
from navis_api.records.tasks import TidyTask, request_overdue_extractions
from tests.records.conftest import Jobs
from tests.records.readers import DENIED, DRUG, MARKER, READ, STAGE, Reading, extraction
from tests.records.world import PART, RecordWorld, content
from tests.waiting import PATIENCE_S

SENT = content(2 * PART)
REPORT = b"FINAL DIAGNOSIS:\nHepatocellular carcinoma, stage IIIC.\nAFP 412 ng/mL.\n"


async def payload(world: RecordWorld, record_id: UUID) -> bytes:
    return (await world.row(record_id)).patient_id.bytes + record_id.bytes


async def stored(world: RecordWorld, record_id: UUID) -> list[tuple[Finding, FindingStatus]]:
    """The findings of a record, opened, in their order."""
    key = await world.storage.keys.open((await world.row(record_id)).patient_id)
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = await findings.list_of_records(session, [record_id])
    return [(finding_in(row, key), row.status) for row in rows]


def extracted(*read: Finding) -> list[tuple[Finding, FindingStatus]]:
    return [(finding, FindingStatus.EXTRACTED) for finding in read]


async def test_what_was_read_is_stored_once(world: RecordWorld, jobs: Jobs) -> None:
    record_id = await world.scanned(SENT)
    assert EXTRACT_RECORD in [name for name, _ in await jobs()]
    reader = Reading(*READ)
    for _ in range(2):
        await extraction(world, reader).run(await payload(world, record_id))
    assert reader.received == [SENT]
    assert (await world.row(record_id)).state is RecordState.READY
    assert await stored(world, record_id) == extracted(*READ)


async def test_the_sandbox_reads_what_was_uploaded(world: RecordWorld) -> None:
    record_id = await world.scanned(REPORT)
    await extraction(world, ExtractionSandbox()).run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.READY
    read = [finding for finding, _ in await stored(world, record_id)]
    assert {"IIIC", "412"} <= {finding.value for finding in read}
    for finding in read:
        assert REPORT.decode()[finding.start : finding.end] == finding.quote


async def test_what_cannot_be_read_says_why_and_is_not_kept(world: RecordWorld, jobs: Jobs) -> None:
    record_id = await world.scanned(SENT)
    await extraction(world, ExtractionSandbox()).run(await payload(world, record_id))
    row = await world.row(record_id)
    assert (row.state, row.failure) == (RecordState.FAILED, FailureCode.UNSUPPORTED)
    for name, given in await jobs():
        if name == "tidy-record":
            await TidyTask(world.database, world.storage).run(given)
    assert await world.objects() == []
    assert await stored(world, record_id) == []


async def test_more_findings_than_anybody_confirms_are_not_stored(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    reader = Reading(*[STAGE] * (MAX_FINDINGS + 1))
    await extraction(world, reader).run(await payload(world, record_id))
    assert (await world.row(record_id)).failure == FailureCode.TOO_LARGE
    assert await stored(world, record_id) == []


async def test_a_killed_worker_has_lost_and_doubled_nothing(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    killed = extraction(world, Reading(*READ))
    assert await killed._claim(record_id, UUID(int=1)) is not None
    with pytest.raises(JobNotReady):
        await extraction(world, Reading(*READ)).run(await payload(world, record_id))
    world.now += timedelta(seconds=6)
    await extraction(world, Reading(*READ)).run(await payload(world, record_id))
    # It wasn't dead after all: what it has read is too late.
    key = await world.storage.keys.open((await world.row(record_id)).patient_id)
    await killed._store(record_id, UUID(int=1), [], key)
    await killed._give_up(record_id, UUID(int=1), RecordFailure.NOT_READ)
    assert (await world.row(record_id)).state is RecordState.READY
    assert await stored(world, record_id) == extracted(*READ)


async def test_a_worker_with_enough_to_read_leaves_a_record_to_others(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    busy = Reading(*READ)
    busy.is_busy = True
    for _ in range(2 * MAX_ATTEMPTS):
        with pytest.raises(JobNotReady):
            await extraction(world, busy).run(await payload(world, record_id))
    assert busy.received == []
    await extraction(world, Reading(*READ)).run(await payload(world, record_id))
    assert await stored(world, record_id) == extracted(*READ)


async def test_a_file_is_not_given_up_because_the_storage_is_slow(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    waiting = Reading(*READ)
    waiting.is_kept_waiting = True
    for _ in range(2 * MAX_ATTEMPTS):
        with pytest.raises(JobNotReady):
            await extraction(world, waiting).run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.EXTRACTING
    assert len(await world.objects()) == 2


async def test_a_record_over_which_workers_die_is_given_up(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    for _ in range(MAX_ATTEMPTS):
        assert await extraction(world, Reading())._claim(record_id, UUID(int=1)) is not None
        world.now += timedelta(seconds=6)
    await extraction(world, Reading(*READ)).run(await payload(world, record_id))
    row = await world.row(record_id)
    assert (row.state, row.failure) == (RecordState.FAILED, RecordFailure.NOT_READ)
    # Somebody may want to know what it was.
    assert len(await world.objects()) == 2


async def test_a_worker_that_does_not_find_the_key_gives_nothing_up(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    key = next((world.folder / "record-keys" / "patients").iterdir())
    wrapped = key.read_bytes()
    key.unlink()
    for _ in range(2 * MAX_ATTEMPTS):
        with pytest.raises(JobNotReady):
            await extraction(world, Reading(*READ)).run(await payload(world, record_id))
    key.write_bytes(wrapped)
    await extraction(world, Reading(*READ)).run(await payload(world, record_id))
    assert await stored(world, record_id) == extracted(*READ)


async def test_damaged_contents_give_no_findings(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    path = (await world.objects())[0]
    path.write_bytes(b"x" + path.read_bytes()[1:])
    for reader in (Reading(*READ), ExtractionSandbox()):
        await extraction(world, reader).run(await payload(world, record_id))
    row = await world.row(record_id)
    assert (row.state, row.failure) == (RecordState.FAILED, RecordFailure.NOT_READ)
    assert await stored(world, record_id) == []


async def test_a_record_that_is_deleted_meanwhile_gets_no_findings(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    task = extraction(world, Reading(*READ))
    assert await task._claim(record_id, UUID(int=1)) is not None
    await world.delete(record_id)
    key = await world.storage.keys.open((await world.row(record_id)).patient_id)
    await task._store(record_id, UUID(int=1), [], key)
    await task.run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.DELETED


async def test_deleting_a_record_removes_its_findings(world: RecordWorld) -> None:
    record_id, kept = await world.read(SENT, *READ), await world.read(content(10), STAGE)
    await world.delete(record_id)
    assert await stored(world, record_id) == []
    assert await stored(world, kept) == extracted(STAGE)


async def test_reading_again_replaces_what_the_patient_has_not_decided_on(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    record_id = await world.read(SENT, STAGE, MARKER, DRUG)
    await owner.execute(
        "UPDATE findings SET status = 'REJECTED', decided_at = now() WHERE number = 1"
    )
    async with world.database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            update(Record).where(Record.id == record_id).values(state=RecordState.EXTRACTING)
        )
    # The rejected one is read once more, and isn't put before the patient again.
    await extraction(world, Reading(MARKER, STAGE, DENIED)).run(await payload(world, record_id))
    read = {finding.key: status for finding, status in await stored(world, record_id)}
    assert read == {
        MARKER.key: FindingStatus.REJECTED,
        STAGE.key: FindingStatus.EXTRACTED,
        DENIED.key: FindingStatus.EXTRACTED,
    }


async def test_what_was_decided_on_keeps_its_file_when_reading_again_fails(
    world: RecordWorld,
) -> None:
    record_id = await world.read(SENT, STAGE)
    async with world.database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            update(Record).where(Record.id == record_id).values(state=RecordState.EXTRACTING)
        )
    reader = Reading(raising=ExtractionFailed(FailureCode.TOO_COSTLY))
    await extraction(world, reader).run(await payload(world, record_id))
    await TidyTask(world.database, world.storage).run(await payload(world, record_id))
    assert len(await world.objects()) == 2
    assert await stored(world, record_id) == extracted(STAGE)


async def test_a_reading_whose_job_was_lost_is_asked_for_again(
    world: RecordWorld, jobs: Jobs, owner: asyncpg.Connection
) -> None:
    await world.scanned(SENT)
    await owner.execute("DELETE FROM pgqueuer")
    await request_overdue_extractions(world.database, now=world.now + timedelta(minutes=4))
    assert await jobs() == []
    for _ in range(2):
        await request_overdue_extractions(world.database, now=world.now + timedelta(minutes=6))
    assert [name for name, _ in await jobs()] == [EXTRACT_RECORD]


async def test_a_worker_that_stops_gives_the_record_to_the_next(world: RecordWorld) -> None:
    record_id = await world.scanned(SENT)
    reader = Reading(*READ)
    begun = asyncio.Event()

    async def endless(_content: object) -> Extraction:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    reader.extract = endless  # pyright: ignore[reportAttributeAccessIssue]
    stopped = asyncio.create_task(extraction(world, reader).run(await payload(world, record_id)))
    await asyncio.wait_for(begun.wait(), PATIENCE_S)
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    row = await world.row(record_id)
    assert (row.state, row.attempts, row.lease_token) == (RecordState.EXTRACTING, 0, None)

    await extraction(world, Reading(*READ)).run(await payload(world, record_id))

    assert await stored(world, record_id) == extracted(*READ)
