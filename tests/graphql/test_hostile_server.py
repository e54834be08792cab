"""Hostile requests to the service as it runs: refused with a code, and nobody else is harmed."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from navis_api.db.engine import asyncpg_address
from tests.conftest import at_database
from tests.flows.processes import Running, environment, navis
from tests.graphql import hostile
from tests.graphql.client import Client
from tests.graphql.test_hostile import BODIES
from tests.waiting import PATIENCE_S

HEALTHY = "{ cancers(first: 3) { nodes { slug name } } viewer { kind } }"


class Server:
    """The running service."""

    def __init__(self, running: Running) -> None:
        self.running = running
        found = running.wait_for(r'"port": (\d+)')
        self.port = int(found[1])
        self.url = f"http://127.0.0.1:{self.port}/graphql"

    @property
    def resident_bytes(self) -> int:
        status = Path(f"/proc/{self.running.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1_024

    async def send(self, *pieces: bytes, opening: bytes = b"") -> bytes:
        """Send bytes as they are, while listening, and return what came.

        Until the server closes, or says on a WebSocket that it will. What opens one has
        to be answered before anything else may be sent.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)

        async def write() -> None:
            with suppress(ConnectionError):
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()

        received = bytearray()
        writing: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(PATIENCE_S):
                if opening:
                    writer.write(opening)
                    received += await reader.readuntil(b"\r\n\r\n")
                writing = asyncio.create_task(write())
                # A server that has said everything may reset what still comes in.
                with suppress(ConnectionError):
                    while chunk := await reader.read(65_536):
                        received += chunk
                        if opening and hostile.close_code(bytes(received)):
                            break
        finally:
            if writing is not None:
                writing.cancel()
            writer.close()
        return bytes(received)

    async def refuse(self, sent: hostile.Sent) -> tuple[int, str | None]:
        """Return the status and the code with which something is refused."""
        answer = await self.send(*sent.pieces)
        if not answer:
            return 0, None
        first, _, body = answer.partition(b"\r\n\r\n")
        status = int(first.split()[1])
        try:
            return status, json.loads(body.split(b"HTTP/1.1")[0])["errors"][0]["extensions"]["code"]
        except ValueError:
            return status, None

    async def close_code(self, *pieces: bytes) -> int:
        """Return the code with which the server closes a WebSocket after these frames."""
        answer = await self.send(*pieces, opening=hostile.handshake())
        assert answer.startswith(b"HTTP/1.1 101 ")
        return hostile.close_code(answer)


