"""A network that is cut while something is sent, after as many bytes as a test says."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress

_CHUNK = 16_384


class CuttingProxy:
    """Passes connections on to a port. `cuts` says after how many sent bytes one is cut."""

    def __init__(self, to: int, cuts: Sequence[int]) -> None:
        self._to = to
        self._cuts: Iterator[int] = iter(cuts)
        self.left = len(cuts)
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, onward = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        sending = asyncio.create_task(self._send(reader, onward))
        answering = asyncio.create_task(_pass(there, writer))
        await asyncio.wait({sending, answering}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, answering):
            task.cancel()
        await asyncio.gather(sending, answering, return_exceptions=True)
        for each in (writer, onward):
            each.transport.abort()

    async def _send(self, reader: asyncio.StreamReader, onward: asyncio.StreamWriter) -> None:
        limit = next(self._cuts, None)
        sent = 0
        while chunk := await reader.read(_CHUNK):
            if limit is not None and sent + len(chunk) >= limit:
                onward.write(chunk[: limit - sent])
                await onward.drain()
                self.left -= 1
                return
            sent += len(chunk)
            onward.write(chunk)
            await onward.drain()
        if limit is not None:
            # It was never reached: another connection is cut in its place.
            self._cuts = iter([limit, *self._cuts])


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()


@asynccontextmanager
async def cutting_proxy(port: int, *, to: int, cuts: Sequence[int]) -> AsyncGenerator[CuttingProxy]:
    """Give a proxy that listens on a port."""
    proxy = CuttingProxy(to, cuts)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", port)
    try:
        yield proxy
    finally:
        server.close()
