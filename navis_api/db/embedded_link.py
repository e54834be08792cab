"""Talks to an embedded Postgres: whether it is the folder's own, and has our database."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none

from navis_api.db.embedded_cluster import SUPERUSER
from navis_api.db.embedded_folder import DataFolder, read_password
from navis_api.db.embedded_postmaster import postmaster_port

_HOST = "127.0.0.1"
_DATABASE = "navis"
_MAINTENANCE_DATABASE = "postgres"
_ANSWER_PATIENCE_S = 5.0
# Ours may be busy with the disc when it has just been set up.
_OWN_ANSWER_PATIENCE_S = 60.0

_T = TypeVar("_T")


class _Connection(Protocol):
    async def fetchval(self, query: str, /, *args: object) -> object: ...
    async def execute(self, query: str, /) -> str: ...
    async def close(self) -> None: ...


_Connect = Callable[..., Coroutine[Any, Any, _Connection]]

# What a connection can end in when the port is nobody's, another server's, a
# stopping server's, or no Postgres at all.
CONNECTION_FAULTS = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, and the superuser's password."""

    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """Return the `postgresql://…` URL of our database; the password needs no quoting."""
        return f"postgresql://{SUPERUSER}:{self.password}@{_HOST}:{self.port}/{_DATABASE}"


def read_server(folder: DataFolder) -> Server | None:
    """Return the server that the folder's files speak of, alive or not."""
    port = postmaster_port(folder)
    password = read_password(folder)
    return Server(port, password) if port and password else None


def serves(server: Server, folder: DataFolder) -> bool:
    """Say whether it is this folder's server that answers there.

    SCRAM proves both sides' knowledge of the password (RFC 5802), and the data
    directory tells a copied folder from its original.
    """
    try:
        directory = _alone(lambda: _data_directory(server))
        return Path(directory).samefile(folder.cluster)
    except CONNECTION_FAULTS:
        return False


def ensure_database(server: Server) -> None:
    """Create our database where it is missing. Raises CONNECTION_FAULTS."""
    _alone(lambda: _ensure_database(server))


async def _data_directory(server: Server) -> str:
    connection = await _connect(server, _ANSWER_PATIENCE_S)
    try:
        return str(await connection.fetchval("show data_directory"))
    finally:
        await connection.close()


async def _ensure_database(server: Server) -> None:
    connection = await _connect(server, _OWN_ANSWER_PATIENCE_S)
    try:
        known = await connection.fetchval("select 1 from pg_database where datname = $1", _DATABASE)
        if not known:
            await connection.execute(f"create database {_DATABASE}")
    finally:
        await connection.close()


async def _connect(server: Server, patience_s: float) -> _Connection:
    # asyncpg 0.32 has no type of its own for this.
    connect = cast("_Connect", asyncpg.connect)  # pyright: ignore[reportUnknownMemberType]
    return await connect(
        host=_HOST,
        port=server.port,
        user=SUPERUSER,
        password=server.password,
        database=_MAINTENANCE_DATABASE,
        ssl=False,
        timeout=patience_s,
        command_timeout=patience_s,
    )


def _alone(work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
    """Run it to its end in a loop and a thread of its own: the caller's may have a loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()
