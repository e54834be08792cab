"""What the worker does for erasures: what was cut off, and a last look after everybody is gone."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.queue import enqueue
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import Clock
from navis_api.personal_data.erasing import repository
from navis_api.personal_data.erasing.finishing import finish
from navis_api.personal_data.erasing.service import FINISH_ERASURE
from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.records.sealing.storage import SealedStorage

_log = structlog.get_logger(__name__)

_AGAIN_S: Final = 15.0
_A_SWEEP: Final = 200
_OVERDUE: Final = timedelta(minutes=5)

SETTLED_AFTER: Final = timedelta(days=7)
"""When nobody can be at work any more who began before the erasure.

An upload that was under way then stores what it has in hand, finds that there is nothing to add
it to, and removes it; one whose process is killed in between leaves an object that no key opens.
"""


class ErasureTask:
    """Does what follows the rows, as often as it is asked to."""

    def __init__(self, database: Database, storage: SealedStorage, *, clock: Clock) -> None:
        self._database = database
        self._storage = storage
        self._clock = clock

    async def run(self, payload: bytes) -> None:
        """Finish the erasure whose receipt's id this is.

        Raises JobNotReady while the storage is away.
        """
        erasure_id = UUID(bytes=payload)
        try:
            erasure = await finish(self._database, self._storage, erasure_id, clock=self._clock)
        except StorageUnavailable:
            raise JobNotReady(_AGAIN_S) from None
        _log.info("erasure.finished", receipt_id=str(erasure_id))
        now = self._clock()
        if erasure.settled_at is None and erasure.erased_at <= now - SETTLED_AFTER:
            async with self._database.writing(SYSTEM_ROWS) as session:
                held = await repository.lock_erasure(session, erasure_id)
                if held is not None and held.settled_at is None:
                    held.settled_at = now


async def request_overdue_erasures(database: Database, *, now: datetime) -> None:
    """Have those finished whose job may have been lost, and those looked at that are settled."""
    async with database.writing(SYSTEM_ROWS) as session:
        waiting = await repository.list_unsettled(
            session, begun_by=now - _OVERDUE, due_by=now - SETTLED_AFTER, limit=_A_SWEEP
        )
        for erasure_id in waiting:
            key = f"{FINISH_ERASURE} {erasure_id}"
            await enqueue(session, FINISH_ERASURE, erasure_id.bytes, dedupe_key=key)
