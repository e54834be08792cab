"""Leaky buckets: how much somebody may take at once, and how fast it is given back.

A bucket is one number, the moment at which it will be full again: what is missing
from it until then is what was taken (the "generic cell rate algorithm" of ITU-T I.371).
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

MOST_KEPT = 100_000
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
    """Where buckets are kept: here, or among all processes (`SharedBuckets`). Nothing waits."""

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
        self, *, ticks: Callable[[], float] = time.monotonic, most: int = MOST_KEPT
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
        self.move(key, size, points)

    def move(self, key: str, size: BucketSize, points: float) -> float:
        """Do as `settle` says, and return by how many seconds later the bucket is full now."""
        now = self._ticks()
        before = max(self._full_at.get(key, now), now)
        after = before - points / size.restored_per_s
        if points < 0:
            # What others took beyond its bottom isn't given back by taking more.
            after = min(after, max(before, now + size.capacity / size.restored_per_s))
        if after <= now:
            self._full_at.pop(key, None)
            return now - before
        self._keep(key, after)
        return after - before

    def available(self, key: str, size: BucketSize) -> float:
        """See `Buckets`."""
        now = self._ticks()
        taken = max(self._full_at.get(key, now) - now, 0) * size.restored_per_s
        return max(size.capacity - taken, 0)

    def put(self, key: str, full_in_s: float) -> None:
        """Let a bucket be full in so many seconds, whatever it was before."""
        if full_in_s > 0:
            self._keep(key, self._ticks() + full_in_s)
        else:
            self._full_at.pop(key, None)

    def missing(self) -> dict[str, float]:
        """Return in how many seconds each bucket is full that isn't."""
        now = self._ticks()
        return {key: full_at - now for key, full_at in self._full_at.items() if full_at > now}

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
