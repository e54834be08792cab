"""A patient's key that may be gone: what it sealed is named then, and the rest is given."""

from uuid import UUID

from navis_api.records.sealing.errors import KeyGone
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage


async def key_of(storage: SealedStorage, patient_id: UUID) -> PatientKey | None:
    """Return a patient's key; None where it is gone. Raises StorageUnavailable."""
    try:
        return await storage.keys.open(patient_id)
    except KeyGone:
        return None


def there(key: PatientKey | None) -> PatientKey:
    """Return a key where one is needed. Raises KeyGone."""
    if key is None:
        raise KeyGone
    return key
