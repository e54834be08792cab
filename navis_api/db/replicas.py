"""Streaming replicas, for published content: which of them may be asked, and asking it.

A replica shows what the primary was some time ago. How old that may be is told as a place in
the primary's log (LSN): `need` names the one that whoever reads now must see, and a replica
is asked only when it has replayed that much. What it has replayed only grows, so that a place
it has passed stays passed. Everything else is asked of the primary: see docs/decisions/0047.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol, cast

import structlog

from navis_api.db.errors import DatabaseBusy
from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.metrics import ReplicaState
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_LOOKED_AT_EVERY_S = 1.0
_LOOKED_AT_AGAIN_S = 0.02
_SLOWEST_LOOK_AGAIN_S = 0.2

_FAILURES: tuple[type[Exception], ...] = (*CONNECTION_FAILURES, DatabaseBusy)

# The cluster, and the database in it: a physical replica has the primary's ids.
_WHICH: Final = (
    "(SELECT system_identifier FROM pg_control_system())::text || '/' ||"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_STANDING: Final = (
    f"SELECT {_WHICH}, pg_is_in_recovery(), pg_last_wal_replay_lsn(),"  # noqa: S608 - no value is in it
    " coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0)::float8"
)


class Server(Protocol):
    """Connections to one server that only read. Their failures are `CONNECTION_FAILURES`."""

    async def run(self, text: str, given: Sequence[object]) -> list[Sequence[Any]]:
        """Return the rows of a statement."""
        ...

    async def close(self) -> None:
        """Close them."""
        ...


class Replica:
    """One replica, and what is known of it. `replayed` is None while it can't be asked."""

    def __init__(self, name: str, server: Server) -> None:
        self.name = name
        self.server = server
        self.replayed: int | None = None
        self.lag_s = 0.0
        self.is_missed = False
        """Whether it was said that it can't be asked."""
        self.hurried = asyncio.Event()


class Replicas:
    """The replicas of one process. None is asked until `need` was told a place."""

    def __init__(self, replicas: Sequence[Replica], primary: Server) -> None:
        # One of them is asked for as long as it follows, so that what a reader has seen is
        # still there at the next look. Processes differ in which.
        self._replicas = random.sample(replicas, len(replicas))
        self._primary = primary
        self._which: object = None
        self._needed: int | None = None
        self._written = 0
        self.usable: Callable[[], bool] = lambda: False
        """Whether what is needed is known at this moment: whether we hear of what changes."""
        self.reads = Counter[str]()
        """How many statements were asked of whom."""

    def doubt(self) -> None:
        """Ask no replica until it is known again what is needed: something has changed."""
        self._needed = None

    def need(self, position: int) -> None:
        """Ask those replicas that have replayed the log up to here."""
        self._needed = position
        for replica in self._replicas:
            replica.hurried.set()

    def note_written(self, position: int) -> None:
        """Note how far the primary has come, for the figures."""
        self._written = max(self._written, position)

    async def fetch(self, text: str, given: Sequence[object]) -> list[Sequence[Any]] | None:
        """Return the rows of a statement from a replica, or None: ask the primary.

        A replica that fails isn't asked again before it was looked at.
        """
        for replica in self._replicas:
            if not self._may_be_asked(replica):
                continue
            try:
                rows = await replica.server.run(text, given)
            except _FAILURES as failure:
                self._lost(replica, describe_failure(failure))
                continue
            self.reads["replica"] += 1
            return rows
        self.reads["primary"] += 1
        return None

    def _may_be_asked(self, replica: Replica) -> bool:
        needed, replayed = self._needed, replica.replayed
        return needed is not None and replayed is not None and replayed >= needed and self.usable()

    def states(self) -> list[ReplicaState]:
        """Return how each replica stands."""
        return [
            ReplicaState(
                name=replica.name,
                is_asked=self._may_be_asked(replica),
                lag_bytes=None
                if replica.replayed is None
                else max(self._written - replica.replayed, 0),
                lag_s=None if replica.replayed is None else replica.lag_s,
            )
            for replica in self._replicas
        ]

    async def run(self) -> None:
        """Look at all replicas from time to time, and often while one of them isn't there yet."""
        await asyncio.gather(*(self._follow(replica) for replica in self._replicas))

    async def _follow(self, replica: Replica) -> None:
        pause = _LOOKED_AT_AGAIN_S
        while True:
            await self._look(replica)
            if replica.replayed is not None and replica.replayed < (self._needed or 0):
                await asyncio.sleep(pause)
                pause = min(2 * pause, _SLOWEST_LOOK_AGAIN_S)
                continue
            pause = _LOOKED_AT_AGAIN_S
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKED_AT_EVERY_S):
                    await replica.hurried.wait()
            replica.hurried.clear()

    async def _look(self, replica: Replica) -> None:
        try:
            async with asyncio.timeout(_LOOKED_AT_EVERY_S):
                if self._which is None:
                    self._which = (await self._primary.run(f"SELECT {_WHICH}", ()))[0][0]
                which, recovers, replayed, lag_s = (await replica.server.run(_STANDING, ()))[0]
        except _FAILURES as failure:
            self._lost(replica, describe_failure(failure))
            return
        if which != self._which or not recovers:
            self._lost(replica, "not a replica of this database")
            return
        if replica.replayed is None:
            _log.info("replica.follows", replica=replica.name)
            replica.is_missed = False
        replica.replayed = cast("int", replayed)
        # Where nothing changes, the last change that was replayed is long ago.
        replica.lag_s = 0.0 if replica.replayed >= self._written else cast("float", lag_s)

    def _lost(self, replica: Replica, reason: str) -> None:
        if not replica.is_missed:
            _log.warning("replica.left_out", replica=replica.name, reason=reason)
        replica.replayed, replica.is_missed = None, True

    async def close(self) -> None:
        """Close every connection to them."""
        for replica in self._replicas:
            await replica.server.close()
