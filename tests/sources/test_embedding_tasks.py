"""The job that embeds the corpus: nothing twice, nothing lost, whoever is killed or fails."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import numpy as np
import pytest
from sqlalchemy import delete, select, text, update

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.queue import enqueue
from navis_api.jobs.worker import JobNotReady, JobWorker
from navis_api.sources.embedding import repository, service
from navis_api.sources.embedding.embedder import EmbedderOutOfReach, EmbeddingsInvalid, text_digest
from navis_api.sources.embedding.service import (
    EMBED_PASSAGES,
    EmbeddingLeaseLost,
    EmbeddingNotNow,
    request_embedding,
    request_missing,
)
from navis_api.sources.embedding.tasks import EmbeddingTask
from navis_api.sources.embedding.vectors import unit
from navis_api.sources.models import EmbeddingRun, PassageRow, PassageVector, Source
from navis_api.sources.service import save_document
from tests.sources.corpus import LIVER_STAGES, document, fill
from tests.sources.embedding_server import CountingEmbedder, counted
from tests.waiting import PATIENCE_S

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LEASE_S = 30.0


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    return await fill(database)


def task_of(
    database: Database, embedder: CountingEmbedder, watch: Watch, *, batch_size: int = 4
) -> EmbeddingTask:
    return EmbeddingTask(database, embedder, clock=watch, batch_size=batch_size, lease_s=LEASE_S)


def failing_after(batches: int, failure: BaseException) -> Callable[[], Awaitable[None]]:
    """Let so many calls pass (the first learns the dimensions), then raise."""
    calls = 0

    async def before() -> None:
        nonlocal calls
        calls += 1
        if calls > batches + 1:
            raise failure

    return before


async def vectors(database: Database) -> list[PassageVector]:
    async with database.reading() as session:
        return list(await session.scalars(select(PassageVector).order_by(PassageVector.number)))


async def passages(database: Database) -> dict[Any, PassageRow]:
    async with database.reading() as session:
        return {row.id: row for row in await session.scalars(select(PassageRow))}


async def state(database: Database, model: str = "test:counting") -> EmbeddingRun:
    async with database.reading() as session:
        run = await repository.get_run(session, model)
    assert run is not None
    return run


async def test_every_passage_gets_the_vector_of_its_heading_and_text(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    told: list[int] = []
    await task_of(database, embedder, watch).embed_missing(told.append)
    rows = await passages(database)
    stored = await vectors(database)
    assert {row.passage_id for row in stored} == set(rows)
    assert sum(told) == len(rows) > 10
    for row in stored:
        passage = rows[row.passage_id]
        embedded = f"{passage.heading}\n{passage.text}"
        np.testing.assert_allclose(row.vector, unit(counted([embedded]))[0], atol=1e-6)
        assert (row.model, row.digest) == ("test:counting/64", text_digest(embedded))
    run = await state(database)
    assert (run.lease_token, run.attempts, run.not_before, run.failure) == (None, 0, None, None)


async def test_embedding_again_embeds_nothing_again(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    task = task_of(database, embedder, watch)
    await task.embed_missing(lambda _: None)
    before = [row.number for row in await vectors(database)]
    embedder.texts.clear()
    await task.embed_missing(lambda _: None)
    assert len(embedder.texts) == 1
    assert [row.number for row in await vectors(database)] == before


async def test_a_new_version_embeds_only_what_changed_and_the_old_vectors_go(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    task = task_of(database, embedder, watch)
    await task.embed_missing(lambda _: None)
    before = await passages(database)
    embedder.texts.clear()
    longer = document(
        "liver/stages",
        "Liver Cancer Stages",
        LIVER_STAGES + "\n## Something new\n\nThis sentence was not there before.\n",
    )
    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(session, longer, catalogue=catalogue, now=NOON)
    await task.embed_missing(lambda _: None)
    after = await passages(database)
    assert len(set(after) - set(before)) > 1
    assert [text for text in embedder.texts if "\n" in text] == [
        "Liver Cancer Stages > Something new\nThis sentence was not there before."
    ]
    assert {row.passage_id for row in await vectors(database)} == set(after)


async def test_equal_texts_are_embedded_once(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    twin = document("liver/stages-twin", "Liver Cancer Stages", LIVER_STAGES)
    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(session, twin, catalogue=catalogue, now=NOON)
    await task_of(database, embedder, watch, batch_size=100).embed_missing(lambda _: None)
    assert len(embedder.texts) == len(set(embedder.texts))
    assert len(await vectors(database)) == len(await passages(database)) > len(embedder.texts)


async def test_another_model_embeds_anew_and_keeps_its_vectors_apart(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    await task_of(database, embedder, watch).embed_missing(lambda _: None)
    other = CountingEmbedder("test:counting/64/other", dimensions=32)
    await task_of(database, other, watch).embed_missing(lambda _: None)
    count = len(await passages(database))
    async with database.writing(SYSTEM_ROWS) as session:
        for model in (embedder.model, other.model):
            embedded = await repository.count_embedded(session, model)
            assert sum(embedded.values()) == count == await repository.count_passages(session)
        assert await repository.remove_other_models(session, other.model) == count
    assert {row.model for row in await vectors(database)} == {"test:counting/64/other/32"}


async def test_vectors_of_another_length_under_the_same_name_are_computed_anew(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    await task_of(database, embedder, watch).embed_missing(lambda _: None)
    longer = CountingEmbedder(dimensions=128)
    await task_of(database, longer, watch).embed_missing(lambda _: None)
    assert {len(row.vector) for row in await vectors(database)} == {64, 128}
    assert len(longer.texts) > 10


async def test_a_length_that_changes_in_mid_work_stores_nothing_of_it(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    async def grow() -> None:
        embedder.dimensions += 1

    embedder.before = grow
    with pytest.raises(EmbeddingsInvalid):
        await task_of(database, embedder, watch).embed_missing(lambda _: None)
    assert await vectors(database) == []


async def test_what_is_withdrawn_goes_to_no_model(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            update(Source).where(Source.key == "liver/treatment").values(withdrawn_at=NOON)
        )
    await task_of(database, embedder, watch).embed_missing(lambda _: None)
    assert not any("Embolization therapy blocks" in text for text in embedder.texts)
    async with database.reading() as session:
        assert not await repository.is_missing_any(session, embedder.model)


async def test_a_failure_keeps_what_is_stored_and_others_wait(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    task = task_of(database, embedder, watch)
    embedder.before = failing_after(2, EmbedderOutOfReach("The server is away."))
    with pytest.raises(JobNotReady) as early:
        await task.run(b"")
    kept = len(await vectors(database))
    assert kept == 8
    assert early.value.after_s == 5
    assert (await state(database)).failure == "The server is away."
    with pytest.raises(JobNotReady):
        await task.run(b"")
    embedder.before = None
    embedder.texts.clear()
    watch.move(5)
    await task.run(b"")
    assert len(await vectors(database)) == len(await passages(database))
    assert len(embedder.texts) == len(await passages(database)) - kept + 1
    assert (await state(database)).failure is None


async def test_failures_in_a_row_are_tried_less_and_less_often(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    task = task_of(database, embedder, watch)
    embedder.before = failing_after(-1, EmbedderOutOfReach("The server is away."))
    pauses: list[float] = []
    for _ in range(9):
        with pytest.raises(JobNotReady) as early:
            await task.run(b"")
        pauses.append(early.value.after_s)
        watch.move(early.value.after_s)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600]


async def test_a_longer_wait_that_the_server_asks_for_is_kept(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    embedder.before = failing_after(0, EmbedderOutOfReach("busy", retry_after_s=3600))
    with pytest.raises(JobNotReady) as early:
        await task_of(database, embedder, watch).run(b"")
    assert early.value.after_s == 3600


async def test_by_hand_it_is_tried_at_once(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    task = task_of(database, embedder, watch)
    embedder.before = failing_after(0, EmbedderOutOfReach("The server is away."))
    with pytest.raises(EmbedderOutOfReach):
        await task.embed_missing(lambda _: None)
    embedder.before = None
    await task.embed_missing(lambda _: None)
    assert len(await vectors(database)) == len(await passages(database))


async def test_two_do_not_embed_at_once(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        await go_on.wait()

    embedder.before = wait
    first = asyncio.create_task(task_of(database, embedder, watch).embed_missing(lambda _: None))
    await begun.wait()
    other = CountingEmbedder()
    with pytest.raises(EmbeddingNotNow):
        await task_of(database, other, watch).embed_missing(lambda _: None)
    with pytest.raises(JobNotReady):
        await task_of(database, other, watch).run(b"")
    assert other.texts == []
    go_on.set()
    await first
    assert len(await vectors(database)) == len(await passages(database))


async def test_after_a_kill_another_goes_on_from_the_last_batch(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    # A killed process ends between two batches, and gives nothing back.
    async with database.writing(SYSTEM_ROWS) as session:
        lease = await service.claim(
            session, embedder.model, lease_s=LEASE_S, heed_pause=True, now=NOON
        )
    async with database.reading() as session:
        batch = await repository.list_unembedded(session, "test:counting/64", after=None, limit=6)
    rows = unit(counted([each.text for each in batch]))
    async with database.writing(SYSTEM_ROWS) as session:
        by_digest = {each.digest: row for each, row in zip(batch, rows, strict=True)}
        await service.store(session, lease, "test:counting/64", batch, by_digest, now=NOON)

    other = task_of(database, embedder, watch)
    with pytest.raises(JobNotReady) as early:
        await other.run(b"")
    assert early.value.after_s == LEASE_S
    watch.move(LEASE_S)
    await other.run(b"")
    assert not {each.text for each in batch} & set(embedder.texts)
    assert len(await vectors(database)) == len(await passages(database))

    # And the one who was only asleep stores nothing more.
    with pytest.raises(EmbeddingLeaseLost):
        async with database.writing(SYSTEM_ROWS) as session:
            await service.store(session, lease, "test:counting/64", batch, by_digest, now=NOON)


async def test_a_model_that_kills_its_worker_is_tried_less_and_less_often(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    for _ in range(5):
        async with database.writing(SYSTEM_ROWS) as session:
            await service.claim(session, embedder.model, lease_s=1, heed_pause=False, now=watch.now)
        watch.move(1)
    with pytest.raises(JobNotReady) as early:
        await task_of(database, embedder, watch).run(b"")
    assert early.value.after_s == 79
    assert embedder.texts == []


async def test_a_lease_that_is_lost_ends_the_work(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    calls = 0

    async def steal() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            watch.move(LEASE_S)
            async with database.writing(SYSTEM_ROWS) as session:
                await service.claim(
                    session, embedder.model, lease_s=LEASE_S, heed_pause=False, now=watch.now
                )

    embedder.before = steal
    with pytest.raises(EmbeddingLeaseLost):
        await task_of(database, embedder, watch).embed_missing(lambda _: None)
    assert len(await vectors(database)) == 4
    assert (await state(database)).lease_token is not None


async def test_stopped_it_keeps_what_was_done_and_leaves_the_rest(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    calls = 0

    async def stop() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            running.cancel()
            await asyncio.sleep(0)

    embedder.before = stop
    running = asyncio.create_task(task_of(database, embedder, watch).run(b""))
    with pytest.raises(asyncio.CancelledError):
        await running
    embedder.before = None
    assert len(await vectors(database)) == 4
    assert (await state(database)).lease_token is None
    await task_of(database, embedder, watch).run(b"")
    assert len(await vectors(database)) == len(await passages(database))


async def test_it_is_asked_for_once_and_only_when_something_is_missing(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    async def waiting() -> int:
        async with database.reading(SYSTEM_ROWS) as session:
            return (
                await session.scalar(
                    text("SELECT count(*) FROM pgqueuer WHERE entrypoint = :task"),
                    {"task": EMBED_PASSAGES},
                )
                or 0
            )

    async with database.writing(SYSTEM_ROWS) as session:
        assert await request_missing(session, embedder.model)
        await request_embedding(session)
    assert await waiting() == 1
    await task_of(database, embedder, watch).embed_missing(lambda _: None)
    async with database.writing(SYSTEM_ROWS) as session:
        assert not await request_missing(session, embedder.model)
        assert await request_missing(session, "test:another")


async def test_a_request_whose_import_is_undone_is_undone_too(
    database: Database, owner: asyncpg.Connection
) -> None:
    async def undone() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await request_embedding(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await undone()
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_a_failing_embedder_keeps_no_other_job_waiting(
    database: Database,
    database_url: str,
    catalogue: Catalogue,
    embedder: CountingEmbedder,
    watch: Watch,
) -> None:
    embedder.before = failing_after(-1, EmbedderOutOfReach("The server is away."))
    done = asyncio.Event()

    async def other(_: bytes) -> None:
        done.set()

    worker = JobWorker(
        database_url,
        {EMBED_PASSAGES: task_of(database, embedder, watch).run, "other": other},
        concurrency=1,
        heartbeat_timeout_s=5,
    )
    running = asyncio.create_task(worker.run())
    async with database.writing(SYSTEM_ROWS) as session:
        await request_embedding(session)
    for _ in range(600):
        if any(run.failure for run in await runs(database)):
            break
        await asyncio.sleep(0.05)
    async with database.writing(SYSTEM_ROWS) as session:
        await enqueue(session, "other", b"", dedupe_key="other")
    await asyncio.wait_for(done.wait(), PATIENCE_S)
    worker.stop()
    await asyncio.wait_for(running, PATIENCE_S)
    async with database.reading(SYSTEM_ROWS) as session:
        assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 1


async def runs(database: Database) -> list[EmbeddingRun]:
    async with database.reading() as session:
        return list(await session.scalars(select(EmbeddingRun)))


async def test_passages_that_come_in_behind_the_work_are_embedded_too(
    database: Database,
    catalogue: Catalogue,
    embedder: CountingEmbedder,
    watch: Watch,
    owner: asyncpg.Connection,
) -> None:
    calls = 0

    async def import_more() -> None:
        nonlocal calls
        calls += 1
        if calls != 3:
            return
        late = document("late", "Late", "## About\n\nThis came in while others were embedded.")
        async with database.writing(SYSTEM_ROWS) as session:
            await save_document(session, late, catalogue=catalogue, now=NOON)
        # Before all others, as that of an import that began long ago and ends only now.
        await owner.execute(
            "UPDATE passages SET id = '00000000-0000-7000-8000-000000000001'"
            " WHERE heading LIKE 'Late%'"
        )

    embedder.before = import_more
    await task_of(database, embedder, watch).embed_missing(lambda _: None)
    assert {row.passage_id for row in await vectors(database)} == set(await passages(database))
    assert any("while others were embedded" in text for text in embedder.texts)


async def test_the_vectors_of_passages_that_are_gone_go(
    database: Database, catalogue: Catalogue, embedder: CountingEmbedder, watch: Watch
) -> None:
    task = task_of(database, embedder, watch)
    await task.embed_missing(lambda _: None)
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(delete(PassageRow).where(PassageRow.heading.startswith("Liver")))
    left = set(await passages(database))
    assert len(await vectors(database)) > len(left)
    await task.embed_missing(lambda _: None)
    assert {row.passage_id for row in await vectors(database)} == left
