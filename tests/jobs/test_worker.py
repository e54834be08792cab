import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from pgqueuer.adapters.persistence.queries import Queries
from sqlalchemy import text

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.queue import enqueue
from navis_api.jobs.worker import Handler, JobNotReady, JobWorker
from tests.waiting import PATIENCE_S

CANARY = "my name is Canary and I have a tumour"


@asynccontextmanager
async def working(address: str, handler: Handler) -> AsyncIterator[None]:
    worker = JobWorker(address, {"task": handler}, concurrency=2, heartbeat_timeout_s=5)
    running = asyncio.create_task(worker.run())
    yield
    worker.stop()
    await asyncio.wait_for(running, PATIENCE_S)


async def put(database: Database, payload: bytes) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await enqueue(session, "task", payload, dedupe_key=payload.decode())


async def until(reached: Callable[[], Any]) -> None:
    for _ in range(600):
        if reached():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it didn't come to pass")


async def test_each_job_is_done_once(database: Database, database_url: str) -> None:
    done: list[bytes] = []

    async def handler(payload: bytes) -> None:
        done.append(payload)

    async with working(database_url, handler):
        for number in range(10):
            await put(database, str(number).encode())
        await until(lambda: len(done) >= 10)

    assert sorted(done) == [str(number).encode() for number in range(10)]


async def test_a_job_that_is_not_ready_comes_again(database: Database, database_url: str) -> None:
    tried: list[bytes] = []

    async def handler(payload: bytes) -> None:
        tried.append(payload)
        if len(tried) < 3:
            raise JobNotReady(0.1)

    async with working(database_url, handler):
        await put(database, b"1")
        await until(lambda: len(tried) == 3)

    async with database.reading(SYSTEM_ROWS) as session:
        assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 0


async def test_a_failure_is_tried_again_and_its_text_is_kept_nowhere(
    database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[bytes] = []

    async def handler(payload: bytes) -> None:
        tried.append(payload)
        if len(tried) == 1:
            raise ValueError(CANARY)

    async with working(database_url, handler):
        await put(database, b"1")
        await until(lambda: len(tried) == 2)

    async with database.reading(SYSTEM_ROWS) as session:
        kept = await session.scalars(text("SELECT traceback::text FROM pgqueuer_log"))
        assert CANARY not in str(kept.all())
    printed = capsys.readouterr()
    assert "ValueError" in printed.out + printed.err
    assert CANARY not in printed.out + printed.err


async def test_work_goes_on_when_every_connection_was_cut(
    database: Database, database_url: str, owner: asyncpg.Connection
) -> None:
    done: list[bytes] = []

    async def handler(payload: bytes) -> None:
        done.append(payload)

    async with working(database_url, handler):
        await put(database, b"before")
        await until(lambda: done == [b"before"])

        cut = await owner.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'navis-api jobs' AND datname = current_database()"
        )
        assert cut
        await put(database, b"after")

        await until(lambda: b"after" in done)
    assert done == [b"before", b"after"]


async def test_a_job_at_work_is_handed_back_at_once_when_its_worker_stops(
    database: Database, database_url: str
) -> None:
    begun, let_go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def endless(_: bytes) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            let_go.set()

    async def quick(_: bytes) -> None:
        done.set()

    async with working(database_url, endless):
        await put(database, b"1")
        await asyncio.wait_for(begun.wait(), PATIENCE_S)
    assert let_go.is_set()
    async with database.reading(SYSTEM_ROWS) as session:
        waits = await session.scalar(
            text("SELECT count(*) FROM pgqueuer WHERE status = 'queued' AND execute_after <= now()")
        )
    assert waits == 1
    assert not done.is_set()

    async with working(database_url, quick):
        await asyncio.wait_for(done.wait(), PATIENCE_S)


async def test_a_job_that_could_not_be_given_back_is_done_all_the_same(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away for the one moment in which a job that failed is given back."""
    given_back = Queries.retry_job
    asked = 0

    async def away_at_first(queries: Queries, *given: Any) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise ConnectionResetError
        await given_back(queries, *given)

    monkeypatch.setattr(Queries, "retry_job", away_at_first)
    tried: list[bytes] = []

    async def handler(payload: bytes) -> None:
        tried.append(payload)
        if len(tried) == 1:
            raise ValueError

    async with working(database_url, handler):
        await put(database, b"1")
        await until(lambda: len(tried) == 2)

    assert tried == [b"1", b"1"]
    async with database.reading(SYSTEM_ROWS) as session:
        assert await session.scalar(text("SELECT count(*) FROM pgqueuer")) == 0
