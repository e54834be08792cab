"""One request to an endpoint: to an address that was looked at, and to no other.

Its name is resolved, the addresses are judged, and the connection is made to one that was: a
name that leads elsewhere a moment later changes nothing. The name itself stays in the `Host`
header and in what the certificate is checked for. Nothing is followed, and of what comes back
nothing but the status is kept.
"""

import asyncio
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast

import httpcore
import httpx

from navis_api.partners.webhooks.addresses import is_public
from navis_api.partners.webhooks.models import Failure

_MAX_READ_BYTES: Final = 16 * 1024
_READ_FOR_S: Final = 1.0
_SECONDS: Final = re.compile(rb"[0-9]{1,9}")
_USER_AGENT: Final = "navis-api webhooks"

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the IP addresses of a host, in the order in which to try them. Raises OSError."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. `failure` None: it was taken. `retry_after_s` is what it asked for."""

    failure: Failure | None
    status: int | None = None
    retry_after_s: float | None = None
    took_ms: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more of them, ever."""
        return self.status == HTTPStatus.GONE


class _AddressRefused(Exception):
    """A host leads to what isn't public."""


class _Unresolved(Exception):
    """A host leads nowhere."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class _CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to addresses of the public internet alone."""

    def __init__(self, *, private: bool, resolve: Resolve) -> None:
        # Where anyio were missing, httpcore would have a stand-in of another type (1.0.9).
        self._sockets = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        self._private = private
        self._resolve = resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's name for it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers. Raises _AddressRefused and _Unresolved."""
        try:
            addresses = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError):
            raise _Unresolved from None
        # One that isn't is enough: a name that leads to both is a trap, or wrongly set up.
        if not self._private and not all(map(is_public, addresses)):
            raise _AddressRefused
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            try:
                return await self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                failed = failure
        raise failed or _Unresolved


class Sender:
    """Sends requests, each over a connection of its own: the next one may be minutes away.

    `private` lets them go to this machine and its network too. `timeout_s` is for all of one,
    from the look-up of the name to the response.
    """

    def __init__(
        self,
        *,
        timeout_s: float,
        private: bool,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._timeout_s = timeout_s
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._network = _CheckedNetwork(private=private, resolve=resolve)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Post a body and return how it ended. Nothing is raised but a cancellation."""
        began = time.monotonic()
        outcome = await self._ended(url, body, headers)
        return Outcome(
            outcome.failure,
            outcome.status,
            outcome.retry_after_s,
            took_ms=round((time.monotonic() - began) * 1_000),
        )

    async def _ended(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        try:
            # httpcore's own limits are of silence: a drop every second would go on for ever.
            async with asyncio.timeout(self._timeout_s) as limit:
                return await self._answered(url, body, headers, limit)
        except (TimeoutError, httpcore.TimeoutException):
            return Outcome(Failure.TIMED_OUT)
        except _AddressRefused:
            return Outcome(Failure.ADDRESS_REFUSED)
        except (_Unresolved, httpx.InvalidURL):
            return Outcome(Failure.UNRESOLVED)
        except httpcore.ConnectError as failure:
            untrusted = isinstance(failure.__context__, ssl.SSLError)
            return Outcome(Failure.NOT_TRUSTED if untrusted else Failure.UNREACHABLE)
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError):
            return Outcome(Failure.BROKEN)

    async def _answered(
        self, url: str, body: bytes, headers: Mapping[str, str], limit: asyncio.Timeout
    ) -> Outcome:
        parsed = httpx.URL(url)
        request_headers = [
            (b"Host", parsed.netloc),
            (b"Content-Type", b"application/json"),
            (b"User-Agent", _USER_AGENT.encode()),
            (b"Accept-Encoding", b"identity"),
            (b"Connection", b"close"),
            *((name.encode(), value.encode()) for name, value in headers.items()),
        ]
        place = httpcore.URL(
            scheme=parsed.raw_scheme,
            host=parsed.raw_host,
            port=parsed.port,
            target=parsed.raw_path,
        )
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=self._tls, network_backend=self._network, max_connections=1
            ) as connections,
            connections.stream("POST", place, headers=request_headers, content=body) as response,
        ):
            # It has ended with the status, however slowly the rest may come.
            limit.reschedule(None)
            await _read_a_little(response)
            return _judged(response)


async def _read_a_little(response: httpcore.Response) -> None:
    """Let a receiver write to the end, if that is near. What it writes is looked at by nobody."""
    read = 0
    with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
        async with asyncio.timeout(_READ_FOR_S):
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read >= _MAX_READ_BYTES:
                    return


def _judged(response: httpcore.Response) -> Outcome:
    status = response.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(None, status)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Outcome(Failure.REDIRECT, status)
    return Outcome(Failure.STATUS, status, _retry_after_s(response))


def _retry_after_s(response: httpcore.Response) -> float | None:
    """Return the seconds of `Retry-After`; a date there is for who looks at a calendar."""
    for name, value in response.headers:
        if name.lower() == b"retry-after" and _SECONDS.fullmatch(value):
            return float(value)
    return None
