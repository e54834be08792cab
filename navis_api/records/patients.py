"""A patient of ours: made with their key when they first entrust something to us."""

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records import repository
from navis_api.records.acting import Acting
from navis_api.records.models import Patient
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage


async def patient_with_key(
    session: AsyncSession, storage: SealedStorage, acting: Acting
) -> tuple[Patient, PatientKey]:
    """Return the patient who acts, held until the transaction ends, and their key.

    Both are made when they aren't there. Raises KeyGone and StorageUnavailable.
    """
    patient, is_new = await repository.add_or_lock_patient(session, acting.subject)
    if is_new:
        await repository.begin_making_key(session)
        return patient, await storage.keys.make(patient.id)
    # Whose key is gone gets no other one: what it sealed would be lost without a word.
    return patient, await storage.keys.open(patient.id)
