"""From where the partner of a key may frame our pages."""

from navis_api.identity.viewer import KeyScope
from navis_api.kit.clock import Clock
from navis_api.partners.errors import SecretKeyExposed
from navis_api.partners.keeping import KeyKeeper, KnownKey
from navis_api.partners.key_text import KeyEnvironment, KeyKind, read_key_text
from navis_api.partners.origins import is_loopback
from navis_api.web.embed.errors import KeyMissing, KeyNotForReading, NoOrigins
from navis_api.web.embed.frame import FrameOrigins


def frame_origins(keys: KeyKeeper, clock: Clock) -> FrameOrigins:
    """Return what finds a key's origins.

    A browser sends no `Origin` when it opens a frame. So the key is judged here, and the
    browser itself refuses a page that stands on none of these origins (`frame-ancestors`).
    """

    async def origins_of(key: str) -> tuple[str, ...]:
        if not key:
            raise KeyMissing
        text = read_key_text(key)
        if text.kind is not KeyKind.PUBLIC:
            raise SecretKeyExposed
        return _of(await keys.find(text, now=clock()))

    return origins_of


def _of(known: KnownKey) -> tuple[str, ...]:
    by_key = known.viewer.by_key
    if by_key is None or KeyScope.READ_CONTENT not in by_key.scopes:
        raise KeyNotForReading
    listed = (
        *sorted(known.origins.exact),
        *(f"{scheme}*{below}" for scheme, below in known.origins.below),
    )
    is_live = known.environment is KeyEnvironment.LIVE
    usable = tuple(each for each in listed if not (is_live and is_loopback(each)))
    if not usable:
        raise NoOrigins
    return usable
