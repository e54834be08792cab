"""Working on a record: one worker at a time, for as long as it shows that it lives."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import Clock
from navis_api.kit.tasks import stop_tasks
from navis_api.records import repository
from navis_api.records.acting import as_ourselves
from navis_api.records.contents import RecordContents, contents_of
from navis_api.records.models import Record, RecordState
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

MAX_ATTEMPTS: Final = 5
"""Workers that may die over one record in one state. Waiting for something counts for none."""

_HEARTBEATS_A_LEASE: Final = 3

_LOOK_S: Final = 2.0
"""How soon somebody who works on a record finds out that it is gone."""

Result = TypeVar("Result")
GiveUp = Callable[[AsyncSession, Record], Awaitable[None]]


class RecordTaken(Exception):
    """The record that is worked on is gone, or another worker's by now."""


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

    async def while_held(
        self, record_id: UUID, token: UUID, work: Coroutine[Any, Any, Result]
    ) -> Result:
        """Do something for as long as the lease is held, and return what came of it.

        Raises RecordTaken, and stops the work, when the record is gone or another's meanwhile:
        nothing that comes of it could be stored. Where it is cancelled, another may begin at once:
        that this process ends says nothing about the record.
        """
        working = asyncio.create_task(work)
        holding = asyncio.create_task(self._hold(record_id, token))
        try:
            await asyncio.wait({working, holding}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise RecordTaken
            return working.result()
        except asyncio.CancelledError:
            await stop_tasks(working, holding)
            await self.give_back(record_id, token)
            raise
        finally:
            await stop_tasks(working, holding)

    async def give_back(self, record_id: UUID, token: UUID) -> bool:
        """Give a record back as if it had not been begun; return whether it was ours."""

        def untouched(record: Record, _now: datetime) -> None:
            record.attempts -= 1
            record.lease_token = record.lease_expires_at = None

        return await self._change(record_id, token, untouched)

    async def _hold(self, record_id: UUID, token: UUID) -> None:
        """Renew the lease, and return when it is no longer ours.

        A database that is away ends nothing: the lease has its time, and every write checks it.
        """
        heartbeat_s = self._lease.total_seconds() / _HEARTBEATS_A_LEASE
        loop = asyncio.get_running_loop()
        renew_at = loop.time() + heartbeat_s
        while True:
            await asyncio.sleep(min(_LOOK_S, heartbeat_s))
            try:
                if loop.time() < renew_at:
                    is_ours = await self.is_held(record_id, token)
                else:
                    is_ours = await self._change(record_id, token, self._renew)
                    renew_at = loop.time() + heartbeat_s
            except (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy) as lost:
                _log.warning("records.lease_unseen", failure=describe_failure(lost))
            else:
                if not is_ours:
                    return

    async def is_held(self, record_id: UUID, token: UUID) -> bool:
        """Whether the lease is still ours."""
        async with self._database.reading(SYSTEM_ROWS) as session:
            record = await repository.get_record(session, record_id)
        return record is not None and record.lease_token == token

    def _renew(self, record: Record, now: datetime) -> None:
        record.lease_expires_at = now + self._lease

    async def _change(
        self, record_id: UUID, token: UUID, change: Callable[[Record, datetime], None]
    ) -> bool:
        """Change a record if the lease is still ours; return whether."""
        async with self._database.writing(SYSTEM_ROWS) as session:
            record = await repository.lock_record(session, record_id)
            if record is None or record.lease_token != token:
                return False
            change(record, self._clock())
            return True
