"""A cable between a process and Postgres, of which the listener's strand can be cut silently."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from navis_api.db.engine import parse_address

_LISTENER = b"navis-api fanout"
_SSL_REQUEST_BYTES = 8
_CHUNK = 65_536


class PostgresProxy:
    """Forwards connections. After `cut`, nothing more goes either way over a listener's."""

    def __init__(self, address: str) -> None:
        self._url = parse_address(address)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut = False
        self.listeners = 0

    @property
    def address(self) -> str:
        """The address of the same database, through this."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return (
            self._url.set(drivername="postgresql", host="127.0.0.1", port=port, query={})
        ).render_as_string(hide_password=False)

    def cut(self) -> None:
        """Cut the strand of every listener, present and future."""
        self._cut = True

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine: asyncio 3.11 reports each of those that is cancelled as an error.
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError):
                await self._forward(reader, writer)
        finally:
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server, server = await asyncio.open_connection(self._url.host, self._url.port or 5432)
        try:
            first = await reader.read(_CHUNK)
            if len(first) == _SSL_REQUEST_BYTES:
                # Asked whether there is TLS: the answer is no, and then comes the beginning.
                writer.write(b"N")
                first = await reader.read(_CHUNK)
            listens = _LISTENER in first
            self.listeners += listens
            server.write(first)
            await asyncio.gather(
                self._pump(reader, server, listens=listens),
                self._pump(to_server, writer, listens=listens),
            )
        finally:
            server.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, listens: bool
    ) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                if not (listens and self._cut):
                    writer.write(chunk)
                    await writer.drain()
        if not (listens and self._cut):
            writer.close()
