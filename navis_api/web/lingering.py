"""Hanging up so that the last word arrives.

A kernel that closes a connection on which something still comes in resets it, and the
client may lose the response that it hasn't read yet (RFC 9112, 9.6): whoever sent too
much would see a broken connection instead of the reason. So we end our side first, and
throw away what still comes, until the client ends its side or a time is over.
"""

import asyncio
from collections.abc import Callable


class LingeringTransport:
    """A transport that lingers when it is closed while the client may still be sending.

    It stands where uvicorn has its own.
    """

    def __init__(
        self, transport: asyncio.Transport, still_sends: Callable[[], bool], linger_s: float
    ) -> None:
        self.transport = transport
        self._still_sends = still_sends
        self._linger_s = linger_s
        self._timer: asyncio.TimerHandle | None = None
        # Bound once: each response is written through here.
        self.write = transport.write
        self.abort = transport.abort
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.get_protocol = transport.get_protocol
        self.get_extra_info = transport.get_extra_info
        self.get_write_buffer_size = transport.get_write_buffer_size

    def is_closing(self) -> bool:
        """Tell whether nothing more may be said."""
        return self._timer is not None or self.transport.is_closing()

    def close(self) -> None:
        """Hang up: at once, or when the client has had the time to listen."""
        if self.is_closing():
            return
        if not self._still_sends() or not self.transport.can_write_eof():
            self.transport.close()
            return
        self.transport.write_eof()
        self.transport.resume_reading()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._linger_s, self.transport.close)
