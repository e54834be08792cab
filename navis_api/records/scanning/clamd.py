"""ClamAV's clamd, asked over its own protocol: INSTREAM (clamd(8), COMMANDS)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from navis_api.records.scanning.scanner import ScannerUnavailable, TooLargeToScan, Verdict

_CHUNK_BYTES: Final = 1 << 18
_MAX_REPLY_BYTES: Final = 4_096
_END: Final = b"\0\0\0\0"


class Clamd:
    """Asks the clamd at an address, over a connection of its own for each stream."""

    def __init__(self, address: str, *, timeout_s: float) -> None:
        self._address = address
        self._timeout_s = timeout_s

    async def scan(self, pieces: AsyncIterator[bytes]) -> Verdict:
        """Return what clamd says. It waits no longer than the time-out for each next step.

        Raises ScannerUnavailable, TooLargeToScan, and whatever reading the pieces raises.
        """
        async with self._connected() as (reader, writer):
            try:
                writer.write(b"zINSTREAM\0")
                async for piece in pieces:
                    await self._send(writer, piece)
                writer.write(_END)
                await self._drained(writer)
            except (OSError, TimeoutError):
                # It hangs up on what is too long for it, and has said so.
                return await self._verdict(reader)
            return await self._verdict(reader)

    async def _send(self, writer: asyncio.StreamWriter, piece: bytes) -> None:
        for start in range(0, len(piece), _CHUNK_BYTES):
            chunk = piece[start : start + _CHUNK_BYTES]
            writer.write(len(chunk).to_bytes(4, "big") + chunk)
            await self._drained(writer)

    async def _drained(self, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(self._timeout_s):
            await writer.drain()

    async def _verdict(self, reader: asyncio.StreamReader) -> Verdict:
        """Read the answer. Its name of what was found stays unread: it may be a file's own."""
        try:
            async with asyncio.timeout(self._timeout_s):
                reply = await reader.readuntil(b"\0")
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise ScannerUnavailable from None
        reply = reply.rstrip(b"\0\n")
        if reply.endswith(b" FOUND"):
            return Verdict.INFECTED
        if reply == b"stream: OK":
            return Verdict.CLEAN
        if b"size limit exceeded" in reply:
            raise TooLargeToScan
        raise ScannerUnavailable

    @asynccontextmanager
    async def _connected(
        self,
    ) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        host, _, port = self._address.rpartition(":")
        try:
            async with asyncio.timeout(self._timeout_s):
                if host and port.isdecimal() and "/" not in self._address:
                    reader, writer = await asyncio.open_connection(
                        host.strip("[]"), int(port), limit=_MAX_REPLY_BYTES
                    )
                else:
                    reader, writer = await asyncio.open_unix_connection(
                        self._address, limit=_MAX_REPLY_BYTES
                    )
        except (OSError, TimeoutError):
            raise ScannerUnavailable from None
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
