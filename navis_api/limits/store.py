"""The port behind which all processes of a deployment keep what is missing from their buckets."""

from collections.abc import Mapping
from typing import Protocol

Seconds = Mapping[bytes, float]
"""By a bucket's key, as the store has it, the time in which it gives so much back."""


class StoreAway(Exception):
    """Buckets can't be settled now. `reason` is a kind and a place, and no text of a library's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BucketStore(Protocol):
    """Keeps buckets for all processes. Time gives back, by the store's own clock.

    A key is the same in each process, and says to nobody else whose it is.
    """

    async def key_of(self, name: str) -> bytes:
        """Return a bucket's key. Raises StoreAway, before it was asked for the first time only."""
        ...

    async def add(self, taken: Seconds) -> dict[bytes, float]:
        """Add what was taken since, and return in how many seconds each of them is full.

        Less than 0 was given back. More may be missing from a bucket than it holds: each
        process took of what it knew. Raises StoreAway; then it may be done, or not.
        """
        ...

    async def raise_to(self, missing: Seconds) -> dict[bytes, float]:
        """Have at least as much be missing, and return the same. Twice changes nothing.

        Raises StoreAway.
        """
        ...

    async def close(self) -> None:
        """Give up what it is reached by."""
        ...
