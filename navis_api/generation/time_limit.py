"""An engine that must be done in time, whatever it waits for."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import Engine, GenerationPiece, GenerationRequest, pieces_of
from navis_api.generation.errors import EngineTimedOut


class TimeLimited:
    """Ends another engine's work when it has taken `total_s` seconds."""

    def __init__(self, engine: Engine, *, total_s: float) -> None:
        self.name = engine.name
        self._engine = engine
        self._total_s = total_s

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        """Yield the engine's pieces. Raises EngineTimedOut."""
        until = asyncio.get_running_loop().time() + self._total_s
        async with pieces_of(self._engine, request, written=written) as pieces:
            while True:
                # Around each wait and not around all: between two pieces it is the reader's time,
                # and a time-out there would strike the reader.
                limit = asyncio.timeout_at(until)
                try:
                    async with limit:
                        piece = await anext(pieces, None)
                except TimeoutError:
                    # The engine has time-outs of its own, of its database for one.
                    if limit.expired():
                        raise EngineTimedOut from None
                    raise
                if piece is None:
                    return
                yield piece
