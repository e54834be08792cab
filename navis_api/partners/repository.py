"""All queries on partners and their keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.paging import Order, Page, PageRequest, fetch_page
from navis_api.partners.errors import PartnerKeyUnknown, PartnerUnknown
from navis_api.partners.models import Partner, PartnerKey

_BY_NAME = Order("partners", (func.lower(Partner.name, type_=Text()), Partner.id), (str, UUID))
_NAMES = "navis partner names"


@dataclass(frozen=True, slots=True)
class KeyOfPartner:
    """A key with what has to be known of its partner."""

    key: PartnerKey
    origins: list[str]


async def list_partners(session: AsyncSession, page: PageRequest) -> Page[Partner]:
    """Return a page of partners, by name."""
    return await fetch_page(session, select(Partner), _BY_NAME, page)


async def list_all(session: AsyncSession) -> Sequence[Partner]:
    """Return every partner, by name."""
    return (await session.scalars(select(Partner).order_by(*_BY_NAME.columns))).all()


async def keys_of(session: AsyncSession, partner_ids: Sequence[UUID]) -> Sequence[PartnerKey]:
    """Return the keys of these partners, the oldest first."""
    return (
        await session.scalars(
            select(PartnerKey)
            .where(PartnerKey.partner_id.in_(partner_ids))
            .order_by(PartnerKey.created_at, PartnerKey.id)
        )
    ).all()


async def require_partner(session: AsyncSession, partner_id: UUID) -> Partner:
    """Return a partner, held until the transaction ends. Raises PartnerUnknown."""
    found = await session.scalar(select(Partner).where(Partner.id == partner_id).with_for_update())
    if found is None:
        raise PartnerUnknown
    return found


async def get_partner_named(session: AsyncSession, name: str) -> Partner | None:
    """Return the partner with this name, whatever the case of its letters."""
    return await session.scalar(select(Partner).where(func.lower(Partner.name) == func.lower(name)))


async def hold_names(session: AsyncSession) -> None:
    """Let nobody else give a partner a name until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(literal(_NAMES), 0)))
    )


async def require_key(session: AsyncSession, key_id: UUID) -> PartnerKey:
    """Return a key, held until the transaction ends. Raises PartnerKeyUnknown."""
    found = await session.scalar(
        select(PartnerKey).where(PartnerKey.id == key_id).with_for_update()
    )
    if found is None:
        raise PartnerKeyUnknown
    return found


async def get_by_digest(session: AsyncSession, digest: bytes) -> KeyOfPartner | None:
    """Return the key with this SHA-256, and its partner's origins."""
    row = (
        await session.execute(
            select(PartnerKey, Partner.origins)
            .join(Partner, Partner.id == PartnerKey.partner_id)
            .where(PartnerKey.digest == digest)
        )
    ).one_or_none()
    return KeyOfPartner(row[0], row[1]) if row is not None else None


async def list_origins(session: AsyncSession) -> list[str]:
    """Return the origins of all partners."""
    return list(
        await session.scalars(select(func.unnest(Partner.origins, type_=Text())).distinct())
    )


async def note_used(
    session: AsyncSession, key_ids: Sequence[UUID], *, now: datetime, unless_since: datetime
) -> None:
    """Note when keys were used, for those that nobody has noted since a moment."""
    await session.execute(
        update(PartnerKey)
        .where(
            PartnerKey.id.in_(key_ids),
            or_(PartnerKey.last_used_at.is_(None), PartnerKey.last_used_at < unless_since),
        )
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )


async def valid_among(
    session: AsyncSession, key_ids: Sequence[UUID], *, now: datetime
) -> set[UUID]:
    """Return those of these keys that are neither revoked nor expired."""
    return set(
        await session.scalars(
            select(PartnerKey.id).where(
                PartnerKey.id.in_(key_ids),
                PartnerKey.revoked_at.is_(None),
                or_(PartnerKey.expires_at.is_(None), PartnerKey.expires_at > now),
            )
        )
    )
