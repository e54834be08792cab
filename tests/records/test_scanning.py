"""The job that scans: once, by one worker, and with an end whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.jobs.worker import JobNotReady
from navis_api.records.jobs import SCAN_RECORD
from navis_api.records.leasing import MAX_ATTEMPTS
from navis_api.records.models import Record, RecordFailure, RecordState
from navis_api.records.scanning.clamd import Clamd
from navis_api.records.scanning.scanner import Scanner, ScannerUnavailable, Verdict
from navis_api.records.scanning.task import ScanTask
from navis_api.records.tasks import TidyTask, end_abandoned, request_overdue_scans
from tests.records.clamd import EICAR, fake_clamd
from tests.records.conftest import Jobs
from tests.records.world import PART, RecordWorld, content, file_of

SENT = content(2 * PART)


class Saying:
    """A scanner that reads everything, and then says what it was told to."""

    def __init__(self, *said: Verdict | Exception) -> None:
        self.said = list(said)
        self.scans = 0

    async def scan(self, pieces: AsyncIterator[bytes]) -> Verdict:
        self.scans += 1
        async for _ in pieces:
            await asyncio.sleep(0)
        said = self.said.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def task(world: RecordWorld, scanner: Scanner | None, *, required: bool = False) -> ScanTask:
    return ScanTask(
        world.database,
        world.storage,
        scanner,
        clock=lambda: world.now,
        lease_s=5,
        requires_scanner=required,
    )


async def payload(world: RecordWorld, record_id: UUID) -> bytes:
    return (await world.row(record_id)).patient_id.bytes + record_id.bytes


async def test_what_is_clean_is_handed_over(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    async with fake_clamd() as clamd:
        scan = task(world, Clamd(clamd.address, timeout_s=5), required=True)
        for _ in range(2):
            await scan.run(await payload(world, record_id))
    assert clamd.received == [SENT]
    assert (await world.row(record_id)).state is RecordState.EXTRACTING
    assert len(await world.objects()) == 2


async def test_what_is_infected_is_quarantined_and_destroyed(
    world: RecordWorld, jobs: Jobs
) -> None:
    record_id = await world.uploaded(b"some" + EICAR)
    async with fake_clamd() as clamd:
        await task(world, Clamd(clamd.address, timeout_s=5)).run(await payload(world, record_id))
    row = await world.row(record_id)
    assert (row.state, row.failure) == (RecordState.QUARANTINED, RecordFailure.MALWARE)
    for name, given in await jobs():
        if name != SCAN_RECORD:
            await TidyTask(world.database, world.storage).run(given)
    assert await world.objects() == []


async def test_without_a_scanner_development_goes_on_and_production_waits(
    world: RecordWorld,
) -> None:
    record_id = await world.uploaded(SENT)
    with pytest.raises(JobNotReady):
        await task(world, None, required=True).run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.SCANNING
    await task(world, None).run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.EXTRACTING


async def test_a_scanner_that_is_away_is_waited_for(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    away = [ScannerUnavailable() for _ in range(2 * MAX_ATTEMPTS)]
    scan = task(world, Saying(*away, Verdict.CLEAN))
    for _ in away:
        with pytest.raises(JobNotReady):
            await scan.run(await payload(world, record_id))
    await scan.run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.EXTRACTING


async def test_a_record_over_which_workers_die_is_given_up(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    dying = task(world, Saying(*[asyncio.CancelledError() for _ in range(9)]))  # pyright: ignore[reportArgumentType]
    for _ in range(MAX_ATTEMPTS):
        scan = asyncio.create_task(dying._claim(record_id, UUID(int=1)))
        assert await scan is not None
        # Nobody else takes it while the lease runs.
        with pytest.raises(JobNotReady):
            await task(world, Saying(Verdict.CLEAN)).run(await payload(world, record_id))
        world.now += timedelta(seconds=6)
    await task(world, Saying(Verdict.CLEAN)).run(await payload(world, record_id))
    row = await world.row(record_id)
    assert (row.state, row.failure) == (RecordState.FAILED, RecordFailure.NOT_SCANNED)


async def test_who_has_lost_the_lease_writes_nothing(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    slow = task(world, Saying(Verdict.INFECTED))
    assert await slow._claim(record_id, UUID(int=1)) is not None
    world.now += timedelta(seconds=6)
    await task(world, Saying(Verdict.CLEAN)).run(await payload(world, record_id))
    await slow._end(record_id, UUID(int=1), RecordFailure.MALWARE)
    assert (await world.row(record_id)).state is RecordState.EXTRACTING


async def test_damaged_contents_are_not_passed_on(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    path = (await world.objects())[0]
    path.write_bytes(b"x" + path.read_bytes()[1:])
    scanner = Saying(Verdict.CLEAN)
    await task(world, scanner).run(await payload(world, record_id))
    row = await world.row(record_id)
    assert (row.state, row.failure) == (RecordState.FAILED, RecordFailure.NOT_SCANNED)
    # Somebody may want to know what happened to it.
    await TidyTask(world.database, world.storage).run(await payload(world, record_id))
    assert len(await world.objects()) == 2


async def test_a_worker_that_does_not_find_the_key_gives_nothing_up(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    key = next((world.folder / "record-keys" / "patients").iterdir())
    wrapped = key.read_bytes()
    for instead in (None, b"x" * len(wrapped)):
        key.unlink() if instead is None else key.write_bytes(instead)
        for _ in range(2 * MAX_ATTEMPTS):
            with pytest.raises(JobNotReady):
                await task(world, Saying(Verdict.CLEAN)).run(await payload(world, record_id))
        assert (await world.row(record_id)).state is RecordState.SCANNING
    key.write_bytes(wrapped)
    await task(world, Saying(Verdict.CLEAN)).run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.EXTRACTING


async def test_a_record_that_is_deleted_meanwhile_stays_so(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    scan = task(world, Saying(Verdict.CLEAN))
    assert await scan._claim(record_id, UUID(int=1)) is not None
    await world.delete(record_id)
    await scan._end(record_id, UUID(int=1), None)
    await scan.run(await payload(world, record_id))
    assert (await world.row(record_id)).state is RecordState.DELETED


async def test_a_scan_whose_job_was_lost_is_asked_for_again(world: RecordWorld, jobs: Jobs) -> None:
    record_id = await world.uploaded(SENT)
    async with world.database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            update(Record).where(Record.id == record_id).values(updated_at=world.now)
        )
    before = len(await jobs())
    await request_overdue_scans(world.database, now=world.now + timedelta(minutes=4))
    assert len(await jobs()) == before
    await request_overdue_scans(world.database, now=world.now + timedelta(minutes=6))
    # The job is still there: the same isn't put in twice.
    assert len(await jobs()) == before


async def test_uploads_whose_time_is_over_are_ended(world: RecordWorld, jobs: Jobs) -> None:
    announced = await world.announce(file_of(SENT))
    assert announced.upload is not None
    await world.send(announced.upload.token, SENT[:PART])
    await end_abandoned(world.database, now=world.now + timedelta(hours=5))
    assert (await world.row(announced.record.id)).state is RecordState.UPLOADING
    for _ in range(2):
        await end_abandoned(world.database, now=world.now + timedelta(hours=6))
    row = await world.row(announced.record.id)
    assert (row.state, row.failure) == (RecordState.FAILED, RecordFailure.UPLOAD_EXPIRED)
    waiting = await jobs()
    assert len(waiting) == 1
    await TidyTask(world.database, world.storage).run(waiting[0][1])
    assert await world.objects() == []


async def test_tidying_keeps_what_is_named_and_what_still_arrives(
    world: RecordWorld, jobs: Jobs
) -> None:
    announced = await world.announce(file_of(SENT))
    assert announced.upload is not None
    token, record_id = announced.upload.token, announced.record.id
    await world.send(token, content(PART, seed=5))
    await world.send(token, SENT)
    tidy = TidyTask(world.database, world.storage)
    await tidy.run(await payload(world, record_id))
    assert len(await world.objects()) == 3
    await world.complete(record_id)
    await tidy.run(await payload(world, record_id))
    assert len(await world.objects()) == 2
    await world.delete(record_id)
    for _ in range(2):
        await tidy.run(await payload(world, record_id))
    assert await world.objects() == []
    del jobs
