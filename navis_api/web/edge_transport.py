"""The way out of a connection: a response leaves in one piece, and the last word arrives."""

import asyncio
from collections.abc import Callable

_HEAD = b"HTTP/1.1 "
_LARGEST_TOGETHER = 65_536


class EdgeTransport:
    """A transport that stands where uvicorn has its own.

    **It writes a response's head together with what follows**: uvicorn 0.54 writes the two one
    after the other, and each is a system call, a tenth of all that a small response costs.

    **It lingers** when it is closed while the client may still be sending. A kernel that closes
    a connection on which something still comes in resets it, and the client may lose the
    response that it hasn't read yet (RFC 9112, 9.6): whoever sent too much would see a broken
    connection instead of the reason. So our side ends first, and what still comes is thrown
    away, until the client ends its side or a time is over.
    """

    def __init__(
        self, transport: asyncio.Transport, still_sends: Callable[[], bool], linger_s: float
    ) -> None:
        self.transport = transport
        self._still_sends = still_sends
        self._linger_s = linger_s
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._head: bytes | None = None
        # Bound once: each response is written through here.
        self._write = transport.write
        self.abort = transport.abort
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.get_protocol = transport.get_protocol
        self.get_extra_info = transport.get_extra_info
        self.get_write_buffer_size = transport.get_write_buffer_size

    def write(self, data: bytes) -> None:
        """Write, but hold what may be a head until the next piece, or the loop's next turn."""
        head = self._head
        if head is not None:
            self._head = None
            if len(data) <= _LARGEST_TOGETHER:
                self._write(head + data)
                return
            self._write(head)
        elif data.startswith(_HEAD):
            self._head = data
            self._loop.call_soon(self._flush)
            return
        self._write(data)

    def is_closing(self) -> bool:
        """Tell whether nothing more may be said."""
        return self._timer is not None or self.transport.is_closing()

    def close(self) -> None:
        """Hang up: at once, or when the client has had the time to listen."""
        if self.is_closing():
            return
        self._flush()
        if not self._still_sends() or not self.transport.can_write_eof():
            self.transport.close()
            return
        self.transport.write_eof()
        self.transport.resume_reading()
        self._timer = self._loop.call_later(self._linger_s, self.transport.close)

    def _flush(self) -> None:
        head, self._head = self._head, None
        if head is not None and not self.transport.is_closing():
            self._write(head)
