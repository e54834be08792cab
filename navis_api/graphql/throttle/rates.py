"""How often somebody may do what is open to all and makes work for others: ask, give feedback."""

import math

from navis_api.errors import RateLimited
from navis_api.graphql.throttle.payer import Payer
from navis_api.limits.buckets import Buckets, BucketSize
from navis_api.settings import Settings

_HOUR_S = 3_600


class Rates:
    """Counts what was done. One for a process.

    Each bucket holds what may be done in an hour, and is given back over an hour.
    """

    def __init__(self, settings: Settings, buckets: Buckets) -> None:
        self._buckets = buckets
        self._asking = (settings.asks_per_hour, settings.address_asks_per_hour)
        self._feedback = (settings.feedback_per_hour, settings.address_feedback_per_hour)

    def count_question(self, payer: Payer) -> None:
        """Count a question. Raises RateLimited when there were too many."""
        self._count("question", self._asking, payer, "You have asked very often. Wait a little.")

    def count_feedback(self, payer: Payer) -> None:
        """Count feedback. Raises RateLimited when there was too much."""
        message = "You have given feedback very often. Wait a little."
        self._count("feedback", self._feedback, payer, message)

    def _count(self, what: str, per_hour: tuple[int, int], payer: Payer, message: str) -> None:
        most = per_hour[1] if payer.is_many else per_hour[0]
        if not most:
            return
        size = BucketSize(most, most / _HOUR_S)
        wait_s = self._buckets.take(f"{what} {payer.key}", size, 1)
        if wait_s:
            raise RateLimited(message, retry_after_s=math.ceil(wait_s))
