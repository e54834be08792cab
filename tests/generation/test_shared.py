"""What subscribers of one generation share, and with whom they don't."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select, update

from navis_api.answers import publishing
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database, RowViewer
from navis_api.generation import service
from navis_api.generation.errors import GenerationUnknown
from navis_api.generation.keeping import Event, Lease
from navis_api.generation.models import Generation, GenerationEventKind, GenerationEventRow
from navis_api.generation.shared import KEPT_ROWS
from navis_api.generation.stream import GENERATION_CHANNEL, GenerationStream
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.jobs.fanout import Fanout
from navis_api.questions.models import Asking, Question
from tests.conftest import fanout_beside
from tests.generation.world import NEW_QUESTION, NOON, ask, generation_of, task
from tests.waiting import PATIENCE_S

PATIENTS = [Viewer(ViewerKind.PATIENT, f"patient-{number}") for number in range(1, 4)]


@pytest.fixture
async def stream(
    sample_database: Database, sample_database_url: str
) -> AsyncIterator[GenerationStream]:
    """A stream that hears of news at once."""
    fanout = fanout_beside(sample_database, sample_database_url)
    stream = GenerationStream(sample_database, fanout)
    listening = asyncio.create_task(fanout.run(GENERATION_CHANNEL))
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    yield stream
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


class Subscriber:
    """Somebody who reads at their own pace."""

    def __init__(self, stream: GenerationStream, viewer: RowViewer, id_: UUID) -> None:
        self._rows = stream.follow(viewer, id_)
        self.seen: list[GenerationEventRow] = []

    async def next(self) -> GenerationEventRow:
        row = await asyncio.wait_for(anext(self._rows), PATIENCE_S)
        self.seen.append(row)
        return row

    async def until(self, sequence: int) -> None:
        while (await self.next()).sequence < sequence:
            pass

    async def rest(self) -> None:
        self.seen += [row async for row in self._rows]

    async def leave(self) -> None:
        await self._rows.aclose()  # pyright: ignore[reportAttributeAccessIssue] - a generator


async def held(database: Database, id_: UUID) -> Lease:
    async with database.writing(SYSTEM_ROWS) as session:
        lease = await service.claim(session, id_, lease_s=600, max_attempts=3, now=NOON)
    assert lease is not None
    return lease


async def write(database: Database, lease: Lease, *texts: str) -> None:
    """Add text, an event a piece."""
    events = [
        Event(
            GenerationEventKind.TEXT_ADDED,
            {
                "sectionIndex": 0,
                "sectionKind": "OPTIONS",
                "heading": "Options",
                "style": "SENTENCE",
                "text": text,
                "citations": [],
            },
        )
        for text in texts
    ]
    async with database.writing(SYSTEM_ROWS) as session:
        await service.advance(session, lease, events, now=NOON)


class Reads:
    """Counts the transactions of a database."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "begin", self._begun)

    def _begun(self, _connection: Any) -> None:
        self.count += 1


async def test_an_event_is_read_once_however_many_wait_for_it(
    sample_database: Database, stream: GenerationStream
) -> None:
    id_ = await generation_of(sample_database)
    lease = await held(sample_database, id_)
    subscribers = [Subscriber(stream, ANONYMOUS_ROWS, id_) for _ in range(50)]
    await asyncio.gather(*(each.until(1) for each in subscribers))
    assert stream.followers == 50

    reads = Reads(sample_database)
    waiting = [asyncio.create_task(each.next()) for each in subscribers]
    await write(sample_database, lease, "A sentence.")
    rows = await asyncio.gather(*waiting)

    assert {row.sequence for row in rows} == {2}
    # The write itself, and a look or two.
    assert reads.count <= 4
    assert len({id(row) for row in rows}) == 1
    for each in subscribers:
        await each.leave()
    assert stream.followers == 0


async def test_subscribers_read_at_their_own_pace(
    sample_database: Database, stream: GenerationStream
) -> None:
    id_ = await generation_of(sample_database)
    lease = await held(sample_database, id_)
    quick, slow = (Subscriber(stream, ANONYMOUS_ROWS, id_) for _ in range(2))
    await asyncio.gather(quick.until(1), slow.until(1))
    last = 1
    for _ in range(4):
        await write(sample_database, lease, *["More."] * KEPT_ROWS)
        last += KEPT_ROWS
        await quick.until(last)

    await slow.until(last)
    late = Subscriber(stream, ANONYMOUS_ROWS, id_)
    await late.until(last)
    for each in (quick, slow, late):
        assert [row.sequence for row in each.seen] == list(range(1, last + 1))
        await each.leave()


async def test_what_is_shared_is_bounded(
    sample_database: Database, stream: GenerationStream
) -> None:
    id_ = await generation_of(sample_database)
    lease = await held(sample_database, id_)
    subscriber = Subscriber(stream, ANONYMOUS_ROWS, id_)
    await subscriber.until(1)
    # It takes nothing while this is written.
    for _ in range(3):
        await write(sample_database, lease, *["More."] * KEPT_ROWS)
        await asyncio.sleep(0.1)
    (shared,) = stream._followed.values()
    assert len(shared._rows) <= KEPT_ROWS
    await subscriber.until(1 + 3 * KEPT_ROWS)
    await subscriber.leave()


