"""A scanner that speaks clamd's INSTREAM, and knows one bad file: EICAR's."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# Put together, so that no scanner takes this file for what it looks for.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"


@dataclass
class FakeClamd:
    """What it was sent, and how it behaves. `limit_bytes` is its StreamMaxLength."""

    address: str = ""
    limit_bytes: int = 2**40
    hangs: bool = False
    says: bytes | None = None
    received: list[bytes] = field(default_factory=list[bytes])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
            content = bytearray()
            while size := int.from_bytes(await reader.readexactly(4), "big"):
                content += await reader.readexactly(size)
                if len(content) > self.limit_bytes:
                    writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                    await writer.drain()
                    return
            self.received.append(bytes(content))
            if self.hangs:
                await reader.read()
                return
            found = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
            writer.write(found if self.says is None else self.says)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def fake_clamd(path: str | None = None) -> AsyncGenerator[FakeClamd]:
    """Give one that listens on a port, or on a socket at a path."""
    clamd = FakeClamd()
    if path is None:
        server = await asyncio.start_server(clamd.serve, "127.0.0.1", 0)
        clamd.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    else:
        server = await asyncio.start_unix_server(clamd.serve, path)
        clamd.address = path
    try:
        yield clamd
    finally:
        server.close()
