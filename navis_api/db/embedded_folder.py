"""The data folder of an embedded Postgres: what lies in it, and who holds it.

    postgres/            the database cluster
    postgres-password    the superuser's password
    postgres-port        where the server listened last, and will again if it can
    postgres.log         the server's log; the one before in postgres.log.1
    postgres.lock        held by the supervisor for its life; its text is the process id
    postgres-server.lock held by the supervisor and every Postgres process for theirs
    postgres-users.lock  shared by commands for the time that they use the server

All locks are flock(2) locks: the kernel releases them with the last process that
has them open, however it ends, so no process id decides whether a server is alive.
Every Postgres process inherits the second one from its launcher.
"""

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from navis_api.db.embedded_errors import DataFolderUnusable

_PASSWORD_BYTES = 24
_LOG_BYTES_KEPT = 5_000_000
_LOCK_ATTEMPT_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Owner:
    """The user and group that Postgres runs as when we are root."""

    user: int
    group: int


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The paths in one data folder."""

    path: Path
    """Absolute, without symbolic links."""

    @property
    def cluster(self) -> Path:
        """Return the folder of the database cluster itself."""
        return self.path / "postgres"

    @property
    def password_file(self) -> Path:
        """Return the file with the superuser's password, mode 0600."""
        return self.path / "postgres-password"

    @property
    def port_file(self) -> Path:
        """Return the file with the port that the server listened on last."""
        return self.path / "postgres-port"

    @property
    def log(self) -> Path:
        """Return the server's log."""
        return self.path / "postgres.log"

    @property
    def supervisor_lock(self) -> Path:
        """Return the lock whose holder supervises the server."""
        return self.path / "postgres.lock"

    @property
    def server_lock(self) -> Path:
        """Return the lock that is held while any Postgres process of this folder lives."""
        return self.path / "postgres-server.lock"

    @property
    def users_lock(self) -> Path:
        """Return the lock that commands share while they use the server."""
        return self.path / "postgres-users.lock"


def data_folder(data_dir: Path) -> DataFolder:
    """Return the paths in this folder, which need not exist yet."""
    return DataFolder(data_dir.expanduser().resolve())


@contextlib.contextmanager
def file_faults_named(folder: DataFolder) -> Generator[None]:
    """Turn an OSError on the folder's files into DataFolderUnusable."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        where = f" ({error.filename})" if error.filename else ""
        raise DataFolderUnusable(folder.path, reason + where) from error


def open_own_file(folder: DataFolder, path: Path, flags: int) -> int:
    """Open a file in the folder, made with mode 0600 for the folder's owner. A link is refused."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        # Root started this in somebody's folder: they shall be able to start it too.
        owner = folder.path.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def take_lock(folder: DataFolder, path: Path, *, patience_s: float) -> int | None:
    """Return the descriptor of the lock, or None when it is still held after `patience_s`."""
    descriptor = open_own_file(folder, path, os.O_RDWR)
    give_up_at = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up_at:
                os.close(descriptor)
                return None
            time.sleep(_LOCK_ATTEMPT_PAUSE_S)
        else:
            return descriptor


def share_lock(folder: DataFolder, path: Path) -> int:
    """Return the descriptor of the lock, shared with others; who has it alone is waited for."""
    descriptor = open_own_file(folder, path, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_sole(descriptor: int) -> bool:
    """Say whether nobody else shares this lock; then we have it alone."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def await_others(descriptor: int) -> None:
    """Wait until nobody else shares this lock, and have it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def is_held(path: Path) -> bool:
    """Say whether somebody holds this lock. Takes it, shared, for the moment of asking."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def sign_lock(descriptor: int) -> None:
    """Write our process id into the lock, for the message that others get."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def lock_holder(folder: DataFolder) -> int | None:
    """Return the process id in the supervisor's lock."""
    with contextlib.suppress(OSError, ValueError):
        return int(folder.supervisor_lock.read_text())
    return None


def read_password(folder: DataFolder) -> str | None:
    """Return the superuser's password, None when there is none yet."""
    try:
        return folder.password_file.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def require_password(folder: DataFolder) -> str:
    """Return the superuser's password. Raises DataFolderUnusable when its file is lost."""
    password = read_password(folder)
    if password is None:
        raise DataFolderUnusable(
            folder.path,
            f"its file {folder.password_file.name} is lost. Put it back, or move the folder "
            f"{folder.cluster.name} away to begin with an empty database",
        )
    return password


def make_password(folder: DataFolder) -> str:
    """Make and keep a password, of URL-safe characters. Whole or not at all after a crash."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    _write_whole(folder, folder.password_file, password)
    return password


def read_port(folder: DataFolder) -> int | None:
    """Return the port that the server listened on last, None when that isn't known."""
    with contextlib.suppress(OSError, ValueError):
        return int(folder.port_file.read_text(encoding="ascii"))
    return None


def keep_port(folder: DataFolder, port: int) -> None:
    """Note the port that the server listens on, whole or not at all."""
    _write_whole(folder, folder.port_file, str(port))


def _write_whole(folder: DataFolder, path: Path, line: str) -> None:
    """Write a file of one line, whole or not at all after a crash."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(open_own_file(folder, draft, os.O_WRONLY), "w") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def open_log(folder: DataFolder) -> int:
    """Open the log for appending; a large one is put aside first."""
    with contextlib.suppress(FileNotFoundError):
        if folder.log.lstat().st_size > _LOG_BYTES_KEPT:
            folder.log.replace(folder.log.with_suffix(".log.1"))
    return open_own_file(folder, folder.log, os.O_WRONLY | os.O_APPEND)


def give_to(owner: Owner, path: Path) -> None:
    """Make `owner` own this folder of ours and all below it. Links are not followed.

    The folder itself comes last: one that has changed hands is known to be done.
    """
    for place, _, files in os.walk(path, topdown=False):
        for name in (*files, "."):
            os.chown(Path(place, name), owner.user, owner.group, follow_symlinks=False)
