import asyncio
from uuid import UUID, uuid4

import pytest

from bench.slow_worker import Dawdling
from navis_api.db.sessions import ANONYMOUS_ROWS, Database, RowViewer
from navis_api.generation.errors import GenerationUnknown
from navis_api.generation.models import GenerationEventRow
from navis_api.generation.stream import GENERATION_CHANNEL, GenerationStream
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.jobs.fanout import Fanout
from tests.conftest import fanout_beside
from tests.generation.world import ask, events, extractive, generation_of, task
from tests.waiting import PATIENCE_S

PATIENT = Viewer(ViewerKind.PATIENT, "patient-1")


async def everything(
    stream: GenerationStream,
    generation_id: UUID,
    *,
    after: int = 0,
    viewer: RowViewer = ANONYMOUS_ROWS,
) -> list[GenerationEventRow]:
    return [event async for event in stream.follow(viewer, generation_id, after)]


async def test_a_subscriber_sees_what_was_and_what_comes(
    sample_database: Database, sample_database_url: str
) -> None:
    fanout = fanout_beside(sample_database, sample_database_url)
    listening = asyncio.create_task(fanout.run(GENERATION_CHANNEL))
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    stream = GenerationStream(sample_database, fanout)
    generation_id = await generation_of(sample_database)
    early = asyncio.create_task(everything(stream, generation_id))
    await asyncio.sleep(0.1)

    work = task(sample_database, Dawdling(extractive(sample_database), pause_s=0.05))
    await work.run(generation_id.bytes)

    stored = [event.sequence for event in await events(sample_database, generation_id)]
    seen = await asyncio.wait_for(early, PATIENCE_S)
    assert [event.sequence for event in seen] == stored
    late = await everything(stream, generation_id)
    assert [event.sequence for event in late] == stored
    listening.cancel()


async def test_events_come_also_when_nobody_hears_notifications(
    sample_database: Database, sample_database_url: str
) -> None:
    stream = GenerationStream(sample_database, Fanout(sample_database_url))
    generation_id = await generation_of(sample_database)
    following = asyncio.create_task(everything(stream, generation_id))

    await task(sample_database).run(generation_id.bytes)

    seen = await asyncio.wait_for(following, PATIENCE_S)
    stored = [event.sequence for event in await events(sample_database, generation_id)]
    assert [event.sequence for event in seen] == stored


async def test_a_stream_goes_on_after_any_event(
    sample_database: Database, sample_database_url: str
) -> None:
    stream = GenerationStream(sample_database, Fanout(sample_database_url))
    generation_id = await generation_of(sample_database)
    await task(sample_database).run(generation_id.bytes)
    last = len(await events(sample_database, generation_id))

    for after in (0, 1, last // 2, last - 1, last, last + 5):
        rest = await asyncio.wait_for(everything(stream, generation_id, after=after), PATIENCE_S)
        assert [event.sequence for event in rest] == list(range(after + 1, last + 1))


async def test_only_who_asked_may_follow(
    sample_database: Database, sample_database_url: str
) -> None:
    stream = GenerationStream(sample_database, Fanout(sample_database_url))
    asked = await ask(sample_database, viewer=PATIENT)
    assert asked.generation_id is not None
    await task(sample_database).run(asked.generation_id.bytes)

    assert await everything(stream, asked.generation_id, viewer=PATIENT.rows)
    other = Viewer(ViewerKind.PATIENT, "patient-2")
    for stranger in (ANONYMOUS_ROWS, other.rows):
        with pytest.raises(GenerationUnknown):
            await everything(stream, asked.generation_id, viewer=stranger)
    with pytest.raises(GenerationUnknown):
        await everything(stream, uuid4(), viewer=PATIENT.rows)
