"""A streaming replica of the tests' server, whose replaying can be stopped at a place."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from navis_api.db import embedded
from navis_api.db.embedded import EmbeddedPostgres
from navis_api.db.embedded_cluster import find_binaries
from navis_api.db.engine import asyncpg_address, parse_address
from tests.conftest import at_database


class ReplicaServer:
    """A replica that follows, and an administrator's view of it."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def of(self, address: str) -> str:
        """Return the address, at the replica, of a database of the primary's."""
        return at_database(self._server.url, parse_address(address).database or "")

    async def pause(self) -> None:
        """Show from now on what is shown now, whatever the primary does."""
        await self.ask("SELECT pg_wal_replay_pause()")
        while await self.ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
            pass

    async def resume(self) -> None:
        """Follow again."""
        await self.ask("SELECT pg_wal_replay_resume()")

    async def ask(self, query: str, *, at: str | None = None) -> object:
        connection = await asyncpg.connect(asyncpg_address(at or self._server.url))
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    def kill(self) -> None:
        """End it as a power cut does."""
        self._server._process.kill()  # pyright: ignore[reportPrivateUsage]
        self._server._process.wait()  # pyright: ignore[reportPrivateUsage]


@contextmanager
def following(primary: str, folder: Path) -> Iterator[ReplicaServer]:
    """Copy a server, and run the copy as its replica. Skips where that server can't be copied."""
    if os.environ.get("NAVIS_TEST_DATABASE_URL"):
        pytest.skip("a replica is made of the embedded server only")
    copying = [
        *(find_binaries() / "pg_basebackup", "-d", asyncpg_address(primary)),
        *("-D", folder / "postgres", "--checkpoint=fast", "--wal-method=stream"),
        # With the files that make it a replica.
        "--write-recovery-conf",
    ]
    subprocess.run(copying, check=True, capture_output=True, timeout=120)
    password = folder / "postgres-password"
    password.write_text(str(parse_address(primary).password))
    password.chmod(0o600)
    with embedded.start(folder) as server:
        yield ReplicaServer(server)
