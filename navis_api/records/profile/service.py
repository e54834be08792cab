"""Reading a patient's profile: theirs by themselves, or by our own code for them."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.acting import Acting
from navis_api.records.findings.models import StoredFinding
from navis_api.records.findings.sealed import view_of
from navis_api.records.profile import repository
from navis_api.records.profile.assembling import assemble
from navis_api.records.profile.facts import NO_PROFILE, Profile
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage


async def read_profile(session: AsyncSession, storage: SealedStorage, acting: Acting) -> Profile:
    """Return the viewer's own profile, and note in the audit record that it was read.

    Empty for whoever has no findings, and for who isn't a patient. Raises StorageUnavailable.
    """
    rows = await repository.list_of_viewer(session)
    profile = await _opened(storage, rows)
    if rows:
        records = len({row.record_id for row in rows})
        await acting.note(
            session, "profile.read", detail={"records": records, "findings": len(rows)}
        )
    return profile


async def read_profile_of(
    session: AsyncSession, storage: SealedStorage, patient_id: UUID
) -> Profile:
    """Return a patient's profile, for our own code that works for them.

    Whoever calls it has asked for the consent, and notes what it is read for in the audit record:
    nothing is noted here. Empty where the session doesn't see the patient. Raises
    StorageUnavailable.
    """
    return await _opened(storage, await repository.list_of(session, patient_id))


async def _opened(storage: SealedStorage, rows: Sequence[StoredFinding]) -> Profile:
    if not rows:
        return NO_PROFILE
    key = await storage.keys.open(rows[0].patient_id)
    # Beside the loop: a patient may have thousands of findings, and each is unsealed.
    return await asyncio.to_thread(_assembled, rows, key)


def _assembled(rows: Sequence[StoredFinding], key: PatientKey) -> Profile:
    return assemble([view_of(row, key) for row in rows])
