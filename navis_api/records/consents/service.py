"""Giving a consent and taking it back, and asking whether it stands.

Whoever uses what a consent allows asks here at that moment, in the transaction of the use:
nothing is remembered.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.acting import Acting
from navis_api.records.consents import repository
from navis_api.records.consents.errors import ConsentVersionPassed
from navis_api.records.consents.models import Consent, ConsentPurpose
from navis_api.records.consents.texts import current_version
from navis_api.records.consents.views import ConsentView
from navis_api.records.patients import patient_with_key
from navis_api.records.sealing.storage import SealedStorage


async def has_consent(session: AsyncSession, purpose: ConsentPurpose) -> bool:
    """Whether the viewer of the session allows this, in the words that stand now.

    False for whoever isn't a patient, and for a session of our own code.
    """
    return await repository.is_open(session, purpose, version=current_version(purpose))


async def has_consent_of(session: AsyncSession, patient_id: UUID, purpose: ConsentPurpose) -> bool:
    """Whether a patient allows this, in the words that stand now: for our own code."""
    return await repository.is_open_of(
        session, patient_id, purpose, version=current_version(purpose)
    )


async def read_consents(session: AsyncSession, acting: Acting) -> list[ConsentView]:
    """Return every purpose with what the viewer says of it."""
    last = {each.purpose: each for each in await repository.list_latest(session)}
    views = [ConsentView.of(purpose, last.get(purpose)) for purpose in ConsentPurpose]
    await acting.note(session, "consent.list")
    return views


async def grant(
    session: AsyncSession,
    storage: SealedStorage,
    purpose: ConsentPurpose,
    version: int,
    acting: Acting,
) -> ConsentView:
    """Write that the patient consents to a purpose, in the words of this version.

    It takes the place of a consent to an older one. Doing it again changes nothing. Raises
    ConsentVersionPassed, and StorageUnavailable.
    """
    if version != current_version(purpose):
        raise ConsentVersionPassed
    patient, _ = await patient_with_key(session, storage, acting)
    before = await repository.lock_open(session, purpose)
    if before is not None and before.version == version:
        return ConsentView.of(purpose, before)
    if before is not None:
        await _end(session, before, acting)
    given = Consent(patient_id=patient.id, purpose=purpose, version=version, granted_at=acting.now)
    session.add(given)
    await session.flush()
    await acting.note(session, "consent.grant", detail={"purpose": purpose, "version": version})
    return ConsentView.of(purpose, given)


async def revoke(session: AsyncSession, purpose: ConsentPurpose, acting: Acting) -> ConsentView:
    """Take the patient's consent back, whichever version it was given to.

    Doing it again changes nothing, and neither does it where none was given.
    """
    given = await repository.lock_open(session, purpose)
    if given is not None:
        await _end(session, given, acting)
        await acting.note(
            session, "consent.revoke", detail={"purpose": purpose, "version": given.version}
        )
        return ConsentView.of(purpose, given)
    last = {each.purpose: each for each in await repository.list_latest(session)}
    return ConsentView.of(purpose, last.get(purpose))


async def _end(session: AsyncSession, consent: Consent, acting: Acting) -> None:
    # Another process's clock may be a little ahead of ours.
    consent.revoked_at = max(acting.now, consent.granted_at)
    await session.flush()
