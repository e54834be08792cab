"""Connections of asyncpg's own, for what a session can't do: LISTEN, and the job queue.

asyncpg 0.32 ships no types, so what we use of it is written down here once.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none

from navis_api.db.engine import asyncpg_address, lasting_settings
from navis_api.db.patience import CONNECT_PATIENCE_S, QUEUE_COMMAND_TIMEOUT_S

CONNECTION_FAILURES: tuple[type[Exception], ...] = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # A connection that is cut just as a statement begins is out of step (asyncpg 0.32).
    asyncpg.InternalClientError,
)
"""What is raised when the database is away, restarts, or is too busy."""

_CLOSE_PATIENCE_S = 5.0

NotificationCallback = Callable[[object, int, str, object], None]


class RawConnection(Protocol):
    """A connection of asyncpg's."""

    async def add_listener(self, channel: str, callback: NotificationCallback) -> None:
        """Call back at each notification on a channel."""
        ...

    def add_termination_listener(self, callback: Callable[[object], None]) -> None:
        """Call back when the connection is gone, whoever ended it."""
        ...

    async def fetchval(self, query: str, *args: object, timeout: float | None = None) -> Any:  # noqa: ANN401, ASYNC109 - asyncpg's own signature
        """Return the first value of a query."""
        ...

    async def fetchrow(
        self,
        query: str,
        *args: object,
        timeout: float | None = None,  # noqa: ASYNC109 - asyncpg's own signature
    ) -> Any:  # noqa: ANN401 - asyncpg's own signature
        """Return the first row of a query."""
        ...

    async def fetch(self, query: str, *args: object) -> list[Any]:
        """Return the rows of a query."""
        ...

    def is_closed(self) -> bool:
        """Whether the connection is gone."""
        ...

    def terminate(self) -> None:
        """Close without saying goodbye."""
        ...


def _arguments(address: str, purpose: str) -> dict[str, Any]:
    return {
        "dsn": asyncpg_address(address),
        "timeout": CONNECT_PATIENCE_S,
        # Without it a job queue would wait for ever for an answer over a silent connection.
        "command_timeout": QUEUE_COMMAND_TIMEOUT_S,
        "server_settings": {
            "application_name": f"navis-api {purpose}",
            **lasting_settings(address, QUEUE_COMMAND_TIMEOUT_S),
        },
    }


async def connect(address: str, *, purpose: str) -> RawConnection:
    """Open a connection that acts as the app role. `purpose` names it in pg_stat_activity."""
    open_connection: Any = cast("Any", asyncpg).connect
    return await open_connection(**_arguments(address, purpose))


@asynccontextmanager
async def opened_pool(address: str, *, purpose: str, max_size: int) -> AsyncGenerator[asyncpg.Pool]:
    """Give a pool of connections that act as the app role, and close it whatever happens."""
    make_pool: Any = cast("Any", asyncpg).create_pool
    pool: asyncpg.Pool = await make_pool(
        **_arguments(address, purpose), min_size=1, max_size=max_size
    )
    try:
        yield pool
    finally:
        # A connection that was never given back would be waited for without end.
        try:
            await asyncio.wait_for(pool.close(), timeout=_CLOSE_PATIENCE_S)
        except TimeoutError:
            pool.terminate()
