"""Wrapping patients' keys anew, after the master key was changed."""

from collections.abc import Callable
from contextlib import suppress

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.records import repository
from navis_api.records.sealing.errors import KeyGone
from navis_api.records.sealing.key_ring import KeyRing

_A_PAGE = 500


async def rewrap_all(database: Database, keys: KeyRing, tell: Callable[[int], None]) -> int:
    """Wrap the key of every patient anew; return how many. `tell` hears of it on the way.

    Each while its patient's row is held: a key that is destroyed meanwhile stays destroyed.
    Raises MasterKeyInvalid and StorageUnavailable; then it can be done again from the start.
    """
    async with database.writing(SYSTEM_ROWS) as session:
        # Who began before the change may still wrap a key with the former master key.
        await repository.wait_for_keys(session)
    count = 0
    after = None
    while True:
        async with database.reading(SYSTEM_ROWS) as session:
            page = await repository.list_patients(session, after=after, limit=_A_PAGE)
        for patient_id in page:
            async with database.writing(SYSTEM_ROWS) as session:
                if await repository.hold_patient(session, patient_id):
                    with suppress(KeyGone):
                        await keys.rewrap(patient_id)
                        count += 1
            tell(count)
        if len(page) < _A_PAGE:
            return count
        after = page[-1]
