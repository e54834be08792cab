"""Two processes that read published content on a replica: one that lags, and one that dies."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now
from tests.flows.processes import environment, navis, run
from tests.replica import ReplicaServer, following
from tests.waiting import PATIENCE_S

SLUG = "liver-cancer-came-back-options"
ANSWER = f'{{ answer(slug: "{SLUG}") {{ id revision version }} }}'
LIST = "{ questions(first: 5) { nodes { text answer { title sections { markdown } } } } }"
RETRACT = """
mutation($input: RetractAnswerInput!) {
  retractAnswer(input: $input) { answer { state } errors { __typename } }
}
"""


@pytest.fixture(scope="module")
def replica(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicaServer]:
    with following(postgres, tmp_path_factory.mktemp("replica")) as running:
        yield running


@dataclass
class Process:
    """An API process, as its clients and its operator see it."""

    http: httpx.AsyncClient

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        response = await self.http.post("/graphql", json={"query": query, "variables": variables})
        body = response.json()
        assert response.status_code == 200, body
        assert "errors" not in body, body
        return body["data"]

    async def figure(self, name: str) -> float:
        """Return one of its figures; 0 where it hasn't come up."""
        text = (await self.http.get("/metrics")).text
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0

    async def reads(self, server: str) -> float:
        return await self.figure(f'navis_published_reads_total{{server="{server}"}}')

    async def is_asking(self) -> bool:
        """Whether it reads on the replica."""
        text = (await self.http.get("/metrics")).text
        return re.search(r"^navis_replica_asked\{.*\} 1\.0$", text, re.MULTILINE) is not None

    async def until_asking(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not await self.is_asking():  # noqa: ASYNC110 - only the process knows
                await asyncio.sleep(0.05)


@pytest.fixture
async def processes(
    tmp_path: Path, sample_database_url: str, replica: ReplicaServer
) -> AsyncIterator[list[Process]]:
    """Two processes. The second keeps no responses."""
    env = environment(
        tmp_path,
        NAVIS_DATABASE_URL=sample_database_url,
        NAVIS_DATABASE_REPLICA_URLS=replica.of(sample_database_url),
        NAVIS_THROTTLE_ADDRESS_POINTS="0",
        NAVIS_THROTTLE_POINTS="0",
    )
    save = ("staff", "save", "--subject", "editor-1", "--role", "editor", "--name", "Ed")
    saved = await asyncio.to_thread(run, *save, env=env)
    assert saved.returncode == 0, saved.stderr
    token = issue_development_token(
        development_key(tmp_path),
        role="editor",
        subject="editor-1",
        now=utc_now(),
        lifetime=timedelta(hours=1),
    )
    with ExitStack() as stack:
        servers = [
            stack.enter_context(navis("serve", env=each))
            for each in (env, env | {"NAVIS_RESPONSE_CACHE_BYTES": "0"})
        ]
        ports = [
            await asyncio.to_thread(server.wait_for, r'(?:"port": |started.*port=)(\d+)')
            for server in servers
        ]
        clients = [
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port[1]}",
                headers={"Authorization": f"Bearer {token}"},
                timeout=PATIENCE_S,
            )
            for port in ports
        ]
        found = [Process(client) for client in clients]
        for process in found:
            await process.until_asking()
        yield found
        for client in clients:
            await client.aclose()


async def test_nobody_is_served_by_a_lagging_replica_what_was_retracted(
    processes: list[Process], replica: ReplicaServer
) -> None:
    first, second = processes
    answer = (await first.data(ANSWER))["answer"]
    assert (await second.data(ANSWER))["answer"] == answer
    assert await second.reads("replica") > 0
    assert await second.reads("primary") == 0
    await replica.pause()
    try:
        retracted = await first.data(
            RETRACT,
            input={
                "answerId": answer["id"],
                "revision": answer["revision"],
                "expectedVersion": answer["version"],
                "reason": "It was wrong.",
            },
        )
        assert retracted["retractAnswer"]["errors"] == []
        before = [await process.reads("replica") for process in processes]
        for process in processes:
            for _ in range(5):
                assert (await process.data(ANSWER))["answer"] is None
            # Neither does anything else come from there, such as a list that has it.
            await process.data(LIST)
            assert not await process.is_asking()
            assert (await process.http.get("/ready")).status_code == 200
        assert [await process.reads("replica") for process in processes] == before
    finally:
        await replica.resume()
    for process in processes:
        await process.until_asking()
        assert (await process.data(ANSWER))["answer"] is None
    at_primary = await second.reads("primary")
    await second.data(ANSWER)
    assert await second.reads("replica") > before[1]
    assert await second.reads("primary") == at_primary


async def test_no_request_fails_when_the_replica_is_killed(
    processes: list[Process], replica: ReplicaServer
) -> None:
    _, second = processes
    stopping = asyncio.Event()
    shown = (await second.data(LIST))["questions"]["nodes"]
    assert shown
    counts = [0] * 4

    async def keep_reading(number: int) -> None:
        while not stopping.is_set():
            assert (await second.data(LIST))["questions"]["nodes"] == shown
            counts[number] += 1

    async def until_read(count: int) -> None:
        wanted = [each + count for each in counts]
        async with asyncio.timeout(PATIENCE_S):
            while any(  # noqa: ASYNC110 - as above
                has < want for has, want in zip(counts, wanted, strict=True)
            ):
                await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as readers:
        for number in range(len(counts)):
            readers.create_task(keep_reading(number))
        await until_read(5)
        on_replica = await second.reads("replica")
        assert on_replica > 0
        await asyncio.to_thread(replica.kill)
        await until_read(20)
        stopping.set()
    assert not await second.is_asking()
    assert await second.reads("primary") > 0
    assert (await second.http.get("/ready")).status_code == 200
