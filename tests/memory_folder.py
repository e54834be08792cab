"""A folder for a test run's server: in memory where there is room, since files are made there fast.

Each test has a database of its own, which is some seven hundred files. On a disk to make them
takes most of the time of many a test, also where nothing waits for the disk.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder that we make there is ours alone
_PREFIX = "navis-tests-"
_ROOM_BYTES = 2 * 2**30


@contextmanager
def memory_folder(otherwise: Path) -> Iterator[Path]:
    """Give a new folder in memory, and remove it afterwards; or else this one, on the disk."""
    if not _has_room():
        yield otherwise
        return
    _remove_left_over()
    folder = Path(mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_room() -> bool:
    """Return whether several servers' files fit: containers often have a few megabytes."""
    try:
        return (
            os.access(_MEMORY, os.W_OK)
            and shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES
            and _available_bytes() >= 2 * _ROOM_BYTES
        )
    except (OSError, ValueError):
        return False


def _available_bytes() -> int:
    """Return how much memory could be had, as the kernel estimates it. Raises OSError."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return 0


def _remove_left_over() -> None:
    """Remove the folders of runs that were killed."""
    for folder in _MEMORY.glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(folder, ignore_errors=True)
