"""The time, as something that is handed in and never looked up (STYLE 1)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the current moment with a time zone."""


def utc_now() -> datetime:
    """Return the current moment in UTC. The one place that looks at the machine's clock."""
    return datetime.now(UTC)


def lasting_seconds() -> float:
    """Return seconds since some moment, of a clock that goes on while the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
