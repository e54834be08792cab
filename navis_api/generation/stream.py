"""Following a generation: replay its events from a number on, then wait for more (law 3)."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextvars import Context
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy, RowViewer
from navis_api.generation import repository
from navis_api.generation.errors import GenerationUnknown
from navis_api.generation.models import GenerationEventKind, GenerationEventRow
from navis_api.generation.shared import Admission, Facts, Shared
from navis_api.jobs.fanout import Fanout
from navis_api.telemetry import describe_failure

GENERATION_CHANNEL = "navis_generation"
"""The database notifies here, with the generation's id, whenever it has a new event."""

_LOOK_AGAIN_AFTER_FAILURE_S = 0.5

_LOOKS_AT_A_TIME = 4
"""After a restart thousands come back at once. They wait here, and not for a connection:
that would be in vain for many, and leave none for others."""

ENDS = frozenset({GenerationEventKind.COMPLETED, GenerationEventKind.FAILED})
"""The events after which no other comes."""

_log = structlog.get_logger(__name__)


class GenerationStream:
    """Gives each subscriber every event of a generation, once, in order.

    Each looks at the rows itself at its start, as the viewer that it is for. From
    then on one reader looks for all subscribers of this process together: an event
    is read once, however many wait for it. `Shared` says for whom its rows are.
    """

    def __init__(self, database: Database, fanout: Fanout) -> None:
        self._database = database
        self._fanout = fanout
        self._followed: dict[UUID, Shared] = {}
        self._stirred: set[UUID] = set()
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self._looks = asyncio.Semaphore(_LOOKS_AT_A_TIME)
        fanout.on(GENERATION_CHANNEL, self._heard)
        fanout.on_doubt(self._doubt)

    @property
    def followers(self) -> int:
        """How many subscribers there are, over all generations."""
        return sum(shared.followers for shared in self._followed.values())

    async def follow(
        self, viewer: RowViewer, generation_id: UUID, after: int = 0
    ) -> AsyncIterator[GenerationEventRow]:
        """Yield the events with a number greater than `after`, until the last one there will be.

        Raises GenerationUnknown when the viewer may not follow it, or may no longer.
        """
        shared = self._join(generation_id)
        admission: Admission | None = None
        try:
            while True:
                # Before the look, so that what comes during it is looked at next.
                version, losses = shared.version, shared.losses
                over, rows = False, shared.rows_for(admission, after) if admission else None
                if rows is None:
                    facts, rows = await self._look_as(viewer, generation_id, after)
                    if admission is not None:
                        shared.dismiss(admission)
                    admission = shared.admit(viewer, facts, losses=losses)
                    # A look is one snapshot only by chance, so an end is believed of events
                    # alone, but for a subscriber who has had them all.
                    over = facts.finished and not rows
                for row in rows:
                    after = row.sequence
                    yield row
                    if row.kind in ENDS:
                        return
                if over:
                    return
                # What was read is kept by nobody who only waits.
                rows = row = None
                await shared.news_since(version)
        finally:
            if admission is not None:
                shared.dismiss(admission)
            self._leave(generation_id, shared)

    async def _look_as(
        self, viewer: RowViewer, generation_id: UUID, after: int
    ) -> tuple[Facts, list[GenerationEventRow]]:
        async with self._looks, self._database.reading(viewer) as session:
            facts = (await repository.facts_of(session, [generation_id])).get(generation_id)
            if facts is None:
                raise GenerationUnknown
            return facts, await repository.events_after(session, generation_id, after)

    def _join(self, generation_id: UUID) -> Shared:
        shared = self._followed.setdefault(generation_id, Shared())
        shared.followers += 1
        if self._reader is None:
            # It reads for all: what it does belongs to nobody's trace.
            self._reader = asyncio.create_task(self._read_on(), context=Context())
        return shared

    def _leave(self, generation_id: UUID, shared: Shared) -> None:
        shared.followers -= 1
        if not shared.followers:
            del self._followed[generation_id]
        if not self._followed:
            self._news.set()

    def _heard(self, generation_id: str) -> None:
        id_ = UUID(generation_id)
        if id_ in self._followed:
            self._stirred.add(id_)
            self._news.set()

    def _doubt(self) -> None:
        # What was notified while we were deaf is in the rows.
        self._stirred.update(self._followed)
        self._news.set()

    async def _read_on(self) -> None:
        """Look wherever something is said to be new and, now and then, everywhere."""
        try:
            while self._followed:
                if not await self._fanout.stirring(self._news):
                    self._stirred.update(self._followed)
                self._news.clear()
                stirred, self._stirred = self._stirred & self._followed.keys(), set()
                if stirred and not await self._look(stirred):
                    self._stirred.update(stirred)
                    await asyncio.sleep(_LOOK_AGAIN_AFTER_FAILURE_S)
        finally:
            self._reader = None

    async def _look(self, ids: Iterable[UUID]) -> bool:
        """Read what is new of some generations, for all who follow them.

        False when the database could not be read: that only delays.
        """
        looked_at = {id_: self._followed[id_] for id_ in ids}
        askers = {id_: shared.askers for id_, shared in looked_at.items() if shared.askers}
        try:
            async with self._database.reading(SYSTEM_ROWS) as session:
                rows = await repository.events_since(
                    session, {id_: shared.last_sequence for id_, shared in looked_at.items()}
                )
                # After the events: what has become of their text must not be missed.
                facts = await repository.facts_of(session, list(looked_at))
                asked = await repository.count_askers(session, askers) if askers else {}
        except (DatabaseBusy, SQLAlchemyError, *CONNECTION_FAILURES) as lost:
            _log.warning("generation.look_failed", failure=describe_failure(lost))
            return False
        for id_, shared in looked_at.items():
            missing = len(askers.get(id_, ())) - asked.get(id_, 0)
            version = shared.version
            shared.take(facts.get(id_), rows.get(id_, []), missing=missing)
            if shared.version != version:
                await shared.wake()
        return True
