"""Waiting for what has to come, however busy the machine is."""

import asyncio
from collections.abc import Callable

# Nothing is late that comes within it. What has to come sooner than something else does is
# tested by making that something else never come.
PATIENCE_S = 60


async def until(holds: Callable[[], bool]) -> None:
    """Return when a condition holds. Raises TimeoutError when it doesn't in time."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - the condition is another's state, without an event
            await asyncio.sleep(0.01)
