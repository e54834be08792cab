"""Requests that came before to the letter: answered from memory, and nothing else is."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import cast

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from navis_api.kit.draining import Draining
from navis_api.kit.raw_request import RAW_REQUEST
from navis_api.settings import Settings
from navis_api.web.known_bytes import KnowingConfig
from tests.waiting import PATIENCE_S, until

POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
FROM_MEMORY = b"content-length: 6\r\n\r\nmemory"


class Service:
    """An application that says what it was sent, and remembers what it is told to."""

    def __init__(self) -> None:
        self.known: dict[bytes, bytes] = {}
        self.asked: list[bytes] = []
        self.raw: list[bytes | None] = []
        self.port = 0

    def response_to(self, request: bytes) -> bytes | None:
        self.asked.append(request)
        return self.known.get(request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close"})
            return
        self.raw.append(scope.get(RAW_REQUEST))
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    listener = socket.create_server(("127.0.0.1", 0))
    service.port = cast("tuple[str, int]", listener.getsockname())[1]
    config = KnowingConfig(service, Settings(), service, draining=Draining())
    config.lifespan = "off"
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    yield service
    server.should_exit = True
    await running


class Wire:
    """A connection, for requests as bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def body(self) -> bytes:
        """The body of the next response."""
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE_S)).lower()
        assert head.startswith(b"http/1.1 200 ok\r\n"), head
        assert b"\r\ndate: " in head
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        return await asyncio.wait_for(self.reader.readexactly(length), PATIENCE_S)

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.05)


@pytest.fixture
async def wire(service: Service) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    yield Wire(reader, writer)
    writer.close()


@pytest.mark.parametrize("request_", [POST, GET], ids=["post", "get"])
async def test_what_is_known_is_answered_from_memory_and_the_connection_goes_on(
    service: Service, wire: Wire, request_: bytes
) -> None:
    await wire.send(request_)
    assert await wire.body() == (b"abc" if request_ is POST else b"")
    assert service.raw == [request_]
    service.known[request_] = FROM_MEMORY
    for _ in range(3):
        await wire.send(request_)
        assert await wire.body() == b"memory"
    del service.known[request_]
    await wire.send(POST)
    assert await wire.body() == b"abc"
    assert len(service.raw) == 2


async def test_the_first_request_of_a_connection_may_be_known(service: Service, wire: Wire) -> None:
    service.known[POST] = FROM_MEMORY
    await wire.send(POST)
    assert await wire.body() == b"memory"
    assert service.raw == []


async def test_a_request_in_pieces_is_read_and_not_remembered(service: Service, wire: Wire) -> None:
    # The end of it looks like a request that is known.
    service.known[GET] = FROM_MEMORY
    head = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(GET)
    await wire.send(head, GET)
    assert await wire.body() == GET
    await wire.send(GET[:9], GET[9:])
    assert await wire.body() == b""
    assert service.raw == [None, None]


async def test_requests_sent_together_are_answered_in_their_order(
    service: Service, wire: Wire
) -> None:
    service.known[GET] = FROM_MEMORY
    await wire.send(POST + GET)
    assert await wire.body() == b"abc"
    assert await wire.body() == b""
    assert service.raw == [None, None]


async def test_what_is_known_waits_for_what_is_under_way(service: Service, wire: Wire) -> None:
    service.known[GET] = FROM_MEMORY
    wire.writer.write(POST)
    await wire.writer.drain()
    wire.writer.write(GET)
    await wire.writer.drain()
    assert await wire.body() == b"abc"
    assert await wire.body() in {b"", b"memory"}


async def test_a_connection_that_ends_is_not_remembered(service: Service, wire: Wire) -> None:
    await wire.send(POST.replace(b"Host: a", b"Host: a\r\nConnection: close"))
    assert await wire.body() == b"abc"
    assert service.raw == [None]
    assert await asyncio.wait_for(wire.reader.read(), PATIENCE_S) == b""


async def test_a_long_request_is_not_looked_at(service: Service, wire: Wire) -> None:
    body = b"x" * 40_000
    await wire.send(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n" + body)
    assert await wire.body() == body
    assert not any(len(each) > 32_768 for each in service.asked)


async def test_a_web_socket_is_opened_as_ever(service: Service, wire: Wire) -> None:
    await wire.send(
        b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    head = await asyncio.wait_for(wire.reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    assert head.startswith(b"HTTP/1.1 101")
