"""Two API processes that share limits, by Postgres and by Redis, also while one is killed."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flows.processes import Running, environment, navis
from tests.flows.test_rolling_restart import port_of
from tests.redis_server import RedisServer
from tests.waiting import PATIENCE_S

POINTS = 400
QUERY = "query ($n: Int) { cancers(first: $n) { nodes { slug } } }"
BACK_PER_S = 10
REQUESTED = 20
PASSWORD = "a-password-of-redis"


@pytest.fixture(params=["postgres", "redis"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RedisServer | None]:
    if request.param == "postgres":
        yield None
        return
    with RedisServer(tmp_path, password=PASSWORD) as server:
        yield server


class Site:
    """Processes of one deployment, each with a client."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._processes = ExitStack()
        self._clients = AsyncExitStack()

    async def start(self) -> tuple[Running, httpx.AsyncClient]:
        process = self._processes.enter_context(navis("serve", env=self._env))
        port = await asyncio.to_thread(port_of, process)
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S)
        return process, await self._clients.enter_async_context(client)

    async def close(self) -> None:
        await self._clients.aclose()
        await asyncio.to_thread(self._processes.close)


@pytest.fixture
async def site(
    tmp_path: Path, sample_database_url: str, server: RedisServer | None
) -> AsyncIterator[Site]:
    shared = {"NAVIS_REDIS_URL": server.address} if server else {}
    site = Site(
        environment(
            tmp_path,
            NAVIS_DATABASE_URL=sample_database_url,
            NAVIS_THROTTLE_ADDRESS_POINTS=str(POINTS),
            NAVIS_THROTTLE_ADDRESS_RESTORE_PER_S=str(BACK_PER_S),
            **shared,
        )
    )
    yield site
    await site.close()


async def ask(client: httpx.AsyncClient) -> tuple[int, dict[str, Any]]:
    reply = await client.post("/graphql", json={"query": QUERY, "variables": {"n": REQUESTED}})
    assert "ratelimit" in reply.headers
    return reply.status_code, reply.json()["extensions"]["cost"]


async def spend(client: httpx.AsyncClient) -> int:
    """Ask until it is refused twice, with time between, and return the points that it cost."""
    spent = refused = 0
    while refused < 2:
        status, cost = await ask(client)
        if status == 429:
            refused += 1
            await asyncio.sleep(0.5)
        else:
            spent += cost["actualQueryCost"]
    return spent


async def until_alone(client: httpx.AsyncClient, alone: int) -> None:
    """Go on asking until a process counts by itself, or no longer does."""
    async with asyncio.timeout(PATIENCE_S):
        while (
            f'navis_without_others{{what="limits"}} {alone}.0'
            not in (await client.get("/metrics")).text
        ):
            await ask(client)
            await asyncio.sleep(0.1)


async def test_processes_give_one_bucket_together_and_a_new_one_gives_no_other(
    site: Site, server: RedisServer | None
) -> None:
    first, one = await site.start()
    _, other = await site.start()
    began = time.monotonic()
    given = sum(await asyncio.gather(spend(one), spend(other)))
    back = BACK_PER_S * (time.monotonic() - began)
    # Each may have given a quarter before it heard of the other.
    assert POINTS - REQUESTED <= given <= POINTS + 2 * POINTS / 4 + back

    first.kill()
    again, anew = await site.start()
    back = BACK_PER_S * (time.monotonic() - began)
    assert await spend(anew) <= POINTS / 4 + back + REQUESTED
    assert 'navis_without_others{what="limits"} 0.0' in (await anew.get("/metrics")).text

    if server is None:
        return
    assert (await anew.get("/ready")).json()["checks"]["redis"] == "ok"
    server.kill()
    await until_alone(anew, 1)
    await spend(anew)
    assert (await anew.get("/ready")).json()["status"] == "degraded"
    server.start()
    await until_alone(anew, 0)
    assert again.output.count("limits.each_process_by_itself") == 1
    assert PASSWORD not in again.output