async def test_an_asker_who_is_erased_gets_no_further_event(
    sample_database: Database, stream: GenerationStream
) -> None:
    asked = [await ask(sample_database, viewer=viewer) for viewer in PATIENTS[:2]]
    id_ = asked[0].generation_id
    assert id_ is not None
    assert asked[1].generation_id == id_
    lease = await held(sample_database, id_)
    stays, goes = (Subscriber(stream, viewer.rows, id_) for viewer in PATIENTS[:2])
    await asyncio.gather(stays.until(1), goes.until(1))

    async with sample_database.writing(SYSTEM_ROWS) as session:
        await session.execute(delete(Asking).where(Asking.subject == PATIENTS[1].subject))
    waiting = asyncio.create_task(goes.next())
    await write(sample_database, lease, "Not for them.")

    assert (await stays.next()).sequence == 2
    with pytest.raises(GenerationUnknown):
        await waiting
    await write(sample_database, lease, "More.")
    assert (await stays.next()).sequence == 3
    await stays.leave()
    assert stream.followers == 0


async def test_a_question_that_is_no_longer_open_to_all_is_no_longer_followed_by_all(
    sample_database: Database, stream: GenerationStream
) -> None:
    asked = await ask(sample_database, viewer=PATIENTS[0])
    id_ = asked.generation_id
    assert id_ is not None

    async def open_to_all(*, is_open: bool) -> None:
        async with sample_database.writing(SYSTEM_ROWS) as session:
            question_id = await session.scalar(
                select(Generation.question_id).where(Generation.id == id_)
            )
            await session.execute(
                update(Question).where(Question.id == question_id).values(asked_anonymously=is_open)
            )

    await open_to_all(is_open=True)
    lease = await held(sample_database, id_)
    asker = Subscriber(stream, PATIENTS[0].rows, id_)
    others = [Subscriber(stream, each, id_) for each in (ANONYMOUS_ROWS, PATIENTS[2].rows)]
    for each in (asker, *others):
        await each.until(1)
    await open_to_all(is_open=False)
    waiting = [asyncio.create_task(each.next()) for each in others]
    await write(sample_database, lease, "For the asker.")
    assert (await asker.next()).sequence == 2
    for each in waiting:
        with pytest.raises(GenerationUnknown):
            await each
    await asker.leave()


async def test_text_that_was_refused_shows_to_nobody_who_comes_late_or_is_behind(
    sample_database: Database, stream: GenerationStream
) -> None:
    id_ = await generation_of(sample_database)
    behind = Subscriber(stream, ANONYMOUS_ROWS, id_)
    await behind.until(1)
    await task(sample_database).run(id_.bytes)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        generation = await session.get_one(Generation, id_)
        revision = await session.get_one(AnswerRevision, generation.revision_id)
        await publishing.move(session, revision, AnswerState.REJECTED, reason="", now=NOON)
    await asyncio.sleep(0.2)

    late = Subscriber(stream, ANONYMOUS_ROWS, id_)
    for each in (behind, late):
        await each.rest()
        shown = [row async for row in stream.follow(ANONYMOUS_ROWS, id_)]
        assert all(row.kind is not GenerationEventKind.TEXT_ADDED for row in each.seen)
        assert all(row.kind is not GenerationEventKind.TEXT_ADDED for row in shown)
        assert shown[-1].kind is GenerationEventKind.COMPLETED


async def test_a_generation_that_is_gone_ends_its_streams(
    sample_database: Database, stream: GenerationStream
) -> None:
    id_ = await generation_of(sample_database)
    subscriber = Subscriber(stream, ANONYMOUS_ROWS, id_)
    await subscriber.until(1)
    waiting = asyncio.create_task(subscriber.next())
    async with sample_database.writing(SYSTEM_ROWS) as session:
        await session.execute(delete(Generation).where(Generation.id == id_))
    stream._heard(str(id_))
    with pytest.raises(GenerationUnknown):
        await waiting
    assert stream.followers == 0


async def test_idle_subscribers_of_many_generations_cost_a_look_together(
    sample_database: Database, sample_database_url: str
) -> None:
    # Nothing is heard, so every generation is looked at twice a second.
    stream = GenerationStream(sample_database, Fanout(sample_database_url))
    ids = [
        await generation_of(sample_database, f"{NEW_QUESTION}, after {number} years?")
        for number in range(8)
    ]
    subscribers = [Subscriber(stream, ANONYMOUS_ROWS, id_) for id_ in ids for _ in range(3)]
    await asyncio.gather(*(each.until(1) for each in subscribers))
    reads = Reads(sample_database)
    waiting = [asyncio.create_task(each.next()) for each in subscribers]
    await asyncio.sleep(1.2)
    assert 1 <= reads.count <= 4
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
