"""A balancer as operators have one: it asks servers whether they are ready, and passes bytes on."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress

_CHUNK = 65_536
_CHECK_S = 0.1
_CHECK_TIMEOUT_S = 2.0
_READY_PATIENCE_S = 60.0


class Balancer:
    """Sends each new connection to the next server that is ready, and leaves it there."""

    def __init__(self) -> None:
        self.port = 0
        self._ready: dict[int, bool] = {}
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._watching: dict[int, asyncio.Task[None]] = {}

    async def add(self, port: int) -> None:
        """Add a server, and return when it is sent connections."""
        self._ready[port] = False
        self._watching[port] = self._begin(self._watch(port))
        async with asyncio.timeout(_READY_PATIENCE_S):
            while not self._ready[port]:  # noqa: ASYNC110 - a state of somebody else's
                await asyncio.sleep(_CHECK_S)

    def is_ready(self, port: int) -> bool:
        """Whether a server said so when it was asked last."""
        return self._ready.get(port, False)

    def remove(self, port: int) -> None:
        """Send no further connection to a server, and ask after it no more."""
        self._ready.pop(port, None)
        self._watching.pop(port).cancel()

    async def close(self) -> None:
        """End every connection."""
        ending = list(self._tasks)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, to the next server that takes it."""
        connection = await self._next()
        if connection is None:
            writer.transport.abort()
            return
        there, onward = connection
        await asyncio.wait([self._begin(_pass(reader, onward)), self._begin(_pass(there, writer))])
        for each in (writer, onward):
            await _closed(each)

    async def _next(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        ready = [port for port, is_ready in self._ready.items() if is_ready]
        self._turn += 1
        for at in range(len(ready)):
            # One that was killed a moment ago still counts as ready.
            with suppress(OSError):
                port = ready[(self._turn + at) % len(ready)]
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _watch(self, port: int) -> None:
        while True:
            self._ready[port] = await _is_ready(port)
            await asyncio.sleep(_CHECK_S)


async def _is_ready(port: int) -> bool:
    try:
        async with asyncio.timeout(_CHECK_TIMEOUT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /ready HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n")
            status = await reader.readline()
            await _closed(writer)
    except (OSError, TimeoutError):
        return False
    return b" 200 " in status


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on, and their end. What nobody takes any more is thrown away."""
    try:
        while chunk := await reader.read(_CHUNK):
            if not writer.is_closing():
                writer.write(chunk)
                with suppress(OSError):
                    await writer.drain()
    except OSError:
        # One who was killed says no goodbye, and the other side has to hear of it too.
        writer.transport.abort()
        return
    with suppress(OSError):
        writer.write_eof()


@asynccontextmanager
async def balancer() -> AsyncGenerator[Balancer]:
    """Give a balancer that listens."""
    balancing = Balancer()
    server = await asyncio.start_server(balancing.serve, "127.0.0.1", 0)
    balancing.port = server.sockets[0].getsockname()[1]
    try:
        yield balancing
    finally:
        server.close()
        await balancing.close()
