"""Decisions on partners: who they are, and from where their pages may come."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.paging import Page, PageRequest
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.kit.text import squeeze
from navis_api.partners import repository
from navis_api.partners.acting import Acting
from navis_api.partners.errors import PartnerUnknown
from navis_api.partners.models import Partner, PartnerKey
from navis_api.partners.origins import normal_origins

MAX_NAME_CHARS = 200

_PARTNER = "partner"


async def list_partners(
    session: AsyncSession, page: PageRequest, *, acting: Acting
) -> tuple[Page[Partner], dict[UUID, list[PartnerKey]]]:
    """Return a page of partners by name, and the keys of each. Raises AdministratorsOnly."""
    acting.require_administrator()
    found = await repository.list_partners(session, page)
    keys = await keys_by_partner(session, found.rows)
    await acting.note(session, "partner.list", detail={"partners": len(found.rows)})
    return found, keys


async def keys_by_partner(
    session: AsyncSession, partners: Sequence[Partner]
) -> dict[UUID, list[PartnerKey]]:
    """Return the keys of these partners, the oldest first, with an empty list for one without."""
    keys: dict[UUID, list[PartnerKey]] = {partner.id: [] for partner in partners}
    for key in await repository.keys_of(session, list(keys)):
        keys[key.partner_id].append(key)
    return keys


async def create_partner(
    session: AsyncSession, *, name: str, origins: Sequence[str], acting: Acting
) -> Partner:
    """Add a partner. Raises AdministratorsOnly and InvalidInput."""
    acting.require_administrator()
    partner = Partner(
        id=new_id(),
        name=await _free_name(session, name),
        origins=normal_origins(origins),
        created_at=acting.now,
        updated_at=acting.now,
    )
    session.add(partner)
    detail = {"origins": len(partner.origins)}
    await acting.note(session, "partner.create", _PARTNER, partner.id, detail)
    return partner


async def update_partner(
    session: AsyncSession,
    partner_id: UUID,
    *,
    name: str | None,
    origins: Sequence[str] | None,
    acting: Acting,
) -> Partner:
    """Change a partner's name or origins; None leaves them as they are.

    Raises AdministratorsOnly, PartnerUnknown and InvalidInput.
    """
    acting.require_administrator()
    partner = await repository.require_partner(session, partner_id)
    if name is not None:
        partner.name = await _free_name(session, name, unless=partner.id)
    if origins is not None:
        partner.origins = normal_origins(origins)
    partner.updated_at = acting.now
    detail = {
        "renamed": name is not None,
        "origins": len(partner.origins) if origins is not None else None,
    }
    await acting.note(session, "partner.update", _PARTNER, partner.id, detail)
    return partner


async def require_partner_named(session: AsyncSession, name: str) -> Partner:
    """Return the partner with this name. Raises PartnerUnknown."""
    found = await repository.get_partner_named(session, squeeze(name))
    if found is None:
        raise PartnerUnknown
    return found


async def _free_name(session: AsyncSession, given: str, *, unless: UUID | None = None) -> str:
    name = squeeze(given)
    if not 1 <= len(name) <= MAX_NAME_CHARS or not name.isprintable():
        raise InvalidInput(
            f"A partner's name has 1 to {MAX_NAME_CHARS} characters on one line.",
            path=("input", "name"),
        )
    # Two who choose the same name at once: the second one waits, and is told.
    await repository.hold_names(session)
    other = await repository.get_partner_named(session, name)
    if other is not None and other.id != unless:
        raise InvalidInput(
            "There is a partner with this name. Choose another, or use that one.",
            path=("input", "name"),
        )
    return name
