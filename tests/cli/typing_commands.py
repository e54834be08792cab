"""Our command line within this process."""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest import mock

from navis_api.cli import main


def typed(arguments: Sequence[str], env: Mapping[str, str]) -> CompletedProcess[str]:
    """Run our command line to its end, in this process: to start one takes seconds each time."""
    out, errors = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, env, clear=True),
        mock.patch.object(sys, "argv", ["navis-api", *arguments]),
        redirect_stdout(out),
        redirect_stderr(errors),
        # The test's own loop is running in this thread.
        ThreadPoolExecutor(1) as beside,
    ):
        code = beside.submit(_exit_code).result()
    return CompletedProcess(arguments, code, out.getvalue(), errors.getvalue())


def _exit_code() -> int:
    try:
        main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    return 0
