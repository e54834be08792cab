"""A network that can go silent: connections stay open, and nothing comes through any more."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress


class SilentProxy:
    """Passes bytes on between clients and a server, until it is cut."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self._cut = asyncio.Event()
        self._passing: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Drop, on every connection that there is, whatever comes from now on, both ways."""
        self._cut.set()
        # Connections that are made later have another network.
        self._cut = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection's bytes on."""
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        cut = self._cut
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target_port)
            try:
                await asyncio.gather(_pass(reader, back, cut), _pass(there, writer, cut))
            finally:
                back.close()
        finally:
            writer.close()
            self._passing.discard(task)

    async def stop(self) -> None:
        """End every connection."""
        for task in list(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Event
) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            if not cut.is_set():
                writer.write(data)
                await writer.drain()
    if cut.is_set():
        # The other side learns nothing of this one's end either.
        await asyncio.Event().wait()
    with suppress(OSError):
        writer.write_eof()


@asynccontextmanager
async def proxy_to(port: int) -> AsyncGenerator[SilentProxy]:
    """Give a proxy before a port of this machine."""
    proxy = SilentProxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.stop()
