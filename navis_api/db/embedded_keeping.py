"""An embedded Postgres for as long as a program needs it, whoever started it.

Postgres ends with the process that started it, which may be a command that is done or a
process that was killed, and it may be killed itself. Of the processes that last, whichever
looks first starts it again, on the port that the connections of all of them go to. Commands
don't look: a command that started it ends it when no other command uses it any more.
"""

import contextlib
import os
import threading
from collections.abc import Generator
from pathlib import Path

import structlog

from navis_api.db import embedded
from navis_api.db import embedded_cluster as cluster
from navis_api.db import embedded_folder as folders
from navis_api.db.embedded import EmbeddedPostgres
from navis_api.db.embedded_errors import DataFolderInUse
from navis_api.errors import OperatorFault

_log = structlog.get_logger(__name__)

_LOOK_S = 1.0


@contextlib.contextmanager
def at_hand(data_dir: Path) -> Generator[str]:
    """Yield the URL of the folder's running server, or of one started for this time only.

    One that was started ends after the last of the commands that found it meanwhile.
    """
    with _using(data_dir) as use:
        url, ours = _found_or_started(data_dir)
        with ours or contextlib.nullcontext():
            try:
                yield url
            finally:
                if ours is not None and not folders.is_sole(use):
                    _log.info("embedded_postgres.in_use", help="It ends with the other command.")
                    folders.await_others(use)


@contextlib.contextmanager
def _using(data_dir: Path) -> Generator[int]:
    """Share the lock of those who use the folder's server, and give its descriptor."""
    folder = folders.data_folder(data_dir)
    with folders.file_faults_named(folder):
        cluster.make_folder(folder)
        use = folders.share_lock(folder, folder.users_lock)
    try:
        yield use
    finally:
        os.close(use)


@contextlib.contextmanager
def kept(data_dir: Path, *, started_here: bool = False) -> Generator[str]:
    """Yield the URL of the folder's server, found or started, which is started again if it ends.

    `started_here`: one that another process runs won't do; raises DataFolderInUse.
    """
    url, ours = _started(data_dir) if started_here else _found_or_started(data_dir)
    keeper = _Keeper(data_dir, url, ours)
    thread = threading.Thread(target=keeper.keep, name="embedded-postgres", daemon=True)
    thread.start()
    try:
        yield url
    finally:
        keeper.done.set()
        thread.join()
        keeper.leave()


class _Keeper:
    """One process's part in it: it runs the server, or watches for its end."""

    def __init__(self, data_dir: Path, url: str, ours: EmbeddedPostgres | None) -> None:
        self._data_dir = data_dir
        self._url = url
        self._ours = ours
        self.done = threading.Event()

    def keep(self) -> None:
        """Look until all is done."""
        while not self.done.wait(_LOOK_S):
            try:
                self._look()
            except OperatorFault as fault:
                _log.warning("embedded_postgres.not_started", reason=type(fault).__name__)

    def leave(self) -> None:
        """End the server, if it is ours."""
        if self._ours is not None:
            self._ours.stop()
            self._ours = None

    def _look(self) -> None:
        if self._ours is not None:
            if self._ours.is_running:
                return
            self.leave()
        if embedded.is_supervised(self._data_dir):
            return
        with contextlib.suppress(DataFolderInUse):
            self._ours = embedded.start(self._data_dir)
            if self._ours.url == self._url:
                _log.warning("embedded_postgres.started_again")
            else:
                # Another program has the port now, and our connections can't follow.
                _log.error("embedded_postgres.moved", help="Start this process again.")


def _found_or_started(data_dir: Path) -> tuple[str, EmbeddedPostgres | None]:
    if url := embedded.find_running(data_dir):
        return url, None
    try:
        return _started(data_dir)
    except DataFolderInUse:
        # Somebody was quicker.
        if url := embedded.find_running(data_dir):
            return url, None
        raise


def _started(data_dir: Path) -> tuple[str, EmbeddedPostgres]:
    server = embedded.start(data_dir)
    return server.url, server
