"""Workers as processes tell a partner's server: killed, stopped, and seen by operators."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from navis_api.db.engine import asyncpg_address
from tests.conftest import app_database
from tests.flows.otlp_receiver import otlp_receiver
from tests.flows.processes import Running, environment, navis
from tests.graphql.world import World
from tests.partners.webhooks.conftest import told, told_url
from tests.partners.webhooks.receiver import Received, Receiver, receiving
from tests.partners.webhooks.world import Hooks
from tests.waiting import PATIENCE_S, until

__all__ = ["told", "told_url"]

CANARY = "zebrafinch"


@pytest.fixture
async def hooks(told_url: str, told: tuple[str, World], tmp_path: Path) -> AsyncIterator[Hooks]:
    """Where workers find the master key that secrets are sealed with here."""
    database = app_database(told_url)
    yield Hooks(database, told[1], tmp_path / "keys")
    await database.close()


async def started(running: Running) -> None:
    await asyncio.to_thread(running.wait_for, "worker.started")


async def stop(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(running.process.wait, PATIENCE_S) == 0, running.output


async def reached(receiver: Receiver, count: int) -> None:
    await until(lambda: len(receiver.received) >= count)


async def figures_of(worker: Running, *wanted: str) -> str:
    """Return a worker's figures, as soon as they say what is wanted."""
    found = await asyncio.to_thread(
        worker.wait_for, r'"port": (\d+), "event": "worker.figures_started"'
    )
    async with httpx.AsyncClient() as client, asyncio.timeout(PATIENCE_S):
        while True:
            shown = (await client.get(f"http://127.0.0.1:{found[1]}/metrics")).text
            if all(each in shown for each in wanted):
                return shown
            await asyncio.sleep(0.2)


async def test_a_worker_that_is_killed_or_stopped_loses_nothing_and_tells_no_secret(
    hooks: Hooks, told_url: str, tmp_path: Path
) -> None:
    let_go = asyncio.Event()

    async def hang(_: Received) -> None:
        await let_go.wait()

    with otlp_receiver() as collector:
        env = environment(
            tmp_path,
            NAVIS_DATABASE_URL=told_url,
            NAVIS_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.port}",
            NAVIS_WORKER_METRICS_PORT="0",
            NAVIS_PUBLIC_URL="https://api.example.org",
        )
        async with receiving() as receiver:
            receiver.meanwhile = hang
            url = f"http://127.0.0.1:{receiver.port}/{CANARY}?token={CANARY}"
            made = await hooks.endpoint(url)
            with navis("worker", env=env) as killed:
                await started(killed)
                question = await hooks.ask()
                await hooks.publish(question)
                await reached(receiver, 1)
                killed.kill()
            assert await hooks.states() == [("PENDING", 1)]
            # As if its lease were over, for which nobody wants to wait here.
            connection = await asyncpg.connect(asyncpg_address(told_url))
            await connection.execute("UPDATE webhook_deliveries SET lease_until = now()")
            await connection.close()
            with navis("worker", env=env) as stopped:
                await started(stopped)
                await reached(receiver, 2)
                await stop(stopped)
            # Handed back: nobody waits for a lease, and the attempt isn't counted.
            assert await hooks.states() == [("PENDING", 1)]
            receiver.meanwhile = None
            let_go.set()
            with navis("worker", env=env) as worker:
                await started(worker)
                await reached(receiver, 3)
                await hooks.retract(question)
                await reached(receiver, 4)
                figures = await figures_of(
                    worker,
                    'navis_webhook_attempts_total{outcome="delivered"} 2.0',
                    "navis_webhooks_waiting 0.0",
                )
                await stop(worker)
        spans = collector.spans()
        traced = b"".join(collector.bodies).decode(errors="replace")

    types = [each.data["type"] for each in receiver.received]
    assert types == ["answer.published"] * 3 + ["answer.retracted"]
    assert len({each.id for each in receiver.received}) == 2
    assert receiver.received[0].data["data"]["url"].startswith("https://api.example.org/answers/")
    assert re.search(
        r'navis_job_seconds_count\{outcome="delivered",task="deliver-webhook"\} 2', figures
    )
    assert "job deliver-webhook" in {each.name for _, each in spans}
    for place in (killed.output, stopped.output, worker.output, figures, traced):
        assert CANARY not in place
        assert made.secret.removeprefix("whsec_") not in place
        assert f":{receiver.port}" not in place
