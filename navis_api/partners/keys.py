"""Decisions on keys: making, rotating and revoking them. What is made is shown once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.errors import InvalidInput
from navis_api.identity.viewer import KeyScope
from navis_api.kit.ids import new_id
from navis_api.partners import repository
from navis_api.partners.acting import Acting
from navis_api.partners.key_text import KeyEnvironment, KeyKind, new_key_text
from navis_api.partners.models import PartnerKey

API_VERSIONS = ("2026-11-21",)
"""The versions of the contract that there are, the newest last: a key is pinned to one."""

MAX_POINTS = 10_000_000
MAX_RESTORED_PER_S = 1_000_000
MAX_OVERLAP = timedelta(days=30)

_KEY = "partner_key"
_BY_BROWSERS = frozenset({KeyScope.READ_CONTENT, KeyScope.ASK})


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """A key as an administrator wants it. `points` and `restored_per_s` go together."""

    kind: KeyKind
    environment: KeyEnvironment = KeyEnvironment.LIVE
    scopes: Sequence[KeyScope] = (KeyScope.READ_CONTENT,)
    expires_at: datetime | None = None
    points: int | None = None
    restored_per_s: int | None = None
    api_version: str = API_VERSIONS[-1]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and its secret, which nobody can look up afterwards."""

    key: PartnerKey
    secret: str = field(repr=False)


async def create_key(
    session: AsyncSession, partner_id: UUID, draft: KeyDraft, *, acting: Acting
) -> NewKey:
    """Make a key for a partner.

    Raises AdministratorsOnly, PartnerUnknown and InvalidInput.
    """
    acting.require_administrator()
    _check(draft, now=acting.now)
    partner = await repository.require_partner(session, partner_id)
    made = _made(partner.id, draft, replaces=None, now=acting.now)
    session.add(made.key)
    await acting.note(session, "partner_key.create", _KEY, made.key.id, _described(made.key))
    return made


async def rotate_key(
    session: AsyncSession, key_id: UUID, *, overlap: timedelta, acting: Acting
) -> NewKey:
    """Make a key in another's place; that one goes on for `overlap`, or until its own end.

    Raises AdministratorsOnly, PartnerKeyUnknown and InvalidInput.
    """
    acting.require_administrator()
    if not timedelta(0) <= overlap <= MAX_OVERLAP:
        raise InvalidInput(
            f"Both keys may be valid for 0 hours to {MAX_OVERLAP.days} days.",
            path=("input", "overlapHours"),
        )
    old = await repository.require_key(session, key_id)
    if has_ended(old, now=acting.now):
        raise InvalidInput(
            "This key is revoked or has expired. Make a new one with `createPartnerKey`.",
            path=("input", "keyId"),
        )
    draft = KeyDraft(
        kind=old.kind,
        environment=old.environment,
        scopes=[KeyScope(each) for each in old.scopes],
        points=old.points,
        restored_per_s=old.restored_per_s,
        api_version=old.api_version,
    )
    made = _made(old.partner_id, draft, replaces=old.id, now=acting.now)
    session.add(made.key)
    end = acting.now + overlap
    old.expires_at = end if old.expires_at is None else min(end, old.expires_at)
    detail = {**_described(made.key), "replaces": old.id, "old_until": old.expires_at}
    await acting.note(session, "partner_key.rotate", _KEY, made.key.id, detail)
    return made


async def revoke_key(session: AsyncSession, key_id: UUID, *, acting: Acting) -> PartnerKey:
    """Take a key back: within seconds no process takes it any more. Again changes nothing.

    Raises AdministratorsOnly and PartnerKeyUnknown.
    """
    acting.require_administrator()
    key = await repository.require_key(session, key_id)
    if key.revoked_at is None:
        key.revoked_at = acting.now
        await acting.note(session, "partner_key.revoke", _KEY, key.id, _described(key))
    return key


def has_ended(key: PartnerKey, *, now: datetime) -> bool:
    """Return whether a key lets nobody in any more."""
    return key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)


def _made(partner_id: UUID, draft: KeyDraft, *, replaces: UUID | None, now: datetime) -> NewKey:
    text = new_key_text(draft.kind, draft.environment)
    key = PartnerKey(
        id=new_id(),
        partner_id=partner_id,
        kind=draft.kind,
        environment=draft.environment,
        digest=text.digest,
        last_four=text.last_four,
        scopes=[each.value for each in KeyScope if each in draft.scopes],
        api_version=draft.api_version,
        points=draft.points,
        restored_per_s=draft.restored_per_s,
        replaces_id=replaces,
        created_at=now,
        expires_at=draft.expires_at,
    )
    return NewKey(key, text.secret)


def _described(key: PartnerKey) -> dict[str, str | UUID | list[str]]:
    """Return what the audit record may hold of a key: what it is, and its last characters."""
    return {
        "partner_id": key.partner_id,
        "kind": key.kind.value,
        "environment": key.environment.value,
        "scopes": list(key.scopes),
        "last_four": key.last_four,
    }


def _check(draft: KeyDraft, *, now: datetime) -> None:
    if not draft.scopes:
        raise InvalidInput("A key has one scope at least.", path=("input", "scopes"))
    if draft.kind is KeyKind.PUBLIC and not _BY_BROWSERS.issuperset(draft.scopes):
        raise InvalidInput(
            "A public key, which everybody can read in a page, may read content and ask. Use a"
            " secret key for the rest.",
            path=("input", "scopes"),
        )
    if draft.expires_at is not None:
        if draft.expires_at.utcoffset() is None:
            raise InvalidInput(
                "Give the time zone too, such as 2027-01-31T08:00:00Z.",
                path=("input", "expiresAt"),
            )
        if draft.expires_at <= now:
            raise InvalidInput("A key's end lies ahead.", path=("input", "expiresAt"))
    if (draft.points is None) is not (draft.restored_per_s is None):
        raise InvalidInput(
            "Give `points` and `restoredPerS` together, or neither.", path=("input", "points")
        )
    for argument, given, most in (
        ("points", draft.points, MAX_POINTS),
        ("restoredPerS", draft.restored_per_s, MAX_RESTORED_PER_S),
    ):
        if given is not None and not 1 <= given <= most:
            raise InvalidInput(f"`{argument}` is from 1 to {most}.", path=("input", argument))
    if draft.api_version not in API_VERSIONS:
        raise InvalidInput(
            f"`apiVersion` is one of {', '.join(API_VERSIONS)}.", path=("input", "apiVersion")
        )
