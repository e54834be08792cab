"""Decisions on endpoints: adding, changing and removing them, and their secrets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.partners import repository as partners
from navis_api.partners.acting import Acting
from navis_api.partners.keys import MAX_OVERLAP
from navis_api.partners.webhooks import repository
from navis_api.partners.webhooks.addresses import require_url
from navis_api.partners.webhooks.models import DisabledFor, EventType, WebhookEndpoint
from navis_api.partners.webhooks.secrets import Sealing, Secret, seal

MAX_ENDPOINTS = 20
"""Of one partner: each change is sent to all of them."""
MAX_CANCERS = 100

_ENDPOINT = "webhook_endpoint"


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """What holds for endpoints here: whether private addresses will do, and how secrets are kept.

    In production they won't, whatever else is set.
    """

    private: bool
    sealing: Sealing


class EndpointState(StrEnum):
    """Whether an endpoint is told of anything, or else why not."""

    ACTIVE = "ACTIVE"
    KEYLESS = "KEYLESS"
    DISABLED = "DISABLED"
    GONE = "GONE"
    FAILED = "FAILED"


_DISABLED = {
    DisabledFor.ADMINISTRATOR: EndpointState.DISABLED,
    DisabledFor.GONE: EndpointState.GONE,
    DisabledFor.FAILING: EndpointState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint, and whether its partner has no key with the scope WEBHOOKS that holds."""

    row: WebhookEndpoint
    keyless: bool = False

    @property
    def state(self) -> EndpointState:
        """Whether it is told of anything."""
        if self.row.disabled_for is not None:
            return _DISABLED[self.row.disabled_for]
        return EndpointState.KEYLESS if self.keyless else EndpointState.ACTIVE


@dataclass(frozen=True, slots=True)
class NewSecret:
    """An endpoint and its secret, which nobody can look up afterwards."""

    endpoint: Endpoint
    secret: str = field(repr=False)


async def create_endpoint(
    session: AsyncSession,
    partner_id: UUID,
    *,
    url: str,
    events: Sequence[EventType],
    cancers: Sequence[str],
    rules: EndpointRules,
    catalogue: Catalogue,
    acting: Acting,
) -> NewSecret:
    """Have a partner be told of changes at an address. `cancers` are slugs; none: of all.

    Raises AdministratorsOnly, PartnerUnknown and InvalidInput.
    """
    acting.require_administrator()
    partner = await partners.require_partner(session, partner_id)
    if not await repository.may_hear(session, partner.id, now=acting.now):
        raise InvalidInput(
            "A partner is told of changes while it has a secret key with the scope WEBHOOKS. Make"
            " one first.",
            path=("input", "partnerId"),
        )
    if len(await repository.endpoints_of(session, [partner.id])) >= MAX_ENDPOINTS:
        raise InvalidInput(
            f"A partner has {MAX_ENDPOINTS} endpoints at most. Remove one first.",
            path=("input", "partnerId"),
        )
    id_, secret = new_id(), Secret.new()
    await repository.hold_secrets(session)
    endpoint = WebhookEndpoint(
        id=id_,
        partner_id=partner.id,
        url=require_url(url, private=rules.private),
        events=_events(events),
        cancer_ids=_cancer_ids(cancers, catalogue),
        secret=await seal(secret, id_, rules.sealing),
        created_at=acting.now,
        updated_at=acting.now,
    )
    session.add(endpoint)
    await acting.note(session, f"{_ENDPOINT}.create", _ENDPOINT, id_, _described(endpoint))
    return NewSecret(Endpoint(endpoint), secret.text)


async def update_endpoint(
    session: AsyncSession,
    endpoint_id: UUID,
    *,
    url: str | None,
    events: Sequence[EventType] | None,
    cancers: Sequence[str] | None,
    enabled: bool | None,
    rules: EndpointRules,
    catalogue: Catalogue,
    acting: Acting,
) -> Endpoint:
    """Change an endpoint; None leaves things as they are.

    Disabling drops what still waits for it. Enabling begins anew: what happened meanwhile is in
    the list of changes. Raises AdministratorsOnly, EndpointUnknown and InvalidInput.
    """
    acting.require_administrator()
    endpoint = await repository.require_endpoint(session, endpoint_id)
    if url is not None:
        endpoint.url = require_url(url, private=rules.private)
    if events is not None:
        endpoint.events = _events(events)
    if cancers is not None:
        endpoint.cancer_ids = _cancer_ids(cancers, catalogue)
    if enabled is True:
        endpoint.disabled_at = endpoint.disabled_for = endpoint.failing_since = None
    elif enabled is False and endpoint.disabled_at is None:
        endpoint.disabled_at, endpoint.disabled_for = acting.now, DisabledFor.ADMINISTRATOR
        await repository.give_up_all(session, endpoint.id, now=acting.now)
    endpoint.updated_at = acting.now
    detail = {**_described(endpoint), "moved": url is not None, "enabled": enabled}
    await acting.note(session, f"{_ENDPOINT}.update", _ENDPOINT, endpoint.id, detail)
    return await _seen(session, endpoint, acting)


