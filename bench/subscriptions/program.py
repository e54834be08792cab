"""Memory for each idle subscriber, and the time until one event has reached all of them.

Both as ratios: to a bare ASGI application on the same server, with as many connections,
that sends the same bytes. Each run starts both servers anew, so that none has what the
other left behind.
"""

import argparse
import asyncio
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvloop

from bench.load import spread
from bench.servers import environment, free_port, navis
from bench.subscriptions.clients import HELD, Crowd, Dialogue, Publish, event_stream, web_socket
from bench.subscriptions.generation import Written
from navis_api.db import embedded
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import Database
from navis_api.graphql.relay import global_id

FOLLOW = """
subscription Follow($id: ID!, $after: Int) {
  generationEvents(generationId: $id, after: $after) {
    __typename sequence
    ... on GenerationProgressed { status }
    ... on AnswerTextAdded {
      sectionIndex heading text citations { number quote source { title url } }
    }
    ... on GenerationCompleted { answer { id title reviewed } }
    ... on GenerationFailed { code message retryable }
  }
}
"""
FILES_BESIDE = 500
"""Files that a process has open besides one for each subscriber."""

_UNLIMITED = {
    "NAVIS_MAX_SOCKETS_ADDRESS": "0",
    "NAVIS_MAX_SUBSCRIPTIONS_ADDRESS": "0",
    "NAVIS_THROTTLE_ADDRESS_POINTS": "0",
    "NAVIS_STREAM_KEEPALIVE_S": "3600",
    "NAVIS_DATABASE_POOL_WAIT_S": "60",
}
"""Settings for a crowd at few addresses, whose silence nothing breaks."""

WARM_UP = 200
EVENTS = 5
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_KIB = 1024
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one server did: bytes a subscriber, bytes of an event, and seconds to reach all."""

    memory: float
    length: int
    seconds: list[float]


def main(options: Sequence[str]) -> None:
    """Print memory and fan-out for both transports."""
    parser = argparse.ArgumentParser(prog="python -m bench subscriptions")
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args(options)
    _allow_files(given.subscribers + FILES_BESIDE)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        with embedded.start(data_dir) as server:
            navis(data_dir, "migrate")
            for transport in ("server-sent events", "WebSocket"):
                runs = [
                    uvloop.run(_compare(transport, given.subscribers, data_dir, server.url))
                    for _ in range(given.runs)
                ]
                _report(transport, given.subscribers, runs)


def _report(transport: str, count: int, runs: list[tuple[Measured, Measured]]) -> None:
    ours, bare = [run[0] for run in runs], [run[1] for run in runs]
    fan_out = [
        mine / theirs
        for our, its in runs
        for mine, theirs in zip(sorted(our.seconds), sorted(its.seconds), strict=True)
    ]
    print(f"{transport}, {count} subscribers, {len(runs)} runs, median (lowest to highest):")
    print(f"  memory of one     {spread([run.memory / _KIB for run in ours], '{:.1f}')} KiB")
    print(f"    of a bare one   {spread([run.memory / _KIB for run in bare], '{:.1f}')} KiB")
    print(f"    ratio           {spread([o.memory / b.memory for o, b in runs], '{:.2f}')}")
    print(f"  an event to all   {spread(fan_out, '{:.2f}')} times the bare application's time")
    print(f"    in seconds      {spread([s for run in ours for s in run.seconds], '{:.2f}')}")
    print(f"    of {ours[0].length} bytes each", flush=True)


async def _compare(
    transport: str, count: int, data_dir: Path, address: str
) -> tuple[Measured, Measured]:
    engine = create_app_engine(address, pool_size=2, pool_wait_s=30, command_timeout_s=60)
    try:
        written = await Written.begin(Database(engine))
        settings = {"NAVIS_DATA_DIR": str(data_dir), **_UNLIMITED}
        with _serving(["navis_api", "serve"], settings) as (port, process):
            dialogue = _dialogue(transport, written.id)
            ours = await _measure(port, process, dialogue, count, written.add_text)
    finally:
        await engine.dispose()
    ready = HELD.encode()
    held = web_socket([], ready=ready) if transport == "WebSocket" else None
    held = held or event_stream("", {}, ready=ready)
    with _serving(["bench.subscriptions.bare"], {}) as (port, process):
        frame = b"x" * (ours.length - _framing(transport, ours.length))

        async def write() -> None:
            async with httpx.AsyncClient(timeout=120) as http:
                await http.put(f"http://127.0.0.1:{port}/all", content=frame)

        bare = await _measure(port, process, held, count, write)
    assert bare.length == ours.length, (bare.length, ours.length)
    return ours, bare


def _framing(transport: str, length: int) -> int:
    """Return how many bytes the server adds to what is written.

    A frame's head (RFC 6455, 5.2: 4 bytes at this length), or those of a chunk
    (RFC 9112, 7.1): its length in hexadecimal, and two ends of line.
    """
    return 4 if transport == "WebSocket" else len(f"{length:x}") + 4


async def _measure(
    port: int, process: "subprocess.Popen[bytes]", dialogue: Dialogue, count: int, publish: Publish
) -> Measured:
    warming = Crowd(port, dialogue)
    await warming.open(WARM_UP)
    warming.close()
    await asyncio.sleep(1)
    crowd = Crowd(port, dialogue)
    before = _resident_bytes(process.pid)
    await crowd.open(count)
    await asyncio.sleep(1)
    memory = (_resident_bytes(process.pid) - before) / count
    try:
        length = await crowd.bytes_of_next(publish)
        seconds = [await crowd.seconds_to_reach_all(publish, length) for _ in range(EVENTS)]
    finally:
        crowd.close()
    return Measured(memory, length, seconds)


def _dialogue(transport: str, generation_id: str) -> Dialogue:
    payload: dict[str, object] = {
        "query": FOLLOW,
        "variables": {"id": global_id("Generation", generation_id)},
    }
    ready = b'"status":"QUEUED"'
    if transport == "WebSocket":
        subscribe = {"id": "1", "type": "subscribe", "payload": payload}
        return web_socket([{"type": "connection_init"}, subscribe], ready=ready)
    return event_stream(FOLLOW, {"id": global_id("Generation", generation_id)}, ready=ready)


@contextmanager
def _serving(
    command: list[str], settings: Mapping[str, str]
) -> Generator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Give the port and the process of a server once it listens, and stop it afterwards."""
    port = free_port()
    env = environment({**settings, "NAVIS_PORT": str(port)})
    process = subprocess.Popen([sys.executable, "-m", *command], env=env)
    try:
        until = time.monotonic() + _PATIENCE_S
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                message = f"{command} doesn't serve"
                raise RuntimeError(message)
            time.sleep(0.05)
        yield port, process
    finally:
        # Nobody is to be told goodbye.
        process.kill()
        process.wait(_PATIENCE_S)


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def _resident_bytes(pid: int) -> int:
    """Return what a process has in memory (proc(5), statm)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES


def _allow_files(count: int) -> None:
    """Let this process, and those that it starts, have so many files open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            sys.exit(f"{count} open files are needed, and {hard} allowed: see `ulimit -Hn`.")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
