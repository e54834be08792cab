"""Saying goodbye: open streams are told that the process is about to stop."""

import asyncio


class Draining:
    """Turned on once, when the process was asked to stop. Open streams then end themselves.

    A server that only waits for them would use up its whole time of grace (FACTS,
    server edge). Clients resume elsewhere, from the sequence number they had.
    """

    def __init__(self) -> None:
        self._begun = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether the process is about to stop."""
        return self._begun.is_set()

    def begin(self) -> None:
        """End every open stream. Beginning twice changes nothing."""
        self._begun.set()

    async def wait(self) -> None:
        """Return when the process is about to stop."""
        await self._begun.wait()
