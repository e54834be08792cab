"""Servers on this machine: ours with an engine of the test's choice, and ones that misbehave."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn

from navis_api.cli.generating import create_generation_app
from navis_api.cli.serving import Server
from navis_api.generation.contract import Engine
from navis_api.kit.draining import Draining
from navis_api.settings import Settings
from tests.waiting import PATIENCE_S

SECRET = "not-a-real-secret"


@dataclass
class Served:
    """A generation server at `url`. `stop` does what SIGTERM does."""

    url: str
    server: Server
    draining: Draining

    def stop(self) -> None:
        self.draining.begin()
        self.server.should_exit = True


def settings(**changes: object) -> Settings:
    return Settings.model_validate({"generation_token": SECRET, **changes})


@asynccontextmanager
async def served(engine: Engine, address: str, **changes: object) -> AsyncIterator[Served]:
    draining = Draining()
    app = create_generation_app(settings(**changes), address, draining=draining, engine=engine)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = Server(config, draining, name="generation_server")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        running = asyncio.create_task(server.serve(sockets=[sock]))
        await asyncio.wait_for(server.up.wait(), PATIENCE_S)
        given = Served(f"http://127.0.0.1:{sock.getsockname()[1]}", server, draining)
        try:
            yield given
        finally:
            given.stop()
            await asyncio.wait_for(running, PATIENCE_S)


Reply = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Raw:
    """A server that says to the letter what a test has it say."""

    url: str
    requests: list[bytes] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client has gone."""


@asynccontextmanager
async def raw(reply: bytes | Reply) -> AsyncIterator[Raw]:
    """Serve `reply` to each request and close, or let a function do so."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            given.requests.append(head + await reader.readexactly(length))
            if isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
            else:
                await reply(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            given.left.set()
            writer.close()
            serving.discard(task)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    given = Raw(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    try:
        yield given
    finally:
        listening.close()
        for task in list(serving):
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


def stream_of(*data: str | bytes, head: bytes = b"") -> bytes:
    """A response with these events, which ends when the connection does."""
    frames = b"".join(
        b"data: %s\n\n" % (each.encode() if isinstance(each, str) else each) for each in data
    )
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n%s\r\n" % head
        + frames
    )
