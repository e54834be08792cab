"""The time, as something that is handed in and never looked up (STYLE 1)."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the current moment with a time zone."""


def utc_now() -> datetime:
    """Return the current moment in UTC. The one place that looks at the machine's clock."""
    return datetime.now(UTC)
