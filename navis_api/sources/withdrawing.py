"""Withdrawing a source: nothing new quotes it, and what does is checked again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import SYSTEM_ACTOR, Origin, record
from navis_api.errors import InvalidInput
from navis_api.sources import repository
from navis_api.sources.changes import announce_change
from navis_api.sources.models import Source


class WithdrawalReason(StrEnum):
    """Why a source is withdrawn, as the audit record keeps it."""

    PUBLISHER = "publisher"
    """Its publisher has withdrawn it."""
    OUTDATED = "outdated"
    WRONG = "wrong"
    LICENCE = "licence"
    DUPLICATE = "duplicate"


class SourceUnknown(InvalidInput):
    """No source has this key or address."""

    def __init__(self) -> None:
        super().__init__("No source has this key or address. Look for it among what you imported.")


class SourceAmbiguous(InvalidInput):
    """An address that several sources share."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(f"Several sources have this address. Name one by its key: {keys}.")
        self.keys = keys


async def withdraw(
    session: AsyncSession,
    key_or_url: str,
    *,
    reason: WithdrawalReason,
    origin: Origin,
    now: datetime,
) -> bool:
    """Withdraw a source; say whether that changed anything. Raises SourceUnknown, SourceAmbiguous.

    It stays withdrawn when it is imported again.
    """
    source = await _find(session, key_or_url)
    if source.withdrawn_at is not None:
        return False
    source.withdrawn_at = now
    await _changed(session, source, "source.withdraw", reason.value, origin=origin, now=now)
    return True


async def restore(session: AsyncSession, key_or_url: str, *, origin: Origin, now: datetime) -> bool:
    """Take a withdrawal back; say whether there was one. Raises SourceUnknown, SourceAmbiguous.

    Answers that went stale by it wait for a reviewer all the same.
    """
    source = await _find(session, key_or_url)
    if source.withdrawn_at is None:
        return False
    source.withdrawn_at = None
    await _changed(session, source, "source.restore", None, origin=origin, now=now)
    return True


async def _changed(
    session: AsyncSession,
    source: Source,
    action: str,
    reason: str | None,
    *,
    origin: Origin,
    now: datetime,
) -> None:
    await announce_change(session, source.id, f"{action}:{now.isoformat()}")
    await record(
        session,
        SYSTEM_ACTOR,
        action,
        object_type="source",
        object_id=source.id,
        detail={"reason": reason} if reason else None,
        origin=origin,
        now=now,
    )


async def _find(session: AsyncSession, key_or_url: str) -> Source:
    found = await repository.lock_named(session, key_or_url)
    by_key = [source for source in found if source.key == key_or_url]
    if not found:
        raise SourceUnknown
    if len(found) > 1 and not by_key:
        raise SourceAmbiguous([source.key for source in found])
    return by_key[0] if by_key else found[0]
