"""PgBouncer in transaction mode, before the tests' server."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from navis_api.db.embedded_cluster import find_binaries
from navis_api.db.engine import APP_ROLE, asyncpg_address, parse_address, server_name
from tests.waiting import PATIENCE_S

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
LOGIN = "navis_pooled"
_PASSWORD = "pooled"

# As docs/operations.md has operators do it.
_LOGIN = (
    f"DO $$ BEGIN CREATE ROLE {APP_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN END $$",
    (
        f"DO $$ BEGIN CREATE ROLE {LOGIN} LOGIN PASSWORD '{_PASSWORD}' IN ROLE {APP_ROLE};"
        " EXCEPTION WHEN duplicate_object THEN END $$"
    ),
    f"ALTER ROLE {LOGIN} SET role = '{APP_ROLE}'",
    f"ALTER ROLE {LOGIN} SET jit = off",
    f"ALTER ROLE {LOGIN} SET plan_cache_mode = force_custom_plan",
)


@dataclass(frozen=True)
class Pooler:
    """A PgBouncer that runs."""

    port: int
    process: subprocess.Popen[bytes]
    server: str
    """Before which it stands, as `host:port`."""

    def before(self, address: str) -> str:
        """Return the address of a database of the server, through this."""
        url = parse_address(address).set(
            drivername="postgresql",
            username=LOGIN,
            password=_PASSWORD,
            host="127.0.0.1",
            port=self.port,
            query={},
        )
        return url.render_as_string(hide_password=False)

    def transactions(self) -> int:
        """Return how many went over it, to any database of the server."""
        console = f"postgresql://anybody@127.0.0.1:{self.port}/pgbouncer"
        asking = [find_binaries() / "psql", "-At", "-c", "SHOW STATS_TOTALS", console]
        shown = subprocess.run(asking, check=True, capture_output=True, text=True, timeout=30)
        rows = [row.split("|") for row in shown.stdout.splitlines()]
        return sum(int(row[1]) for row in rows if row[0] != "pgbouncer")


async def make_login(address: str) -> None:
    """Make the login that a pooler has at the server, with what it sets for itself."""
    connection = await asyncpg.connect(asyncpg_address(address))
    try:
        for statement in _LOGIN:
            await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def pooling(address: str, folder: Path, *, connections: int) -> Iterator[Pooler]:
    """Run a PgBouncer with so many connections for each database of a server.

    They are taken in turn, so that what one of them keeps is met by somebody else at once.
    """
    assert PROGRAM is not None
    server = parse_address(address)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"""
        [databases]
        * = host={server.host} port={server.port} user={LOGIN} password={_PASSWORD}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = {connections}
        max_client_conn = 1000
        server_round_robin = 1
        """.replace("        ", ""),
    )
    # It refuses to be root.
    who = ["-u", "nobody"] if os.geteuid() == 0 else []
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, "-q", *who, str(config)], stdout=log, stderr=log)
    try:
        _await_ready(port, process)
        yield Pooler(port, process, server_name(address))
    finally:
        process.kill()
        process.wait()


def _await_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "PgBouncer has ended"
            assert time.monotonic() < until, "PgBouncer didn't get ready"
            time.sleep(0.02)
        else:
            return
