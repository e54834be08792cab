"""Hearing of changes: one LISTEN connection for a process, and all who wait on it.

A notification is only a signal to look at the rows again (law 3). When the
connection is lost, everybody is woken and told, and looks for themselves until
it is back.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Protocol

import structlog

from navis_api.db.raw import CONNECTION_FAILURES, RawConnection, connect
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_RECONNECT_S = 0.5
_LOOK_AGAIN_S = 5.0
_LOOK_AGAIN_UNHEARD_S = 0.5
_PROBE_S = 10.0
_PROBE_TIMEOUT_S = 5.0


class Pulse(Protocol):
    """What shows every so often, over the very connection that listens, that it still does."""

    every_s: float

    async def beat(self, connection: RawConnection) -> None:
        """Ask something of the database. Raises what stands in CONNECTION_FAILURES."""
        ...


class _Probe:
    """The pulse of a process that has no other."""

    every_s = _PROBE_S

    async def beat(self, connection: RawConnection) -> None:
        # A cut cable says nothing: only an answer shows that we'd still hear.
        await connection.fetchval("SELECT 1", timeout=_PROBE_TIMEOUT_S)


class Fanout:
    """Spreads the database's notifications within this process."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._pulse: Pulse = _Probe()
        self._hurried = asyncio.Event()
        self._callbacks: dict[str, list[Callable[[str], None]]] = defaultdict(list)
        self._on_trust: list[Callable[[bool], None]] = []
        self._waiting: dict[tuple[str, str], set[asyncio.Event]] = defaultdict(set)
        self.connected = asyncio.Event()

    def on(self, channel: str, callback: Callable[[str], None]) -> None:
        """Call back with every notification's payload. Only before `run`."""
        self._callbacks[channel].append(callback)

    def on_trust(self, callback: Callable[[bool], None]) -> None:
        """Call back with whether changes are heard of, whenever that turns."""
        self._on_trust.append(callback)

    def beat_with(self, pulse: Pulse) -> None:
        """Have this be the connection's pulse, from its beginning on. Only before `run`."""
        self._pulse = pulse

    def hurry(self) -> None:
        """Let the next beat come at once."""
        self._hurried.set()

    @contextmanager
    def waiting(self, channel: str, payload: str) -> Generator[asyncio.Event]:
        """Give an event that is set by each notification with this payload, and when in doubt."""
        key = (channel, payload)
        event = asyncio.Event()
        self._waiting[key].add(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]

    async def stirring(self, event: asyncio.Event) -> bool:
        """Return when it is time to look at the rows again: after such an event, or a while.

        True after an event. While nothing is heard, the while is short.
        """
        heard = self.connected.is_set()
        try:
            async with asyncio.timeout(_LOOK_AGAIN_S if heard else _LOOK_AGAIN_UNHEARD_S):
                await event.wait()
        except TimeoutError:
            return False
        return True

    async def run(self, *channels: str) -> None:
        """Listen until cancelled, connecting again whenever the connection is lost."""
        for channel in channels:
            _ = self._callbacks[channel]
        while True:
            try:
                await self._listen_until_lost()
            except CONNECTION_FAILURES as lost:
                _log.warning("fanout.connection_lost", failure=describe_failure(lost))
            finally:
                self._trust(trusted=False)
            await asyncio.sleep(_RECONNECT_S)

    async def _listen_until_lost(self) -> None:
        connection = await connect(self._address, purpose="fanout")
        # The beat after the end of a connection fails, and so says that it is lost.
        connection.add_termination_listener(lambda _: self.hurry())
        try:
            for channel in self._callbacks:
                await connection.add_listener(channel, self._heard)
            self._trust(trusted=True)
            while True:
                self._hurried.clear()
                await self._pulse.beat(connection)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pulse.every_s):
                        await self._hurried.wait()
        finally:
            connection.terminate()

    def _heard(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        text = str(payload)
        for callback in self._callbacks[channel]:
            callback(text)
        for event in self._waiting.get((channel, text), ()):
            event.set()

    def _trust(self, *, trusted: bool) -> None:
        if trusted:
            self.connected.set()
        else:
            self.connected.clear()
        for callback in self._on_trust:
            callback(trusted)
        # What was notified while we were deaf is in the rows.
        for events in self._waiting.values():
            for event in events:
                event.set()
