"""Sealed storage, put together: keys, objects, and what lies where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from navis_api.records.sealing.key_ring import KeyRing
from navis_api.records.sealing.master_key import LocalMasterKey, MasterKey
from navis_api.records.sealing.object_store import Objects
from navis_api.settings import Settings


@dataclass(frozen=True, slots=True)
class SealedStorage:
    """The keys of patients, and the objects that are sealed with them."""

    keys: KeyRing
    objects: Objects

    async def remove_all_but(
        self, patient_id: UUID, record_id: UUID, kept: Sequence[UUID] = ()
    ) -> int:
        """Remove a record's objects but for these; return how many. Raises StorageUnavailable."""
        wanted = {object_key(patient_id, record_id, each) for each in kept}
        return await self._remove(f"{patient_id}/{record_id}", wanted)

    async def remove_all_of(self, patient_id: UUID) -> int:
        """Remove every object of a patient; return how many. Raises StorageUnavailable."""
        return await self._remove(str(patient_id), frozenset())

    async def _remove(self, folder: str, kept: Collection[str]) -> int:
        removed = 0
        async for key in self.objects.keys(folder):
            if key not in kept:
                await self.objects.remove(key)
                removed += 1
        return removed


def object_key(patient_id: UUID, record_id: UUID, part_id: UUID) -> str:
    """Return where a part of a record's contents lies: names of ours, and none of a patient's."""
    return f"{patient_id}/{record_id}/{part_id}"


def sealed_storage(settings: Settings, master: MasterKey | None = None) -> SealedStorage:
    """Return the storage that the settings name; `master` stands for the key's file.

    Raises StorageAddressInvalid.
    """
    if settings.keys_url is None:
        keys = Objects.in_folder(settings.data_dir.absolute() / "record-keys")
    else:
        keys = Objects.at(settings.keys_url, setting="NAVIS_KEYS_URL")
    if settings.objects_url is None:
        objects = Objects.in_folder(settings.data_dir.absolute() / "objects")
    else:
        objects = Objects.at(settings.objects_url, setting="NAVIS_OBJECTS_URL")
    return SealedStorage(KeyRing(keys, master or local_master_key(settings)), objects)


def local_master_key(settings: Settings) -> LocalMasterKey:
    """Return the master key in the file that the settings name."""
    path: Path = settings.master_key_file or settings.data_dir / "keys" / "master.json"
    return LocalMasterKey(path.absolute())
