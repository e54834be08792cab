"""The process that reads one stranger's file: limits first, then the file from standard input.

Started by `sandbox`. Takes its limits as JSON in its only argument, writes one JSON object to
standard output, and nothing else anywhere: what goes wrong may hold a patient's words.
"""

import contextlib
import json
import os
import resource
import signal
import sys
from typing import Any, Final

_PR_SET_PDEATHSIG: Final = 1
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000


def main() -> None:
    """Read the file on standard input and write what came of it."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    _limit(order["limits"], parent=order["parent"])
    content = sys.stdin.buffer.read(order["limits"]["content_bytes"] + 1)
    # Imported now, so that whatever they do is done within the limits.
    from navis_api.records.extraction.failures import (  # noqa: PLC0415
        ExtractionFailed,
        FailureCode,
    )
    from navis_api.records.extraction.limits import ExtractionLimits  # noqa: PLC0415
    from navis_api.records.extraction.outcome import written, written_failure  # noqa: PLC0415
    from navis_api.records.extraction.reading import read_record  # noqa: PLC0415

    limits = ExtractionLimits(**order["limits"])
    try:
        output = written(read_record(content, limits, tesseract=order["tesseract"]))
    except ExtractionFailed as failure:
        output = written_failure(failure)
    except (MemoryError, RecursionError):
        output = written_failure(ExtractionFailed(FailureCode.TOO_LARGE))
    if len(output) > limits.output_bytes:
        output = written_failure(ExtractionFailed(FailureCode.TOO_LARGE))
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()


def _limit(limits: dict[str, Any], *, parent: int) -> None:
    """Bind this process, and whatever it starts, before it has read a byte."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for limit, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_s"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
    ):
        # macOS refuses limits on the address space: there the time limits hold alone.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        # In this order: leaving takes new credentials, and those forget whom to die with.
        _leave_the_network()
        _die_with(parent)


def _leave_the_network() -> None:
    """Have a network of its own with nothing on it, where the system allows that.

    Root may, and others in a user namespace of their own. Containers often forbid both; then the
    process has the network of its parent.
    """
    import ctypes  # noqa: PLC0415  (before the limits it would count against nothing)

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET):
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _die_with(parent: int) -> None:
    import ctypes  # noqa: PLC0415  (before the limits it would count against nothing)

    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have died before. In a container it may well be number 1 itself.
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    # An exception's text may hold the file's: the exit code says enough.
    try:
        main()
    except BaseException:  # noqa: BLE001  (nothing may reach standard error)
        os._exit(70)
