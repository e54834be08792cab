"""Holding a generation while it is written, and learning at once when somebody has ended it."""

import asyncio
from contextlib import suppress
from typing import Generic

import structlog
from sqlalchemy.exc import DBAPIError

from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.generation.errors import LeaseLost
from navis_api.generation.keeping import HeldLease, Keeping
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import Clock
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_LOOK_AGAIN_UNHEARD_S = 0.5
_TRY_AGAIN_S = 0.5


class LeaseHolder(Generic[HeldLease]):
    """Renews leases. Each event of a generation, its cancellation too, has its row looked at."""

    def __init__(
        self,
        keeping: Keeping[HeldLease],
        database: Database,
        fanout: Fanout,
        *,
        clock: Clock,
        lease_s: float,
    ) -> None:
        self._keeping = keeping
        self._database = database
        self._fanout = fanout
        self._clock = clock
        self._lease_s = lease_s

    async def hold(self, lease: HeldLease, news: asyncio.Event) -> None:
        """Hold the lease, and return when it is no longer ours.

        `news` is set whenever the generation may have changed. A database that is
        away ends nothing: the lease has its time, and every write checks it.
        """
        loop = asyncio.get_running_loop()
        renew_at = loop.time() + self._lease_s / 3
        while True:
            await self._wait(news, renew_at - loop.time())
            # Before the look, so that what comes during it is looked at next.
            news.clear()
            try:
                if loop.time() >= renew_at:
                    await self._renew(lease)
                    renew_at = loop.time() + self._lease_s / 3
                elif not await self._is_ours(lease):
                    return
            except LeaseLost:
                return
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("generation.lease_unseen", failure=describe_failure(lost))
                await asyncio.sleep(_TRY_AGAIN_S)
                news.set()

    async def _wait(self, news: asyncio.Event, left_s: float) -> None:
        heard = self._fanout.connected.is_set()
        timeout = left_s if heard else min(left_s, _LOOK_AGAIN_UNHEARD_S)
        # Not wait_for: until Python 3.12 it loses a cancellation that comes with the news.
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await news.wait()

    async def _renew(self, lease: HeldLease) -> None:
        async with self._database.writing(SYSTEM_ROWS) as session:
            await self._keeping.renew(session, lease, lease_s=self._lease_s, now=self._clock())

    async def _is_ours(self, lease: HeldLease) -> bool:
        async with self._database.reading(SYSTEM_ROWS) as session:
            return await self._keeping.is_held(session, lease)
