"""What the tests of the embedded Postgres start, watch and ask."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, cast

import asyncpg

import navis_api
from navis_api.db.embedded_folder import data_folder, is_held
from tests.waiting import PATIENCE_S

AS_ROOT = os.geteuid() == 0

HOLD = """
import sys, threading
from pathlib import Path
from navis_api.db import embedded

def begin():
    postgres = embedded.start(Path(sys.argv[1]))
    kept.append(postgres)
    print(postgres.url, flush=True)

kept = []
if sys.argv[2:] == ["in a thread that ends"]:
    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
else:
    begin()
sys.stdin.read()
"""

HOLD_WITH_FORKED_CHILD = """
import os, sys, time
from pathlib import Path
from navis_api.db import embedded

postgres = embedded.start(Path(sys.argv[1]))
child = os.fork()
if child == 0:
    time.sleep(600)
    os._exit(0)
print(child, flush=True)
print(postgres.url, flush=True)
time.sleep(600)
"""

FIND = """
import sys
from pathlib import Path
from navis_api.db import embedded
print(embedded.find_running(Path(sys.argv[1])))
"""


async def connect(url: str) -> Any:
    # asyncpg 0.32 has no type of its own for this.
    opened = cast("Callable[..., Any]", asyncpg.connect)  # pyright: ignore[reportUnknownMemberType]
    return await opened(url, ssl=False)


async def fetch(url: str, statement: str) -> Any:
    connection = await connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def sql(url: str, statement: str) -> Any:
    return asyncio.run(fetch(url, statement))


def eventually(what: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True


def processes_of(data_dir: Path) -> list[int]:
    """Return the living processes that name this folder, by /proc; none is seen elsewhere."""
    wanted = bytes(data_dir.resolve())
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (process / "cmdline").read_bytes() and int(process.name) != os.getpid():
                found.append(int(process.name))
    return found


def server_is_gone(data_dir: Path) -> bool:
    return not is_held(data_folder(data_dir).server_lock) and not processes_of(data_dir)


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def launcher_pid(data_dir: Path) -> int:
    status = Path(f"/proc/{server_pid(data_dir)}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(navis_api.__file__).parents[1])}


@contextlib.contextmanager
def another_process(
    program: str, *arguments: object
) -> Generator[tuple[subprocess.Popen[str], Callable[[], str]]]:
    """Run a Python program, killed at the end; yields it and what reads its next line."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as process:
        output = process.stdout
        assert output is not None
        try:
            yield process, lambda: output.readline().strip()
        finally:
            process.kill()
