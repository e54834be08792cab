"""The edge of the server: what a connection may send before anything of ours looks at it.

uvicorn 0.54 waits for the head of a request for ever, takes headers and trailers of any
size, answers pings into memory when nobody reads the answers, and gathers the pieces of
a message without counting them. Bodies are limited where they are read
(`graphql.request`, `web.forms`), and messages by `ws_max_size`.
"""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NoReturn, TypeAlias, cast

import orjson
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from websockets.frames import Frame

from navis_api.kit.draining import Draining
from navis_api.settings import Settings
from navis_api.web.lingering import LingeringTransport
from navis_api.web.stalling import StallWatch, StallWatchedWebSocket

MAX_HEADERS = 100
MAX_PIECES = 1_000
"""Pieces of one WebSocket message. They may be empty, so that their size limits nothing."""

Inform: TypeAlias = Callable[[tuple[int, str], Mapping[str, str]], None]
"""Sends an informational response: its status with its phrase, and its headers."""

INFORM = "navis_api.inform"
"""Where a request's scope has an `Inform`: ASGI has no message for responses before the last."""

_TOO_BIG = 1009

# A status, an error code, and what is wrong.
_BAD_HEAD = (400, "BAD_REQUEST", "This is no HTTP request.")
_LONG_URL = (414, "URI_TOO_LONG", "The address is too long. Send the operation by POST.")
_LARGE_HEAD = (431, "HEADERS_TOO_LARGE", "The headers are too large, or too many.")
_SLOW_HEAD = (408, "REQUEST_TIMEOUT", "The head of the request took too long to arrive.")


class EdgeConfig(uvicorn.Config):
    """uvicorn's configuration, as our settings have it."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        *,
        draining: Draining,
        **options: Any,  # noqa: ANN401 - uvicorn's
    ) -> None:
        super().__init__(
            app,
            http=EdgeProtocol,
            ws=EdgeWebSocketProtocol,
            log_config=None,
            # An address may hold a query, and so a patient's words.
            access_log=False,
            server_header=False,
            ws_max_size=settings.max_body_bytes,
            # Messages are small. A bomb would be inflated up to the limit before it is
            # refused, and each idle connection would keep the state of two compressors.
            ws_per_message_deflate=False,
            ws_ping_interval=settings.stream_keepalive_s,
            ws_ping_timeout=settings.stream_pong_timeout_s,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=max(1, round(settings.shutdown_grace_s)),
            **options,
        )
        self.settings = settings
        self.draining = draining


class _HeadRefused(Exception):
    """A head is refused while it is read: httptools stops, and uvicorn asks for a response."""


class EdgeProtocol(StallWatch, HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with heads that have to come in time and be of a size."""

    def __init__(self, config: EdgeConfig, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's
        super().__init__(config, *args, **kwargs)
        self._settings = config.settings
        self._draining = config.draining
        self.stall_timeout_s = config.settings.stream_send_timeout_s
        self._head_timer: asyncio.TimerHandle | None = None
        self._header_bytes = 0
        self._unfinished_bytes = 0
        self._refusal = _BAD_HEAD
        self._refused = False

    @property
    def current(self) -> RequestResponseCycle | None:
        """The newest request; None until the first head is complete, whatever uvicorn says."""
        return self.cycle

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as uvicorn
        """Begin to wait for the first head."""
        self._lingering = LingeringTransport(
            transport, self._client_still_sends, self._settings.linger_timeout_s
        )
        super().connection_made(cast("asyncio.Transport", self._lingering))
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over: a WebSocket has a farewell of its own."""
        self.transport = self._lingering.transport
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Take what came. While that is no whole head yet, its time runs and its size counts."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        # A connection that became a WebSocket is no longer ours.
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        current = self.current
        if current is not None and not current.response_complete:
            return
        self._unfinished_bytes += len(data)
        if self._unfinished_bytes > self._settings.max_head_bytes + self._settings.max_url_bytes:
            self._refuse(_LARGE_HEAD)
        elif self._head_timer is None:
            self._wait_for_head()

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[INFORM] = self._inform
        self._header_bytes = self._unfinished_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take the address, or a part of it."""
        super().on_url(url)
        if len(self.url) > self._settings.max_url_bytes:
            self._stop(_LONG_URL)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or one of those that may follow a body in chunks."""
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if len(self.headers) > MAX_HEADERS or self._header_bytes > self._settings.max_head_bytes:
            self._stop(_LARGE_HEAD)

    def on_headers_complete(self) -> None:
        """End a head. Where the process is about to stop, the next one goes elsewhere."""
        self._stop_waiting()
        self._unfinished_bytes = 0
        before = self.cycle
        super().on_headers_complete()
        if self._draining.announced and self.cycle is not before:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Refuse what is no request, or one whose head was refused while it was read."""
        self._refuse(self._refusal)

    def _inform(self, status: tuple[int, str], headers: Mapping[str, str]) -> None:
        """Send an informational response (RFC 9110, 15.2), while the request's body comes."""
        if self.transport.is_closing() or self.scope["http_version"] != "1.1":
            return
        code, phrase = status
        head = [f"HTTP/1.1 {code} {phrase}", *(f"{name}: {headers[name]}" for name in headers)]
        self.transport.write("\r\n".join([*head, "", ""]).encode("latin-1"))

    def _stop(self, refusal: tuple[int, str, str]) -> NoReturn:
        self._refusal = refusal
        raise _HeadRefused

    def _refuse(self, refusal: tuple[int, str, str]) -> None:
        status, code, message = refusal
        body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
            f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
            "Connection: close\r\n\r\n"
        )
        self._stop_waiting()
        self._refused = True
        self.transport.write(head.encode() + body)
        self.transport.close()
        # Nothing more is sent: whoever works on an answer may stop.
        current = self.current
        if current is not None and not current.response_complete:
            current.disconnected = True
            current.message_event.set()

    def _client_still_sends(self) -> bool:
        current = self.current
        return self._refused or (current is not None and current.more_body)

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(self._settings.head_timeout_s, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if self.transport.is_closing():
            return
        if self._unfinished_bytes:
            self._refuse(_SLOW_HEAD)
        else:
            # Nothing was asked: there is nobody to tell.
            self.transport.close()


class EdgeWebSocketProtocol(StallWatchedWebSocket):
    """WebSocket as uvicorn speaks it, without two ways to fill its memory."""

    def __init__(self, config: EdgeConfig, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's
        super().__init__(config, *args, **kwargs)
        self.stall_timeout_s = config.settings.stream_send_timeout_s
        self._linger_timeout_s = config.settings.linger_timeout_s

    def data_received(self, data: bytes) -> None:
        """Take what came, unless everything has been said."""
        if not self.transport.is_closing():
            super().data_received(data)

    def handle_parser_exception(self) -> None:
        """Say why the connection ends to a client that is likely to be sending still."""
        lingering = LingeringTransport(self.transport, lambda: True, self._linger_timeout_s)
        self.transport = cast("asyncio.Transport", lingering)
        super().handle_parser_exception()

    def handle_cont(self, event: Frame) -> None:
        """Take a piece of a message."""
        if len(self.frames) >= MAX_PIECES:
            self.conn.fail(_TOO_BIG, "The message has too many pieces")
            self.handle_parser_exception()
            return
        super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer a ping, unless nobody reads the answers (RFC 6455, 5.5.3: not all need one)."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()
