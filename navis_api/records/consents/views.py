"""A consent as its patient sees it: what is asked, and what they said to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from navis_api.records.consents.models import Consent, ConsentPurpose
from navis_api.records.consents.texts import current_version


class ConsentState(StrEnum):
    """Whether a patient allows something. Only GRANTED allows it."""

    NOT_GRANTED = "NOT_GRANTED"
    GRANTED = "GRANTED"
    OUTDATED = "OUTDATED"
    """Given to an older text: it doesn't count for what the text says now."""
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What a patient says of one purpose. `version` is the text's that is asked for now.

    `granted_version`, `granted_at` and `revoked_at` are of what they said last; all are None
    where they never gave it.
    """

    purpose: ConsentPurpose
    version: int
    granted_version: int | None = None
    granted_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def state(self) -> ConsentState:
        """Whether they allow it."""
        if self.granted_at is None:
            return ConsentState.NOT_GRANTED
        if self.revoked_at is not None:
            return ConsentState.REVOKED
        if self.granted_version != self.version:
            return ConsentState.OUTDATED
        return ConsentState.GRANTED

    @classmethod
    def of(cls, purpose: ConsentPurpose, last: Consent | None) -> Self:
        """Return a purpose with what the patient said of it last."""
        version = current_version(purpose)
        if last is None:
            return cls(purpose, version)
        return cls(purpose, version, last.version, last.granted_at, last.revoked_at)
