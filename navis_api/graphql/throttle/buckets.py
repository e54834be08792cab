"""Leaky buckets: how much somebody may take at once, and how fast it is given back.

A bucket is one number, the moment at which it will be full again: what is missing
from it until then is what was taken (the "generic cell rate algorithm" of ITU-T I.371).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_MOST_KEPT = 100_000
"""Buckets that a process keeps: about 20 MB. Beyond it the one used longest ago is full again."""

_ROUNDING = 1e-6
_LOOKED_AT = 2
"""Old buckets that each taking looks at: more than it can add."""


@dataclass(frozen=True, slots=True)
class BucketSize:
    """How many points a bucket holds, and how many are given back a second."""

    capacity: int
    restored_per_s: float


class Buckets(Protocol):
    """Where buckets are kept.

    Here that is the process, so each process gives out its own. What shares them
    between machines has to answer without waiting too: it takes from a share that it
    holds here, and settles with the others behind the scenes.
    """

    def take(self, key: str, size: BucketSize, points: float) -> float:
        """Take points, and return 0; or take none, and return in how many seconds they are there.

        A full bucket is always enough: else what costs more could never be had.
        """
        ...

    def settle(self, key: str, size: BucketSize, points: float) -> None:
        """Give points back that were taken; less than 0 takes more. It can be empty, never less."""
        ...

    def available(self, key: str, size: BucketSize) -> float:
        """Return the points that are there now."""
        ...


class LocalBuckets:
    """The buckets of this process. One that is full again is forgotten."""

    def __init__(
        self, *, ticks: Callable[[], float] = time.monotonic, most: int = _MOST_KEPT
    ) -> None:
        self._ticks = ticks
        self._most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str, size: BucketSize, points: float) -> float:
        """See `Buckets`."""
        now = self._ticks()
        self._forget(now)
        begins = max(self._full_at.get(key, now), now)
        needed = min(points, size.capacity)
        lacking = (begins - now) * size.restored_per_s + needed - size.capacity
        if lacking > _ROUNDING:
            return lacking / size.restored_per_s
        self._keep(key, begins + needed / size.restored_per_s)
        return 0.0

    def settle(self, key: str, size: BucketSize, points: float) -> None:
        """See `Buckets`."""
        now = self._ticks()
        full_at = self._full_at.get(key, now) - points / size.restored_per_s
        if full_at <= now:
            self._full_at.pop(key, None)
        else:
            self._keep(key, min(full_at, now + size.capacity / size.restored_per_s))

    def available(self, key: str, size: BucketSize) -> float:
        """See `Buckets`."""
        now = self._ticks()
        taken = max(self._full_at.get(key, now) - now, 0) * size.restored_per_s
        return max(size.capacity - taken, 0)

    def _keep(self, key: str, full_at: float) -> None:
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)

    def _forget(self, now: float) -> None:
        """Forget the oldest that are full, and look at the next ones the next time."""
        for _ in range(min(_LOOKED_AT, len(self._full_at))):
            key, full_at = self._full_at.popitem(last=False)
            if full_at > now:
                self._full_at[key] = full_at
