"""For how long copies of a published answer may be shown, by whoever keeps one.

A retraction or correction has reached every reader within `WITHIN_S`. Ages add up along a
chain of caches (RFC 9111, 4.2.3), so that nobody has a copy older than `_OLDEST_S`:

- a browser uses its copy for `FRESH_S`, and for `STALE_S` more while it asks for a new one
  (RFC 5861, 3);
- a shared cache does so for `SHARED_S`, and `STALE_S` more;
- a frame that stays open asks every `CHECK_S`, past the browser's cache, and may be given
  what the oldest shared cache has.

`stale-if-error=0` is for caches that go on with an old copy when we can't be reached, where
nobody says otherwise (RFC 5861, 4).
"""

from typing import Final

WITHIN_S: Final = 60
FRESH_S: Final = 10
SHARED_S: Final = 20
STALE_S: Final = 20
CHECK_S: Final = 15
_OLDEST_S: Final = max(FRESH_S, SHARED_S) + STALE_S

# What is left is for the way there, and for timers that come late.
assert _OLDEST_S + CHECK_S < WITHIN_S

BRIEFLY: Final = (
    f"public, max-age={FRESH_S}, s-maxage={SHARED_S},"
    f" stale-while-revalidate={STALE_S}, stale-if-error=0"
)
"""The Cache-Control of a page that shows a published answer."""

ASKED_AGAIN: Final = "public, no-cache"
"""What everybody may keep and has to ask for again before each use: that there is no answer,
which may be published the next moment."""
