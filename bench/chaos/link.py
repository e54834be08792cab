"""A cable between our processes and Postgres, which can be cut, go silent, or become slow."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

from navis_api.db.patience import SERVER_GIVES_UP_S

_CHUNK = 65_536


class Link:
    """Passes connections on to `target_port`, which may change.

    What a fault does to a connection that is open when it begins holds for that connection
    for good, as with a router that has forgotten it; `mend` is for those that are made later.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self._is_cut = False
        self._is_silent = False
        self._latency_s = 0.0
        self._open: set[_Strand] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """End every connection, and take no new one."""
        self._is_cut = True
        for strand in self._open:
            strand.abort()

    def silence(self) -> None:
        """Let nothing through any more, and nobody know: connections stay open.

        Between real machines the server's kernel asks after a silent connection, as the
        session has asked it to, and ends it in the end. Here the cable answers such
        questions, and so it ends the server's side in the kernel's place.
        """
        self._is_silent = True
        for strand in self._open:
            strand.silence()

    def slow(self, latency_s: float) -> None:
        """Have whatever passes take so long, each way."""
        self._latency_s = latency_s

    def mend(self) -> None:
        """Serve new connections, and be fast."""
        self._is_cut = self._is_silent = False
        self._latency_s = 0.0

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection. No coroutine: asyncio 3.11 reports each that is cancelled."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End every connection."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            back, onward = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        strand = _Strand(writer, onward)
        if self._is_silent:
            strand.silence()
        self._open.add(strand)
        try:
            await asyncio.gather(
                strand.carry(reader, onward, lambda: self._latency_s),
                strand.carry(back, writer, lambda: self._latency_s),
            )
        finally:
            self._open.discard(strand)
            strand.abort()


class _Strand:
    """One connection, with both its ends."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._client = client
        self._server = server
        self._is_silent = False

    def silence(self) -> None:
        if not self._is_silent:
            self._is_silent = True
            loop = asyncio.get_running_loop()
            loop.call_later(SERVER_GIVES_UP_S, self._server.transport.abort)

    def abort(self) -> None:
        for end in (self._client, self._server):
            end.transport.abort()

    async def carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: Callable[[], float]
    ) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                if delay_s := delay():
                    await asyncio.sleep(delay_s)
                if not self._is_silent:
                    writer.write(chunk)
                    await writer.drain()
        if self._is_silent:
            # The other side learns nothing of this one's end either. Who has gone is forgotten
            # with the strand, when its other end goes.
            return
        with suppress(OSError, RuntimeError):
            writer.write_eof()


@asynccontextmanager
async def linked(target_port: int) -> AsyncGenerator[Link]:
    """Give a cable that listens on `port`."""
    link = Link(target_port)
    server = await asyncio.start_server(link.accept, "127.0.0.1", 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
        await link.stop()
