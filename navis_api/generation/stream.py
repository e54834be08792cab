"""Following a generation: replay its events from a number on, then wait for more (law 3)."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from navis_api.db.sessions import Database, RowViewer
from navis_api.generation import repository
from navis_api.generation.errors import GenerationUnknown
from navis_api.generation.models import GenerationEventKind, GenerationEventRow
from navis_api.jobs.fanout import Fanout

GENERATION_CHANNEL = "navis_generation"
"""The database notifies here, with the generation's id, whenever it has a new event."""

_LOOK_AGAIN_S = 5.0
_LOOK_AGAIN_UNHEARD_S = 0.5

_ENDS = frozenset({GenerationEventKind.COMPLETED, GenerationEventKind.FAILED})


class GenerationStream:
    """Gives each subscriber every event of a generation, once, in order."""

    def __init__(self, database: Database, fanout: Fanout) -> None:
        self._database = database
        self._fanout = fanout

    async def follow(
        self, viewer: RowViewer, generation_id: UUID, after: int = 0
    ) -> AsyncIterator[GenerationEventRow]:
        """Yield the events with a number greater than `after`, until the last one there will be.

        Raises GenerationUnknown when the viewer may not follow it.
        """
        with self._fanout.waiting(GENERATION_CHANNEL, str(generation_id)) as news:
            while True:
                # Before the look, so that what comes during it is looked at next.
                news.clear()
                rows, over = await self._look(viewer, generation_id, after)
                for row in rows:
                    after = row.sequence
                    yield row
                    if row.kind in _ENDS:
                        return
                if over:
                    return
                await self._wait(news)

    async def _look(
        self, viewer: RowViewer, generation_id: UUID, after: int
    ) -> tuple[list[GenerationEventRow], bool]:
        async with self._database.reading(viewer) as session:
            generation = (await repository.get_many(session, [generation_id])).get(generation_id)
            if generation is None:
                raise GenerationUnknown
            rows = await repository.events_after(session, generation_id, after)
        # Each look is one snapshot only by chance, so an end is believed of events alone,
        # but for a subscriber who has had them all.
        return rows, not rows and generation.finished_at is not None

    async def _wait(self, news: asyncio.Event) -> None:
        heard = self._fanout.connected.is_set()
        try:
            await asyncio.wait_for(
                news.wait(), timeout=_LOOK_AGAIN_S if heard else _LOOK_AGAIN_UNHEARD_S
            )
        except TimeoutError:
            return