@pytest.fixture(scope="module")
def server(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The service, with short patience, over a database of its own."""
    name = f"navis_hostile_{uuid4().hex[:8]}"

    def run(statement: str) -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(asyncpg_address(postgres))
            await connection.execute(statement)
            await connection.close()

        asyncio.run(execute())

    run(f"CREATE DATABASE {name} TEMPLATE {template}")
    env = environment(
        tmp_path_factory.mktemp("hostile"),
        NAVIS_DATABASE_URL=at_database(postgres, name),
        NAVIS_BODY_TIMEOUT_S="1",
        NAVIS_HEAD_TIMEOUT_S="1",
        NAVIS_LINGER_TIMEOUT_S="2",
        NAVIS_WEBSOCKET_INIT_TIMEOUT_S="1",
        NAVIS_THROTTLE_ADDRESS_POINTS="1000000",
        NAVIS_LOG_JSON="true",
    )
    with navis("serve", env=env) as running:
        yield Server(running)
    run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("name", hostile.HTTP)
async def test_a_hostile_request_is_refused(server: Server, name: str) -> None:
    sent = hostile.HTTP[name]
    status, code = await server.refuse(sent)
    assert status == sent.status
    assert sent.code is None or code == sent.code


@pytest.mark.parametrize("name", hostile.TALKATIVE)
async def test_who_says_everything_before_listening_learns_why_it_is_refused(
    server: Server, name: str
) -> None:
    opening, more, status = hostile.TALKATIVE[name]
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(opening)
    for _ in range(10):
        # The refusal is there long before the last piece.
        await asyncio.sleep(0.02)
        writer.write(more)
        await writer.drain()
    writer.write_eof()
    async with asyncio.timeout(PATIENCE_S):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert answer.count(b"HTTP/1.1") == 1


async def test_a_socket_that_says_everything_before_listening_learns_why_it_is_closed(
    server: Server,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(hostile.handshake())
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.write(hostile.frame(1, b"x" * 3_000_000))
    for _ in range(10):
        await asyncio.sleep(0.02)
        writer.write(hostile.frame(1, b"x" * 65_000))
        await writer.drain()
    writer.write_eof()
    async with asyncio.timeout(PATIENCE_S):
        answer += await reader.read()
    writer.close()
    assert hostile.close_code(answer) == 1009


async def test_who_never_stops_sending_is_cut_off(server: Server) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(hostile.head(hostile.JSON_HEAD, "Content-Length: 104857600"))

    async def send_on() -> None:
        while True:
            writer.write(b" " * 1_000)
            await writer.drain()
            await asyncio.sleep(0.01)

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(send_on(), PATIENCE_S)
    writer.close()


@pytest.mark.parametrize("name", hostile.SOCKETS)
async def test_a_hostile_socket_is_closed_with_its_code(server: Server, name: str) -> None:
    pieces, code = hostile.SOCKETS[name]
    assert await server.close_code(*pieces) == code


def test_these_are_more_than_fifty() -> None:
    assert len({*hostile.HTTP, *hostile.SOCKETS, *BODIES}) > 50


async def test_compression_of_messages_is_not_agreed_to(server: Server) -> None:
    offer = hostile.handshake("Sec-WebSocket-Extensions: permessage-deflate")
    answer = await server.send(hostile.frame(2, b""), opening=offer)
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert b"permessage-deflate" not in answer.lower()


async def test_pings_whose_answers_nobody_reads_fill_no_memory(server: Server) -> None:
    before = server.resident_bytes
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(hostile.handshake())
    await reader.readuntil(b"\r\n\r\n")
    pings = hostile.frame(9, b"x" * 120) * 500
    # The server reads on, and what it would answer is 60 MB.
    with suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(5):
            for _ in range(1_000):
                writer.write(pings)
                await writer.drain()
    after = server.resident_bytes
    writer.transport.abort()
    assert after - before < 20_000_000


@asynccontextmanager
async def well_behaved(server: Server) -> AsyncIterator[list[float]]:
    """Let somebody read on, again and again; yields how long each of their answers took, in s."""
    took: list[float] = []

    async def read_on() -> None:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as http:
            client = Client(http, server.url)
            expected = await client.data(HEALTHY)
            while True:
                began = asyncio.get_running_loop().time()
                assert await client.data(HEALTHY) == expected
                took.append(asyncio.get_running_loop().time() - began)
                await asyncio.sleep(0.01)

    reading = asyncio.create_task(read_on())
    yield took
    # Raises what went wrong for them.
    if reading.done():
        reading.result()
    reading.cancel()


async def test_others_are_served_and_memory_stays_flat_under_all_of_it(server: Server) -> None:
    async def everything() -> None:
        # Some at a time, as attackers do.
        gate = asyncio.Semaphore(16)

        async def one(*pieces: bytes) -> None:
            async with gate:
                await server.send(*pieces)

        async def socket(*pieces: bytes) -> None:
            async with gate:
                await server.send(*pieces, opening=hostile.handshake())

        await asyncio.gather(
            *(one(*sent.pieces) for sent in hostile.HTTP.values()),
            *(socket(*pieces) for pieces, _ in hostile.SOCKETS.values()),
            *(one(hostile.post(body)) for body, _ in BODIES.values()),
        )

    async with well_behaved(server) as took:
        # Caches fill, and the allocator takes what it needs once.
        await everything()
        before = server.resident_bytes
        for _ in range(2):
            await everything()
        after = server.resident_bytes
    assert after < 1.1 * before
    assert len(took) > 20
