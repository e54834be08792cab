"""Following a record: every state once, in order, from wherever one stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

import pytest

from navis_api.db.sessions import Database
from navis_api.jobs import fanout as fanouts
from navis_api.jobs.fanout import Fanout
from navis_api.kit.ids import new_id
from navis_api.records.errors import RecordUnknown
from navis_api.records.models import RecordEvent, RecordState
from navis_api.records.scanning.task import ScanTask
from navis_api.records.stream import RECORD_CHANNEL, RecordStream
from tests.conftest import fanout_beside
from tests.records.readers import READ, Reading, extraction
from tests.records.world import OTHER, PATIENT, RecordWorld, content, file_of
from tests.waiting import PATIENCE_S

SENT = content(100)
UPLOADING, SCANNING, READY = RecordState.UPLOADING, RecordState.SCANNING, RecordState.READY


@pytest.fixture
async def fanout(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Fanout]:
    # Nobody who hears what happens looks again by themselves.
    monkeypatch.setattr(fanouts, "_LOOK_AGAIN_S", 600)
    fanout = fanout_beside(database, database_url)
    running = asyncio.create_task(fanout.run(RECORD_CHANNEL))
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    yield fanout
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def scan_and_read(world: RecordWorld, record_id: UUID) -> None:
    task = ScanTask(
        world.database,
        world.storage,
        None,
        clock=lambda: world.now,
        lease_s=5,
        requires_scanner=False,
    )
    payload = (await world.row(record_id)).patient_id.bytes + record_id.bytes
    await task.run(payload)
    await extraction(world, Reading(*READ)).run(payload)


def told(events: list[RecordEvent]) -> list[tuple[int, RecordState]]:
    return [(event.sequence, event.state) for event in events]


async def test_states_come_while_they_happen_and_again_to_who_comes_later(
    world: RecordWorld, fanout: Fanout
) -> None:
    stream = RecordStream(world.database, fanout)
    announced = await world.announce(file_of(SENT))
    assert announced.upload is not None
    record_id = announced.record.id
    seen: list[RecordEvent] = []
    first = asyncio.Event()

    async def follow() -> None:
        async for event in stream.follow(PATIENT, record_id, 0, world.acting()):
            seen.append(event)
            first.set()

    following = asyncio.create_task(follow())
    await asyncio.wait_for(first.wait(), 5)
    assert told(seen) == [(1, UPLOADING)]
    await world.send(announced.upload.token, SENT)
    await world.complete(record_id)
    await scan_and_read(world, record_id)
    await asyncio.wait_for(following, PATIENCE_S)
    whole = [(1, UPLOADING), (2, SCANNING), (3, RecordState.EXTRACTING), (4, READY)]
    assert told(seen) == whole
    for after in range(6):
        async with asyncio.timeout(PATIENCE_S):
            rest = [
                event async for event in stream.follow(PATIENT, record_id, after, world.acting())
            ]
        assert told(rest) == whole[after:]


async def test_nobody_else_follows(world: RecordWorld, fanout: Fanout) -> None:
    stream = RecordStream(world.database, fanout)
    record_id = await world.uploaded(SENT)
    for viewer, id_ in ((OTHER, record_id), (PATIENT, new_id())):
        events = stream.follow(viewer, id_, 0, world.acting(viewer))
        with pytest.raises(RecordUnknown):
            await anext(events)


async def test_a_deaf_process_looks_for_itself(world: RecordWorld, database_url: str) -> None:
    stream = RecordStream(world.database, Fanout(database_url))
    record_id = await world.uploaded(SENT)
    async with aclosing(stream.follow(PATIENT, record_id, 2, world.acting())) as events:
        coming = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.1)
        await world.delete(record_id)
        event = await asyncio.wait_for(coming, PATIENCE_S)
    assert event.state is RecordState.DELETED
