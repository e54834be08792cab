"""Telling of what a transaction changed by another way than NOTIFY, once it is committed.

NOTIFY takes a lock at commit that the whole server shares, so transactions that notify are
committed one after the other. Where there is another way, the triggers of the tables gather
what is to be told (`navis_stir`), within the transaction: what is rolled back, to a savepoint
too, isn't told of.
"""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Signal = tuple[str, str]
"""A channel and a payload, as of NOTIFY."""

GATHERING = "set_config('navis.gathers', 'on', true)"
"""What has a transaction gather its signals, and notify of none of them."""

_GATHER = text(f"SELECT {GATHERING}")
_GATHERED = text("SELECT current_setting('navis.stirred', true)")


class Signals(Protocol):
    """A way by which every process hears of changes. It carries signals only: rows are the data."""

    @property
    def is_open(self) -> bool:
        """Whether a transaction that begins now may leave its signals to this way."""
        ...

    def send(self, signals: Sequence[Signal]) -> None:
        """Send what a transaction has told, which is committed. It neither waits nor fails.

        What can't be sent is notified of after all.
        """
        ...


async def gather(session: AsyncSession) -> None:
    """Have a transaction gather its signals."""
    await session.execute(_GATHER)


async def gathered(session: AsyncSession) -> list[Signal]:
    """Return what is to be told of once the transaction is committed."""
    # What the session hasn't written yet may tell of something too.
    await session.flush()
    lines: str = await session.scalar(_GATHERED) or ""
    return [signal_in(line) for line in lines.splitlines()]


def signal_in(line: str) -> Signal:
    """Return the signal that a line is."""
    channel, _, payload = line.partition(" ")
    return channel, payload
