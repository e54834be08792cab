"""The servers that are measured, as processes of their own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE_S = 60.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def environment(data_dir: Path) -> dict[str, str]:
    """Return our environment with no setting of Navis's but the data folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NAVIS_")}
    return clean | {"NAVIS_DATA_DIR": str(data_dir), "NAVIS_LOG_LEVEL": "WARNING"}


def navis(data_dir: Path, *arguments: str) -> str:
    """Run a command of ours to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "navis_api", *arguments],
        env=environment(data_dir),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


@contextmanager
def running(command: list[str], port: int, *, env: dict[str, str]) -> Generator[int]:
    """Give the port of a server once it listens, and stop it afterwards."""
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
def api(data_dir: Path) -> Generator[int]:
    """Give the port of the API over the data folder's database."""
    port = free_port()
    env = environment(data_dir) | {"NAVIS_PORT": str(port)}
    with running([sys.executable, "-m", "navis_api", "serve"], port, env=env) as listening:
        yield listening


@contextmanager
def ceiling(size: int) -> Generator[int]:
    """Give the port of an ASGI application that sends so many bytes and does nothing else."""
    port = free_port()
    env = dict(os.environ) | {"CEILING_BYTES": str(size)}
    command = [
        sys.executable,
        *("-m", "uvicorn", "bench.ceiling:app", "--port", str(port)),
        *("--log-level", "warning", "--no-access-log"),
    ]
    with running(command, port, env=env) as listening:
        yield listening


def shared_corpus() -> Path | None:
    """Return the NCI corpus beside the checkout, where it is there."""
    path = Path(__file__).parents[2] / "shared" / "data" / "nci" / "nci_2025.jsonl.gz"
    return path if path.exists() else None


def documents_in(status: str) -> int:
    """Return the number of documents in what `sources status --json` prints."""
    return sum(int(found) for found in re.findall(r'"documents": (\d+)', status))
