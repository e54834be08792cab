"""How long a process may go on serving what it keeps of published answers in its memory.

A NOTIFY is asynchronous, and a listener can be deaf without knowing it. So whoever keeps
answers holds a lease on that: a row that it prolongs every second over the very connection
that it listens on, and in which it says up to which publication it has forgotten what was
before. Whoever publishes or retracts waits for these rows (`fence`). The order of things,
and why it holds, is in docs/decisions/0022.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from navis_api.db.raw import CONNECTION_FAILURES, RawConnection
from navis_api.db.sessions import ANONYMOUS_ROWS, Database, DatabaseBusy
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import lasting_seconds

PUBLISHED_CHANNEL = "navis_published"
"""The database notifies here of every change of what is public, in `navis_tell_published`."""

LEASE_S = 3.0
"""How long a lease is, as the database's `navis_reader_lease` has it too."""

RENEWED_EVERY_S = 1.0
_MARGIN_S = 0.25
"""How far the clocks of a process and the database may drift apart within one lease."""
_RECHECK_S = 0.1
_ALL = "all"


class Keeper(Protocol):
    """What is kept in memory of published answers."""

    def forget(self, tags: tuple[str, ...]) -> None:
        """Forget what rests on any of these, and what is being read right now."""
        ...

    def forget_all(self) -> None:
        """Forget everything, and what is being read right now."""
        ...


class Follower(Protocol):
    """What is read of published answers at places that follow the primary some time later."""

    def doubt(self) -> None:
        """Read from none of them, until `need` says what they must have."""
        ...

    def need(self, position: int) -> None:
        """Read from those alone that have followed the primary's log up to here."""
        ...

    def note_written(self, position: int) -> None:
        """Note how far the primary has come."""
        ...


class PublicationLease:
    """One process's lease. `until` is when it ends, by the lease's clock: look each time.

    A pulse of the fanout. What is asked of the database there, and when, decides everything:

    - the lease counts from when its renewal was *sent*;
    - a lease that had run out begins with nothing kept;
    - one that comes with a publication that we haven't heard of isn't taken: that
      notification is on its way, or we are deaf, and then everything is forgotten.

    A renewal brings the place in the primary's log that was written last when it was given,
    which is behind all that we had heard of when we sent it. Whoever reads from replicas
    needs that much of them after each notification.
    """

    def __init__(
        self,
        fanout: Fanout,
        keeper: Keeper,
        follower: Follower | None = None,
        *,
        clock: Callable[[], float] = lasting_seconds,
    ) -> None:
        self._fanout = fanout
        self._keeper = keeper
        self._follower = follower
        self._clock = clock
        self._id: UUID = uuid4()
        self._handled = 0
        self._missed = False
        self._heard_of = 0
        self._in_doubt = True
        self.until = 0.0
        self.every_s = RENEWED_EVERY_S
        fanout.on(PUBLISHED_CHANNEL, self._heard)
        fanout.on_trust(self._trust)
        fanout.beat_with(self)

    def is_held(self) -> bool:
        """Return whether what is kept may be served, at this very moment."""
        return self._clock() < self.until

    async def beat(self, connection: RawConnection) -> None:
        """Prolong the lease, and say what was handled."""
        sent, heard_of = self._clock(), self._heard_of
        row = await connection.fetchrow(
            "SELECT continued, newest, pg_current_wal_insert_lsn() AS position"
            " FROM navis_hold_reader_lease($1, $2)",
            self._id,
            self._handled,
            timeout=LEASE_S,
        )
        is_taken = self._granted(sent, continued=row["continued"], newest=row["newest"])
        # What was heard of since then may have been written behind that place.
        if is_taken and heard_of == self._heard_of:
            self._follow(row["position"])

    async def end(self, database: Database) -> None:
        """Give the lease back, so that nobody waits for a process that has ended."""
        self._stop()
        # Where that can't be told, the lease ends by itself.
        with suppress(DBAPIError, DatabaseBusy, *CONNECTION_FAILURES):
            async with database.writing(ANONYMOUS_ROWS) as session:
                await session.execute(select(func.navis_end_reader_lease(self._id)))

    def _granted(self, sent: float, *, continued: bool, newest: int) -> bool:
        """Take the lease, unless it comes with what we haven't heard of. Return whether."""
        self.every_s = RENEWED_EVERY_S
        if not continued or not self.is_held():
            self._forget_until(newest)
        elif newest > self._handled:
            if not self._missed:
                # Its notification may be a moment behind: the lease stays as it is for now.
                self._missed = True
                self.every_s = _RECHECK_S
                return False
            self._forget_until(newest)
        self._missed = False
        self.until = sent + LEASE_S - _MARGIN_S
        return True

    def _forget_until(self, newest: int) -> None:
        self._keeper.forget_all()
        self._doubt()
        if newest > self._handled:
            self._handled = newest
            self._fanout.hurry()

    def _follow(self, position: int) -> None:
        """Say up to where whoever follows the primary must have come, if that isn't known."""
        if self._follower is None:
            return
        self._follower.note_written(position)
        if self._in_doubt:
            self._in_doubt = False
            self._follower.need(position)

    def _doubt(self) -> None:
        self._in_doubt = True
        if self._follower is not None:
            self._follower.doubt()

    def _heard(self, payload: str) -> None:
        """Forget what a publication changes, and say so as soon as that can be sent."""
        sequence, *tags = payload.split(" ")
        self._heard_of += 1
        self._doubt()
        if not sequence.isdecimal() or not tags or _ALL in tags:
            self._keeper.forget_all()
        else:
            self._keeper.forget((*tags, "published"))
        if sequence.isdecimal():
            self._handled = max(self._handled, int(sequence))
        self._fanout.hurry()

    def _trust(self, trusted: bool) -> None:  # noqa: FBT001 - a switch is what this is
        if not trusted:
            self._stop()

    def _stop(self) -> None:
        self.until = 0.0
        self._keeper.forget_all()
        self._doubt()
