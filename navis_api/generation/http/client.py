"""The engine that runs elsewhere: a generation server, asked over HTTP and not trusted."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import NoReturn

import structlog

from navis_api.answers.drafts import DraftSection
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Abstention,
    Closing,
    GenerationPiece,
    GenerationRequest,
)
from navis_api.generation.errors import EngineUnavailable, RemoteFailed, RemoteUnreachable
from navis_api.generation.http.breaker import BreakerOpen, CircuitBreaker
from navis_api.generation.http.received import Received
from navis_api.generation.http.remote_server import RETRY_S, RemoteServer, ServerAddress
from navis_api.generation.http.wire import (
    ErrorEvent,
    SectionEvent,
    WireEvent,
    piece_of,
    request_to_wire,
)
from navis_api.sources.quotes import QuoteDiffers, QuotedSpan, require_exact

_log = structlog.get_logger(__name__)


class RemoteEngine:
    """Has answers written by a generation server.

    What comes is read through the contract, and every quote is compared with our own
    copy of its source before the section is passed on. Raises EngineUnavailable while
    the server isn't reached or takes no work, RemoteFailed where it doesn't do what it
    should (a stream that ends early is that), and RemoteRefused where it won't have
    what we send.
    """

    def __init__(
        self, name: str, *, server: ServerAddress, breaker: CircuitBreaker, database: Database
    ) -> None:
        self.name = name
        self._server = RemoteServer(server)
        self._total_s = server.total_timeout_s
        self._breaker = breaker
        self._database = database

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        """Yield the pieces that the server sends, up to the one that ends the answer."""
        body = request_to_wire(request, engine=self.name, written=tuple(written))
        try:
            with self._breaker.attempt() as attempt:
                try:
                    async with aclosing(self._pieces(body, request, written)) as pieces:
                        async for piece in pieces:
                            if isinstance(piece, Closing | Abstention):
                                attempt.succeeded()
                                yield piece
                                return
                            yield piece
                except RemoteFailed as failure:
                    attempt.failed()
                    _log.warning(
                        "generation_server.failed",
                        how=failure.how,
                        generation_id=str(request.generation_id),
                    )
                    raise
        except BreakerOpen as left_alone:
            raise EngineUnavailable(left_alone.after_s) from None
        except RemoteUnreachable:
            raise EngineUnavailable(RETRY_S) from None

    async def _pieces(
        self, body: bytes, request: GenerationRequest, written: Sequence[DraftSection]
    ) -> AsyncGenerator[GenerationPiece]:
        """Yield what may be believed, for as long as the server goes on."""
        until = asyncio.get_running_loop().time() + self._total_s
        received = Received(request, written)
        async with aclosing(self._server.events(body)) as events:
            while True:
                event = await _next(events, until)
                if isinstance(event, ErrorEvent):
                    _raise_error(event)
                received.require_in_order(event)
                if isinstance(event, SectionEvent):
                    await self._require_exact(event)
                yield piece_of(event)

    async def _require_exact(self, section: SectionEvent) -> None:
        """Compare the quotes of a section with our sources. Raises RemoteFailed."""
        spans = [
            QuotedSpan(each.source_version_id, each.start, each.end, each.quote)
            for claim in section.claims
            for each in claim.citations
        ]
        try:
            async with self._database.reading() as session:
                await require_exact(session, spans)
        except QuoteDiffers:
            raise RemoteFailed("a quote differs from its source") from None


async def _next(events: AsyncGenerator[WireEvent], until: float) -> WireEvent:
    """Return the next event. Raises RemoteFailed when there is none, or none in time."""
    try:
        # Around each wait and not around all: see TimeLimited.
        async with asyncio.timeout_at(until):
            event = await anext(events, None)
    except TimeoutError:
        raise RemoteFailed("it took too long") from None
    if event is None:
        raise RemoteFailed("its stream was cut short")
    return event


def _raise_error(event: ErrorEvent) -> NoReturn:
    match event.code:
        case "STOPPING":
            raise EngineUnavailable(RETRY_S)
        case "TIMED_OUT":
            raise RemoteFailed("its engine took too long")
        case "ENGINE_FAILED":
            raise RemoteFailed("its engine failed")
