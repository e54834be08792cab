"""What follows once the rows are gone: the key is destroyed, and the objects are removed."""

import asyncio
from datetime import datetime
from typing import Final
from uuid import UUID

from navis_api.audit.service import SYSTEM_ACTOR, record
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import Clock
from navis_api.personal_data.erasing import repository
from navis_api.personal_data.erasing.models import Erasure
from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.records.sealing.storage import SealedStorage

_PATIENCE_S: Final = 10.0
"""The key takes a moment; a thousand objects in a bucket far away may take a minute."""


async def finish(
    database: Database, storage: SealedStorage, erasure_id: UUID, *, clock: Clock
) -> Erasure:
    """Destroy the key, remove the objects, and return the receipt, which says so.

    It may be done at any time again, and by two at once: each step is taken whatever the
    receipt says, since somebody who was still at work may have left something. Raises
    StorageUnavailable; then it is done later by the job.
    """
    erasure = await find(database, erasure_id)
    await storage.keys.destroy(erasure.pseudonym)
    await _note(database, erasure_id, "key_destroyed_at", "patient.destroy_key", now=clock())
    await storage.remove_all_of(erasure.pseudonym)
    return await _note(
        database, erasure_id, "objects_removed_at", "patient.remove_objects", now=clock()
    )


async def finish_now(
    database: Database, storage: SealedStorage, erasure_id: UUID, *, clock: Clock
) -> Erasure:
    """Do the same for somebody who waits: what takes longer than some seconds the job does."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await finish(database, storage, erasure_id, clock=clock)
    except (StorageUnavailable, TimeoutError):
        return await find(database, erasure_id)


async def find(database: Database, erasure_id: UUID) -> Erasure:
    """Return a receipt as it stands."""
    async with database.reading(SYSTEM_ROWS) as session:
        erasure = await repository.get_erasure(session, erasure_id)
    if erasure is None:
        message = "a receipt stays, and this one isn't there"
        raise LookupError(message)
    return erasure


async def _note(
    database: Database, erasure_id: UUID, step: str, action: str, *, now: datetime
) -> Erasure:
    """Write when a step was taken for the first time."""
    async with database.writing(SYSTEM_ROWS) as session:
        erasure = await repository.lock_erasure(session, erasure_id)
        assert erasure is not None
        if getattr(erasure, step) is None:
            setattr(erasure, step, now)
            await record(
                session,
                SYSTEM_ACTOR,
                action,
                object_type="patient",
                object_id=erasure.pseudonym,
                detail={"receipt": erasure.id},
                now=now,
            )
    return erasure
