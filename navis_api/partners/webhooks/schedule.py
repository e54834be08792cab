"""When a delivery is tried again, and when no more.

Source: Standard Webhooks 1.0.0, "Deliverability and reliability": its example schedule, with
some jitter, so that what failed together doesn't come back together.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between one attempt and the next: together 75 hours and a half, so that a weekend passes."""

MOST_TRIES: Final = len(DELAYS) + 1

MOST_JITTER: Final = 0.2
"""By what part a delay may be longer. Never shorter: three days are promised."""

LONGEST_ASKED_FOR: Final = timedelta(days=1)
"""A receiver's `Retry-After` is kept to for as long as our own longest delay."""

FAILING_FOR: Final = timedelta(days=5)
"""How long all attempts at an endpoint fail before it is disabled.

Longer than one delivery is tried: an endpoint that is asked rarely isn't given up for one event.
"""

Chance = Callable[[], float]
"""Returns a number from 0 to below 1."""

chance: Final[Chance] = SystemRandom().random


def next_attempt(
    tries: int, *, now: datetime, asked_for_s: float | None, by_chance: Chance
) -> datetime | None:
    """Return when to try again after so many tries that failed, or None to give up.

    `asked_for_s` is what the receiver wants us to wait at least.
    """
    if tries >= MOST_TRIES:
        return None
    delay = DELAYS[tries - 1] * (1 + MOST_JITTER * by_chance())
    if asked_for_s is not None:
        delay = max(delay, min(timedelta(seconds=asked_for_s), LONGEST_ASKED_FOR))
    return now + delay
