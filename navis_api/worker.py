"""The worker, put together: which jobs it does, and with what."""

import asyncio
import gc
from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from navis_api.asking.personal import tasks as personal_tasks
from navis_api.asking.personal.consents import NeededConsents
from navis_api.asking.personal.keeping import PersonalKeeping
from navis_api.asking.personal.tasks import ANSWER_PERSONALLY
from navis_api.asking.tasks import forget_idempotency_keys
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy, serving_database
from navis_api.generation import service as generation_service
from navis_api.generation.contract import Engine
from navis_api.generation.engines import engines_from
from navis_api.generation.keeping import HeldLease, Keeping
from navis_api.generation.service import GENERATE
from navis_api.generation.stream import GENERATION_CHANNEL
from navis_api.generation.tasks import GenerationTask, enqueue_abandoned
from navis_api.jobs.fanout import Fanout
from navis_api.jobs.worker import Handler, JobWorker
from navis_api.kit.clock import Clock, utc_now
from navis_api.kit.tasks import stop_tasks
from navis_api.metrics import Metrics
from navis_api.partners.webhooks.delivering import Deliveries
from navis_api.partners.webhooks.sending import Sender
from navis_api.personal_data.erasing.service import FINISH_ERASURE
from navis_api.personal_data.erasing.tasks import ErasureTask, request_overdue_erasures
from navis_api.records.extraction.sandbox import ExtractionSandbox
from navis_api.records.findings.task import ExtractionTask
from navis_api.records.jobs import EXTRACT_RECORD, SCAN_RECORD, TIDY_RECORD
from navis_api.records.proposing.service import proposing_from
from navis_api.records.scanning.clamd import Clamd
from navis_api.records.scanning.task import ScanTask
from navis_api.records.sealing.storage import local_master_key, sealed_storage
from navis_api.records.tasks import (
    TidyTask,
    end_abandoned,
    request_overdue_extractions,
    request_overdue_scans,
)
from navis_api.review.alarm import AlarmBell
from navis_api.review.feedback import RAISE_ALARM
from navis_api.review.scheduling import publish_due
from navis_api.review.tasks import KEEP_TRUE, Alarming, KeepingTrue, request_look
from navis_api.settings import Settings
from navis_api.sources.changes import SOURCE_CHANGED
from navis_api.sources.embedding.choice import embedder_from
from navis_api.sources.embedding.service import EMBED_PASSAGES, request_missing
from navis_api.sources.embedding.tasks import EmbeddingTask
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

# An import asks for vectors itself; this finds what came in by other ways.
_LOOK_FOR_UNEMBEDDED_S = 300.0
# An editor names a minute; nobody waits for the second.
_PUBLISH_DUE_S = 20.0
_LOOK_AFTER_RECORDS_S = 60.0
# Each may take 1.5 GB and a processor; the other jobs shouldn't have to wait for them.
_RECORDS_READ_AT_ONCE = 2


