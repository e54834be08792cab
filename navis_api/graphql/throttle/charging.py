"""Charging operations by what they cost, and telling the client about it, as Shopify does.

What an operation may cost at most is taken before it is executed; what it didn't use
is given back afterwards. Whoever has taken too much waits.

Source: Shopify, "GraphQL Admin API rate limits" (`extensions.cost`, `THROTTLED`).
"""

import math
from dataclasses import dataclass
from typing import Any

from navis_api.graphql.refusals import OperationRefused, refusal
from navis_api.graphql.throttle.fields import rate_limit_fields
from navis_api.graphql.throttle.payer import Payer
from navis_api.limits.buckets import Buckets, BucketSize
from navis_api.settings import Settings

THROTTLED = "THROTTLED"
REFUSED_POINTS = 10
"""What an operation costs that is refused: it has to be read to find out why."""

_MAX_WAIT_S = 3_600


class Throttled(OperationRefused):
    """Somebody has taken all that there is for now. `extension` goes with the response."""

    def __init__(self, retry_after_s: int, extension: dict[str, Any]) -> None:
        super().__init__(
            refusal(
                f"Too much was asked for in too short a time. Try again in {retry_after_s} s.",
                code=THROTTLED,
                retryAfterSeconds=retry_after_s,
            )
        )
        self.extension = extension


@dataclass(slots=True)
class Charge:
    """What was taken for one operation: `requested` points, until it is settled."""

    payer: Payer
    requested: int
    _buckets: Buckets
    _size: BucketSize | None
    actual: int | None = None

    def settle(self, actual: int) -> None:
        """Give back what wasn't used, once."""
        if self.actual is None:
            self.actual = actual
            self._give_back(self.requested - actual)

    def refuse(self) -> None:
        """Settle an operation that was refused after all, as by its variables' types."""
        if self.actual is None:
            self.actual = 0
            self._give_back(self.requested - REFUSED_POINTS)

    def extension(self) -> dict[str, Any]:
        """Return `extensions.cost`: what it cost, and how much there is left now."""
        size = self._size
        status = None
        if size is not None:
            status = {
                "maximumAvailable": size.capacity,
                "currentlyAvailable": math.floor(self._buckets.available(self.payer.key, size)),
                "restoreRate": round(size.restored_per_s),
            }
        return {
            "requestedQueryCost": self.requested,
            "actualQueryCost": self.actual,
            "throttleStatus": status,
        }

    def _give_back(self, points: int) -> None:
        if self._size is not None and points:
            self._buckets.settle(self.payer.key, self._size, points)


class Throttle:
    """Charges operations. One for a process."""

    def __init__(self, settings: Settings, buckets: Buckets) -> None:
        self._buckets = buckets
        self._one = _size(settings.throttle_points, settings.throttle_restore_per_s)
        self._many = _size(
            settings.throttle_address_points, settings.throttle_address_restore_per_s
        )

    @property
    def spares_anonymous(self) -> bool:
        """Whether those who come anonymously have no limit."""
        return self._many is None

    def charge(self, payer: Payer, cost: int) -> Charge:
        """Take what an operation may cost at most. It takes a few microseconds, and never waits.

        Raises Throttled when there isn't as much. Whoever answers from memory gives
        the same charge the same way, settles it with the actual cost that was kept
        beside the response, and puts `{"cost": charge.extension()}` in place of that
        response's `extensions` (it is the last member of the body; responses to GET
        have none, since others may keep them).
        """
        size = self._size_for(payer)
        charge = Charge(payer, cost, self._buckets, size)
        if size is not None:
            wait_s = self._buckets.take(payer.key, size, cost)
            if wait_s:
                raise Throttled(_whole_seconds(wait_s), charge.extension())
        return charge

    def require_some(self, payer: Payer) -> None:
        """Raise Throttled when there is nothing left: then nothing is read either."""
        size = self._size_for(payer)
        if size is None or self._buckets.available(payer.key, size) >= 1:
            return
        wait_s = _whole_seconds(1 / size.restored_per_s)
        raise Throttled(wait_s, Charge(payer, 0, self._buckets, size).extension())

    def fields(self, payer: Payer) -> list[tuple[bytes, bytes]]:
        """Return the `RateLimit` fields for a payer as they stand now; none without a limit."""
        size = self._size_for(payer)
        if size is None:
            return []
        return rate_limit_fields(size, self._buckets.available(payer.key, size))

    def charge_refused(self, payer: Payer) -> None:
        """Take what it costs to read an operation that is refused."""
        size = self._size_for(payer)
        if size is not None:
            self._buckets.settle(payer.key, size, -REFUSED_POINTS)

    def _size_for(self, payer: Payer) -> BucketSize | None:
        if payer.own is not None:
            return payer.own
        return self._many if payer.is_many else self._one


def _size(points: int, restore_per_s: int) -> BucketSize | None:
    """Return a bucket; None where there is to be no limit."""
    return BucketSize(points, restore_per_s) if points and restore_per_s else None


def _whole_seconds(wait_s: float) -> int:
    return max(1, min(math.ceil(wait_s), _MAX_WAIT_S))
