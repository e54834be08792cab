"""The job that writes an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.document import ContentSource, content_source
from navis_api.answers.drafts import DraftSection
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation import repository, service
from navis_api.generation.contract import (
    Abstention,
    Closing,
    Engine,
    GenerationRequest,
    Progress,
)
from navis_api.generation.errors import EngineIncomplete, LeaseLost
from navis_api.generation.models import GenerationEventKind, GenerationStatus
from navis_api.generation.service import Lease
from navis_api.generation.transcript import section_events, sections_of
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import Clock
from navis_api.questions import repository as questions
from navis_api.sources import repository as sources

_log = structlog.get_logger(__name__)


class GenerationTask:
    """Writes answers with the engines it has, piece by piece, under a lease."""

    def __init__(
        self,
        database: Database,
        engines: Mapping[str, Engine],
        *,
        clock: Clock,
        lease_s: float,
        max_attempts: int,
    ) -> None:
        self._database = database
        self._engines = engines
        self._clock = clock
        self._lease_s = lease_s
        self._max_attempts = max_attempts

    async def run(self, payload: bytes) -> None:
        """Write the generation whose id this is, or what is left of it.

        Raises JobNotReady while another worker holds it.
        """
        generation_id = UUID(bytes=payload)
        try:
            async with self._database.writing(SYSTEM_ROWS) as session:
                lease = await service.claim(
                    session,
                    generation_id,
                    lease_s=self._lease_s,
                    max_attempts=self._max_attempts,
                    now=self._clock(),
                )
        except LeaseLost:
            raise JobNotReady(self._lease_s / 2) from None
        if lease is None:
            return
        writing = asyncio.create_task(self._write(lease))
        holding = asyncio.create_task(self._hold(lease))
        try:
            await asyncio.wait({writing, holding}, return_when=asyncio.FIRST_COMPLETED)
            # The lease is gone: whatever is still being written would be refused.
            if not writing.done():
                writing.cancel()
            await writing
        except LeaseLost:
            _log.info("generation.lease_lost", generation_id=str(generation_id))
        except asyncio.CancelledError:
            if not holding.done():
                await self._let_go(lease)
                raise
            _log.info("generation.lease_lost", generation_id=str(generation_id))
        except Exception:
            await self._let_go(lease)
            raise
        finally:
            holding.cancel()
            writing.cancel()

    async def _hold(self, lease: Lease) -> None:
        """Renew the lease until it is lost."""
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                async with self._database.writing(SYSTEM_ROWS) as session:
                    await service.renew(session, lease, lease_s=self._lease_s, now=self._clock())
            except LeaseLost:
                return

    async def _let_go(self, lease: Lease) -> None:
        with suppress(LeaseLost):
            async with self._database.writing(SYSTEM_ROWS) as session:
                await service.release(session, lease)

    async def _write(self, lease: Lease) -> None:
        async with self._database.reading(SYSTEM_ROWS) as session:
            generation = (await repository.get_many(session, [lease.generation_id]))[
                lease.generation_id
            ]
            question = (await questions.get_many(session, [generation.question_id]))[
                generation.question_id
            ]
            told = await repository.events_after(session, generation.id, 0)
        request = GenerationRequest(
            text=question.text, cancer_id=question.cancer_id, locale=question.locale
        )
        written = sections_of(told)
        reached = {
            event.payload["status"]
            for event in told
            if event.kind is GenerationEventKind.PROGRESSED
        }
        writer = _Writer(self._database, lease, self._clock, written, reached)
        engine = self._engines[generation.engine]
        async for piece in engine.write(request, written=tuple(written)):
            match piece:
                case Progress(status):
                    await writer.progress(status)
                case DraftSection():
                    await writer.section(piece)
                case Closing():
                    await writer.close(piece)
                    return
                case Abstention():
                    await writer.abstain(piece)
                    return
        raise EngineIncomplete


class _Writer:
    """Puts an engine's pieces into the database, each in a transaction of its own."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        clock: Clock,
        written: list[DraftSection],
        reached: set[str],
    ) -> None:
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
            lambda session: service.advance(
                session,
                self._lease,
                [service.progressed(status)],
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
            lambda session: service.advance(session, self._lease, events, now=self._clock())
        )

    async def close(self, closing: Closing) -> None:
        """Store the whole answer."""
        await self._learn_sources()
        await self._in_transaction(
            lambda session: service.complete(
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
            lambda session: service.abstain(session, self._lease, abstention, now=self._clock())
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


async def enqueue_abandoned(database: Database, *, now: datetime, lease_s: float) -> None:
    """Give the generations that nobody has worked on for a lease's time back to the queue."""
    async with database.writing(SYSTEM_ROWS) as session:
        found = await service.enqueue_abandoned(session, since=now - timedelta(seconds=lease_s))
    if found:
        _log.info("generation.abandoned_enqueued", count=found)
