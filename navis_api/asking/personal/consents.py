"""Which consents a personal answer needs, and whether they stand at this moment."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.service import has_consent, has_consent_of
from navis_api.settings import EngineName, Settings


@dataclass(frozen=True, slots=True)
class NeededConsents:
    """What has to be allowed, by where answers are written.

    `is_remote`: by a generation server of the operator's. A language model is somebody else's
    process in any case.
    """

    is_remote: bool

    @classmethod
    def of(cls, settings: Settings) -> "NeededConsents":
        """Return them as the settings have it."""
        return cls(is_remote=settings.generation_url is not None)

    def purposes(self, engine: str) -> tuple[ConsentPurpose, ...]:
        """Return what has to be allowed for an answer by this engine."""
        if self.is_remote or engine != EngineName.EXTRACTIVE:
            return (ConsentPurpose.PERSONAL_ANSWERS, ConsentPurpose.EXTERNAL_PROCESSING)
        return (ConsentPurpose.PERSONAL_ANSWERS,)

    async def missing(self, session: AsyncSession, engine: str) -> list[ConsentPurpose]:
        """Return what the viewer of the session doesn't allow, of what has to be."""
        return [
            purpose for purpose in self.purposes(engine) if not await has_consent(session, purpose)
        ]

    async def stand(self, session: AsyncSession, patient_id: UUID, engine: str) -> bool:
        """Whether a patient allows all of it: for our own code."""
        return all(
            [
                await has_consent_of(session, patient_id, purpose)
                for purpose in self.purposes(engine)
            ]
        )
