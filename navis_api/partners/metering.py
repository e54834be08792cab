"""Metering: each use of a partner's key is a line of the access log, and is summed up.

A line has a number of this process's meter. The sums, and the number of the last line in them,
are written in one transaction every few seconds. So it is known of each line whether it has been
summed up, whatever happens to the process, and `partners.reconciling` sums up the others once.

A line says whose key it was and what kind of operation it was used for. It has no address, no
text and nothing of a reader's.
"""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.identity.viewer import ByKey
from navis_api.kit.clock import Clock
from navis_api.partners import usage_repository as repository
from navis_api.partners.usage import Metered, Outcome, Sums, no_sums
from navis_api.telemetry import describe_failure

ACCESS_EVENT: Final = "partner.access"
"""The `event` of a line of the access log."""

SETTLED_EVERY_S: Final = 5.0

_FAILURES = (SQLAlchemyError, OSError, TimeoutError, DatabaseBusy)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The lines after one number and up to another, summed up."""

    after: int
    up_to: int
    sums: Sums


class Meter:
    """Writes the lines of a process, and sums them up. One for a process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._batch: _Batch | None = None
        self._begin()

    def _begin(self) -> None:
        self.id = uuid4()
        self._sums = no_sums()
        self._written: int = 0
        self._summed: int = 0

    def note(self, key: ByKey, operation: str, outcome: Outcome, points: int) -> None:
        """Write the line of an operation that has ended, and sum it up with the next ones.

        `operation` is one of few names, and none that a stranger has chosen.
        """
        metered = Metered(key.partner_id, self._clock().date(), operation)
        self._written += 1
        _log.info(
            ACCESS_EVENT,
            partner=str(key.partner_id),
            key=str(key.key_id),
            day=metered.day.isoformat(),
            operation=operation,
            outcome=outcome.value,
            points=points,
            meter=str(self.id),
            number=self._written,
        )
        self._sums[metered].add(outcome, points)

    async def settle(self) -> None:
        """Write what has been summed up since the last time.

        What can't be written stays as it is and is tried again before anything is added to it:
        it may have been written all the same.
        """
        if self._batch is None:
            if self._written == self._summed:
                return
            self._batch = _Batch(self._summed, self._written, self._sums)
            self._summed, self._sums = self._written, no_sums()
        try:
            await self._write(self._batch)
        except _FAILURES as failure:
            _log.warning("partner_usage.not_written", failure=describe_failure(failure))
        else:
            self._batch = None

    async def run(self) -> None:
        """Write it again and again, until cancelled, and then what is left."""
        try:
            while True:
                await asyncio.sleep(SETTLED_EVERY_S)
                await self.settle()
        finally:
            # What couldn't be written before, and what came since.
            await self.settle()
            await self.settle()

    async def _write(self, batch: _Batch) -> None:
        now = self._clock()
        async with self._database.writing(SYSTEM_ROWS) as session:
            if not batch.after:
                await repository.begin_meter(session, self.id, now=now)
            if await repository.settle(
                session, self.id, after=batch.after, up_to=batch.up_to, now=now
            ):
                await repository.add(session, batch.sums)
                return
            meter = await repository.hold_meter(session, self.id)
        # Written all the same, when a connection was lost that would have said so; or else by
        # somebody who took this process for dead and has read its log. They sum up the rest too.
        if meter is None or meter.settled != batch.up_to:
            _log.warning("partner_usage.settled_elsewhere", meter=str(self.id))
            self._begin()
