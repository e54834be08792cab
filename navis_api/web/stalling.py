"""Cutting off clients that take nothing of what they are sent, and those that have vanished.

While a client takes nothing, its connection's buffer is full, uvicorn lets no response
or message go on, and nothing more is worked out for it: memory is bounded, but would
stay taken for as long as the client likes. uvicorn 0.54 also closes connections in the
way that waits until everything has been taken.
"""

import asyncio
import socket
from typing import TYPE_CHECKING

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from navis_api.settings import Settings

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

STALLED = 4008
"""Clients of graphql-transport-ws connect again after it, as they do after a lost connection."""

_UNSENT_BYTES = 32_768

_TOO_SLOW = "Too slow: nothing was taken for a while. Connect again and resume with `after`"


class StallWatch(asyncio.Protocol):
    """Goes before a protocol of uvicorn's, and aborts its connection when the client stalls.

    A client that takes something, however little, is slow and not stalled.
    """

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    stall_timeout_s: float
    _stall_timer: asyncio.TimerHandle | None = None
    _untaken_bytes = 0

    def pause_writing(self) -> None:
        """Begin to watch: the buffer is full."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """Stop watching: the buffer has room again."""
        self._stop_watching()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._stop_watching()
        super().connection_lost(exc)

    def cut_off(self) -> None:
        """End the connection now, with what hasn't been taken."""
        self.transport.abort()

    def _watch(self) -> None:
        self._untaken_bytes = self.transport.get_write_buffer_size()
        self._stall_timer = self.loop.call_later(self.stall_timeout_s, self._look)

    def _look(self) -> None:
        if self.transport.get_write_buffer_size() < self._untaken_bytes:
            self._watch()
        else:
            self.cut_off()

    def _stop_watching(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None


class StallWatchedWebSocket(StallWatch, WebSocketsSansIOProtocol):
    """WebSocket as uvicorn speaks it, which waits for nobody for ever."""

    def cut_off(self) -> None:
        """Say why, should the client begin to read again, and end the connection soon."""
        if self.close_sent:
            self.transport.abort()
            return
        self.stop_keepalive()
        self.queue.put_nowait(
            {"type": "websocket.disconnect", "code": STALLED, "reason": _TOO_SLOW}
        )
        self.conn.send_close(STALLED, _TOO_SLOW)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self._abort_later()

    def keepalive_timeout(self) -> None:
        """End the connection of a client that answers no pings.

        Without the code that uvicorn would send: clients give up after it, and one
        that only slept would read it when it wakes up.
        """
        self.transport.abort()

    async def send(self, message: "ASGISendEvent") -> None:
        """Send a message; after the last one, wait a while for the client's goodbye."""
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()
            self._abort_later()

    def _abort_later(self) -> None:
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)


def watch_clients(listener: socket.socket, settings: Settings) -> None:
    """Have the kernel do its part for connections accepted here, where it can (Linux, tcp(7)).

    It ends one whose client acknowledges nothing any more, instead of holding it for
    a quarter of an hour. And it takes little in advance of what it can send: else it
    would keep megabytes for each slow client, and what the client takes would be seen
    only when a third of them was gone.
    """
    patience_s = settings.stream_keepalive_s + settings.stream_pong_timeout_s
    for name, value in (
        ("TCP_USER_TIMEOUT", round(patience_s * 1_000)),
        ("TCP_NOTSENT_LOWAT", _UNSENT_BYTES),
    ):
        option: int | None = getattr(socket, name, None)
        if option is not None:
            listener.setsockopt(socket.IPPROTO_TCP, option, value)
