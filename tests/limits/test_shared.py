"""Buckets that processes share: what all of them give together, whatever happens to the store."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from navis_api.limits.buckets import BucketSize
from navis_api.limits.postgres_store import PostgresStore
from navis_api.limits.redis_store import RedisStore
from navis_api.limits.shared import MOST_UNHEARD, SharedBuckets
from navis_api.limits.store import BucketStore, Seconds, StoreAway
from tests.limits.conftest import NewStore
from tests.redis_server import RedisServer
from tests.waiting import PATIENCE_S

# It gives back next to nothing while a test lasts, so that no clock decides.
SIZE = BucketSize(capacity=1_000, restored_per_s=0.01)
WHO = "address 192.0.2.7"
PROCESSES = 4


def taken_of(buckets: SharedBuckets, *, points: float = 10, most: int = 1_000) -> float:
    """What a process gives when it is asked until it refuses."""
    given = 0.0
    for _ in range(most):
        if buckets.take(WHO, SIZE, points):
            break
        given += points
    return given


async def test_what_one_process_gave_is_missing_in_the_others(new_store: NewStore) -> None:
    (one, first), (other, second) = ((SharedBuckets(), new_store()) for _ in range(2))
    assert one.take(WHO, SIZE, 700) == 0
    await one.settle_with(first)
    assert other.take(WHO, SIZE, 200) == 0
    await other.settle_with(second)
    assert other.available(WHO, SIZE) == pytest.approx(100, abs=1)
    assert other.take(WHO, SIZE, 200) > 0
    # Refused there, nothing was taken: the first learns of 900 and no more.
    one.settle(WHO, SIZE, 1)
    await one.settle_with(first)
    assert one.available(WHO, SIZE) == pytest.approx(101, abs=1)


async def test_what_is_given_back_is_there_for_all(new_store: NewStore) -> None:
    (one, first), (other, second) = ((SharedBuckets(), new_store()) for _ in range(2))
    one.take(WHO, SIZE, 1_000)
    await one.settle_with(first)
    one.settle(WHO, SIZE, 600)
    await one.settle_with(first)
    other.take(WHO, SIZE, 1)
    await other.settle_with(second)
    assert other.available(WHO, SIZE) == pytest.approx(599, abs=1)


async def test_buckets_of_others_and_of_other_databases_are_their_own(
    new_store: NewStore,
) -> None:
    one, store = SharedBuckets(), new_store()
    one.take(WHO, SIZE, 1_000)
    await one.settle_with(store)
    one.take("address 192.0.2.8", SIZE, 10)
    await one.settle_with(store)
    assert one.available("address 192.0.2.8", SIZE) == pytest.approx(990, abs=1)


async def test_processes_that_hear_nothing_give_a_quarter_each_and_then_pay_it_back(
    new_store: NewStore,
) -> None:
    processes = [(SharedBuckets(), new_store()) for _ in range(PROCESSES)]
    first, store = processes[0]
    first.take(WHO, SIZE, SIZE.capacity)
    await first.settle_with(store)
    given = [taken_of(buckets) for buckets, _ in processes]
    assert given[0] == 0
    assert given[1:] == [SIZE.capacity * MOST_UNHEARD] * 3
    for buckets, each in processes:
        await buckets.settle_with(each)
    # All know now, and what is missing beyond the bottom isn't forgiven.
    assert [taken_of(buckets) for buckets, _ in processes[1:]] == [0, 0, 0]
    last = processes[-1][0]
    owed_s = last.take(WHO, SIZE, 1)
    assert owed_s == pytest.approx((3 * 250 + 1) / SIZE.restored_per_s, rel=0.01)


async def test_one_process_alone_gives_all_there_is(new_store: NewStore) -> None:
    buckets, store = SharedBuckets(), new_store()
    given = 0.0
    for _ in range(10):
        given += taken_of(buckets)
        await buckets.settle_with(store)
    assert given == SIZE.capacity


@pytest.mark.parametrize("points", [10, 300])
async def test_processes_that_are_flooded_give_no_more_than_is_said(
    new_store: NewStore, points: int
) -> None:
    processes = [SharedBuckets() for _ in range(PROCESSES)]
    running = [asyncio.create_task(each.run(new_store())) for each in processes]
    given = 0

    async def flood(buckets: SharedBuckets) -> None:
        nonlocal given
        refused = 0
        while refused < 400:
            if buckets.take(WHO, SIZE, points):
                refused += 1
            else:
                given += points
            await asyncio.sleep(0.001)

    await asyncio.gather(*(flood(each) for each in processes))
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert given > SIZE.capacity - points
    assert given <= SIZE.capacity + PROCESSES * max(SIZE.capacity * MOST_UNHEARD, points)


async def test_a_process_that_starts_anew_has_no_fresh_bucket(new_store: NewStore) -> None:
    before = SharedBuckets()
    running = asyncio.create_task(before.run(new_store()))
    before.take(WHO, SIZE, SIZE.capacity)
    # At its end it says what it took last.
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    anew, store = SharedBuckets(), new_store()
    given = taken_of(anew)
    await anew.settle_with(store)
    given += taken_of(anew)
    assert given <= SIZE.capacity * MOST_UNHEARD


async def test_dear_operations_and_small_buckets_are_not_refused_for_being_so(
    new_store: NewStore,
) -> None:
    buckets, store = SharedBuckets(), new_store()
    small = BucketSize(capacity=5, restored_per_s=0.001)
    assert [buckets.take("question x", small, 1) for _ in range(5)] == [0] * 5
    assert buckets.take("question x", small, 1) > 0
    assert buckets.take(WHO, SIZE, 5_000) == 0
    await buckets.settle_with(store)
    assert buckets.take(WHO, SIZE, 1) > 0


Asked = Callable[[Seconds], Awaitable[dict[bytes, float]]]


class Cut:
    """A store that can be away, before or after it did what it was asked."""

    def __init__(self, store: BucketStore) -> None:
        self._store = store
        self.is_away = False
        self.loses_answers = False

    async def key_of(self, name: str) -> bytes:
        return await self._store.key_of(name)

    async def add(self, taken: Seconds) -> dict[bytes, float]:
        return await self._asked(self._store.add, taken)

    async def raise_to(self, missing: Seconds) -> dict[bytes, float]:
        return await self._asked(self._store.raise_to, missing)

    async def close(self) -> None:
        await self._store.close()

    async def _asked(self, ask: Asked, seconds: Seconds) -> dict[bytes, float]:
        if self.is_away:
            raise StoreAway("Cut")
        found = await ask(seconds)
        if self.loses_answers:
            raise StoreAway("Cut")
        return found


async def test_without_the_store_each_limits_by_itself_says_so_once_and_comes_back(
    new_store: NewStore,
) -> None:
    one, cut = SharedBuckets(), Cut(new_store())
    cut.is_away = True
    with capture_logs() as logs:
        one.take(WHO, SIZE, 100)
        for _ in range(3):
            await one.settle_with(cut)
        assert one.alone
        # By itself it gives what a bucket holds: neither nothing nor everything.
        assert 100 + taken_of(one) == SIZE.capacity
        cut.is_away = False
        await one.settle_with(cut)
    assert not one.alone
    assert [line["event"] for line in logs] == [
        "limits.each_process_by_itself",
        "limits.shared_again",
    ]
    assert WHO not in str(logs)
    # The others learn what it gave meanwhile.
    other, store = SharedBuckets(), new_store()
    other.take(WHO, SIZE, 1)
    await other.settle_with(store)
    assert other.available(WHO, SIZE) == 0


async def test_what_nobody_knows_the_outcome_of_isnt_taken_twice(new_store: NewStore) -> None:
    one, cut = SharedBuckets(), Cut(new_store())
    cut.loses_answers = True
    one.take(WHO, SIZE, 300)
    await one.settle_with(cut)
    assert one.alone
    cut.loses_answers = False
    for _ in range(2):
        await one.settle_with(cut)
    assert one.available(WHO, SIZE) == pytest.approx(700, abs=1)
    other, store = SharedBuckets(), new_store()
    other.take(WHO, SIZE, 1)
    await other.settle_with(store)
    assert other.available(WHO, SIZE) == pytest.approx(699, abs=1)


async def test_a_store_that_doesnt_answer_is_away(new_store: NewStore) -> None:
    class Silent(Cut):
        async def key_of(self, name: str) -> bytes:
            await asyncio.Event().wait()
            raise AssertionError(name)

    one = SharedBuckets(patience_s=0.05)
    one.take(WHO, SIZE, 100)
    await one.settle_with(Silent(new_store()))
    assert one.alone


@pytest.fixture
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("own")) as server:
        yield server


async def test_a_store_that_has_forgotten_everything_learns_it_from_the_processes(
    own_redis: RedisServer, database_url: str
) -> None:
    one, store = SharedBuckets(), RedisStore(Redis.from_url(own_redis.address), database_url)
    one.take(WHO, SIZE, SIZE.capacity)
    await one.settle_with(store)
    own_redis.kill()
    one.settle(WHO, SIZE, -1)
    one.take("address 192.0.2.8", SIZE, 100)
    await one.settle_with(store)
    assert one.alone
    own_redis.start()
    await one.settle_with(store)
    assert not one.alone
    other, second = SharedBuckets(), RedisStore(Redis.from_url(own_redis.address), database_url)
    other.take(WHO, SIZE, 1)
    await other.settle_with(second)
    assert other.available(WHO, SIZE) == 0
    for each in (store, second):
        await each.close()


async def test_nothing_that_is_kept_says_whose_it_is(
    redis: RedisServer, owner: asyncpg.Connection, new_store: NewStore
) -> None:
    buckets, store = SharedBuckets(), new_store()
    for who in (WHO, "subject auth0|somebody"):
        buckets.take(who, SIZE, 500)
    await buckets.settle_with(store)
    rows = await owner.fetch("SELECT * FROM limit_buckets")
    client = Redis.from_url(redis.address)
    kept = [(key, await client.get(key)) for key in await client.keys("*")]
    await client.aclose()
    assert len(rows) == 2 or len(kept) >= 2
    for trace in (b"192.0.2.7", b"auth0", b"somebody", b"address", b"subject"):
        assert trace not in repr(kept).encode()
        assert trace.decode() not in repr(rows)
        assert trace.hex() not in repr([row["key"].hex() for row in rows])


async def test_full_buckets_are_kept_nowhere(
    redis: RedisServer, owner: asyncpg.Connection, new_store: NewStore
) -> None:
    quick = BucketSize(capacity=100, restored_per_s=1_000)
    buckets, store = SharedBuckets(), new_store()
    buckets.take("quick", quick, 100)
    buckets.take("slow", SIZE, 100)
    await buckets.settle_with(store)
    quick_key, slow_key = [await store.key_of(name) for name in ("quick", "slow")]
    client = Redis.from_url(redis.address)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await owner.execute("SELECT navis_forget_full_buckets()")
            rows = {row[0] for row in await owner.fetch("SELECT key FROM limit_buckets")}
            keys: list[Any] = await client.keys("*")
            kept = rows | {key.removeprefix(b"navis:limits:") for key in keys}
            if quick_key not in kept:
                break
            await asyncio.sleep(0.1)
    await client.aclose()
    assert slow_key in kept


async def test_a_clock_that_is_set_back_closes_nothing(
    database_url: str, owner: asyncpg.Connection
) -> None:
    buckets, store = SharedBuckets(), PostgresStore(database_url)
    buckets.take(WHO, SIZE, 100)
    await buckets.settle_with(store)
    await owner.execute("UPDATE limit_buckets SET settled_at = now() + interval '1 day'")
    buckets.take(WHO, SIZE, 100)
    await buckets.settle_with(store)
    assert buckets.available(WHO, SIZE) == pytest.approx(800, abs=1)
    await store.close()
