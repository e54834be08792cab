"""Our command line as processes, which are forked from one that has loaded our code."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.conftest import REDIS, pooler_settings
from tests.forking.processes import ForkedProcess, run_forked
from tests.waiting import PATIENCE_S


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """The environment without settings of ours but these."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("NAVIS_") and name != "COLUMNS"
    }
    usual = {
        "NAVIS_DATA_DIR": str(data_dir),
        "NAVIS_PORT": "0",
        # No balancer has to be told in time.
        "NAVIS_SHUTDOWN_NOTICE_S": "0",
        # A machine that runs other tests as well is slow, and not what is looked at.
        "NAVIS_DATABASE_POOL_WAIT_S": "30",
    }
    if REDIS:
        usual["NAVIS_REDIS_URL"] = REDIS
    database = settings.get("NAVIS_DATABASE_URL")
    pooler = pooler_settings(database) if database else {}
    return clean | usual | pooler | settings


def run(
    *arguments: str, env: Mapping[str, str], timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return run_forked(["navis_api", *arguments], env=env, timeout=timeout)


class Running:
    """A module that goes on, in a session of its own, with what it has printed so far.

    One that is started `anew` loads our code as it does for people: in seconds.
    """

    process: subprocess.Popen[bytes] | ForkedProcess

    def __init__(
        self, module: str, *arguments: str, env: Mapping[str, str], anew: bool = False
    ) -> None:
        ours, theirs = os.pipe()
        if anew:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=env,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
            )
        else:
            self.process = ForkedProcess(
                [module, *arguments], env=env, stdout=theirs, stderr=theirs
            )
        os.close(theirs)
        self._printed = open(ours)  # noqa: PTH123, SIM115 - closed when the command is over
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._printed:
            self._lines.append(line)

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Return where the output matches, as soon as it does."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            found = re.search(pattern, self.output)
            if found:
                return found
            if self.process.poll() is not None:
                self._reader.join(5)
                found = re.search(pattern, self.output)
                if found:
                    return found
                break
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} didn't come in:\n{self.output}")

    def interrupt(self) -> int:
        """Do what Ctrl-C in a terminal does, and return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """Kill the process itself, as the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reader.join(5)
        self._printed.close()


def navis(*arguments: str, env: Mapping[str, str], anew: bool = False) -> Running:
    return Running("navis_api", *arguments, env=env, anew=anew)


def postgres_processes(data_dir: Path) -> list[int]:
    """The server processes whose working folder lies in the data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "comm").read_text().strip() != "postgres":
                continue
            if (entry / "cwd").readlink().is_relative_to(data_dir.resolve()):
                found.append(int(entry.name))
        except OSError:
            continue
    return found
