"""Running jobs until told to stop, also over a database that goes away and comes back."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

import structlog
from opentelemetry.trace import SpanKind
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.errors import PgqException, RetryRequested
from pgqueuer.models import Job

from navis_api.db.raw import CONNECTION_FAILURES, opened_pool
from navis_api.jobs.keeping import KeepingQueries
from navis_api.telemetry import describe_failure
from navis_api.tracing import TRACEPARENT, Attribute, span

Handler = Callable[[bytes], Coroutine[Any, Any, None]]
"""Does a job, given its payload. It may be called again for the same job at any time.

It is cancelled when the worker is asked to stop, and then lets go of what it holds.
"""

_log = structlog.get_logger(__name__)

_FIRST_RETRY_S = 1.0
_LONGEST_RETRY_S = 60.0
_RECONNECT_S = 1.0
_LOOK_AGAIN_S = 2.0


class JobNotReady(Exception):
    """The job can't be done yet; try it again after so many seconds."""

    def __init__(self, after_s: float) -> None:
        super().__init__()
        self.after_s = after_s


Noted = Callable[[str, str, float], None]
"""Hears of each job that has ended: its task, how it ended, and the seconds that it took."""


def _not_noted(_task: str, _outcome: str, _seconds: float) -> None:
    """Hear of it, and do nothing."""


class _HandedBack(Exception):
    """The worker was stopped before the job was done."""


class JobWorker:
    """Takes jobs off the queue, some at a time, each to the handler of its task."""

    def __init__(
        self,
        address: str,
        handlers: Mapping[str, Handler],
        *,
        concurrency: int,
        heartbeat_timeout_s: float,
        noted: Noted = _not_noted,
    ) -> None:
        self._noted = noted
        self._address = address
        self._handlers = handlers
        self._concurrency = concurrency
        self._heartbeat_timeout = timedelta(seconds=heartbeat_timeout_s)
        self._stopping = asyncio.Event()
        self._running: PgQueuer | None = None
        self._at_work: set[asyncio.Future[None]] = set()

    def stop(self) -> None:
        """Take no further job, and hand those at work back, for another worker to do at once."""
        self._stopping.set()
        for work in self._at_work:
            work.cancel()
        if self._running is not None:
            self._running.shutdown.set()

    async def run(self) -> None:
        """Work until `stop` is called."""
        logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)
        while not self._stopping.is_set():
            try:
                await self._work_over_one_pool()
            except (*CONNECTION_FAILURES, PgqException) as lost:
                _log.warning("worker.database_lost", failure=describe_failure(lost))
            if not self._stopping.is_set():
                await asyncio.sleep(_RECONNECT_S)

    async def _work_over_one_pool(self) -> None:
        async with opened_pool(self._address, purpose="jobs", max_size=3) as pool:
            driver = AsyncpgPoolDriver(pool)
            queue = PgQueuer(driver, queries=KeepingQueries(driver))
            for task, handler in self._handlers.items():
                queue.entrypoint(task)(self._guarded(task, handler))
            self._running = queue
            if self._stopping.is_set():
                return
            await queue.run(
                batch_size=self._concurrency,
                max_concurrent_tasks=2 * self._concurrency,
                # How long a job waits when its notification goes unheard.
                dequeue_timeout=timedelta(seconds=_LOOK_AGAIN_S),
                heartbeat_timeout=self._heartbeat_timeout,
                # pgqueuer 1.6 probes its listener before it listens, and on a busy machine
                # takes its own first probe for lost. We look again anyway.
                shutdown_on_listener_failure=False,
            )

    def _guarded(self, task: str, handler: Handler) -> Callable[[Job], Awaitable[None]]:
        """Wrap a handler so that its failure is tried again and quotes nothing.

        pgqueuer stores the text of an exception in its log table. Attempts are limited
        by the handler's own row, since a crash leaves pgqueuer's count untouched.
        """

        async def run(job: Job) -> None:
            began, outcome = time.monotonic(), "failed"
            brought = (job.headers or {}).get(TRACEPARENT)
            about = {Attribute.TASK: task, Attribute.JOB_ID: str(job.id)}
            try:
                with span(
                    f"job {task}",
                    about,
                    kind=SpanKind.CONSUMER,
                    traceparent=brought if isinstance(brought, str) else None,
                ):
                    await self._done_unless_stopped(handler(job.payload or b""))
                outcome = "done"
            except _HandedBack:
                outcome = "handed_back"
                _log.info("job.handed_back", task=task, job_id=job.id)
                raise RetryRequested(timedelta(0), "handed back") from None
            except JobNotReady as early:
                outcome = "postponed"
                raise RetryRequested(timedelta(seconds=early.after_s), "not ready") from None
            except Exception as failure:  # noqa: BLE001 - the one place where a job's failure ends
                failed = describe_failure(failure)
                _log.error("job.failed", task=task, job_id=job.id, failure=failed)
                delay = min(_FIRST_RETRY_S * 2**job.attempts, _LONGEST_RETRY_S)
                raise RetryRequested(timedelta(seconds=delay), "failed") from None
            finally:
                self._noted(task, outcome, time.monotonic() - began)

        return run

    async def _done_unless_stopped(self, handling: Coroutine[Any, Any, None]) -> None:
        """Do a job, for as long as this worker isn't stopped. Raises _HandedBack."""
        work = asyncio.ensure_future(handling)
        if self._stopping.is_set():
            work.cancel()
        self._at_work.add(work)
        try:
            await work
        except asyncio.CancelledError:
            us = asyncio.current_task()
            # pgqueuer cancels us where the connection is lost; then nobody can hand anything back.
            if us is not None and us.cancelling():
                raise
            raise _HandedBack from None
        finally:
            self._at_work.discard(work)
