"""What limits cost that processes share, and what they give too much: `python -m bench limits`.

Takings are counted in this process, settlements with a Postgres and, where redis-server is
installed, a Redis of its own. Each of the flooding processes is one; all want one bucket.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from shutil import which

from pydantic import SecretStr

from navis_api.db import embedded
from navis_api.db.migrations import migrate
from navis_api.jobs.redis_link import redis_at
from navis_api.limits.buckets import Buckets, BucketSize, LocalBuckets
from navis_api.limits.postgres_store import PostgresStore
from navis_api.limits.redis_store import RedisStore
from navis_api.limits.shared import MOST_UNHEARD, SharedBuckets
from navis_api.limits.store import BucketStore
from tests.redis_server import RedisServer

_ADDRESS = BucketSize(20_000, 2_000)
_FLOODED = BucketSize(5_000, 0.01)
_TAKINGS = 200_000
_PAYERS = 500
_ROUNDS = 40
_PROCESSES = 4
_FLOOD_S = 3.0
_POINTS = 50


def main(_options: Sequence[str] = ()) -> None:
    """Print all figures."""
    for name, buckets in (("alone", LocalBuckets()), ("shared", SharedBuckets())):
        print(f"take and settle, {name}: {_taking_us(buckets):.2f} µs")
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder) / "data") as server:
        asyncio.run(migrate(server.url))
        _measure("postgres", server.url, None)
        if which("redis-server") is None:
            print("redis: redis-server isn't installed")
            return
        with RedisServer(Path(folder)) as redis:
            _measure("redis", server.url, redis.address)


def _measure(name: str, address: str, redis: str | None) -> None:
    ms = asyncio.run(_settling_ms(address, redis))
    print(f"{name}: {_PAYERS} buckets settled in {ms:.1f} ms")
    with ProcessPoolExecutor(_PROCESSES) as pool:
        given = sum(pool.map(_flood, [(address, redis)] * _PROCESSES))
    bound = _FLOODED.capacity * (1 + _PROCESSES * MOST_UNHEARD)
    print(
        f"{name}: {_PROCESSES} processes gave {given:,} of a bucket of {_FLOODED.capacity:,}"
        f" ({given / _FLOODED.capacity - 1:+.1%}; the bound is {bound:,.0f})"
    )


def _taking_us(buckets: Buckets) -> float:
    began = time.perf_counter()
    for number in range(_TAKINGS):
        key = f"address {number % _PAYERS}"
        if buckets.take(key, _ADDRESS, 10):
            sys.exit("a bucket was empty")
        buckets.settle(key, _ADDRESS, 10)
        buckets.available(key, _ADDRESS)
    return (time.perf_counter() - began) / _TAKINGS * 1e6


def _store(address: str, redis: str | None) -> BucketStore:
    if redis is None:
        return PostgresStore(address)
    return RedisStore(redis_at(SecretStr(redis)), address)


async def _settling_ms(address: str, redis: str | None) -> float:
    buckets, store = SharedBuckets(), _store(address, redis)
    took: list[float] = []
    for _ in range(_ROUNDS):
        for payer in range(_PAYERS):
            buckets.take(f"address {payer}", _ADDRESS, 10)
        began = time.perf_counter()
        await buckets.settle_with(store)
        took.append(time.perf_counter() - began)
    await store.close()
    return sorted(took)[_ROUNDS // 2] * 1e3


def _flood(where: tuple[str, str | None]) -> int:
    return asyncio.run(_flooded(*where))


async def _flooded(address: str, redis: str | None) -> int:
    buckets = SharedBuckets()
    running = asyncio.create_task(buckets.run(_store(address, redis)))
    given, over_at = 0, time.monotonic() + _FLOOD_S
    while time.monotonic() < over_at:
        if not buckets.take("one", _FLOODED, _POINTS):
            given += _POINTS
        # What a request takes besides.
        await asyncio.sleep(0.0005)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return given
