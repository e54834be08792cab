"""The job that writes an answer."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Generic
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.drafts import DraftSection
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation import service
from navis_api.generation.contract import Abstention, Closing, Engine, Progress, pieces_of
from navis_api.generation.errors import (
    EngineIncomplete,
    EngineMissing,
    EngineUnavailable,
    LeaseLost,
)
from navis_api.generation.holding import LeaseHolder
from navis_api.generation.keeping import HeldLease, Keeping
from navis_api.generation.models import GenerationEventKind
from navis_api.generation.stream import GENERATION_CHANNEL
from navis_api.generation.transcript import sections_of
from navis_api.generation.writer import Writer
from navis_api.jobs.fanout import Fanout
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import Clock
from navis_api.kit.tasks import stop_tasks

_log = structlog.get_logger(__name__)


class GenerationTask(Generic[HeldLease]):
    """Writes answers with the engines it has, piece by piece, under a lease.

    `keeping` is where the generations are that it writes: `generation.service` for general ones.

    While an engine takes no work, its generations wait, for `patience_s` seconds
    since they were asked for.
    """

    def __init__(
        self,
        keeping: Keeping[HeldLease],
        database: Database,
        fanout: Fanout,
        engines: Mapping[str, Engine],
        *,
        clock: Clock,
        lease_s: float,
        max_attempts: int,
        patience_s: float,
        outcomes: Counter[str] | None = None,
    ) -> None:
        self._outcomes: Counter[str] = Counter() if outcomes is None else outcomes
        self._keeping = keeping
        self._database = database
        self._fanout = fanout
        self._engines = engines
        self._clock = clock
        self._lease_s = lease_s
        self._max_attempts = max_attempts
        self._patience_s = patience_s
        self._holder = LeaseHolder(keeping, database, fanout, clock=clock, lease_s=lease_s)

    async def run(self, payload: bytes) -> None:
        """Write the generation whose id this is, or what is left of it.

        Raises JobNotReady while another worker holds it, or its engine takes no work.
        """
        generation_id = UUID(bytes=payload)
        # Before it is taken, so that no cancellation goes unheard in between.
        with self._fanout.waiting(GENERATION_CHANNEL, str(generation_id)) as news:
            lease = await self._claim(generation_id)
            if lease is not None:
                await self._write_while_held(lease, news)

    async def _claim(self, generation_id: UUID) -> HeldLease | None:
        try:
            async with self._database.writing(SYSTEM_ROWS) as session:
                return await self._keeping.claim(
                    session,
                    generation_id,
                    lease_s=self._lease_s,
                    max_attempts=self._max_attempts,
                    now=self._clock(),
                )
        except LeaseLost:
            raise JobNotReady(self._lease_s / 2) from None

    async def _write_while_held(self, lease: HeldLease, news: asyncio.Event) -> None:
        ending = asyncio.Event()
        writing = asyncio.create_task(self._write(lease, ending))
        holding = asyncio.create_task(self._holder.hold(lease, news))
        try:
            await asyncio.wait({writing, holding}, return_when=asyncio.FIRST_COMPLETED)
            if ending.is_set():
                # The last write ends the lease itself, which may be heard of before it returns.
                await asyncio.wait({writing})
            if writing.done():
                self._outcomes[writing.result()] += 1
            else:
                # The lease is gone: whatever is still being written would be refused.
                holding.result()
                raise LeaseLost  # noqa: TRY301 - the same end as when a write finds it out
        except LeaseLost:
            self._outcomes["lease_lost"] += 1
            _log.info("generation.lease_lost", generation_id=str(lease.generation_id))
        except EngineUnavailable as away:
            self._outcomes["put_back"] += 1
            await self._put_back(lease, away)
        except asyncio.CancelledError:
            self._outcomes["handed_back"] += 1
            await stop_tasks(writing, holding)
            await self._let_go(lease, self._keeping.hand_back)
            raise
        except Exception:
            self._outcomes["failed"] += 1
            await stop_tasks(writing, holding)
            await self._let_go(lease, self._keeping.release)
            raise
        finally:
            # Its engine too has stopped when a job ends.
            await stop_tasks(writing, holding)

    async def _put_back(self, lease: HeldLease, away: EngineUnavailable) -> None:
        """Have the generation written later. Raises JobNotReady unless it has waited too long."""
        _log.info("generation.put_back", generation_id=str(lease.generation_id))
        with suppress(LeaseLost):
            async with self._database.writing(SYSTEM_ROWS) as session:
                waits = await self._keeping.put_back(
                    session, lease, patience_s=self._patience_s, now=self._clock()
                )
            if waits:
                raise JobNotReady(away.after_s) from None

    async def _let_go(
        self, lease: HeldLease, how: Callable[[AsyncSession, HeldLease], Awaitable[None]]
    ) -> None:
        with suppress(LeaseLost):
            async with self._database.writing(SYSTEM_ROWS) as session:
                await how(session, lease)

    async def _write(self, lease: HeldLease, ending: asyncio.Event) -> str:
        """Write it, and return how it ended: `completed` or `abstained`.

        `ending` is set before the write that ends the generation.
        """
        async with self._database.reading(SYSTEM_ROWS) as session:
            commission = await self._keeping.commission(session, lease)
        written = sections_of(commission.told)
        reached = {
            event.payload["status"]
            for event in commission.told
            if event.kind is GenerationEventKind.PROGRESSED
        }
        writer = Writer(self._keeping, self._database, lease, self._clock, written, reached)
        engine = self._engines.get(commission.engine)
        if engine is None:
            raise EngineMissing(commission.engine)
        async with pieces_of(engine, commission.request, written=tuple(written)) as pieces:
            async for piece in pieces:
                match piece:
                    case Progress(status):
                        await writer.progress(status)
                    case DraftSection():
                        await writer.section(piece)
                    case Closing():
                        ending.set()
                        await writer.close(piece)
                        return "completed"
                    case Abstention():
                        ending.set()
                        await writer.abstain(piece)
                        return "abstained"
        raise EngineIncomplete


async def enqueue_abandoned(database: Database, *, now: datetime, lease_s: float) -> None:
    """Give the generations that nobody has worked on for a lease's time back to the queue."""
    async with database.writing(SYSTEM_ROWS) as session:
        found = await service.enqueue_abandoned(session, since=now - timedelta(seconds=lease_s))
    if found:
        _log.info("generation.abandoned_enqueued", count=found)
