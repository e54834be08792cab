"""The worker, put together: which jobs it does, and with what."""

import asyncio
import gc
from collections.abc import Mapping

import structlog
from sqlalchemy.exc import DBAPIError

from navis_api.asking.tasks import forget_idempotency_keys
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import DatabaseBusy, serving_database
from navis_api.generation.contract import Engine
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.generation.service import GENERATE
from navis_api.generation.tasks import GenerationTask, enqueue_abandoned
from navis_api.jobs.fanout import Fanout
from navis_api.jobs.worker import JobWorker
from navis_api.kit.clock import Clock, utc_now
from navis_api.settings import Settings
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)


class Worker:
    """Does jobs until it is stopped. Any number of them share one queue."""

    def __init__(
        self,
        settings: Settings,
        address: str,
        *,
        clock: Clock = utc_now,
        engines: Mapping[str, Engine] | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._database = serving_database(settings, address)
        self._fanout = Fanout(address)
        keeper = CatalogueKeeper(self._database)
        keeper.hear(self._fanout)
        generation = GenerationTask(
            self._database,
            engines or {"extractive": ExtractiveEngine(self._database, keeper)},
            clock=clock,
            lease_s=settings.generation_lease_s,
            max_attempts=settings.generation_max_attempts,
        )
        self._jobs = JobWorker(
            address,
            {GENERATE: generation.run},
            concurrency=settings.worker_concurrency,
            heartbeat_timeout_s=settings.generation_lease_s,
        )

    def stop(self) -> None:
        """Take no further job; `run` returns when those at work are done."""
        self._jobs.stop()

    async def run(self) -> None:
        """Work until stopped."""
        beside = [
            asyncio.create_task(self._fanout.run()),
            asyncio.create_task(self._sweep()),
        ]
        gc.freeze()
        _log.info("worker.started", concurrency=self._settings.worker_concurrency)
        try:
            await self._jobs.run()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self._database.close()

    async def _sweep(self) -> None:
        """Give abandoned generations back to the queue, and forget what is over, for ever."""
        lease_s = self._settings.generation_lease_s
        while True:
            try:
                await enqueue_abandoned(self._database, now=self._clock(), lease_s=lease_s)
                await forget_idempotency_keys(
                    self._database, now=self._clock(), ttl_s=self._settings.idempotency_ttl_s
                )
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("worker.sweep_failed", failure=describe_failure(lost))
            await asyncio.sleep(lease_s)