async def rotate_secret(
    session: AsyncSession,
    endpoint_id: UUID,
    *,
    overlap: timedelta,
    rules: EndpointRules,
    acting: Acting,
) -> NewSecret:
    """Make a new secret; requests are signed with the former one too for `overlap`.

    Raises AdministratorsOnly, EndpointUnknown and InvalidInput.
    """
    acting.require_administrator()
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        raise InvalidInput(
            f"Both secrets may be valid for 0 hours to {MAX_OVERLAP.days} days.",
            path=("input", "overlapHours"),
        )
    await repository.hold_secrets(session)
    endpoint = await repository.require_endpoint(session, endpoint_id)
    secret = Secret.new()
    former = endpoint.secret
    endpoint.secret = await seal(secret, endpoint.id, rules.sealing)
    # Without an overlap nothing is signed with it any more, so nothing of it is kept.
    endpoint.old_secret = former if overlap else None
    endpoint.old_secret_until = acting.now + overlap if overlap else None
    endpoint.updated_at = acting.now
    detail = {"partner_id": endpoint.partner_id, "old_until": endpoint.old_secret_until}
    await acting.note(session, f"{_ENDPOINT}.rotate", _ENDPOINT, endpoint.id, detail)
    return NewSecret(await _seen(session, endpoint, acting), secret.text)


async def remove_endpoint(
    session: AsyncSession, endpoint_id: UUID, *, acting: Acting
) -> WebhookEndpoint:
    """Remove an endpoint for good, with its log, and return what it was.

    Raises AdministratorsOnly and EndpointUnknown.
    """
    acting.require_administrator()
    endpoint = await repository.require_endpoint(session, endpoint_id)
    await repository.remove_endpoint(session, endpoint)
    await acting.note(session, f"{_ENDPOINT}.remove", _ENDPOINT, endpoint.id, _described(endpoint))
    return endpoint


async def endpoints_by_partner(
    session: AsyncSession, partner_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, list[Endpoint]]:
    """Return the endpoints of these partners, the oldest first, an empty list for one without."""
    found: dict[UUID, list[Endpoint]] = {each: [] for each in partner_ids}
    deaf = await repository.deaf_among(session, partner_ids, now=now)
    for row in await repository.endpoints_of(session, partner_ids):
        found[row.partner_id].append(Endpoint(row, keyless=row.partner_id in deaf))
    return found


async def _seen(session: AsyncSession, endpoint: WebhookEndpoint, acting: Acting) -> Endpoint:
    heard = await repository.may_hear(session, endpoint.partner_id, now=acting.now)
    return Endpoint(endpoint, keyless=not heard)


def _events(given: Sequence[EventType]) -> list[str]:
    if not given:
        raise InvalidInput(
            "An endpoint is told of one type of event at least.", path=("input", "events")
        )
    return [each.value for each in EventType if each in given]


def _cancer_ids(slugs: Sequence[str], catalogue: Catalogue) -> list[UUID]:
    if len(slugs) > MAX_CANCERS:
        raise InvalidInput(
            f"An endpoint names {MAX_CANCERS} cancers at most. One stands for its subtypes too.",
            path=("input", "cancers"),
        )
    unknown = [each for each in slugs if each not in catalogue.by_slug]
    if unknown:
        raise InvalidInput(
            "A cancer isn't known here. `cancers` are slugs, as `cancers { nodes { slug } }` lists"
            " them.",
            path=("input", "cancers"),
        )
    return [catalogue.by_slug[each].id for each in dict.fromkeys(slugs)]


def _described(endpoint: WebhookEndpoint) -> dict[str, int | UUID | list[str]]:
    """Return what the audit record may hold of an endpoint. Its address may hold a secret."""
    return {
        "partner_id": endpoint.partner_id,
        "events": list(endpoint.events),
        "cancers": len(endpoint.cancer_ids),
    }
