"""Responses that are complete when they begin: the same bytes as uvicorn's, at once."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from navis_api.settings import Settings
from navis_api.web import edge
from navis_api.web.edge import EdgeConfig
from tests.graphql.waiting import until

DATE = re.compile(rb"date: [^\r]+\r\n")


def start(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes = b"", *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": more}


def length(number: int) -> tuple[bytes, bytes]:
    return b"content-length", str(number).encode()


PLAIN = [start(length(3), (b"x-one", b"1")), body(b"abc")]
RESPONSES: dict[str, list[dict[str, Any]]] = {
    "plain": PLAIN,
    "an error": [start(length(3), status=404), body(b"abc")],
    "empty": [start(length(0)), body()],
    "long": [start(length(500_000)), body(b"x" * 500_000)],
    "in pieces of a known length": [start(length(6)), body(b"abc", more=True), body(b"def")],
    "in chunks": [start(), body(b"abc", more=True), body(b"def")],
    "of no length": [start(), body(b"abc")],
    "the last": [start(length(3), (b"connection", b"close")), body(b"abc")],
    "without a body": [start(length(0), status=204), body()],
    "not modified": [start(length(3), status=304), body()],
    "a header in a value": [start(length(3), (b"x", b"1\r\nset-cookie: a=b")), body(b"abc")],
    "a line in a value": [start(length(3), (b"x", b"1\n2")), body(b"abc")],
    "NUL in a value": [start(length(3), (b"x", b"1\0")), body(b"abc")],
    "too short": [start(length(9)), body(b"abc")],
    "too long": [start(length(2)), body(b"abc")],
    "begun and given up": [start(length(3))],
}
REQUESTS = {
    "GET": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD": b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    "the last": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "two at once": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 2,
}


@dataclass
class Service:
    """An application that responds as it is told."""

    messages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    port: int = 0

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        for message in self.messages:
            await send(message)

    async def answer(self, request: bytes) -> bytes:
        """Everything that comes back, but the date."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        writer.write(REQUESTS["the last"])
        try:
            answer = await asyncio.wait_for(reader.read(), 5)
        finally:
            writer.close()
        return DATE.sub(b"", answer)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    listener = socket.create_server(("127.0.0.1", 0))
    service.port = cast("tuple[str, int]", listener.getsockname())[1]
    config = EdgeConfig(service, Settings())
    config.lifespan = "off"
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    yield service
    server.should_exit = True
    await running


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("response", RESPONSES)
async def test_a_client_gets_what_uvicorn_would_send(
    service: Service, monkeypatch: pytest.MonkeyPatch, response: str, request_: str
) -> None:
    service.messages = RESPONSES[response]
    ours = await service.answer(REQUESTS[request_])
    monkeypatch.setattr(edge, "send_whole", lambda _cycle: None)
    uvicorns = await service.answer(REQUESTS[request_])
    if response == "begun and given up":
        # uvicorn can't take back what it has begun; here nothing has been sent yet.
        assert ours.startswith(b"HTTP/1.1 500 ")
        assert uvicorns.startswith(b"HTTP/1.1 200 ")
    else:
        assert ours == uvicorns


async def test_a_plain_one_leaves_in_one_piece(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    plain = edge.LingeringTransport

    class Watched(plain):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            through = self.write
            self.write = lambda data: (written.append(data), through(data))[1]

    monkeypatch.setattr(edge, "LingeringTransport", Watched)
    service.messages = PLAIN
    await service.answer(REQUESTS["GET"])
    assert len(written) == 2
    assert all(each.endswith(b"\r\n\r\nabc") for each in written)
