"""A retraction while many read the same answer from three processes' memories.

After the mutation's response no request that is begun is given the answer, by any process:
also where a listener's connection was ended just before, and where one is deaf and doesn't
know. `NAVIS_TEST_READERS=200` has that many connections instead of 30.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from navis_api.db.engine import asyncpg_address
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now
from tests.flows.postgres_proxy import PostgresProxy
from tests.flows.processes import environment, navis, run
from tests.waiting import PATIENCE_S

READERS = int(os.environ.get("NAVIS_TEST_READERS", "30"))
SLUG = "liver-cancer-came-back-options"
MOST_A_SECOND = 1_500
QUERY = orjson.dumps(
    {"query": f'{{ answer(slug: "{SLUG}") {{ id revision title sections {{ markdown }} }} }}'}
)
SHOW = (
    b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(QUERY), QUERY)
)
VERSION = f'{{ answer(slug: "{SLUG}") {{ id revision version }} }}'
RETRACT = """
mutation($input: RetractAnswerInput!) {
  retractAnswer(input: $input) { answer { state } errors { __typename } }
}
"""
LISTENERS = "FROM pg_stat_activity WHERE application_name = 'navis-api fanout' AND datname = $1"
LEASES = "SELECT count(*) FROM publication_readers WHERE lease_until > clock_timestamp()"


@dataclass(frozen=True, slots=True)
class Read:
    """One request: to which process, when it began and ended, and whether it got the answer."""

    process: int
    began: float
    ended: float
    answered: bool


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).lower()
    assert b" 200 " in head.splitlines()[0], head
    length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
    return await reader.readexactly(length)


class Reading:
    """Three processes, many who read from them, and an editor."""

    def __init__(self, addresses: list[str], authorization: str, owner: asyncpg.Connection) -> None:
        self.addresses = addresses
        self.owner = owner
        self.reads: list[Read] = []
        self._authorization = authorization
        self._stopping = asyncio.Event()

    async def read_on(self, process: int) -> None:
        """Read the answer over and over, over one connection."""
        url = httpx.URL(self.addresses[process])
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            while not self._stopping.is_set():
                began = time.monotonic()
                writer.write(SHOW)
                body = orjson.loads(await _body(reader))
                assert "errors" not in body, body
                answered = body["data"]["answer"] is not None
                self.reads.append(Read(process, began, time.monotonic(), answered))
                # The proxy and the editor run in this process too.
                await asyncio.sleep(READERS / MOST_A_SECOND)
        finally:
            writer.close()

    async def until_read(self, count: int, *, after: int = 0) -> None:
        """Wait until every process has answered so many requests since."""
        for _ in range(6_000):
            seen = Counter(read.process for read in self.reads[after:])
            if all(seen[process] >= count for process in range(len(self.addresses))):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("a process doesn't answer")

    async def retract(self) -> float:
        """Take the answer back, and return when that was said to be done."""
        headers = {"Authorization": self._authorization}
        async with httpx.AsyncClient(timeout=PATIENCE_S, headers=headers) as editor:
            found = await editor.post(self.addresses[0], json={"query": VERSION})
            answer = found.json()["data"]["answer"]
            given = {
                "answerId": answer["id"],
                "revision": answer["revision"],
                "expectedVersion": answer["version"],
                "reason": "It was wrong.",
            }
            reply = await editor.post(
                self.addresses[0], json={"query": RETRACT, "variables": {"input": given}}
            )
            done = time.monotonic()
        assert "errors" not in reply.json(), reply.json()
        payload: dict[str, Any] = reply.json()["data"]["retractAnswer"]
        assert payload["errors"] == []
        return done

    async def stop(self) -> None:
        self._stopping.set()

    def served_after(self, moment: float) -> list[Read]:
        """The requests begun after a moment that were given the answer all the same."""
        return [read for read in self.reads if read.began > moment and read.answered]


async def until_leased(owner: asyncpg.Connection, count: int) -> None:
    """Wait until so many processes may use their memory."""
    for _ in range(600):
        if await owner.fetchval(LEASES) == count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("not every process holds a lease")


@pytest.fixture
async def owner(sample_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(asyncpg_address(sample_database_url))
    yield connection
    await connection.close()


@pytest.fixture
async def proxy(sample_database_url: str) -> AsyncIterator[PostgresProxy]:
    async with PostgresProxy(sample_database_url) as proxy:
        yield proxy


@pytest.fixture
async def reading(
    tmp_path: Path, sample_database_url: str, owner: asyncpg.Connection, proxy: PostgresProxy
) -> AsyncIterator[Reading]:
    """Three processes that keep the answer in memory; the third reaches Postgres by the proxy."""
    env = environment(
        tmp_path,
        NAVIS_DATABASE_URL=sample_database_url,
        NAVIS_THROTTLE_ADDRESS_POINTS="0",
        NAVIS_THROTTLE_POINTS="0",
    )
    saved = await asyncio.to_thread(
        run,
        *("staff", "save", "--subject", "editor-1", "--role", "editor", "--name", "Ed"),
        env=env,
    )
    assert saved.returncode == 0, saved.stderr
    token = issue_development_token(
        development_key(tmp_path),
        role="editor",
        subject="editor-1",
        now=utc_now(),
        lifetime=timedelta(hours=1),
    )
    stack = ExitStack()
    try:
        servers = [
            stack.enter_context(navis("serve", env=each))
            for each in (env, env, env | {"NAVIS_DATABASE_URL": proxy.address})
        ]
        addresses: list[str] = []
        for server in servers:
            found = await asyncio.to_thread(
                server.wait_for, r'"port": (\d+), "event": "api.started"|api.started.*port=(\d+)'
            )
            addresses.append(f"http://127.0.0.1:{found[1] or found[2]}/graphql")
        reading = Reading(addresses, f"Bearer {token}", owner)
        await until_leased(owner, len(servers))
        readers = [
            asyncio.create_task(reading.read_on(number % len(servers))) for number in range(READERS)
        ]
        try:
            await reading.until_read(50)
            assert all(read.answered for read in reading.reads)
            yield reading
        finally:
            await reading.stop()
            await asyncio.gather(*readers)
    finally:
        # Beside the loop: it has the proxy to run while they stop.
        await asyncio.to_thread(stack.close)


async def test_nobody_is_served_what_was_retracted(reading: Reading) -> None:
    done = await reading.retract()
    await reading.until_read(100, after=len(reading.reads))
    assert reading.served_after(done) == []


async def test_nobody_is_served_it_where_a_listener_was_cut_off_just_before(
    reading: Reading,
) -> None:
    name = await reading.owner.fetchval("SELECT current_database()")
    ended = await reading.owner.fetchval(
        f"SELECT pg_terminate_backend(pid) FROM (SELECT pid {LISTENERS} LIMIT 1) AS one", name
    )
    assert ended
    done = await reading.retract()
    await reading.until_read(100, after=len(reading.reads))
    assert reading.served_after(done) == []


async def test_nobody_is_served_it_where_a_listener_is_deaf_and_does_not_know(
    reading: Reading, proxy: PostgresProxy
) -> None:
    assert proxy.listeners >= 1
    proxy.cut()
    done = await reading.retract()
    await reading.until_read(100, after=len(reading.reads))
    assert reading.served_after(done) == []
    # What it was waited for: the deaf one served it after the others had heard.
    heard = min(read.began for read in reading.reads if read.process < 2 and not read.answered)
    assert any(read.process == 2 and read.answered and read.began > heard for read in reading.reads)
