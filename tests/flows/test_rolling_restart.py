"""Two API processes behind a balancer, and a worker, each replaced by another under load."""

import asyncio
import hashlib
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from sqlalchemy import text
from websockets.frames import Close

from bench.balancer import balancer
from navis_api.db.sessions import SYSTEM_ROWS, Database
from tests.flows.processes import Running, navis
from tests.flows.test_asking import ASK, STORED, post
from tests.flows.test_resuming import FOLLOWED, Event, Follow, check_whole
from tests.flows.uploads import Site, site
from tests.generation.world import NEW_QUESTION
from tests.waiting import PATIENCE_S

READ = "{ cancers(first: 5) { nodes { slug name } } }"
QUESTIONS = "SELECT count(*) FROM questions WHERE text LIKE 'Asker %'"
PIECE = 20_000


@pytest.fixture
def here(tmp_path: Path, sample_database_url: str) -> Site:
    return site(
        tmp_path, sample_database_url, NAVIS_SHUTDOWN_NOTICE_S="1", NAVIS_ADDRESS_ASKS_PER_HOUR="0"
    )


class Load:
    """Clients that go on until they are told to stop, and what they were told."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/graphql"
        self.over = asyncio.Event()
        self.read = 0
        self.asked: list[str] = []
        self.interrupted = 0
        self.under_way = asyncio.Event()
        self.gone = asyncio.Event()
        self.farewells: list[Close | None] = []

    async def reading(self) -> None:
        """Read over a connection that is kept for as long as the server keeps it."""
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            while not self.over.is_set():
                reply = await client.post(self.address, json={"query": READ})
                assert reply.status_code == 200, reply.text
                assert len(reply.json()["data"]["cancers"]["nodes"]) == 5
                self.read += 1
                await asyncio.sleep(0.01)

    async def asking(self, name: str) -> None:
        """Ask, each time over a connection of its own."""
        while not self.over.is_set():
            question = f"Asker {name} number {len(self.asked)}: what surgery for liver cancer?"
            asked = (await post(self.address, ASK, text=question))["askQuestion"]
            assert asked["errors"] == []
            self.asked.append(question)
            await asyncio.sleep(0.5)

    async def following(self, follow: Follow, generation_id: str) -> list[Event]:
        """Follow to the end, and go on each time from where it stopped."""
        seen: list[Event] = []
        while not (seen and seen[-1]["__typename"] == "GenerationCompleted"):
            after = seen[-1]["sequence"] if seen else 0
            try:
                async for event in follow(self.address, generation_id, after):
                    seen.append(event)  # noqa: PERF401 - what came before an end has to stay
            except websockets.ConnectionClosed as closed:
                self.farewells.append(closed.rcvd)
        return seen

    async def uploading(self, url: str, content: bytes) -> None:
        """Send until a server stops in the middle of it and, after that, what is missing."""

        async def held_up(some: bytes) -> AsyncIterator[bytes]:
            gone = self.gone
            yield some[:PIECE]
            self.under_way.set()
            if not self.interrupted:
                await gone.wait()
            for at in range(PIECE, len(some), PIECE):
                yield some[at : at + PIECE]

        offset = 0
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            while offset < len(content):
                some = content[offset : offset + 15 * PIECE]
                headers = {
                    "Content-Type": "application/partial-upload",
                    "Upload-Offset": str(offset),
                    "Upload-Complete": "?1" if offset + len(some) == len(content) else "?0",
                    "Content-Length": str(len(some)),
                }
                reply = await client.patch(url, content=held_up(some), headers=headers)
                assert reply.status_code in {204, 503}, reply.text
                told = int(reply.headers["Upload-Offset"])
                assert offset < told <= len(content)
                self.interrupted += reply.status_code == 503
                offset = told

    async def one_goes(self, old: Running, start: Callable[[], Awaitable[Running]]) -> Running:
        """Replace a server while an upload is under way, at it or at the other one."""
        await self.under_way.wait()
        new = await replaced(old, start)
        self.under_way.clear()
        self.gone.set()
        self.gone = asyncio.Event()
        return new


async def replaced(old: Running, start: Callable[[], Awaitable[Running]]) -> Running:
    """Start a process, stop the old one as an orchestrator does, and return the new one."""
    new = await start()
    old.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(old.process.wait, PATIENCE_S) == 0, old.output
    return new


async def test_no_request_fails_and_nothing_is_lost_while_every_process_is_replaced(
    here: Site, sample_database: Database
) -> None:
    slow_worker = ("bench.slow_worker", "1.5")
    content = hashlib.shake_256(b"rolling").digest(20_000_000)
    async with balancer() as balancing:
        with ExitStack() as processes:

            async def serving() -> Running:
                # On a port of its own each: the balancer's is the one that clients know.
                server = processes.enter_context(
                    navis("serve", env={**here.env, "NAVIS_PORT": "0"})
                )
                await balancing.add(await asyncio.to_thread(port_of, server))
                return server

            async def working() -> Running:
                worker = processes.enter_context(Running(*slow_worker, env=here.env))
                await asyncio.to_thread(worker.wait_for, "worker.started")
                return worker

            servers = [await serving(), await serving()]
            load = Load(balancing.port)
            here.port = balancing.port
            asked = (await post(load.address, ASK, text=NEW_QUESTION))["askQuestion"]
            generation_id = asked["generation"]["id"]
            record_id, url = await here.announce(content)
            url = httpx.URL(url).copy_with(port=balancing.port)
            async with asyncio.TaskGroup() as group:
                ending = [
                    *(group.create_task(load.reading()) for _ in range(4)),
                    *(group.create_task(load.asking(name)) for name in "ab"),
                ]
                followed = [
                    group.create_task(load.following(follow, generation_id))
                    for follow in FOLLOWED.values()
                ]
                sent = group.create_task(load.uploading(str(url), content))
                # Nobody writes yet, so that those who follow see both servers go.
                servers = [await load.one_goes(each, serving) for each in servers]
                worker = await working()
                worker = await replaced(worker, working)
                await asyncio.wait([sent, *followed])
                load.over.set()
                await asyncio.wait(ending)
            stored = (await post(load.address, STORED, id=generation_id))["node"]
            assert await here.complete(record_id) in {"SCANNING", "EXTRACTING", "READY"}
            await stop_all(*servers, worker)

    for each in followed:
        check_whole(each.result(), stored)
    assert load.interrupted > 0
    assert load.farewells
    for farewell in load.farewells:
        assert farewell is not None
        assert (farewell.code, "resume" in farewell.reason) == (1012, True)
    assert load.read > 100
    assert len(load.asked) >= 10
    async with sample_database.reading(SYSTEM_ROWS) as session:
        assert await session.scalar(text(QUESTIONS)) == len(load.asked)


async def stop_all(*running: Running) -> None:
    for each in running:
        each.process.send_signal(signal.SIGTERM)
    for each in running:
        assert await asyncio.to_thread(each.process.wait, PATIENCE_S) == 0, each.output


def port_of(server: Running) -> int:
    return int(server.wait_for(r'"port": (\d+), "event": "api.started"')[1])


async def test_a_server_that_stops_says_so_before_it_takes_nobody_new(here: Site) -> None:
    # So long that nobody would wait for it.
    env = {**here.env, "NAVIS_PORT": "0", "NAVIS_SHUTDOWN_NOTICE_S": "600"}
    with navis("serve", env=env) as server:
        site = f"http://127.0.0.1:{await asyncio.to_thread(port_of, server)}"
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{site}/ready")).status_code == 200
            server.process.send_signal(signal.SIGTERM)
            told = await client.get(f"{site}/ready")
            until = time.monotonic() + PATIENCE_S
            while told.status_code == 200 and time.monotonic() < until:
                told = await client.get(f"{site}/ready")
            assert told.json() == {"status": "stopping", "checks": {}}
            reply = await client.post(f"{site}/graphql", json={"query": READ})
            # Served as before, though the next request is to go elsewhere.
            assert reply.json()["data"]["cancers"]["nodes"]
            assert reply.headers["Connection"] == "close"
            assert (await client.get(f"{site}/live")).status_code == 200
            # A second signal is a person who doesn't want to wait.
            server.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(server.process.wait, PATIENCE_S) == 0


async def test_a_job_at_work_goes_on_at_another_worker_at_once(here: Site) -> None:
    # So long that nobody would wait for it, as for the slow worker's pauses.
    env = {**here.env, "NAVIS_PORT": "0", "NAVIS_GENERATION_LEASE_S": "600"}
    with (
        navis("serve", env=env) as server,
        Running("bench.slow_worker", "600", env=env) as slow,
    ):
        address = f"http://127.0.0.1:{await asyncio.to_thread(port_of, server)}/graphql"
        asked: Any = (await post(address, ASK, text=NEW_QUESTION))["askQuestion"]
        generation_id = asked["generation"]["id"]
        async with asyncio.timeout(PATIENCE_S):
            async for _ in FOLLOWED["WebSocket"](address, generation_id, 0):
                break
        slow.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(slow.process.wait, PATIENCE_S) == 0, slow.output
        assert "job.handed_back" in slow.output
        with navis("worker", env=env):
            async with asyncio.timeout(PATIENCE_S):
                events = [each async for each in FOLLOWED["WebSocket"](address, generation_id, 0)]
    assert events[-1]["__typename"] == "GenerationCompleted"
