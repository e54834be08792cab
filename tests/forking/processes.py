"""Processes that run a module of ours without loading it anew: as many as a test likes."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

_ROOT = Path(__file__).parents[2]
_LARGEST_REPLY = 1024
_POLL_S = 0.02


class _Server:
    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = ours
        self._one_at_a_time = threading.Lock()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("NAVIS_")}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forking.server"],
                stdin=theirs.fileno(),
                cwd=_ROOT,
                env=clean,
            )

    def ask(self, order: dict[str, Any], streams: Sequence[int] = ()) -> Any:
        with self._one_at_a_time:
            socket.send_fds(self._socket, [json.dumps(order).encode()], streams)
            reply = self._socket.recv(_LARGEST_REPLY)
        if not reply:
            message = f"what forks processes ended with {self._process.wait()}"
            raise RuntimeError(message)
        return json.loads(reply)

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


@cache
def _server() -> _Server:
    server = _Server()
    atexit.register(server.close)
    return server


class ForkedProcess:
    """A process that runs a module, with what `subprocess.Popen` tells of one."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        stdin: int = 0,
        stdout: int,
        stderr: int,
    ) -> None:
        """Start a module, the first of the arguments, with these open files as its streams."""
        order = {"arguments": [*arguments], "environment": dict(env), "folder": str(Path.cwd())}
        self.args = arguments
        self.returncode: int | None = None
        self.pid: int = _server().ask(order, (stdin, stdout, stderr))["pid"]
        self._waiting = threading.Lock()

    def poll(self) -> int | None:
        with self._waiting:
            if self.returncode is None:
                self.returncode = _server().ask({"wait": self.pid})["code"]
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() >= until:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            time.sleep(_POLL_S)
        return code

    def send_signal(self, sig: int) -> None:
        # One that has ended keeps its number until it was waited for.
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def run_forked(
    arguments: Sequence[str], *, env: Mapping[str, str], given: str = "", timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run a module to its end, with a text as its input."""
    with TemporaryFile("w+") as typed, TemporaryFile("w+") as out, TemporaryFile("w+") as errors:
        typed.write(given)
        typed.seek(0)
        process = ForkedProcess(
            arguments,
            env=env,
            stdin=typed.fileno(),
            stdout=out.fileno(),
            stderr=errors.fileno(),
        )
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        out.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), errors.read())
