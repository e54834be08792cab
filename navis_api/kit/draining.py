"""Saying goodbye: first that nobody new should come, then that whoever is here should go."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager


class Draining:
    """Turned on when the process was asked to stop, in two steps.

    After `announce` it does everything as before, but says that it isn't ready, so that a
    balancer sends new requests elsewhere. After `begin` what is open ends itself: streams, of
    which the clients resume elsewhere from the sequence number they had, and uploads.

    A server that only waits for them would use up its whole time of grace (FACTS,
    server edge).
    """

    def __init__(self) -> None:
        self.announced = False
        self._begun = asyncio.Event()
        self._told: dict[object, Callable[[], None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def begun(self) -> bool:
        """Whether what is open is to end."""
        return self._begun.is_set()

    def announce(self) -> None:
        """Say that the process is about to stop. Nothing ends yet."""
        self.announced = True

    def begin(self) -> None:
        """End everything that is open. Beginning twice changes nothing."""
        self.announced = True
        self._begun.set()
        # A signal's handler runs in the midst of other work, so they are told after it.
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell)

    async def wait(self) -> None:
        """Return when what is open is to end."""
        await self._begun.wait()

    @contextmanager
    def telling(self, callback: Callable[[], None]) -> Generator[None]:
        """Call back once, if that comes to pass while the block runs.

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
