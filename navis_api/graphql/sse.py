"""Subscriptions as server-sent events, in the distinct connections mode.

Source: GraphQL over Server-Sent Events protocol (graphql-sse, PROTOCOL.md); frames:
HTML Living Standard, "Server-sent events". Frames end in LF, since urql looks for
two of them (FACTS, Strawberry 0.341).
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractContextManager, aclosing, contextmanager, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.execution import ExecutionResult

from navis_api.graphql.context import RequestContext, StreamPosition
from navis_api.graphql.ending import Ending
from navis_api.graphql.negotiation import EVENT_STREAM
from navis_api.graphql.open_streams import TooManyStreams
from navis_api.graphql.refusals import TOO_MANY_SUBSCRIPTIONS
from navis_api.graphql.responses import STREAMED, encode, refusal_response, result_body
from navis_api.kit.draining import Draining

_HEADERS = {"Content-Type": f"{EVENT_STREAM}; charset=utf-8", **STREAMED}
_KEEP_ALIVE = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"
_RETRY_AFTER_S = 30
# A browser's EventSource would wait for some seconds of its own choice.
_COME_BACK_SOON = b"retry: 500\n\n"


def _next_frame(result: ExecutionResult, position: StreamPosition) -> bytes:
    """Return a frame; its id is what a client sends back as Last-Event-ID."""
    number = b"" if position.sequence is None else b"id: %d\n" % position.sequence
    return b"event: next\n" + number + b"data: " + encode(result_body(result)) + b"\n\n"


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class EventStreamResponse(Response):
    """A stream of results. It ends with `complete` when there are no more.

    It ends without it, which tells a client to resume, when the process stops or
    the viewer's token expires. A client that takes nothing is cut off by the server
    underneath (`web.stalling`); until then its next frame waits to be sent, and
    nothing that would follow it is worked out.

    Starlette's StreamingResponse is not used: it would notice a client's going
    away only at the next frame, and nothing in it ends a silent stream.
    """

    def __init__(
        self,
        results: AsyncGenerator[ExecutionResult, None],
        context: RequestContext,
        *,
        draining: Draining,
        counted: AbstractContextManager[None],
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._results = results
        self._context = context
        self._draining = draining
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream, or the refusal of one too many."""
        try:
            with self._counted:
                # OSError: the connection was lost while a frame was being sent.
                with suppress(OSError):
                    await self._serve(receive, send)
                return
        except TooManyStreams as refused:
            too_many = refused
        finally:
            await self._results.aclose()
        response = refusal_response(
            429,
            f"{too_many.most} subscriptions may be open at a time. Close some first.",
            code=TOO_MANY_SUBSCRIPTIONS,
            media=None,
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )
        await response(scope, receive, send)

    async def _serve(self, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        frames = _Frames(send)
        # Tells the client that the stream stands, before the first event.
        await frames.send(_KEEP_ALIVE)
        ending = Ending()
        watching = asyncio.create_task(_until_disconnected(receive))
        watching.add_done_callback(lambda _: ending.end())
        try:
            with (
                ending,
                self._draining.telling(ending.end),
                self._context.services.key_watch.watching(self._context.viewer, ending.end),
                frames.signs_of_life(self._context, ending),
            ):
                async with aclosing(self._results):
                    async for result in self._results:
                        await frames.send(_next_frame(result, self._context.position))
            if not ending.ended:
                await frames.send(_COMPLETE, more=False)
            elif not (watching.done() or frames.stuck):
                stopping = self._draining.begun
                await frames.send(_COME_BACK_SOON if stopping else b"", more=False)
        finally:
            watching.cancel()


class _Frames:
    """Sends the frames of a stream and, where it is silent for long, a comment."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._silent = False
        self._comment: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.stuck = False
        """Whether the last frame hasn't gone out: the client takes nothing."""

    async def send(self, frame: bytes, *, more: bool = True) -> None:
        """Send a frame, as soon as the client takes it."""
        self._silent = False
        await self._put(frame, more=more)

    @contextmanager
    def signs_of_life(self, context: RequestContext, ending: Ending) -> Generator[None]:
        """Break long silences while the block runs, and end it when the viewer's token expires.

        By a timer and no task: most streams are silent most of the time.
        """
        loop = asyncio.get_running_loop()
        every_s = context.services.settings.stream_keepalive_s

        def beat() -> None:
            left_s = context.viewer.seconds_left(context.now)
            if left_s <= 0:
                ending.end()
                return
            if self._silent and not self.stuck:
                self._comment = loop.create_task(self._say_something())
            self._silent = True
            self._timer = loop.call_later(min(every_s, left_s), beat)

        beat()
        try:
            yield
        finally:
            if self._timer is not None:
                self._timer.cancel()
            if self._comment is not None:
                self._comment.cancel()

    async def _say_something(self) -> None:
        with suppress(OSError):
            await self._put(_KEEP_ALIVE)

    async def _put(self, frame: bytes, *, more: bool = True) -> None:
        self.stuck = True
        await self._send({"type": "http.response.body", "body": frame, "more_body": more})
        self.stuck = False
