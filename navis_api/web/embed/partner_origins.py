"""From where the partner of a key may frame our pages."""

from collections.abc import Sequence
from typing import Final

from navis_api.identity.viewer import KeyScope
from navis_api.kit.clock import Clock
from navis_api.partners.errors import SecretKeyExposed
from navis_api.partners.keeping import KeyKeeper, KnownKey
from navis_api.partners.key_text import KeyKind, read_key_text
from navis_api.web.embed.errors import KeyMissing, NoOrigins, ScopeMissing
from navis_api.web.embed.frame import FrameOrigins

READING: Final = (KeyScope.READ_CONTENT,)
ASKING: Final = (KeyScope.READ_CONTENT, KeyScope.ASK)


def frame_origins(
    keys: KeyKeeper, clock: Clock, *, scopes: Sequence[KeyScope] = READING
) -> FrameOrigins:
    """Return what finds the origins of a key that has these scopes.

    A browser sends no `Origin` when it opens a frame. So the key is judged here, and the
    browser itself refuses a page that stands on none of these origins (`frame-ancestors`).
    """

    async def origins_of(key: str) -> tuple[str, ...]:
        if not key:
            raise KeyMissing
        text = read_key_text(key)
        if text.kind is not KeyKind.PUBLIC:
            raise SecretKeyExposed
        return _of(await keys.find(text, now=clock()), scopes)

    return origins_of


def _of(known: KnownKey, scopes: Sequence[KeyScope]) -> tuple[str, ...]:
    by_key = known.viewer.by_key
    for scope in scopes:
        if by_key is None or scope not in by_key.scopes:
            raise ScopeMissing(scope)
    if not known.framing_origins:
        raise NoOrigins
    return known.framing_origins
