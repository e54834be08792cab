"""The servers that are measured, as processes of their own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_S = 60.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with these settings of Navis's and no others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NAVIS_")}
    return clean | {"NAVIS_LOG_LEVEL": "WARNING"} | dict(settings)


def navis(data_dir: Path, *arguments: str) -> str:
    """Run a command of ours to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "navis_api", *arguments],
        env=environment({"NAVIS_DATA_DIR": str(data_dir)}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def cores() -> tuple[int, set[int]]:
    """Return the core of the servers that are measured, and those of everything else."""
    ours = sorted(os.sched_getaffinity(0))
    return ours[-1], set(ours[:-1]) or set(ours)


@contextmanager
def on_cores(chosen: set[int]) -> Generator[None]:
    """Have this process, and whatever is started meanwhile, run on these cores alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def running(
    command: list[str], port: int, *, env: dict[str, str], core: int | None = None
) -> Generator[int]:
    """Give the port of a server once it listens, and stop it afterwards."""
    with on_cores(os.sched_getaffinity(0) if core is None else {core}):
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                message = f"{command} ended"
                raise RuntimeError(message)
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


@contextmanager
def api(settings: Mapping[str, str], *, core: int | None = None) -> Generator[int]:
    """Give the port of the API with these settings."""
    port = free_port()
    env = environment({**settings, "NAVIS_PORT": str(port)})
    command = [sys.executable, "-m", "navis_api", "serve"]
    with running(command, port, env=env, core=core) as listening:
        yield listening


@contextmanager
def asgi(name: str, settings: Mapping[str, str], *, core: int | None = None) -> Generator[int]:
    """Give the port of an ASGI application of `bench`, served as the API is."""
    port = free_port()
    command = [
        sys.executable,
        *("-m", "uvicorn", name, "--port", str(port)),
        *("--log-level", "warning", "--no-access-log", "--no-server-header"),
    ]
    with running(command, port, env=dict(os.environ) | dict(settings), core=core) as listening:
        yield listening


def shared_corpus() -> Path | None:
    """Return the NCI corpus beside the checkout, where it is there."""
    path = Path(__file__).parents[2] / "shared" / "data" / "nci" / "nci_2025.jsonl.gz"
    return path if path.exists() else None


def documents_in(status: str) -> int:
    """Return the number of documents in what `sources status --json` prints."""
    return sum(int(found) for found in re.findall(r'"documents": (\d+)', status))
