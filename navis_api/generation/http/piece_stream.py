"""An answer as a stream of events, which ends in one of four ways and never without an end."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import Engine, GenerationRequest, pieces_of
from navis_api.generation.errors import EngineIncomplete, EngineTimedOut
from navis_api.generation.http.sse import KEEP_ALIVE, frame
from navis_api.generation.http.stopping import Stopping
from navis_api.generation.http.wire import (
    EVENT_STREAM,
    AbstentionEvent,
    ClosingEvent,
    ErrorEvent,
    WireEvent,
    event_of,
)
from navis_api.kit.tasks import stop_tasks
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_HEADERS = {
    "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    # Asks nginx to pass each frame on at once.
    "X-Accel-Buffering": "no",
}
_GONE = "client_gone"


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """`keepalive_s`: silence that is broken. `send_timeout_s`: how long a client may not read."""

    keepalive_s: float
    send_timeout_s: float


class PieceStream(Response):
    """Writes an answer while it is being read, and stops the engine when nobody reads any more.

    Starlette's StreamingResponse is not used: it says nothing in a silence, and
    nothing in it ends a stream when the process stops.
    """

    def __init__(
        self,
        engine: Engine,
        request: GenerationRequest,
        written: tuple[DraftSection, ...],
        *,
        slots: asyncio.Semaphore,
        limits: StreamLimits,
        stopping: Stopping,
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._engine = engine
        self._request = request
        self._written = written
        self._slots = slots
        self._limits = limits
        self._stopping = stopping
        self._events = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's own signature
        """Send the stream, and log how it went, without a word of it."""
        began = time.monotonic()
        async with self._slots:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            outcome = await self._run(receive, send)
        _log.info(
            "generation_server.ended",
            generation_id=str(self._request.generation_id),
            engine=self._engine.name,
            outcome=outcome,
            events=self._events,
            seconds=round(time.monotonic() - began, 3),
        )

    async def _run(self, receive: Receive, send: Send) -> str:
        """Write until the end, and return how it ended."""
        writing = asyncio.create_task(self._write(send))
        gone = asyncio.create_task(_until_gone(receive))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            while not (await self._something_of(writing, gone, stopping)):
                if not await self._send(send, KEEP_ALIVE):
                    return _GONE
            if writing.done():
                return writing.result()
            if gone.done():
                return _GONE
            await stop_tasks(writing)
            return await self._end(send, ErrorEvent(code="STOPPING"))
        finally:
            # Only when the engine has stopped is the slot free.
            await stop_tasks(writing, gone, stopping)

    async def _something_of(self, *tasks: asyncio.Task[Any]) -> bool:
        """Return whether one of them ended before it was too silent."""
        done, _ = await asyncio.wait(
            tasks, timeout=self._limits.keepalive_s, return_when=asyncio.FIRST_COMPLETED
        )
        return bool(done)

    async def _write(self, send: Send) -> str:
        """Send the engine's pieces and the end, and return how it ended."""
        try:
            async with pieces_of(self._engine, self._request, written=self._written) as pieces:
                async for piece in pieces:
                    event = event_of(piece)
                    if isinstance(event, ClosingEvent | AbstentionEvent):
                        return await self._end(send, event)
                    self._events += 1
                    if not await self._send(send, frame(event)):
                        return _GONE
            raise EngineIncomplete  # noqa: TRY301 - as much a failure of the engine as its own
        except EngineTimedOut:
            return await self._end(send, ErrorEvent(code="TIMED_OUT"))
        except Exception as failure:  # noqa: BLE001 - the one place where an engine's failure ends
            _log.error(
                "generation_server.engine_failed",
                generation_id=str(self._request.generation_id),
                failure=describe_failure(failure),
            )
            return await self._end(send, ErrorEvent(code="ENGINE_FAILED"))

    async def _end(self, send: Send, event: WireEvent) -> str:
        """Send the last event and close the stream."""
        self._events += 1
        if not await self._send(send, frame(event), more=False):
            return _GONE
        return event.code.lower() if isinstance(event, ErrorEvent) else event.type

    async def _send(self, send: Send, body: bytes, *, more: bool = True) -> bool:
        """Return whether the client took it. One that doesn't read would hold a slot for ever."""
        # OSError: the connection was lost meanwhile.
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(self._limits.send_timeout_s):
                await send({"type": "http.response.body", "body": body, "more_body": more})
                return True
        return False


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
