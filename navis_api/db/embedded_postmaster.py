"""What Postgres says of itself in `postmaster.pid`, and whether that still holds.

The file's lines are: process id, data directory, start time, port, socket folder,
address, shared memory, status (miscadmin.h of Postgres 18).
"""

from pathlib import Path

from navis_api.db.embedded_errors import OldServerStillRunning
from navis_api.db.embedded_folder import DataFolder

_PID_LINE = 0
_PORT_LINE = 3
_STATUS_LINE = 7

_PROCESSES = Path("/proc")


def postmaster_pid(folder: DataFolder) -> int | None:
    """Return the process id in the file, alive or not."""
    return _number(folder, _PID_LINE)


def postmaster_port(folder: DataFolder) -> int | None:
    """Return the TCP port in the file, alive or not."""
    return _number(folder, _PORT_LINE)


def says_ready(folder: DataFolder) -> bool:
    """Say whether Postgres has written there that it takes connections."""
    return _line(folder, _STATUS_LINE) == "ready"


def clear_stale_file(folder: DataFolder) -> None:
    """Remove the file of a server that is gone. Only with the server's lock in hand.

    Postgres itself trusts the file when its process id has been given to another
    process of the same user. With the lock in hand no server of ours is alive, so
    only one that somebody has started by hand could be: OldServerStillRunning.
    """
    pid = postmaster_pid(folder)
    if pid and _is_postgres_of(folder, pid):
        raise OldServerStillRunning(folder.path, pid)
    _file(folder).unlink(missing_ok=True)


def _is_postgres_of(folder: DataFolder, pid: int) -> bool:
    """Say whether this process is a Postgres on our cluster. Linux only; elsewhere False."""
    process = _PROCESSES / str(pid)
    try:
        if (process / "comm").read_text().strip() != "postgres":
            return False
        command = (process / "cmdline").read_bytes()
    except OSError:
        return False
    try:
        return (process / "cwd").samefile(folder.cluster)
    except FileNotFoundError:
        return False
    except PermissionError:
        # Containers keep root from looking into another user's process.
        return bytes(folder.cluster) in command.split(b"\0")


def _number(folder: DataFolder, line: int) -> int | None:
    text = _line(folder, line)
    return int(text) if text.isdecimal() else None


def _line(folder: DataFolder, number: int) -> str:
    """Return a line of the file, empty where there is none."""
    try:
        lines = _file(folder).read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return lines[number].strip() if number < len(lines) else ""


def _file(folder: DataFolder) -> Path:
    return folder.cluster / "postmaster.pid"
