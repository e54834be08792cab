"""Sending responses that are complete when they begin: head and body at once.

uvicorn 0.54 looks at each header by two regular expressions and writes the head and the body
one after the other, which is two system calls. Together that is a tenth of what a small
response costs. Whatever isn't as plain as here goes uvicorn's way.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent, HTTPResponseBodyEvent, HTTPResponseStartEvent

_LARGEST = 262_144
"""A longer body isn't copied to stand behind its head."""

_NO_BODY = frozenset({204, 304})

Headers = Sequence[tuple[bytes, bytes]]


class WholeResponse:
    """Stands before a cycle's `send`, and holds the head of what says how long it is."""

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._send = cycle.send
        self._start: HTTPResponseStartEvent | None = None

    async def send(self, message: "ASGISendEvent") -> None:
        """Send a message, or hold it until the next."""
        start, self._start = self._start, None
        if message["type"] == "http.response.start":
            # One that is held was given up for this one: nothing of it has been sent.
            if _tells_length(message):
                self._start = message
            else:
                await self._send(message)
            return
        if start is not None:
            if message["type"] == "http.response.body" and self._sent_at_once(start, message):
                return
            await self._send(start)
        await self._send(message)

    def _sent_at_once(
        self, start: "HTTPResponseStartEvent", message: "HTTPResponseBodyEvent"
    ) -> bool:
        """Send a whole response, if it is a plain one."""
        cycle, body = self._cycle, message.get("body", b"")
        if (
            message.get("more_body", False)
            or len(body) > _LARGEST
            or start["status"] in _NO_BODY
            or cycle.disconnected
            or cycle.response_started
            or cycle.flow.write_paused
            or cycle.scope["method"] == "HEAD"
        ):
            return False
        headers = [*cycle.default_headers, *start.get("headers", ())]
        head = _head_of(start["status"], headers, length=len(body), keep_alive=cycle.keep_alive)
        if head is None:
            return False
        cycle.waiting_for_100_continue = False
        cycle.response_started = cycle.response_complete = True
        cycle.transport.write(head + body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
        return True


def send_whole(cycle: RequestResponseCycle) -> None:
    """Have a cycle send whole responses at once."""
    cast("Any", cycle).send = WholeResponse(cycle).send


def _tells_length(start: "HTTPResponseStartEvent") -> bool:
    return any(name == b"content-length" for name, _ in start.get("headers", ()))


def _head_of(status: int, headers: Headers, *, length: int, keep_alive: bool) -> bytes | None:
    """Return the head of a response; None for one that uvicorn should look at."""
    lines = [STATUS_LINE[status]]
    told = -1
    for name, value in headers:
        if name in {b"connection", b"transfer-encoding"}:
            return None
        if name == b"content-length":
            told = int(value)
        lines += (name, b": ", value, b"\r\n")
    if not keep_alive:
        lines.append(b"connection: close\r\n")
    lines.append(b"\r\n")
    head = b"".join(lines)
    # A line each, the status, and the end: nobody put a header, or a body, into a value.
    breaks = 2 + len(headers) + (not keep_alive)
    is_plain = head.count(b"\n") == head.count(b"\r") == breaks and b"\0" not in head
    return head if is_plain and told == length else None
