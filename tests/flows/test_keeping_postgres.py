"""An embedded Postgres that several processes use: whoever started it may be killed."""

import asyncio
from pathlib import Path

import httpx

from tests.flows.processes import Running, environment, navis, postgres_processes, run
from tests.flows.test_asking import ASK, address_of, follow, post, serving
from tests.generation.world import NEW_QUESTION
from tests.waiting import PATIENCE_S


async def test_whoever_started_it_is_killed_and_the_others_go_on(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", NAVIS_GENERATION_LEASE_S="2")
    worker = navis("worker", env=env)
    with worker:
        await asyncio.to_thread(worker.wait_for, r"worker.started")
        assert run("content", "import", "--sample", env=env).returncode == 0
        with serving(env) as api:
            address = await asyncio.to_thread(address_of, api)
            asked = await post(address, ASK, text=NEW_QUESTION)
            generation_id = asked["askQuestion"]["generation"]["id"]

            worker.kill()

            await ready(api, address)
            with navis("worker", env=env):
                events = await follow(address, generation_id)
            assert [each["sequence"] for each in events] == list(range(1, len(events) + 1))
            assert events[-1]["__typename"] == "GenerationCompleted", events[-1]
    assert not postgres_processes(tmp_path / "data")


async def ready(api: Running, address: str) -> None:
    """Wait until the API has its database again."""
    await asyncio.to_thread(api.wait_for, r"embedded_postgres.started_again")
    until = asyncio.get_running_loop().time() + PATIENCE_S
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        while (await client.get(address.replace("/graphql", "/ready"))).status_code != 200:
            assert asyncio.get_running_loop().time() < until
            await asyncio.sleep(0.05)
