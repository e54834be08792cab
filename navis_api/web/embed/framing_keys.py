"""From where the partner of a key may frame our pages."""

from collections.abc import Sequence
from typing import Final

from navis_api.identity.viewer import KeyScope
from navis_api.kit.clock import Clock
from navis_api.partners.errors import SecretKeyExposed
from navis_api.partners.keeping import KeyKeeper, KnownKey
from navis_api.partners.key_text import KeyKind, read_key_text
from navis_api.web.embed.errors import KeyMissing, NoOrigins, ScopeMissing
from navis_api.web.embed.frame import FindFramingKey, FramingKey

READING: Final = (KeyScope.READ_CONTENT,)
ASKING: Final = (KeyScope.READ_CONTENT, KeyScope.ASK)


def framing_keys(
    keys: KeyKeeper, clock: Clock, *, scopes: Sequence[KeyScope] = READING
) -> FindFramingKey:
    """Return what finds a key that has these scopes.

    A browser sends no `Origin` when it opens a frame. So the key is judged here, and the
    browser itself refuses a page that stands on none of these origins (`frame-ancestors`).
    """

    async def find(key: str) -> FramingKey:
        if not key:
            raise KeyMissing
        text = read_key_text(key)
        if text.kind is not KeyKind.PUBLIC:
            raise SecretKeyExposed
        return _of(await keys.find(text, now=clock()), scopes)

    return find


def _of(known: KnownKey, scopes: Sequence[KeyScope]) -> FramingKey:
    key = known.viewer.by_key
    assert key is not None, "a known key's viewer came with it"
    for scope in scopes:
        if scope not in key.scopes:
            raise ScopeMissing(scope)
    if not known.framing_origins:
        raise NoOrigins
    return FramingKey(key, known.framing_origins)
