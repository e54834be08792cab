"""Small disks of their own, that can be filled: tmpfs, which only root may mount."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_FILLER = "filler"
_PIECE = 1 << 20


class Disk:
    """A folder that is a disk of its own, or a plain one that can't be filled."""

    def __init__(self, folder: Path, *, is_small: bool) -> None:
        self.folder = folder
        self.is_small = is_small

    def fill(self) -> int:
        """Take all the room that is left; return how much that was, in bytes."""
        taken = 0
        with (self.folder / _FILLER).open("ab", buffering=0) as filler, suppress(OSError):
            piece = _PIECE
            while piece:
                try:
                    taken += filler.write(bytes(piece))
                except OSError:
                    piece //= 4
        return taken

    def free(self) -> None:
        """Give the room back."""
        (self.folder / _FILLER).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Generator[Disk]:
    """Give a disk of so many megabytes; where it may not be mounted, a plain folder."""
    folder.mkdir(parents=True)
    mounted = _mounted(folder, megabytes)
    try:
        yield Disk(folder, is_small=mounted)
    finally:
        if mounted:
            # Lazily: a process that was killed may hold it for a moment more.
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mounted(folder: Path, megabytes: int) -> bool:
    if os.geteuid() != 0:
        return False
    options = f"size={megabytes}m,mode=0755"
    command = ["mount", "-t", "tmpfs", "-o", options, "navis-chaos", str(folder)]
    with suppress(FileNotFoundError):
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0
    return False
