"""Hearing of changes by Redis: of what was committed, from all processes, and without it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import text
from structlog.testing import capture_logs

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.fanout import Fanout
from navis_api.jobs.redis_link import RedisAddressInvalid, redis_at
from tests.conftest import app_database
from tests.redis_server import RedisServer
from tests.waiting import PATIENCE_S, until

CHANNEL, RARE = "navis_generation", "navis_published"
STIR = text("SELECT navis_stir('navis_generation', :id)")


@pytest.fixture(scope="module")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """One that the test may kill."""
    with RedisServer(tmp_path, password="a-password-of-redis") as server:
        yield server


class Process:
    """What writes and hears in one process."""

    def __init__(self, address: str, redis: str) -> None:
        self.database = app_database(address)
        self.fanout = Fanout.beside(self.database, address, redis=SecretStr(redis))
        self.heard: list[str] = []
        self.rare: list[str] = []
        self.doubts = 0
        self.fanout.on(CHANNEL, self.heard.append)
        self.fanout.on(RARE, self.rare.append)
        self.fanout.on_doubt(self._doubt)
        self._running: asyncio.Task[None] | None = None

    def _doubt(self) -> None:
        self.doubts += 1

    @property
    def is_open(self) -> bool:
        return self.fanout.alone() == {"signals": False}

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.fanout.run(CHANNEL))
        await asyncio.wait_for(self.fanout.connected.wait(), PATIENCE_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self.database.close()

    async def write(self, *ids: str) -> None:
        async with self.database.writing(SYSTEM_ROWS) as session:
            for id_ in ids:
                await session.execute(STIR, {"id": id_})


@pytest.fixture
async def processes(database_url: str, shared_redis: RedisServer) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(Process(database_url, shared_redis.address))
            for _ in range(2)
        ]


@pytest.fixture
async def notified(owner: asyncpg.Connection) -> list[str]:
    """What Postgres itself has notified of."""
    found: list[str] = []
    await owner.add_listener(CHANNEL, lambda *given: found.append(given[3]))
    return found


async def test_every_process_hears_what_was_committed_and_postgres_notifies_of_nothing(
    processes: list[Process], notified: list[str], owner: asyncpg.Connection
) -> None:
    ids = [str(uuid4()) for _ in range(3)]
    await processes[0].write(ids[0], ids[1], ids[0])
    await processes[1].write(ids[2])
    await until(lambda: all(len(each.heard) == 3 for each in processes))
    assert all(sorted(each.heard) == sorted(ids) for each in processes)
    await owner.execute("SELECT 1")
    assert notified == []


async def test_what_is_rolled_back_is_never_told(processes: list[Process]) -> None:
    writer, kept, lost = processes[0], str(uuid4()), str(uuid4())
    with suppress(ZeroDivisionError):
        async with writer.database.writing(SYSTEM_ROWS) as session:
            await session.execute(STIR, {"id": lost})
            raise ZeroDivisionError
    async with writer.database.writing(SYSTEM_ROWS) as session:
        with suppress(ZeroDivisionError):
            async with session.begin_nested():
                await session.execute(STIR, {"id": lost})
                raise ZeroDivisionError
        await session.execute(STIR, {"id": kept})
    await until(lambda: all(each.heard for each in processes))
    assert [each.heard for each in processes] == [[kept], [kept]]


async def test_more_than_a_transaction_gathers_is_notified_of(processes: list[Process]) -> None:
    ids = [str(uuid4()) for _ in range(400)]
    await processes[0].write(*ids)
    await until(lambda: all(set(each.heard) == set(ids) for each in processes))


async def test_who_writes_without_redis_is_heard(
    processes: list[Process], database: Database
) -> None:
    id_ = str(uuid4())
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(STIR, {"id": id_})
    await until(lambda: all(each.heard == [id_] for each in processes))


async def test_two_databases_hear_nothing_of_each_other(
    processes: list[Process], empty_url: str, sample_database_url: str, shared_redis: RedisServer
) -> None:
    async with Process(sample_database_url, shared_redis.address) as other:
        theirs, ours = str(uuid4()), str(uuid4())
        await other.write(theirs)
        await processes[0].write(ours)
        await until(lambda: bool(processes[1].heard and other.heard))
        assert processes[1].heard == [ours]
        assert other.heard == [theirs]


async def test_nobody_in_redis_can_tell_of_a_publication(
    processes: list[Process], shared_redis: RedisServer
) -> None:
    id_ = str(uuid4())
    client: Any = Redis.from_url(shared_redis.address)
    channels = await client.pubsub_channels("navis:signals:*")
    for channel in channels:
        lines = f"{RARE} 99 all\n{CHANNEL} no-id\n\nx\n\xff\n{CHANNEL} {id_}"
        await client.publish(channel, lines)
    await client.aclose()
    await until(lambda: all(each.heard for each in processes))
    assert all(each.heard == [id_] and each.rare == [] for each in processes)


async def test_without_redis_postgres_tells_and_with_it_again_redis(
    database_url: str, own_redis: RedisServer, notified: list[str]
) -> None:
    with capture_logs() as logs:
        async with (
            Process(database_url, own_redis.address) as writer,
            Process(database_url, own_redis.address) as reader,
        ):
            # It is written while nobody has noticed yet that Redis is away.
            own_redis.kill()
            unsent = [str(uuid4()) for _ in range(3)]
            for id_ in unsent:
                await writer.write(id_)
            await until(lambda: set(reader.heard) == set(unsent))
            await until(lambda: not writer.is_open and not reader.is_open)
            assert not reader.fanout.connected.is_set()
            meanwhile = str(uuid4())
            await writer.write(meanwhile)
            await until(lambda: meanwhile in reader.heard)
            await until(lambda: meanwhile in notified)

            doubts = reader.doubts
            own_redis.start()
            await until(lambda: writer.is_open and reader.is_open)
            assert reader.fanout.connected.is_set()
            # Whoever waits looks at the rows: something may have been told in between.
            assert reader.doubts > doubts
            after = str(uuid4())
            await writer.write(after)
            await until(lambda: after in reader.heard)
            assert set(notified) == {*unsent, meanwhile}
    lost = [line for line in logs if line["event"] == "signals.redis_lost"]
    assert len(lost) == 2, logs
    assert "a-password-of-redis" not in str(logs)


async def test_a_redis_that_falls_silent_is_taken_for_lost(
    database_url: str, own_redis: RedisServer
) -> None:
    async with Process(database_url, own_redis.address) as process:
        own_redis.pause()
        await until(lambda: not process.is_open)
        assert not process.fanout.connected.is_set()
        id_ = str(uuid4())
        await process.write(id_)
        await until(lambda: process.heard == [id_])
        own_redis.resume()
        await until(lambda: process.is_open)


@pytest.mark.parametrize(
    "address", ["", "localhost:6379", "http://x", "redis://x:port", "postgresql://a:secret@b/c"]
)
def test_a_wrong_address_is_said_to_be_one_and_not_repeated(address: str) -> None:
    with pytest.raises(RedisAddressInvalid) as refused:
        redis_at(SecretStr(address))
    assert "secret" not in str(refused.value)
