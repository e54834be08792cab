"""Thousands of subscribers in one process, which do nothing but count bytes."""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

import orjson

HELD = ":held\n\n"
"""What a bare server sends first, so that a client knows that it is held."""

_OPENING_AT_A_TIME = 32
_PATIENCE_S = 60.0
_ADDRESSES = 8
"""Source addresses, 127.0.0.1 and on: the ports of one might not be enough."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a subscriber says: first, and again once that was answered. And what it waits for."""

    opening: bytes
    then: bytes
    first_answer: bytes
    ready: bytes


Publish = Callable[[], Awaitable[None]]
"""Publishes something."""


class Subscriber(asyncio.Protocol):
    """One connection."""

    def __init__(self, dialogue: Dialogue, told: Callable[[], None]) -> None:
        self._dialogue = dialogue
        self._told = told
        self._head = b""
        self.ready = asyncio.get_running_loop().create_future()
        self.received = 0
        self.wanted = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say the first."""
        # uvloop's are not of asyncio's class.
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._dialogue.opening)

    def data_received(self, data: bytes) -> None:
        """Count, and while it isn't ready look at what came."""
        self.received += len(data)
        if not self.ready.done():
            self._introduce(data)
        elif self.wanted and self.received >= self.wanted:
            self.wanted = 0
            self._told()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whoever waits."""
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError(self.said()))

    def said(self) -> str:
        """Return what the server has said to one that isn't ready."""
        return self._head.decode("latin-1")

    def _introduce(self, data: bytes) -> None:
        before, self._head = self._head, self._head + data
        answer = self._dialogue.first_answer
        if self._dialogue.then and answer in self._head and answer not in before:
            assert self.transport is not None
            self.transport.write(self._dialogue.then)
        if self._dialogue.ready in self._head:
            self.ready.set_result(None)
            self._head = b""


class Crowd:
    """All subscribers."""

    def __init__(self, port: int, dialogue: Dialogue) -> None:
        self._port = port
        self._dialogue = dialogue
        self._members: list[Subscriber] = []
        self._missing = 0
        self._all_told = asyncio.Event()

    async def open(self, count: int) -> None:
        """Open so many more subscriptions and return when each is ready."""
        places = asyncio.Semaphore(_OPENING_AT_A_TIME)

        async def one(number: int) -> Subscriber:
            async with places:
                _, member = await asyncio.get_running_loop().create_connection(
                    lambda: Subscriber(self._dialogue, self._tell),
                    "127.0.0.1",
                    self._port,
                    local_addr=(f"127.0.0.{1 + number % _ADDRESSES}", 0),
                )
                try:
                    await asyncio.wait_for(member.ready, _PATIENCE_S)
                except TimeoutError:
                    raise RuntimeError(member.said()) from None
                return member

        self._members += await asyncio.gather(*(one(number) for number in range(count)))

    async def bytes_of_next(self, publish: Publish) -> int:
        """Have something published and return how many bytes each subscriber gets of it."""
        before = [member.received for member in self._members]
        await publish()
        got: list[int] = []
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            await asyncio.sleep(0.5)
            now = [each.received - old for each, old in zip(self._members, before, strict=True)]
            if min(now) and now == got:
                break
            got = now
        (length,) = set(got)
        return length

    async def seconds_to_reach_all(self, publish: Publish, length: int) -> float:
        """Have something of so many bytes published; return after how long all have it."""
        self._missing = len(self._members)
        self._all_told.clear()
        for member in self._members:
            member.wanted = member.received + length
        began = time.perf_counter()
        await publish()
        await asyncio.wait_for(self._all_told.wait(), _PATIENCE_S)
        return time.perf_counter() - began

    def close(self) -> None:
        """Leave."""
        for member in self._members:
            if member.transport is not None:
                member.transport.abort()
        self._members = []

    def _tell(self) -> None:
        self._missing -= 1
        if not self._missing:
            self._all_told.set()


def event_stream(query: str, variables: dict[str, object], *, ready: bytes) -> Dialogue:
    """Return what a subscriber by server-sent events says."""
    body = orjson.dumps({"query": query, "variables": variables})
    head = (
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Accept: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Dialogue(head.encode() + body, b"", b"", ready)


def web_socket(messages: Sequence[object], *, ready: bytes) -> Dialogue:
    """Return what a subscriber over WebSocket says; messages are sent after the handshake."""
    key = base64.b64encode(b"sixteen bytes !!").decode()
    head = (
        "GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    frames = b"".join(_frame(orjson.dumps(message)) for message in messages)
    return Dialogue(head.encode(), frames, b"\r\n\r\n", ready)


def _frame(text: bytes) -> bytes:
    """Return a text message as a client sends it: masked, here with zeros (RFC 6455, 5.3)."""
    length = len(text)
    size = bytes([0x80 | length]) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    return b"\x81" + size + b"\0\0\0\0" + text
