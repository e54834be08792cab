"""All queries on consents, as whoever the session acts for: row security does the rest."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.records.consents.models import Consent, ConsentPurpose

# Said beside row security, which shows our own code everybody's.
_IS_VIEWERS: ColumnElement[bool] = Consent.patient_id == func.navis_patient()


async def list_latest(session: AsyncSession) -> Sequence[Consent]:
    """Return the viewer's latest consent to each purpose: one that hasn't ended comes first."""
    found = await session.scalars(
        select(Consent)
        .where(_IS_VIEWERS)
        .ext(distinct_on(Consent.purpose))
        .order_by(
            Consent.purpose,
            Consent.revoked_at.is_(None).desc(),
            Consent.granted_at.desc(),
            Consent.id.desc(),
        )
    )
    return found.all()


async def lock_open(session: AsyncSession, purpose: ConsentPurpose) -> Consent | None:
    """Return the viewer's consent that hasn't ended, held until the transaction ends."""
    return await session.scalar(
        select(Consent)
        .where(_IS_VIEWERS, Consent.purpose == purpose, Consent.revoked_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def is_open(session: AsyncSession, purpose: ConsentPurpose, *, version: int) -> bool:
    """Whether the viewer's consent to this version stands."""
    return await _is_open(session, _IS_VIEWERS, purpose, version)


async def is_open_of(
    session: AsyncSession, patient_id: UUID, purpose: ConsentPurpose, *, version: int
) -> bool:
    """Whether a patient's consent to this version stands, as far as the session sees it."""
    return await _is_open(session, Consent.patient_id == patient_id, purpose, version)


async def _is_open(
    session: AsyncSession, whose: ColumnElement[bool], purpose: ConsentPurpose, version: int
) -> bool:
    stands = exists().where(
        whose,
        Consent.purpose == purpose,
        Consent.version == version,
        Consent.revoked_at.is_(None),
    )
    return bool(await session.scalar(select(stands)))
