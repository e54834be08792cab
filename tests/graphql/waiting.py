"""Waiting for something that nobody announces."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], *, within_s: float = 10) -> None:
    """Return when a condition holds. Raises TimeoutError when it doesn't in time."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - the condition is another's state, without an event
            await asyncio.sleep(0.01)
