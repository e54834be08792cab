"""Two API processes and a worker that tell each other by Redis, which dies while they do."""

import asyncio
from contextlib import ExitStack, aclosing
from pathlib import Path

from tests.flows.processes import Running, environment
from tests.flows.test_asking import ASK, STORED, address_of, post, serving
from tests.flows.test_resuming import FOLLOWED, Event, Follow, check_whole
from tests.generation.world import NEW_QUESTION
from tests.redis_server import RedisServer
from tests.waiting import PATIENCE_S

PASSWORD = "a-password-of-redis"
BEFORE = 3
"""Events that are seen before Redis is killed, and before it comes back."""


async def test_nobody_who_follows_misses_an_event_when_redis_is_killed_and_comes_back(
    tmp_path: Path, sample_database_url: str
) -> None:
    seen: list[list[Event]] = []
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer(tmp_path, password=PASSWORD))
        env = environment(
            tmp_path, NAVIS_DATABASE_URL=sample_database_url, NAVIS_REDIS_URL=redis.address
        )
        servers = [stack.enter_context(serving(env)) for _ in range(2)]
        addresses = [await asyncio.to_thread(address_of, each) for each in servers]
        for each in servers:
            await asyncio.to_thread(each.wait_for, "signals.by_redis")
        asked = await post(addresses[0], ASK, text=NEW_QUESTION)
        generation_id = asked["askQuestion"]["generation"]["id"]

        async def read(follow: Follow, address: str) -> None:
            events: list[Event] = []
            seen.append(events)
            async with aclosing(follow(address, generation_id, 0)) as coming:
                async for event in coming:
                    events.append(event)  # noqa: PERF401 - what came so far is looked at

        async def until_seen(count: int) -> None:
            async with asyncio.timeout(PATIENCE_S):
                while min(map(len, seen), default=0) < count:  # noqa: ASYNC110 - lists have no event
                    await asyncio.sleep(0.02)

        reading = [
            asyncio.create_task(read(follow, address))
            for follow in FOLLOWED.values()
            for address in addresses
        ]
        worker = stack.enter_context(Running("bench.slow_worker", "0.5", env=env))
        await until_seen(BEFORE)
        redis.kill()
        await until_seen(2 * BEFORE)
        redis.start()
        await asyncio.wait_for(asyncio.gather(*reading), 120)
        stored = (await post(addresses[1], STORED, id=generation_id))["node"]
        outputs = [each.output for each in (*servers, worker)]
    assert len(seen) == 2 * len(FOLLOWED)
    for events in seen:
        check_whole(events, stored)
    for output in outputs:
        assert PASSWORD not in output
        assert output.count("signals.redis_lost") <= 1
