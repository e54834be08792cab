"""Sessions: short, for one purpose, and as the viewer whom row security knows."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.pool import QueuePool

from navis_api import tracing
from navis_api.db.away import is_away
from navis_api.db.engine import create_app_engine, create_pooled_engine, server_name
from navis_api.db.errors import DatabaseBusy
from navis_api.db.hearing import miss
from navis_api.db.published import Published
from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.replicas import Replica, Replicas
from navis_api.db.signals import GATHERING, Signals, gather, gathered
from navis_api.db.tracing import TracedPublished, trace_statements
from navis_api.metrics import PoolState
from navis_api.settings import Settings

__all__ = [
    "ANONYMOUS_ROWS",
    "SYSTEM_ROWS",
    "Database",
    "DatabaseBusy",
    "RowViewer",
    "serving_database",
]

# What a command or a worker reads of published content, it reads one after the other.
_PUBLISHED_SIZE = 2
_PUBLISHED_WAIT_S = 30.0
_PUBLISHED_TIMEOUT_S = 30.0

# What a replica doesn't answer in time is asked of the primary, and has to be in time there.
_REPLICA_PATIENCE_S = 2.0

_SET_VIEWER = text(
    "SELECT set_config('navis.role', :role, true), set_config('navis.subject', :subject, true)"
)
_SET_VIEWER_WHO_GATHERS = text(f"{_SET_VIEWER.text}, {GATHERING}")


@dataclass(frozen=True, slots=True)
class RowViewer:
    """Whom the row-level security policies see. Anonymous when both are empty."""

    role: str = ""
    subject: str = ""


ANONYMOUS_ROWS = RowViewer()
SYSTEM_ROWS = RowViewer(role="system")
"""Our own code, acting for nobody in particular: the worker, imports, matching a new question."""


class Database:
    """The way to the tables: `reading()` or `writing()`, never a session kept for later (law 1).

    `published` is a shorter way, to what everybody may read. `signals` is by which way a change
    is told, where that isn't NOTIFY.
    """

    signals: Signals | None = None

    def __init__(self, engine: AsyncEngine, published: Published | None = None) -> None:
        self._engine = engine
        self._reading = engine.execution_options(postgresql_readonly=True)
        self.published = published or Published(
            engine.url.render_as_string(hide_password=False),
            size=_PUBLISHED_SIZE,
            wait_s=_PUBLISHED_WAIT_S,
            command_timeout_s=_PUBLISHED_TIMEOUT_S,
        )

    @property
    def engine(self) -> AsyncEngine:
        """The engine underneath, for whoever counts statements or closes it."""
        return self._engine

    def pools(self) -> dict[str, PoolState]:
        """Return how the pools of connections stand, by what they are for."""
        pool = cast("QueuePool", self._engine.pool)
        sessions = PoolState(pool.checkedout(), pool.checkedin(), pool.size())
        return {"sessions": sessions, "published": self.published.state}

    @asynccontextmanager
    async def reading(self, viewer: RowViewer = ANONYMOUS_ROWS) -> AsyncGenerator[AsyncSession]:
        """Open a read-only transaction that shows what `viewer` may see.

        Raises DatabaseBusy when the pool has no connection to give, or the database is away.
        """
        miss()
        async with (
            _busy_when_away(),
            AsyncSession(self._reading, expire_on_commit=False, autoflush=False) as session,
        ):
            await _act_as(session, viewer)
            yield session

    @asynccontextmanager
    async def writing(self, viewer: RowViewer) -> AsyncGenerator[AsyncSession]:
        """Open a transaction that commits when the block ends well, and rolls back otherwise.

        Raises DatabaseBusy when the pool has no connection to give, or the database is away:
        then nothing was done, unless it went while it committed.
        """
        miss()
        signals = self.signals if self.signals is not None and self.signals.is_open else None
        async with (
            _busy_when_away(),
            AsyncSession(self._engine, expire_on_commit=False) as session,
        ):
            await _act_as(session, viewer, gathers=signals is not None)
            yield session
            told = await gathered(session) if signals is not None else []
            await session.commit()
        if signals is not None and told:
            signals.send(told)

    async def close(self) -> None:
        """Close every connection."""
        await self.published.close()
        await self._engine.dispose()


def serving_database(settings: Settings, address: str, *, asks_replicas: bool = False) -> Database:
    """Return the way to the tables for a process that serves: the API or a worker.

    Sessions go over the pooler, where there is one. What is published is read from the
    server itself: without a transaction around each statement, a pooler might execute it
    where another was prepared.
    """
    pooler = settings.database_pooler_url
    engine = (create_pooled_engine if pooler else create_app_engine)(
        pooler.get_secret_value() if pooler else address,
        pool_size=settings.database_pool_size,
        pool_wait_s=settings.database_pool_wait_s,
        command_timeout_s=settings.database_command_timeout_s,
    )
    is_traced = tracing.is_on()
    if is_traced:
        trace_statements(engine)
    make = partial(
        TracedPublished if is_traced else Published,
        size=settings.database_published_pool_size,
        wait_s=settings.database_pool_wait_s,
    )
    published = make(
        address,
        command_timeout_s=settings.database_command_timeout_s,
        memory_bytes=settings.content_memory_bytes,
    )
    addresses = settings.replica_addresses if asks_replicas else ()
    if addresses:
        patience_s = min(settings.database_command_timeout_s, _REPLICA_PATIENCE_S)
        published.replicas = Replicas(
            [
                Replica(server_name(each), make(each, command_timeout_s=patience_s))
                for each in addresses
            ],
            published,
        )
    return Database(engine, published)


@asynccontextmanager
async def _busy_when_away() -> AsyncGenerator[None]:
    try:
        yield
    except (DBAPIError, asyncpg.InterfaceError, asyncpg.InternalClientError) as failure:
        if is_away(failure):
            raise DatabaseBusy from failure
        raise


async def _act_as(session: AsyncSession, viewer: RowViewer, *, gathers: bool = False) -> None:
    try:
        # Nothing is set for an anonymous viewer: policies read an unset value as nobody.
        if viewer != ANONYMOUS_ROWS:
            statement = _SET_VIEWER_WHO_GATHERS if gathers else _SET_VIEWER
            await session.execute(statement, {"role": viewer.role, "subject": viewer.subject})
        elif gathers:
            await gather(session)
        else:
            await session.connection()
    except PoolTimeoutError as busy:
        raise DatabaseBusy from busy
    # Raised as they are where a connection is opened; later ones are SQLAlchemy's.
    except CONNECTION_FAILURES as failure:
        if is_away(failure):
            raise DatabaseBusy from failure
        raise
