"""The real engine, made to stop, stumble or dawdle at a chosen place."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import (
    Engine,
    GenerationPiece,
    GenerationRequest,
    Progress,
    pieces_of,
)
from navis_api.generation.models import GenerationStatus


class Stumbling:
    """Raises after so many new sections, in its first attempts; then it works."""

    name = "extractive"

    def __init__(self, engine: Engine, *, after_sections: int, attempts: int) -> None:
        self._engine = engine
        self._after_sections = after_sections
        self._attempts = attempts
        self.begun: list[Sequence[DraftSection]] = []

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        self.begun.append(written)
        sections = 0
        async for piece in self._engine.write(request, written=written):
            if isinstance(piece, DraftSection):
                if sections == self._after_sections and len(self.begun) <= self._attempts:
                    message = "stumbled"
                    raise RuntimeError(message)
                sections += 1
            yield piece


class Watched:
    """Says when its work has begun, and when it and the engine's have stopped, however."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self._engine = engine
        self.runs = 0
        self.begun = asyncio.Event()
        self.stopped = asyncio.Event()

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        self.runs += 1
        self.begun.set()
        try:
            async with pieces_of(self._engine, request, written=written) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self.stopped.set()


class Saying:
    """Yields what it was given, or raises it."""

    name = "extractive"

    def __init__(self, *pieces: GenerationPiece | Exception) -> None:
        self._pieces = pieces
        self.asked: list[tuple[GenerationRequest, Sequence[DraftSection]]] = []

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        self.asked.append((request, written))
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


class Hanging:
    """Says that it has begun, and then nothing, without an end."""

    name = "extractive"

    async def write(
        self,
        request: GenerationRequest,  # noqa: ARG002 - an engine's signature
        *,
        written: Sequence[DraftSection] = (),  # noqa: ARG002 - see above
    ) -> AsyncIterator[GenerationPiece]:
        yield Progress(GenerationStatus.DRAFTING)
        await asyncio.Event().wait()
