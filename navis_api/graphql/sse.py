"""Subscriptions as server-sent events, in the distinct connections mode.

Source: GraphQL over Server-Sent Events protocol (graphql-sse, PROTOCOL.md); frames:
HTML Living Standard, "Server-sent events". Frames end in LF, since urql looks for
two of them (FACTS, Strawberry 0.341).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.execution import ExecutionResult

from navis_api.graphql.context import StreamPosition
from navis_api.graphql.draining import Draining
from navis_api.graphql.negotiation import EVENT_STREAM
from navis_api.graphql.responses import encode, result_body

_HEADERS = {
    "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    # Asks nginx to pass each frame on at once.
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
_KEEP_ALIVE = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"


def _next_frame(result: ExecutionResult, position: StreamPosition) -> bytes:
    """Return a frame; its id is what a client sends back as Last-Event-ID."""
    number = b"" if position.sequence is None else b"id: %d\n" % position.sequence
    return b"event: next\n" + number + b"data: " + encode(result_body(result)) + b"\n\n"


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class EventStreamResponse(Response):
    """A stream of results. It ends with `complete`, or without when the process stops.

    Starlette's StreamingResponse is not used: it would notice a client's going
    away only at the next frame, and nothing in it ends a silent stream.
    """

    def __init__(
        self,
        results: AsyncIterator[ExecutionResult],
        *,
        position: StreamPosition,
        draining: Draining,
        keepalive_s: float,
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._results = results
        self._position = position
        self._draining = draining
        self._keepalive_s = keepalive_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the stream."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        gone = asyncio.create_task(_until_disconnected(receive))
        draining = asyncio.create_task(self._draining.wait())
        try:
            # OSError: the connection was lost while a frame was being sent.
            with suppress(OSError):
                await self._send_frames(send, ends={gone, draining})
        finally:
            gone.cancel()
            draining.cancel()
            await self._close()

    async def _send_frames(self, send: Send, *, ends: set[asyncio.Task[None]]) -> None:
        async def frame(body: bytes, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": more})

        # Tells the client that the stream stands, before the first event.
        await frame(_KEEP_ALIVE)
        while True:
            upcoming = asyncio.ensure_future(anext(self._results, None))
            try:
                while not upcoming.done():
                    done, _ = await asyncio.wait(
                        {upcoming, *ends},
                        timeout=self._keepalive_s,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    if done & ends and upcoming not in done:
                        await frame(b"", more=False)
                        return
                    if not done:
                        await frame(_KEEP_ALIVE)
            finally:
                if not upcoming.done():
                    upcoming.cancel()
                    with suppress(asyncio.CancelledError):
                        await upcoming
            result = upcoming.result()
            if result is None:
                await frame(_COMPLETE, more=False)
                return
            await frame(_next_frame(result, self._position))

    async def _close(self) -> None:
        close = getattr(self._results, "aclose", None)
        if close is not None:
            await close()
