"""A partner's server: takes webhooks over real HTTP on loopback, and checks each as partners do."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def data(self) -> dict[str, Any]:
        return orjson.loads(self.body)


@dataclass
class Receiver:
    """What came, and what is answered: `answer` is written as it is."""

    port: int = 0
    received: list[Received] = field(default_factory=list[Received])
    answer: bytes = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
    meanwhile: Callable[[Received], Awaitable[None]] | None = None
    connections: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    def says(self, status: int, *headers: str) -> None:
        lines = [f"HTTP/1.1 {status} So", "Content-Length: 0", *headers]
        self.answer = ("\r\n".join(lines) + "\r\n\r\n").encode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?token=canary"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value
                for name, _, value in (line.partition(": ") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers["content-length"]))
            received = Received(head[0].split(" ")[1], headers, body)
            self.received.append(received)
            if self.meanwhile is not None:
                await self.meanwhile(received)
            writer.write(self.answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.open.discard(writer)


@asynccontextmanager
async def receiving(
    tls: ssl.SSLContext | None = None, *, port: int = 0, host: str = "127.0.0.1"
) -> AsyncIterator[Receiver]:
    """Give a receiver that listens for as long as the block runs."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, host, port, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for writer in receiver.open:
            writer.transport.abort()
        await server.wait_closed()
