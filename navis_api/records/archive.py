"""What the API needs of records: where they lie, and how much of them one may have."""

from dataclasses import dataclass

from navis_api.records.sealing.storage import SealedStorage, sealed_storage
from navis_api.records.service import Limits
from navis_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Archive:
    """The place of patients' records, and its limits."""

    storage: SealedStorage
    limits: Limits

    @classmethod
    def of(cls, settings: Settings) -> "Archive":
        """Return the archive that the settings name. Raises StorageAddressInvalid."""
        return cls(sealed_storage(settings), Limits.of(settings))
