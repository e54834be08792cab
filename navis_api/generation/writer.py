"""Putting an answer into the database as it is written."""

from collections.abc import Awaitable, Callable
from typing import Generic
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.document import ContentSource, content_source
from navis_api.answers.drafts import DraftSection
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.contract import Abstention, Closing
from navis_api.generation.keeping import HeldLease, Keeping, progressed
from navis_api.generation.models import GenerationStatus
from navis_api.generation.transcript import section_events
from navis_api.kit.clock import Clock
from navis_api.sources import repository as sources


class Writer(Generic[HeldLease]):
    """Puts an engine's pieces into the database, each in a transaction of its own."""

    def __init__(
        self,
        keeping: Keeping[HeldLease],
        database: Database,
        lease: HeldLease,
        clock: Clock,
        written: list[DraftSection],
        reached: set[str],
    ) -> None:
        self._keeping = keeping
        self._database = database
        self._lease = lease
        self._clock = clock
        self._written = written
        self._reached = reached
        self._sources: dict[UUID, ContentSource] = {}

    async def progress(self, status: GenerationStatus) -> None:
        """Tell how far the writing has come; a worker who takes over doesn't tell it again."""
        if status.value in self._reached:
            return
        self._reached.add(status.value)
        await self._in_transaction(
            lambda session: self._keeping.advance(
                session,
                self._lease,
                [progressed(status)],
                status=status,
                now=self._clock(),
            )
        )

    async def section(self, section: DraftSection) -> None:
        """Tell a section, claim by claim."""
        self._written.append(section)
        await self._learn_sources()
        events = section_events(self._written, self._sources)
        await self._in_transaction(
            lambda session: self._keeping.advance(session, self._lease, events, now=self._clock())
        )

    async def close(self, closing: Closing) -> None:
        """Store the whole answer."""
        await self._learn_sources()
        await self._in_transaction(
            lambda session: self._keeping.complete(
                session,
                self._lease,
                self._written,
                closing,
                sources=self._sources,
                now=self._clock(),
            )
        )

    async def abstain(self, abstention: Abstention) -> None:
        """End without an answer."""
        await self._in_transaction(
            lambda session: self._keeping.abstain(
                session, self._lease, abstention, now=self._clock()
            )
        )

    async def _learn_sources(self) -> None:
        cited = {
            citation.source_version_id
            for section in self._written
            for claim in section.claims
            for citation in claim.citations
        }
        unknown = cited - self._sources.keys()
        if unknown:
            async with self._database.reading(SYSTEM_ROWS) as session:
                views = await sources.views_of_versions(session, list(unknown))
            self._sources.update({id_: content_source(view) for id_, view in views.items()})

    async def _in_transaction(self, act: Callable[[AsyncSession], Awaitable[None]]) -> None:
        async with self._database.writing(SYSTEM_ROWS) as session:
            await act(session)