class Worker:
    """Does jobs until it is stopped. Any number of them share one queue."""

    def __init__(
        self,
        settings: Settings,
        address: str,
        *,
        clock: Clock = utc_now,
        engines: Mapping[str, Engine] | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        metrics = metrics or Metrics()
        self._settings = settings
        self._clock = clock
        self._database = serving_database(settings, address)
        metrics.pools = self._database.pools
        self._fanout = Fanout.beside(self._database, address, redis=settings.redis_url)
        metrics.alone = self._fanout.alone
        self._keeper = keeper = CatalogueKeeper(self._database)
        keeper.hear(self._fanout)
        self._embedder = embedder_from(settings)
        engines = engines or engines_from(settings, self._database, keeper, embedder=self._embedder)

        def writing(keeping: Keeping[HeldLease]) -> GenerationTask[HeldLease]:
            return GenerationTask(
                keeping,
                self._database,
                self._fanout,
                engines,
                clock=clock,
                lease_s=settings.generation_lease_s,
                max_attempts=settings.generation_max_attempts,
                patience_s=settings.generation_total_timeout_s,
                outcomes=metrics.generations,
            )

        generation = writing(generation_service)
        storage = sealed_storage(settings)
        personal = writing(PersonalKeeping(storage, NeededConsents.of(settings)))
        truth = KeepingTrue(self._database, clock=clock)
        bell = (
            AlarmBell(settings.alarm_url, timeout_s=settings.alarm_timeout_s)
            if settings.alarm_url is not None
            else None
        )
        scanning = ScanTask(
            self._database,
            storage,
            Clamd(settings.clamd_address, timeout_s=settings.clamd_timeout_s)
            if settings.clamd_address is not None
            else None,
            clock=clock,
            lease_s=settings.generation_lease_s,
            requires_scanner=settings.is_production,
        )
        extraction = ExtractionTask(
            self._database,
            storage,
            ExtractionSandbox(at_once=_RECORDS_READ_AT_ONCE),
            clock=clock,
            lease_s=settings.generation_lease_s,
            proposing=proposing_from(settings, self._database, clock=clock),
        )
        handlers: dict[str, Handler] = {
            GENERATE: generation.run,
            ANSWER_PERSONALLY: personal.run,
            SOURCE_CHANGED: truth.source_changed,
            KEEP_TRUE: truth.look_over,
            RAISE_ALARM: Alarming(self._database, bell, clock=clock).run,
            SCAN_RECORD: scanning.run,
            EXTRACT_RECORD: extraction.run,
            TIDY_RECORD: TidyTask(self._database, storage).run,
            FINISH_ERASURE: ErasureTask(self._database, storage, clock=clock).run,
        }
        if self._embedder is not None:
            handlers[EMBED_PASSAGES] = EmbeddingTask(
                self._database,
                self._embedder,
                clock=clock,
                batch_size=settings.embedder_batch_size,
                lease_s=settings.generation_lease_s,
            ).run
        self._deliveries = Deliveries(
            self._database,
            Sender(timeout_s=settings.webhook_timeout_s, private=settings.webhooks_to_private),
            local_master_key(settings),
            site=settings.public_address,
            clock=clock,
            metrics=metrics,
            concurrency=settings.webhook_concurrency,
            timeout_s=settings.webhook_timeout_s,
            kept=timedelta(days=settings.webhook_log_days),
        )
        self._deliveries.hear(self._fanout)
        self._jobs = JobWorker(
            address,
            handlers,
            concurrency=settings.worker_concurrency,
            heartbeat_timeout_s=settings.generation_lease_s,
            noted=metrics.job,
        )

    @property
    def database(self) -> Database:
        """Its way to the tables, open until `run` has returned."""
        return self._database

    def stop(self) -> None:
        """Take no further job; `run` returns when those at work are handed back."""
        self._jobs.stop()
        self._deliveries.stop()

    async def run(self) -> None:
        """Work until stopped."""
        beside = [
            asyncio.create_task(self._fanout.run(GENERATION_CHANNEL)),
            asyncio.create_task(self._sweep()),
            asyncio.create_task(self._publish_due()),
            asyncio.create_task(self._look_over()),
            asyncio.create_task(self._look_after_records()),
        ]
        if self._embedder is not None:
            beside.append(asyncio.create_task(self._look_for_unembedded(self._embedder.model)))
        delivering = asyncio.create_task(self._deliveries.run())
        gc.freeze()
        _log.info("worker.started", concurrency=self._settings.worker_concurrency)
        try:
            await self._jobs.run()
        finally:
            # It hands back what it is at, for which it needs the database.
            self._deliveries.stop()
            await asyncio.gather(delivering, return_exceptions=True)
            await stop_tasks(*beside)
            if self._embedder is not None:
                await self._embedder.close()
            await self._database.close()

    async def _sweep(self) -> None:
        """Give abandoned generations back to the queue, and forget what is over, for ever."""
        lease_s = self._settings.generation_lease_s
        while True:
            try:
                await enqueue_abandoned(self._database, now=self._clock(), lease_s=lease_s)
                await personal_tasks.enqueue_abandoned(
                    self._database, now=self._clock(), lease_s=lease_s
                )
                await forget_idempotency_keys(
                    self._database, now=self._clock(), ttl_s=self._settings.idempotency_ttl_s
                )
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("worker.sweep_failed", failure=describe_failure(lost))
            await asyncio.sleep(lease_s)

    async def _publish_due(self) -> None:
        """Publish what editors have scheduled, for ever."""
        while True:
            try:
                await publish_due(self._database, self._keeper, now=self._clock())
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("worker.publishing_failed", failure=describe_failure(lost))
            await asyncio.sleep(_PUBLISH_DUE_S)

    async def _look_over(self) -> None:
        """Have what is published looked over, at first and then from time to time, for ever."""
        while True:
            try:
                async with self._database.writing(SYSTEM_ROWS) as session:
                    await request_look(session)
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("worker.look_over_failed", failure=describe_failure(lost))
            await asyncio.sleep(self._settings.review_sweep_s)

    async def _look_after_records(self) -> None:
        """End uploads whose time is over, and have done what still waits, for ever."""
        while True:
            try:
                await end_abandoned(self._database, now=self._clock())
                await request_overdue_scans(self._database, now=self._clock())
                await request_overdue_extractions(self._database, now=self._clock())
                await request_overdue_erasures(self._database, now=self._clock())
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("worker.records_look_failed", failure=describe_failure(lost))
            await asyncio.sleep(_LOOK_AFTER_RECORDS_S)

    async def _look_for_unembedded(self, model: str) -> None:
        """Have passages without a vector embedded, for ever."""
        while True:
            try:
                async with self._database.writing(SYSTEM_ROWS) as session:
                    await request_missing(session, model)
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("worker.embedding_look_failed", failure=describe_failure(lost))
            await asyncio.sleep(_LOOK_FOR_UNEMBEDDED_S)
