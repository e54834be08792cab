"""The real engine, made to stop, stumble or dawdle at a chosen place."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import Engine, GenerationPiece, GenerationRequest


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


class Dawdling:
    """Waits before each section."""

    name = "extractive"

    def __init__(self, engine: Engine, *, pause_s: float) -> None:
        self._engine = engine
        self._pause_s = pause_s

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        async for piece in self._engine.write(request, written=written):
            if isinstance(piece, DraftSection):
                await asyncio.sleep(self._pause_s)
            yield piece
