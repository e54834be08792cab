"""Erasing while something is under way: uploads, scans, readings, answers, streams, rotation."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs

from navis_api.generation.errors import GenerationUnknown
from navis_api.generation.stream import GENERATION_CHANNEL, GenerationStream
from navis_api.jobs import fanout as fanouts
from navis_api.jobs.fanout import Fanout
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.ids import new_id
from navis_api.personal_data.erasing.service import FINISH_ERASURE
from navis_api.personal_data.erasing.tasks import (
    SETTLED_AFTER,
    ErasureTask,
    request_overdue_erasures,
)
from navis_api.records.errors import RecordUnknown
from navis_api.records.extraction.outcome import Extraction
from navis_api.records.receiving_errors import UploadGone, WriterReplaced
from navis_api.records.rotating import rewrap_all
from navis_api.records.scanning.scanner import Verdict
from navis_api.records.scanning.task import ScanTask
from navis_api.records.sealing.errors import KeyGone
from navis_api.records.stream import RECORD_CHANNEL, RecordStream
from tests.engines import Hanging, Watched
from tests.generation.world import task
from tests.personal_data.looking import mentions
from tests.personal_data.person import SHARED_QUESTION, Person
from tests.records.readers import READ, Reading, extraction
from tests.records.world import PART, RecordWorld, content, file_of
from tests.waiting import PATIENCE_S

ROUNDS = 25


def keys(world: RecordWorld) -> set[str]:
    folder = world.folder / "record-keys" / "patients"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


async def patients(owner: asyncpg.Connection) -> set[str]:
    return {row[0] for row in await owner.fetch("SELECT id::text FROM patients")}


@pytest.fixture
async def fanout(
    sample_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Fanout]:
    # Nobody who hears what happens looks again by themselves.
    monkeypatch.setattr(fanouts, "_LOOK_AGAIN_S", 600)
    fanout = Fanout(sample_database_url)
    running = asyncio.create_task(fanout.run(RECORD_CHANNEL, GENERATION_CHANNEL))
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    yield fanout
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_upload_that_is_under_way_leaves_nothing(
    world: RecordWorld, person: Person
) -> None:
    sent = content(4 * PART)
    announced = await world.announce(file_of(sent), person.viewer)
    assert announced.upload is not None
    incoming = await world.receiving.begin(announced.upload.token, offset=0)
    await incoming.take(sent[:PART])
    assert len(await world.objects()) == 1
    await person.erased()
    with pytest.raises(WriterReplaced):
        await incoming.take(sent[PART : 2 * PART])
    with pytest.raises(UploadGone):
        await world.receiving.begin(announced.upload.token, offset=PART)
    assert await world.objects() == []
    assert keys(world) == set()


async def test_what_a_killed_upload_left_is_found_later(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    """The process had stored a part, and was killed before it saw that nobody wants it."""
    record_id = await world.uploaded(content(10), person.viewer)
    patient_id = (await world.row(record_id)).patient_id
    erasure = await person.erased()
    job = ErasureTask(world.database, world.storage, clock=lambda: world.now)
    await job.run(erasure.id.bytes)
    await world.storage.objects.put(f"{patient_id}/{record_id}/{new_id()}", b"left")
    await owner.execute("DELETE FROM pgqueuer")
    world.now += SETTLED_AFTER - timedelta(seconds=1)
    await request_overdue_erasures(world.database, now=world.now)
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 0
    world.now += timedelta(seconds=1)
    for _ in range(2):
        await request_overdue_erasures(world.database, now=world.now)
    waiting = await owner.fetch("SELECT entrypoint, payload FROM pgqueuer")
    assert [(row[0], row[1]) for row in waiting] == [(FINISH_ERASURE, erasure.id.bytes)]
    await job.run(erasure.id.bytes)
    assert await world.objects() == []
    await owner.execute("DELETE FROM pgqueuer")
    await request_overdue_erasures(world.database, now=world.now + SETTLED_AFTER)
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_an_erasure_whose_job_was_lost_is_taken_up_again(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    await world.uploaded(content(10), person.viewer)
    erasure = await person.rows_erased()
    await owner.execute("DELETE FROM pgqueuer")
    await request_overdue_erasures(world.database, now=world.now)
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 0
    world.now += timedelta(minutes=5)
    await request_overdue_erasures(world.database, now=world.now)
    assert await owner.fetchval("SELECT payload FROM pgqueuer") == erasure.id.bytes


async def test_who_uploads_and_erases_at_once_leaves_no_key_and_no_object_behind(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    """Whichever comes first: what is there afterwards belongs to a patient who is there."""

    async def upload(number: int) -> None:
        await asyncio.sleep(number % 5 / 200)
        sent = content(PART + 1, seed=number)
        announced = await world.announce(file_of(sent), person.viewer)
        assert announced.upload is not None
        with suppress(UploadGone, WriterReplaced, KeyGone):
            await world.send(announced.upload.token, sent, offset=0)

    async def erase(number: int) -> None:
        await asyncio.sleep(number % 7 / 200)
        await person.erased()

    for number in range(ROUNDS):
        await asyncio.gather(upload(number), erase(number), upload(number + 1))
        known = await patients(owner)
        assert keys(world) == known
        folder = world.folder / "objects"
        assert {path.relative_to(folder).parts[0] for path in await world.objects()} <= known
    await person.erased()
    assert keys(world) == set()
    assert await world.objects() == []
    assert await mentions(owner, [person.subject]) == set()


class Waiting:
    """A scanner that has read everything, and then takes its time."""

    def __init__(self) -> None:
        self.has_read = asyncio.Event()
        self.was_stopped = False

    async def scan(self, pieces: AsyncIterable[bytes]) -> Verdict:
        async for _ in pieces:
            pass
        self.has_read.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_stopped = True
            raise
        return Verdict.CLEAN


async def test_a_scan_that_is_under_way_is_stopped(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    record_id = await world.uploaded(content(100), person.viewer)
    payload = (await world.row(record_id)).patient_id.bytes + record_id.bytes
    scanner = Waiting()
    job = ScanTask(
        world.database,
        world.storage,
        scanner,
        clock=lambda: world.now,
        lease_s=600,
        requires_scanner=True,
    )
    with capture_logs() as logs:
        scanning = asyncio.create_task(job.run(payload))
        await asyncio.wait_for(scanner.has_read.wait(), PATIENCE_S)
        await person.erased()
        await asyncio.wait_for(scanning, PATIENCE_S)
        # What the queue may still hand out finds nothing to do.
        await job.run(payload)
    assert scanner.was_stopped
    assert not [each for each in logs if each["log_level"] in {"warning", "error"}], logs
    assert await owner.fetchval("SELECT count(*) FROM records") == 0
    waiting = await owner.fetch("SELECT DISTINCT entrypoint FROM pgqueuer")
    assert [row[0] for row in waiting] == [FINISH_ERASURE]


@pytest.mark.parametrize("moment", ["before it has read", "after it has read"])
async def test_a_reading_that_is_under_way_stores_nothing(
    world: RecordWorld, owner: asyncpg.Connection, person: Person, moment: str
) -> None:
    record_id = await world.scanned(content(2 * PART), person.viewer)
    payload = (await world.row(record_id)).patient_id.bytes + record_id.bytes

    class Meanwhile(Reading):
        async def extract(self, content: bytes | AsyncIterable[bytes]) -> Extraction:
            if moment == "before it has read":
                await person.erased()
                return await super().extract(content)
            read = await super().extract(content)
            await person.erased()
            return read

    with capture_logs() as logs:
        await extraction(world, Meanwhile(*READ)).run(payload)
        await extraction(world, Meanwhile(*READ)).run(payload)
    assert not [each for each in logs if each["log_level"] in {"warning", "error"}], logs
    assert await owner.fetchval("SELECT count(*) FROM findings") == 0
    assert await owner.fetchval("SELECT count(*) FROM records") == 0
    assert await world.objects() == []


async def test_an_answer_that_is_being_written_is_stopped(
    world: RecordWorld, owner: asyncpg.Connection, person: Person, fanout: Fanout
) -> None:
    question_id = await person.question(f"Would {person.mark} have surgery for liver cancer?")
    generation_id = await generation_of(owner, question_id)
    engine = Watched(Hanging())
    with capture_logs() as logs:
        writing = asyncio.create_task(
            task(world.database, engine, fanout=fanout, lease_s=600).run(generation_id.bytes)
        )
        await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)
        await person.erased()
        await asyncio.wait_for(writing, PATIENCE_S)
    assert engine.stopped.is_set()
    assert not [each for each in logs if each["log_level"] in {"warning", "error"}], logs
    assert await owner.fetchval("SELECT count(*) FROM generation_events") == 0
    assert await owner.fetchval("SELECT count(*) FROM answers WHERE slug IS NULL") == 0


async def generation_of(owner: asyncpg.Connection, question_id: UUID) -> UUID:
    found = await owner.fetchval("SELECT id FROM generations WHERE question_id = $1", question_id)
    assert isinstance(found, UUID)
    return found


async def test_what_a_patient_follows_of_a_record_ends(
    world: RecordWorld, person: Person, fanout: Fanout
) -> None:
    announced = await world.announce(file_of(content(10)), person.viewer)
    stream = RecordStream(world.database, fanout)
    begun = asyncio.Event()

    async def follow() -> None:
        async for _ in stream.follow(
            person.viewer, announced.record.id, 0, world.acting(person.viewer)
        ):
            begun.set()

    following = asyncio.create_task(follow())
    await asyncio.wait_for(begun.wait(), PATIENCE_S)
    await person.erased()
    with pytest.raises(RecordUnknown):
        await asyncio.wait_for(following, PATIENCE_S)


@pytest.mark.parametrize("is_shared", [False, True], ids=["alone", "with another"])
async def test_what_a_patient_follows_of_an_answer_ends(
    world: RecordWorld,
    owner: asyncpg.Connection,
    person: Person,
    other: Person,
    fanout: Fanout,
    is_shared: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    question_id = await person.question(SHARED_QUESTION)
    if is_shared:
        assert await other.question(SHARED_QUESTION) == question_id
    generation_id = await generation_of(owner, question_id)
    stream = GenerationStream(world.database, fanout)
    begun, others_begun = asyncio.Event(), asyncio.Event()

    async def follow(viewer_of: Person, begun: asyncio.Event) -> None:
        async for _ in stream.follow(viewer_of.viewer.rows, generation_id):
            begun.set()

    following = asyncio.create_task(follow(person, begun))
    await asyncio.wait_for(begun.wait(), PATIENCE_S)
    others = None
    if is_shared:
        others = asyncio.create_task(follow(other, others_begun))
        await asyncio.wait_for(others_begun.wait(), PATIENCE_S)
    await person.erased()
    with pytest.raises(GenerationUnknown):
        await asyncio.wait_for(following, PATIENCE_S)
    if others is not None:
        assert not others.done()
        others.cancel()


async def test_changing_the_master_key_brings_no_key_back(
    world: RecordWorld, owner: asyncpg.Connection, person: Person, other: Person
) -> None:
    await world.uploaded(content(10), person.viewer)
    kept = await world.uploaded(content(10), other.viewer)
    for _ in range(10):
        await asyncio.gather(
            rewrap_all(world.database, world.storage.keys, lambda _: None), person.erased()
        )
        assert keys(world) == await patients(owner)
        await world.uploaded(content(10), person.viewer)
    await world.storage.keys.open((await world.row(kept)).patient_id)


async def test_a_storage_that_is_away_delays_the_key_and_nothing_else(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    await world.uploaded(content(10), person.viewer)
    folder = world.folder / "record-keys"
    come_back = _put_away(folder)
    erasure = await person.rows_erased()
    job = ErasureTask(world.database, world.storage, clock=lambda: world.now)
    with pytest.raises(JobNotReady):
        await job.run(erasure.id.bytes)
    row = await owner.fetchrow("SELECT key_destroyed_at, objects_removed_at FROM erasures")
    assert row is not None
    assert tuple(row.values()) == (None, None)
    come_back()
    await job.run(erasure.id.bytes)
    assert keys(world) == set()
    assert await world.objects() == []


def _put_away(folder: Path) -> Callable[[], None]:
    """Have a file stand where the folder was, and return what undoes it."""
    away = folder.rename(folder.with_name("away"))
    folder.write_text("no folder")

    def come_back() -> None:
        folder.unlink()
        away.rename(folder)

    return come_back
