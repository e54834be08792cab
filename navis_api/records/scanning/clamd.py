"""ClamAV's clamd, asked over its own protocol: INSTREAM (clamd(8), COMMANDS)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
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
            # From the beginning: to what is too long for it, it answers early and hangs up,
            # and what it said is lost with the connection unless somebody has read it.
            answer = asyncio.create_task(reader.readuntil(b"\0"))
            sent_all = False
            try:
                with suppress(OSError, TimeoutError):
                    sent_all = await self._send(writer, pieces, answer)
                verdict = await self._verdict(answer)
                if verdict is Verdict.CLEAN and not sent_all:
                    raise ScannerUnavailable
                return verdict
            finally:
                answer.cancel()
                await asyncio.gather(answer, return_exceptions=True)

    async def _send(
        self,
        writer: asyncio.StreamWriter,
        pieces: AsyncIterator[bytes],
        answer: asyncio.Task[bytes],
    ) -> bool:
        """Send the stream; return whether all of it was sent, and no answer came before."""
        writer.write(b"zINSTREAM\0")
        async for piece in pieces:
            for start in range(0, len(piece), _CHUNK_BYTES):
                chunk = piece[start : start + _CHUNK_BYTES]
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await self._drained(writer)
            if answer.done():
                return False
        writer.write(_END)
        await self._drained(writer)
        return True

    async def _drained(self, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(self._timeout_s):
            await writer.drain()

    async def _verdict(self, answer: asyncio.Task[bytes]) -> Verdict:
        """Read the answer. Its name of what was found stays unread: it may be a file's own."""
        try:
            async with asyncio.timeout(self._timeout_s):
                reply = await answer
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
