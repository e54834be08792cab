"""Reading published content on a replica: only what is as new as it has to be."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import asyncpg
import pytest

from navis_api.db.published import Published, Statement
from navis_api.db.replicas import Replica, Replicas
from tests.replica import ReplicaServer, following
from tests.waiting import until

WHERE = Statement("SELECT pg_is_in_recovery()", ())
WORDS = Statement("SELECT word FROM search_words WHERE word LIKE 'written%' ORDER BY word", ())
WRITE = "INSERT INTO search_words (word, deletions) VALUES ($1, '{}')"
POSITION = "SELECT pg_current_wal_insert_lsn()"


@pytest.fixture(scope="module")
def replica(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicaServer]:
    with following(postgres, tmp_path_factory.mktemp("replica")) as running:
        yield running


def reader(address: str, *, timeout_s: float = 30) -> Published:
    return Published(address, size=2, wait_s=5, command_timeout_s=timeout_s)


@pytest.fixture
async def published(
    database_url: str, replica: ReplicaServer, owner: asyncpg.Connection
) -> AsyncIterator[Published]:
    """The primary's, with a replica that is looked after, and what is there now to be needed."""
    published = reader(database_url)
    published.replicas = Replicas([Replica("one", reader(replica.of(database_url)))], published)
    published.replicas.usable = lambda: True
    published.replicas.need(await position_of(owner))
    following = asyncio.create_task(published.follow_replicas())
    await until(lambda: asked(published))
    yield published
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await published.close()


async def position_of(primary: asyncpg.Connection) -> int:
    return int(await primary.fetchval(POSITION) or 0)


def asked(published: Published) -> bool:
    assert published.replicas is not None
    return any(state.is_asked for state in published.replicas.states())


async def is_replicas(published: Published) -> bool:
    return (await published.fetch(WHERE))[0][0]


async def test_what_is_written_is_read_at_once_and_again_on_the_replica_when_it_has_it(
    published: Published, owner: asyncpg.Connection, replica: ReplicaServer
) -> None:
    assert published.replicas is not None
    assert await is_replicas(published)
    await replica.pause()
    try:
        await owner.execute(WRITE, "written1")
        # Nobody has said that it is needed: the replica may still be asked, and lacks it.
        assert await published.fetch(WORDS) == []
        published.replicas.doubt()
        assert [row[0] for row in await published.fetch(WORDS)] == ["written1"]
        published.replicas.need(await position_of(owner))
        # However often it is looked at, it doesn't get there.
        await asyncio.sleep(0.1)
        assert not await is_replicas(published)
        assert [row[0] for row in await published.fetch(WORDS)] == ["written1"]
        (state,) = published.replicas.states()
        assert not state.is_asked
    finally:
        await replica.resume()
    await until(lambda: asked(published))
    assert await is_replicas(published)
    assert [row[0] for row in await published.fetch(WORDS)] == ["written1"]


async def test_no_replica_is_asked_while_it_is_not_known_what_is_needed(
    published: Published,
) -> None:
    assert published.replicas is not None
    hears = False
    published.replicas.usable = lambda: hears
    assert not await is_replicas(published)
    hears = True
    assert await is_replicas(published)
    published.replicas.doubt()
    assert not await is_replicas(published)


async def test_the_newest_is_asked_of_the_primary(published: Published) -> None:
    assert not (await published.fetch_newest(WHERE))[0][0]


async def test_a_replica_cannot_be_written_to(
    published: Published, database_url: str, replica: ReplicaServer
) -> None:
    server = reader(replica.of(database_url))
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await server.run("INSERT INTO search_words (word, deletions) VALUES ('never', '{}')", ())
    await server.close()


async def test_the_primary_and_other_databases_are_no_replicas(
    database_url: str, sample_database_url: str, replica: ReplicaServer
) -> None:
    published = reader(database_url)
    wrong = [database_url, sample_database_url, replica.of(sample_database_url)]
    listed = [Replica(str(number), reader(each)) for number, each in enumerate(wrong)]
    published.replicas = Replicas(listed, published)
    published.replicas.usable = lambda: True
    published.replicas.need(0)
    looking = asyncio.create_task(published.follow_replicas())
    await until(lambda: all(each.is_missed for each in listed))
    assert not asked(published)
    assert [state.lag_bytes for state in published.replicas.states()] == [None] * 3
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    await published.close()


class Scripted:
    """A server that answers as it is told to."""

    def __init__(self, *, replayed: int = 0) -> None:
        self.replayed = replayed
        self.failure: Exception | None = None
        self.asked = 0

    async def run(self, text: str, given: Sequence[object]) -> list[Sequence[Any]]:
        if self.failure is not None:
            raise self.failure
        if text.startswith("SELECT (SELECT system_identifier"):
            return [("ours", True, self.replayed, 0.5)]
        self.asked += 1
        return [given]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        # A statement that stood in the way of what is replayed.
        asyncpg.SerializationError("canceling statement due to conflict with recovery"),
        asyncpg.ConnectionDoesNotExistError(),
    ],
)
async def test_a_replica_that_fails_is_left_for_another_and_taken_up_again(
    failure: Exception,
) -> None:
    servers = [Scripted(replayed=7), Scripted(replayed=7)]
    replicas = Replicas([Replica("x", each) for each in servers], Scripted())
    replicas.usable = lambda: True
    replicas.need(7)
    looking = asyncio.create_task(replicas.run())
    await until(lambda: all(state.is_asked for state in replicas.states()))
    for _ in range(5):
        assert await replicas.fetch("SELECT 1", (1,)) == [(1,)]
    # One of them is asked for as long as it is there.
    first, second = sorted(servers, key=lambda each: -each.asked)
    assert (first.asked, second.asked) == (5, 0)
    first.failure = failure
    assert await replicas.fetch("SELECT 1", (1,)) == [(1,)]
    assert (first.asked, second.asked) == (5, 1)
    second.failure = failure
    assert await replicas.fetch("SELECT 1", (1,)) is None
    assert dict(replicas.reads) == {"replica": 6, "primary": 1}
    first.failure = second.failure = None
    await until(lambda: all(state.is_asked for state in replicas.states()))
    assert await replicas.fetch("SELECT 1", (1,)) == [(1,)]
    assert (first.asked, second.asked) == (6, 1)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


async def test_one_that_lags_is_left_out_and_its_lag_is_told() -> None:
    near, far = Scripted(replayed=90), Scripted(replayed=40)
    replicas = Replicas([Replica("near", near), Replica("far", far)], Scripted())
    replicas.usable = lambda: True
    replicas.note_written(100)
    replicas.need(90)
    looking = asyncio.create_task(replicas.run())
    await until(lambda: all(state.lag_bytes is not None for state in replicas.states()))
    states = {
        state.name: (state.is_asked, state.lag_bytes, state.lag_s) for state in replicas.states()
    }
    assert states == {"near": (True, 10, 0.5), "far": (False, 60, 0.5)}
    for _ in range(3):
        await replicas.fetch("SELECT 1", ())
    assert (near.asked, far.asked) == (3, 0)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
