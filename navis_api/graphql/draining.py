"""Saying goodbye: open streams are told that the process is about to stop."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager


class Draining:
    """Turned on once, when the process was asked to stop. Open streams then end themselves.

    A server that only waits for them would use up its whole time of grace (FACTS,
    server edge). Clients resume elsewhere, from the sequence number they had.
    """

    def __init__(self) -> None:
        self._begun = asyncio.Event()
        self._told: dict[object, Callable[[], None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def begun(self) -> bool:
        """Whether the process is about to stop."""
        return self._begun.is_set()

    def begin(self) -> None:
        """End every open stream. Beginning twice changes nothing."""
        self._begun.set()
        # A signal's handler runs in the midst of other work, so they are told after it.
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell)

    async def wait(self) -> None:
        """Return when the process is about to stop."""
        await self._begun.wait()

    @contextmanager
    def telling(self, callback: Callable[[], None]) -> Generator[None]:
        """Call back once, if the process is about to stop while the block runs.

        Ten thousand tasks that wait for it would be ten thousand tasks.
        """
        self._loop = asyncio.get_running_loop()
        key = object()
        self._told[key] = callback
        if self.begun:
            self._loop.call_soon(self._tell)
        try:
            yield
        finally:
            self._told.pop(key, None)

    def _tell(self) -> None:
        told, self._told = self._told, {}
        for callback in told.values():
            callback()
