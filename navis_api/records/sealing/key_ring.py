"""Patients' keys: each wrapped by the master key, in a place that no backup keeps.

They are no rows of the database: a backup of it would hold them, and with the master key, which
lives on, open what a patient has had erased.
"""

from uuid import UUID

from navis_api.records.sealing import binding
from navis_api.records.sealing.errors import KeyGone
from navis_api.records.sealing.master_key import MasterKey
from navis_api.records.sealing.object_store import ObjectMissing, Objects, ObjectTaken
from navis_api.records.sealing.patient_key import PatientKey

_FOLDER = "patients"


class KeyRing:
    """Makes, opens and destroys patients' keys. All may raise StorageUnavailable."""

    def __init__(self, places: Objects, master: MasterKey) -> None:
        self._places = places
        self._master = master

    async def require_reachable(self) -> None:
        """Return if the place of the keys answers."""
        await self._places.require_reachable()

    async def make(self, patient_id: UUID) -> PatientKey:
        """Make a patient's key, or return the one that is there."""
        key = PatientKey.make()
        wrapped = await self._master.wrap(key.to_bytes(), binding.key_of(patient_id))
        try:
            await self._places.put(_place(patient_id), wrapped)
        except ObjectTaken:
            return await self.open(patient_id)
        return key

    async def open(self, patient_id: UUID) -> PatientKey:
        """Return a patient's key. Raises KeyGone, and MasterKeyInvalid."""
        try:
            wrapped = await self._places.get(_place(patient_id))
        except ObjectMissing:
            raise KeyGone from None
        return PatientKey.from_bytes(await self._master.unwrap(wrapped, binding.key_of(patient_id)))

    async def destroy(self, patient_id: UUID) -> None:
        """Destroy a patient's key: no copy of what it sealed can be read any more."""
        await self._places.remove(_place(patient_id))

    async def rewrap(self, patient_id: UUID) -> None:
        """Wrap a patient's key anew, with the newest master key. Raises KeyGone.

        Whoever calls it holds the patient's row, so that a key which is destroyed meanwhile
        isn't written once more. Wrapped twice is as good as once.
        """
        key = await self.open(patient_id)
        wrapped = await self._master.wrap(key.to_bytes(), binding.key_of(patient_id))
        await self._places.put(_place(patient_id), wrapped, replacing=True)


def _place(patient_id: UUID) -> str:
    return f"{_FOLDER}/{patient_id}"
