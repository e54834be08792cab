"""A Redis of a test's own: started, killed and started again on the same port."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.waiting import PATIENCE_S


def require_redis() -> str:
    """Return where redis-server is, or skip."""
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("redis-server isn't installed: .ci/install-redis does that")
    return found


class RedisServer:
    """Keeps nothing on disk, so that it has forgotten everything when it comes back."""

    def __init__(self, folder: Path, *options: str, password: str = "") -> None:
        self._program = require_redis()
        self._folder = folder
        self._options = (*options, *(("--requirepass", password) if password else ()))
        self._password = password
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        who = f":{self._password}@" if self._password else ""
        return f"redis://{who}127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = (
            *(self._program, "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "no", "--dir", str(self._folder)),
            *self._options,
        )
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                    probe.sendall(b"PING\r\n")
                    if probe.recv(64):
                        return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("redis-server doesn't answer")

    def kill(self) -> None:
        """End it as a crash does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(PATIENCE_S)
        self._process = None

    def pause(self) -> None:
        """Have it be there, and say nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self.kill()
