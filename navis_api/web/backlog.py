"""What waits in the database, for the figures: looked up when somebody reads them."""

import asyncio
import time
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.jobs.standing import standing_of_queue
from navis_api.kit.clock import Clock
from navis_api.metrics import Metrics, Waiting
from navis_api.partners.webhooks import repository as webhook_repository
from navis_api.review import queue_repository
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_KEPT_S: Final = 5.0
_PATIENCE_S: Final = 2.0


class Backlog:
    """Looks up what waits, at most every few seconds however often the figures are read."""

    def __init__(self, database: Database, metrics: Metrics, *, clock: Clock) -> None:
        self._database = database
        self._metrics = metrics
        self._clock = clock
        self._looked_at: float | None = None

    async def look(self) -> None:
        """Look, and note it. Figures that can't be looked up are left out: old ones would lie."""
        now = time.monotonic()
        if self._looked_at is not None and now - self._looked_at < _KEPT_S:
            return
        self._looked_at = now
        try:
            async with asyncio.timeout(_PATIENCE_S):
                self._metrics.waiting = await self._waiting()
        except (SQLAlchemyError, OSError, TimeoutError, DatabaseBusy) as failure:
            self._metrics.waiting = None
            _log.warning("metrics.backlog_unknown", failure=describe_failure(failure))

    async def _waiting(self) -> Waiting:
        async with self._database.reading(SYSTEM_ROWS) as session:
            tasks = await standing_of_queue(session)
            for_review, since = await queue_repository.count_waiting(session)
            webhooks, told_since = await webhook_repository.count_waiting(session)
        return Waiting(
            jobs={each.task: (each.waiting, each.at_work, each.oldest_s) for each in tasks},
            revisions=for_review,
            oldest_revision_s=self._age_s(since),
            webhooks=webhooks,
            oldest_webhook_s=self._age_s(told_since),
        )

    def _age_s(self, since: datetime | None) -> float:
        return max((self._clock() - since).total_seconds(), 0.0) if since is not None else 0.0
