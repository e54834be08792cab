"""A job exists exactly when the transaction that causes it has committed (law 2)."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.queue import enqueue
from navis_api.jobs.worker import JobNotReady, JobWorker
from tests.waiting import PATIENCE_S

CANARY = "my-liver-tumour-canary"


async def jobs(owner: asyncpg.Connection) -> list[tuple[str, bytes]]:
    rows = await owner.fetch("SELECT entrypoint, payload FROM pgqueuer ORDER BY id")
    return [(row["entrypoint"], row["payload"]) for row in rows]


async def put(database: Database, key: str, payload: bytes = b"id") -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await enqueue(session, "task", payload, dedupe_key=key)


async def test_a_job_is_there_once_the_transaction_has_committed(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await enqueue(session, "task", b"payload", dedupe_key="key")
        assert await jobs(owner) == []
    assert await jobs(owner) == [("task", b"payload")]


async def test_a_transaction_that_fails_leaves_no_job(
    database: Database, owner: asyncpg.Connection
) -> None:
    async def fail() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            await enqueue(session, "task", b"payload", dedupe_key="key")
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await jobs(owner) == []


async def test_the_first_statement_of_a_session_is_in_its_transaction_too(
    database: Database, owner: asyncpg.Connection
) -> None:
    # pgqueuer's own driver over a raw connection would store this job (FACTS, Jobs).
    from sqlalchemy.ext.asyncio import AsyncSession

    async with AsyncSession(database.engine) as session:
        await enqueue(session, "task", b"payload", dedupe_key="key")
        await session.rollback()
    assert await jobs(owner) == []


async def test_the_same_key_twice_is_one_job_and_disturbs_nothing(
    database: Database, owner: asyncpg.Connection
) -> None:
    await put(database, "key", b"first")
    async with database.writing(SYSTEM_ROWS) as session:
        await enqueue(session, "task", b"second", dedupe_key="key")
        await enqueue(session, "task", b"other", dedupe_key="other key")
        assert await session.scalar(text("SELECT 1")) == 1
    assert await jobs(owner) == [("task", b"first"), ("task", b"other")]


async def test_many_at_once_put_one_job_in(database: Database, owner: asyncpg.Connection) -> None:
    await asyncio.gather(*(put(database, "key") for _ in range(8)))
    assert len(await jobs(owner)) == 1


async def work(address: str, handler: object) -> None:
    """Run a worker until the handler has raised or set its event and the queue is settled."""
    worker = JobWorker(address, {"task": handler}, concurrency=1, heartbeat_timeout_s=5)  # pyright: ignore[reportArgumentType]
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(handler.done.wait(), PATIENCE_S)  # pyright: ignore[reportAttributeAccessIssue]
    worker.stop()
    await asyncio.wait_for(running, PATIENCE_S)


class Handler:
    """Counts its calls; fails in the given way until the last of them."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.payloads: list[bytes] = []
        self.done = asyncio.Event()

    async def __call__(self, payload: bytes) -> None:
        self.payloads.append(payload)
        if self.failures:
            raise self.failures.pop(0)
        self.done.set()


async def test_a_worker_does_a_job_once_and_its_key_is_free_again(
    database: Database, database_url: str, owner: asyncpg.Connection
) -> None:
    await put(database, "key", b"first")
    handler = Handler()
    await work(database_url, handler)
    assert handler.payloads == [b"first"]
    assert await jobs(owner) == []
    await put(database, "key", b"again")
    assert await jobs(owner) == [("task", b"again")]


@pytest.mark.parametrize("failure", [ValueError(CANARY), JobNotReady(after_s=0.01)])
async def test_a_job_that_fails_is_tried_again_and_leaves_no_word_of_its_error(
    database: Database,
    database_url: str,
    owner: asyncpg.Connection,
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("navis_api.jobs.worker._FIRST_RETRY_S", 0.01)
    await put(database, "key")
    handler = Handler(failure)
    await work(database_url, handler)
    assert handler.payloads == [b"id", b"id"]
    assert await jobs(owner) == []
    stored = await owner.fetch("SELECT l::text AS line FROM pgqueuer_log l")
    assert stored
    assert not [row for row in stored if CANARY in row["line"]]
