"""Hearing of changes: one LISTEN connection for a process, and all who wait on it.

A notification is only a signal to look at the rows again (law 3). When the
connection is lost, everybody is woken and told, and looks for themselves until
it is back.

Where Redis is set, what is written often is told by it (docs/decisions/0045). This process
listens to Postgres for that all the same: by which way a change is told, its writer decides.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol, Self

import structlog
from pydantic import SecretStr

from navis_api.db.raw import CONNECTION_FAILURES, RawConnection, connect
from navis_api.db.sessions import Database
from navis_api.db.signals import Signal
from navis_api.jobs.redis_signals import RedisSignals
from navis_api.kit.tasks import stop_tasks
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_RECONNECT_S = 0.5
_LOOK_AGAIN_S = 5.0
_LOOK_AGAIN_UNHEARD_S = 0.5
_PROBE_S = 10.0
_PROBE_TIMEOUT_S = 5.0
_NOTIFY = "SELECT count(pg_notify(c, p)) FROM unnest($1::text[], $2::text[]) AS told (c, p)"
_NOTIFY_TIMEOUT_S = 5.0
_NOTIFIED_AT_A_TIME = 1_000
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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
    """Spreads the database's notifications, and Redis's signals, within this process.

    Raises RedisAddressInvalid.
    """

    def __init__(self, address: str, *, redis: SecretStr | None = None) -> None:
        self._address = address
        self._redis = (
            RedisSignals(
                redis,
                address,
                heard=self._heard_by_redis,
                doubted=self._doubt,
                untold=self._tell_otherwise,
            )
            if redis is not None
            else None
        )
        self._by_redis = frozenset[str]()
        self._untold: list[Signal] = []
        self._pulse: Pulse = _Probe()
        self._hurried = asyncio.Event()
        self._callbacks: dict[str, list[Callable[[str], None]]] = defaultdict(list)
        self._on_trust: list[Callable[[bool], None]] = []
        self._on_doubt: list[Callable[[], None]] = []
        self._waiting: dict[tuple[str, str], set[asyncio.Event]] = defaultdict(set)
        self._listens = False
        self.connected = asyncio.Event()
        """Whether everything is heard: by Postgres and, where it is set, by Redis."""

    @classmethod
    def beside(cls, database: Database, address: str, *, redis: SecretStr | None) -> Self:
        """Return the fanout of a process that writes too, which tells the same way as it hears.

        Raises RedisAddressInvalid.
        """
        fanout = cls(address, redis=redis)
        database.signals = fanout._redis
        return fanout

    def alone(self) -> dict[str, bool]:
        """Return, as `signals`, whether this process does without Redis now; nothing without it."""
        return {} if self._redis is None else {"signals": not self._redis.is_open}

    def on(self, channel: str, callback: Callable[[str], None]) -> None:
        """Call back with every notification's payload. Only before `run`."""
        self._callbacks[channel].append(callback)

    def on_trust(self, callback: Callable[[bool], None]) -> None:
        """Call back with whether Postgres's notifications are heard, whenever that turns.

        Whatever is published, partners and the catalogue are told of by them alone.
        """
        self._on_trust.append(callback)

    def on_doubt(self, callback: Callable[[], None]) -> None:
        """Call back whenever something may have been missed, by either way."""
        self._on_doubt.append(callback)

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
        """Listen until cancelled, connecting again whenever the connection is lost.

        On these channels changes of rows are told of, by their ids, and also by Redis.
        """
        for channel in channels:
            _ = self._callbacks[channel]
        self._by_redis = frozenset(channels)
        beside = [asyncio.create_task(self._redis.run())] if self._redis is not None else []
        try:
            while True:
                try:
                    await self._listen_until_lost()
                except CONNECTION_FAILURES as lost:
                    _log.warning("fanout.connection_lost", failure=describe_failure(lost))
                finally:
                    self._trust(trusted=False)
                await asyncio.sleep(_RECONNECT_S)
        finally:
            await stop_tasks(*beside)

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
                await self._notify(connection)
                await self._pulse.beat(connection)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pulse.every_s):
                        await self._hurried.wait()
        finally:
            connection.terminate()

    async def _notify(self, connection: RawConnection) -> None:
        """Tell by NOTIFY of what couldn't be told by Redis."""
        while some := self._untold[:_NOTIFIED_AT_A_TIME]:
            channels, payloads = zip(*some, strict=True)
            await connection.fetchval(
                _NOTIFY, list(channels), list(payloads), timeout=_NOTIFY_TIMEOUT_S
            )
            # Only now: a connection that is lost meanwhile may have told of none of them.
            del self._untold[: len(some)]

    def _tell_otherwise(self, signals: Sequence[Signal]) -> None:
        self._untold.extend(signals)
        self.hurry()

    def _heard(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        self._spread((channel, str(payload)))

    def _heard_by_redis(self, signal: Signal) -> None:
        """Spread what may come by Redis: who gets at that must not be believed anything else."""
        channel, payload = signal
        if channel in self._by_redis and _ID.fullmatch(payload):
            self._spread(signal)

    def _spread(self, signal: Signal) -> None:
        channel, payload = signal
        for callback in self._callbacks.get(channel, ()):
            callback(payload)
        for event in self._waiting.get(signal, ()):
            event.set()

    def _trust(self, *, trusted: bool) -> None:
        self._listens = trusted
        for callback in self._on_trust:
            callback(trusted)
        self._doubt()

    def _doubt(self) -> None:
        """Have everybody look at the rows: what was told while we were deaf is there."""
        if self._listens and (self._redis is None or self._redis.is_open):
            self.connected.set()
        else:
            self.connected.clear()
        for callback in self._on_doubt:
            callback()
        for events in self._waiting.values():
            for event in events:
                event.set()
