"""Working on a record: one worker at a time, for as long as it shows that it lives."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import Clock
from navis_api.records import repository
from navis_api.records.acting import as_ourselves
from navis_api.records.contents import RecordContents, contents_of
from navis_api.records.models import Record, RecordState

MAX_ATTEMPTS: Final = 5
"""Workers that may die over one record in one state. Waiting for something counts for none."""

_HEARTBEATS_A_LEASE: Final = 3

GiveUp = Callable[[AsyncSession, Record], Awaitable[None]]


class Leases:
    """Who works on a record. A step to another state ends the lease; a trigger sees to that."""

    def __init__(self, database: Database, *, clock: Clock, lease_s: float) -> None:
        self._database = database
        self._clock = clock
        self._lease = timedelta(seconds=lease_s)

    async def claim(
        self, record_id: UUID, token: UUID, *, state: RecordState, action: str, give_up: GiveUp
    ) -> RecordContents | None:
        """Take a record in this state for as long as the lease runs, and note the action.

        None where nothing is to be done: the record is gone or elsewhere, or too many workers
        died over it, which `give_up` writes down. Raises JobNotReady while another has it.
        """
        async with self._database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            if record is None or record.state is not state:
                return None
            self._require_free(record)
            if record.attempts >= MAX_ATTEMPTS:
                await give_up(session, record)
                return None
            record.attempts += 1
            record.lease_token, record.lease_expires_at = token, self._clock() + self._lease
            contents = await contents_of(session, record)
            await as_ourselves(self._clock()).note(session, action, record_id=record_id)
        return contents

    def _require_free(self, record: Record) -> None:
        now = self._clock()
        if record.lease_expires_at is not None and record.lease_expires_at > now:
            raise JobNotReady((record.lease_expires_at - now).total_seconds())

    @asynccontextmanager
    async def held(self, record_id: UUID, token: UUID) -> AsyncGenerator[None]:
        """Hold the lease for as long as the block runs."""
        holding = asyncio.create_task(self._hold(record_id, token))
        try:
            yield
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)

    async def give_back(self, record_id: UUID, token: UUID) -> None:
        """Give a record back as if it had not been begun."""

        def untouched(record: Record, _now: datetime) -> None:
            record.attempts -= 1
            record.lease_token = record.lease_expires_at = None

        await self._change(record_id, token, untouched)

    async def _hold(self, record_id: UUID, token: UUID) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / _HEARTBEATS_A_LEASE)
            await self._change(record_id, token, self._renew)

    def _renew(self, record: Record, now: datetime) -> None:
        record.lease_expires_at = now + self._lease

    async def _change(
        self, record_id: UUID, token: UUID, change: Callable[[Record, datetime], None]
    ) -> None:
        async with self._database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            if record is not None and record.lease_token == token:
                change(record, self._clock())
