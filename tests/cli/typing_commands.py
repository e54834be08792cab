"""Our command line within this process."""

import io
import logging
import os
import sys
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest import mock

import structlog

from navis_api.cli import main


def typed(arguments: Sequence[str], env: Mapping[str, str]) -> CompletedProcess[str]:
    """Run our command line to its end, in this process: to start one takes seconds each time."""
    out, errors = _printed(), io.StringIO()
    with (
        _logging_as_before(),
        mock.patch.dict(os.environ, env, clear=True),
        mock.patch.object(sys, "argv", ["navis-api", *arguments]),
        redirect_stdout(out),
        redirect_stderr(errors),
        # The test's own loop is running in this thread.
        ThreadPoolExecutor(1) as beside,
    ):
        code = beside.submit(_exit_code).result()
    out.seek(0)
    return CompletedProcess(arguments, code, out.read(), errors.getvalue())


def _printed() -> io.TextIOWrapper:
    """What takes text, and bytes beside it, as standard output does."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)


@contextmanager
def _logging_as_before() -> Generator[None]:
    """Put back what a command configures for its process, which is ours."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        structlog.configure(**configured)
        root.handlers[:] = handlers
        root.setLevel(level)


def _exit_code() -> int:
    try:
        main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    return 0
