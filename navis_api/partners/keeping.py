"""Keys at hand: looked up once in a few seconds each, and forgotten when one changes.

A NOTIFY empties what is kept, in milliseconds. A process that is deaf without knowing it
(docs/decisions/0022) doesn't go on for long: nothing is kept for more than `KEPT_S`, counted
from before it was asked for. So a key that was revoked is refused everywhere after that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.identity.viewer import ByKey, KeyScope, Viewer, ViewerKind
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import lasting_seconds
from navis_api.partners import repository
from navis_api.partners.errors import (
    KeyExpired,
    KeyRevoked,
    KeysUnavailable,
    KeyUnknown,
    LiveKeyOnLoopback,
    OriginMissing,
    OriginRefused,
)
from navis_api.partners.key_text import KeyEnvironment, KeyKind, KeyText
from navis_api.partners.models import PartnerKey
from navis_api.partners.origins import OriginList, is_loopback
from navis_api.telemetry import describe_failure

PARTNERS_CHANNEL = "navis_partners"
"""The database notifies here of every change of a partner, and when a key ends sooner."""

KEPT_S = 3.0
"""For how long a key that was looked up is taken without asking again."""

USED_EVERY = timedelta(hours=1)
"""How exactly it is known when a key was used last."""

_FAILURES = (SQLAlchemyError, OSError, TimeoutError, DatabaseBusy)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key as it is stored, and from where its partner's pages may come."""

    kind: KeyKind
    environment: KeyEnvironment
    viewer: Viewer
    api_version: str
    origins: OriginList
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def require_valid(self, now: datetime) -> None:
        """Raise KeyRevoked or KeyExpired when its time is over."""
        if self.revoked_at is not None:
            raise KeyRevoked
        if self.expires_at is not None and self.expires_at <= now:
            raise KeyExpired

    @property
    def framing_origins(self) -> tuple[str, ...]:
        """The origins whose pages may frame ours with this key, as CSP names them."""
        below = (f"{scheme}*{rest}" for scheme, rest in self.origins.below)
        listed = (*sorted(self.origins.exact), *below)
        is_live = self.environment is KeyEnvironment.LIVE
        return tuple(each for each in listed if not (is_live and is_loopback(each)))

    def require_origin(self, origin: str | None, *, site: str) -> None:
        """Raise OriginMissing, OriginRefused or LiveKeyOnLoopback for a public key elsewhere.

        `origin` is the header of that name. A secret key may come from anywhere. `site` is our
        own origin: our page for asking, which only this partner's pages can frame, asks from
        there (docs/decisions/0043).
        """
        if self.kind is KeyKind.SECRET:
            return
        if origin is None:
            raise OriginMissing
        if origin == site and self._may_ask_in_a_frame:
            return
        if not self.origins.allows(origin):
            raise OriginRefused
        if self.environment is KeyEnvironment.LIVE and is_loopback(origin):
            raise LiveKeyOnLoopback

    @property
    def _may_ask_in_a_frame(self) -> bool:
        by_key = self.viewer.by_key
        return by_key is not None and KeyScope.ASK in by_key.scopes and bool(self.framing_origins)


class KeyKeeper:
    """The keys that this process was shown, by their hashes. One for a process."""

    def __init__(self, database: Database, *, ticks: Callable[[], float] = lasting_seconds) -> None:
        self._database = database
        self._ticks = ticks
        self._changes = 0
        self._keys: dict[bytes, tuple[KnownKey, float]] = {}
        self._origins: tuple[OriginList, float] | None = None
        self._used: dict[UUID, datetime] = {}

    def hear(self, fanout: Fanout) -> None:
        """Learn of changes from the process's one listener. Before it runs."""
        fanout.on(PARTNERS_CHANNEL, lambda _: self.forget())
        fanout.on_trust(lambda _: self.forget())

    def forget(self) -> None:
        """Ask the database again at the next use of each key."""
        self._changes += 1
        self._keys.clear()
        self._origins = None

    def kept(self, text: KeyText) -> KnownKey | None:
        """Return a key that was looked up a moment ago."""
        found = self._keys.get(text.digest)
        return found[0] if found is not None and self._ticks() < found[1] else None

    async def find(self, text: KeyText, *, now: datetime) -> KnownKey:
        """Return a key that is valid now. Its origin is still to be looked at.

        Raises KeyUnknown, KeyRevoked, KeyExpired and KeysUnavailable.
        """
        known = self.kept(text) or await self._looked_up(text)
        known.require_valid(now)
        by_key = known.viewer.by_key
        if by_key is not None and _is_long_ago(known.last_used_at, now):
            self._used[by_key.key_id] = now
        return known

    async def is_listed(self, origin: str) -> bool:
        """Return whether an origin is some partner's. Raises KeysUnavailable."""
        kept = self._origins
        if kept is None or self._ticks() >= kept[1]:
            before, until = self._changes, self._ticks() + KEPT_S
            try:
                async with self._database.reading(SYSTEM_ROWS) as session:
                    kept = (OriginList.of(await repository.list_origins(session)), until)
            except _FAILURES as failure:
                raise _unavailable(failure) from None
            if before == self._changes:
                self._origins = kept
        return kept[0].allows(origin)

    async def write_uses(self) -> None:
        """Write down which keys were used, for those of which it was long ago."""
        used, self._used = self._used, {}
        if not used:
            return
        now = max(used.values())
        try:
            async with self._database.writing(SYSTEM_ROWS) as session:
                await repository.note_used(
                    session, sorted(used), now=now, unless_since=now - USED_EVERY
                )
        except _FAILURES as failure:
            _log.warning("partner_keys.uses_not_written", failure=describe_failure(failure))

    async def _looked_up(self, text: KeyText) -> KnownKey:
        before, until = self._changes, self._ticks() + KEPT_S
        try:
            async with self._database.reading(SYSTEM_ROWS) as session:
                found = await repository.get_by_digest(session, text.digest)
        except _FAILURES as failure:
            raise _unavailable(failure) from None
        if found is None:
            raise KeyUnknown
        known = _known(found.key, found.origins)
        # What changed while we read may be missing from what we read.
        if before == self._changes:
            self._keys[text.digest] = (known, until)
        return known


def _known(key: PartnerKey, origins: list[str]) -> KnownKey:
    by_key = ByKey(
        key_id=key.id,
        partner_id=key.partner_id,
        scopes=frozenset(KeyScope(each) for each in key.scopes),
        points=key.points,
        restored_per_s=key.restored_per_s,
    )
    return KnownKey(
        kind=key.kind,
        environment=key.environment,
        viewer=Viewer(
            ViewerKind.PARTNER,
            expires=key.expires_at.timestamp() if key.expires_at else None,
            by_key=by_key,
        ),
        api_version=key.api_version,
        origins=OriginList.of(origins),
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
    )


def _is_long_ago(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or now - last_used_at > USED_EVERY


def _unavailable(failure: BaseException) -> KeysUnavailable:
    _log.warning("partner_keys.not_looked_up", failure=describe_failure(failure))
    return KeysUnavailable()
