"""Asking a generation server over HTTP: one connection for one answer, and a limit to all of it."""

import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from pydantic import ValidationError

from navis_api.generation.errors import (
    EngineUnavailable,
    RemoteFailed,
    RemoteRefused,
    RemoteUnreachable,
)
from navis_api.generation.http.sse import StreamOverlong, data_lines
from navis_api.generation.http.wire import EVENT_STREAM, GENERATE_PATH, WireEvent, parse_event
from navis_api.tracing import TRACEPARENT, current_traceparent

RETRY_S = 1.0
"""When to try again what could not begin, unless the server says when."""

# An answer of thirty sections has 100 KB; one section of the contract's bounds would have more.
_MAX_LINE_BYTES = 1_000_000
_MAX_STREAM_BYTES = 8_000_000
_BUSY = frozenset({429, 503})
# What a proxy answers that has no server behind it.
_NOBODY_THERE = frozenset({502, 503, 504})
_LONGEST_RETRY_S = 60.0


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a generation server is, and how long it may take. Seconds."""

    url: str
    token: str | None
    connect_timeout_s: float
    idle_timeout_s: float
    total_timeout_s: float


class RemoteServer:
    """A generation server, as HTTP shows it."""

    def __init__(self, server: ServerAddress) -> None:
        self._server = server
        self._url = server.url.rstrip("/") + GENERATE_PATH
        self._headers = _headers(server.token)
        self._tls = ssl.create_default_context()

    async def events(self, body: bytes) -> AsyncGenerator[WireEvent]:
        """Yield the events that answer a request, for as long as they come.

        Raises EngineUnavailable, RemoteFailed and RemoteRefused. Closing the iterator
        closes the connection.
        """
        try:
            async with self._opened(body) as response:
                lines = data_lines(
                    response.aiter_raw(),
                    max_line_bytes=_MAX_LINE_BYTES,
                    max_bytes=_MAX_STREAM_BYTES,
                )
                async for line in lines:
                    yield parse_event(line)
        # None is chained: a library's message may quote what it read.
        except ValidationError:
            raise RemoteFailed("an event is not of the contract") from None
        except StreamOverlong:
            raise RemoteFailed("more came than any answer has") from None
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise RemoteUnreachable("it can't be reached") from None
        except httpx.TimeoutException:
            raise RemoteFailed("it was silent for too long") from None
        except httpx.HTTPError:
            raise RemoteFailed("the connection failed or was cut") from None

    @asynccontextmanager
    async def _opened(self, body: bytes) -> AsyncGenerator[httpx.Response]:
        """Give the response once it is a stream of events."""
        times = httpx.Timeout(self._server.idle_timeout_s, connect=self._server.connect_timeout_s)
        async with (
            # One for each answer, which takes seconds: nothing is left open or to be closed.
            httpx.AsyncClient(
                verify=self._tls,
                timeout=times,
                # A proxy that somebody has set for downloads is not to see a patient's words.
                trust_env=False,
                # A redirect would carry the token, and the words, to where nobody sent them.
                follow_redirects=False,
            ) as client,
            client.stream("POST", self._url, content=body, headers=self._headers_now()) as response,
        ):
            _require_stream(response)
            yield response

    def _headers_now(self) -> Mapping[str, str]:
        traceparent = current_traceparent()
        return self._headers if traceparent is None else {**self._headers, TRACEPARENT: traceparent}


def _headers(token: str | None) -> Mapping[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Accept": EVENT_STREAM,
        # What is compressed has no length that could be limited.
        "Accept-Encoding": "identity",
    }
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})


def _require_stream(response: httpx.Response) -> None:
    """Raise unless the response is a stream of events, by whose fault it isn't."""
    status = response.status_code
    after = response.headers.get("retry-after")
    if status in _BUSY and after is not None:
        raise EngineUnavailable(_retry_after(after))
    if httpx.codes.is_client_error(status):
        raise RemoteRefused(status)
    if status in _NOBODY_THERE:
        raise RemoteUnreachable(f"it answered {status}")
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status != HTTPStatus.OK or media != EVENT_STREAM:
        raise RemoteFailed(f"it answered {status} and no stream")


def _retry_after(given: str) -> float:
    """Return the seconds of a Retry-After header; dates are taken for the shortest time."""
    seconds = float(given[:9]) if given.isascii() and given.isdigit() else 0.0
    return min(max(seconds, RETRY_S), _LONGEST_RETRY_S)
