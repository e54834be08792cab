"""Plain connections, for work in SQL. asyncpg ships no types: what is used stands here once."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg ships none
import orjson

_PATIENCE_S = 7_200


class Connection(Protocol):
    """A connection."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement or, without arguments, several."""
        ...

    async def executemany(self, command: str, args: Iterable[Sequence[object]]) -> None:
        """Run a statement for each set of arguments."""
        ...

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401 - one value
        """Return the first value of a query."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Open a transaction."""
        ...


class Pool(Protocol):
    """Connections, and short cuts for single statements."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection for a while."""
        ...

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""
        ...

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401 - one value
        """Return the first value of a query."""
        ...


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


@asynccontextmanager
async def pool_of(address: str) -> AsyncGenerator[Pool]:
    """Give a pool of connections that read and write JSON."""

    async def prepare(connection: Any) -> None:  # noqa: ANN401 - asyncpg ships no types
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(
                kind,
                encoder=_json,
                decoder=orjson.loads,
                schema="pg_catalog",
            )

    async with cast("Any", asyncpg).create_pool(
        address, min_size=1, max_size=4, init=prepare, command_timeout=_PATIENCE_S
    ) as pool:
        yield pool
