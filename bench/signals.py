"""What NOTIFY costs those who write: `python -m bench signals`.

Writers each commit one event after the other, in transactions of their own, as workers do that
write answers: once with NOTIFY, and once gathering what is to be told by Redis. Each way once
on this disk, and once with commits that take 10 ms, as where a standby elsewhere confirms them.
It has nobody who listens: that comes on top.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none
from sqlalchemy import text

from navis_api.db import embedded
from navis_api.db.engine import asyncpg_address, create_app_engine
from navis_api.db.migrations import migrate
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.db.signals import Signal

_WRITERS = 16
_SECONDS = 4.0
# Something has to be written, or nothing is waited for at commit.
_LOGGED = text(
    "SELECT pg_logical_emit_message(true, 'bench', :id), navis_stir('navis_generation', :id)"
)


class _Nowhere:
    """Where signals go that nobody hears."""

    is_open = True

    def send(self, signals: Sequence[Signal]) -> None:
        """Drop them."""


def main(_options: Sequence[str] = ()) -> None:
    """Print how many transactions are committed a second."""
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder) / "data") as server:
        asyncio.run(migrate(server.url))
        for delay_us in (0, 10_000):
            asyncio.run(_delay(server.url, delay_us))
            for gathers in (False, True):
                rate = asyncio.run(_rate(server.url, gathers=gathers))
                way = "told by Redis" if gathers else "NOTIFY"
                print(
                    f"{way}: {rate:,.0f} transactions a second of {_WRITERS} writers,"
                    f" commits {delay_us / 1000:.0f} ms later"
                )


async def _delay(address: str, delay_us: int) -> None:
    connect: Any = cast("Any", asyncpg).connect
    connection = await connect(asyncpg_address(address))
    for statement in (
        f"ALTER SYSTEM SET commit_delay = {delay_us}",
        "ALTER SYSTEM SET commit_siblings = 0",
        "SELECT pg_reload_conf()",
    ):
        await connection.execute(statement)
    await connection.close()


async def _rate(address: str, *, gathers: bool) -> float:
    database = Database(
        create_app_engine(address, pool_size=_WRITERS, pool_wait_s=30, command_timeout_s=30)
    )
    database.signals = _Nowhere() if gathers else None
    over_at = time.monotonic() + _SECONDS

    async def write() -> int:
        done, id_ = 0, str(uuid4())
        while time.monotonic() < over_at:
            async with database.writing(SYSTEM_ROWS) as session:
                await session.execute(_LOGGED, {"id": id_})
            done += 1
        return done

    done = sum(await asyncio.gather(*(write() for _ in range(_WRITERS))))
    await database.close()
    return done / _SECONDS
