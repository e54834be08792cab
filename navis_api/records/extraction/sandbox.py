"""Records read in processes with limits, a few at a time.

A parser of strangers' files can be crashed, filled and kept busy; so each file gets a process of
its own that can use so much memory and time, write no file, and sees neither this process's
environment nor its working folder. What comes back is JSON, or nothing.
"""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterable
from dataclasses import asdict
from typing import Final

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.limits import ExtractionLimits
from navis_api.records.extraction.outcome import Extraction, read_outcome

_PIECE_BYTES: Final = 65_536
_MODULE: Final = "navis_api.records.extraction"


class ExtractionSandbox:
    """Reads records, `at_once` of them at the same time; the others wait.

    Safe to share among tasks of one event loop; needs no closing.
    """

    def __init__(self, limits: ExtractionLimits | None = None, *, at_once: int = 2) -> None:
        self._limits = limits or ExtractionLimits()
        self._slots = asyncio.Semaphore(at_once)

    @property
    def is_busy(self) -> bool:
        """Whether one more record would have to wait."""
        return self._slots.locked()

    async def extract(self, content: bytes | AsyncIterable[bytes]) -> Extraction:
        """Return what a record holds, from its bytes or from pieces of them.

        Raises ExtractionFailed with a code and what the patient can do; never with words of the
        record. TOO_COSTLY when the time is over, CRASHED when the process died.
        """
        async with self._slots:
            folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="navis-extraction-")
            try:
                return await self._run(_pieces(content), folder)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _run(self, pieces: AsyncIterable[bytes], folder: str) -> Extraction:
        order = {
            "limits": asdict(self._limits),
            "tesseract": shutil.which("tesseract"),
            "parent": os.getpid(),
        }
        process = await asyncio.create_subprocess_exec(
            # Isolated, and leaving no compiled files behind.
            sys.executable, "-I", "-B", "-m", _MODULE, json.dumps(order),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
            env={},
            # Ctrl-C at the terminal ends the worker in good order, and isn't the file's fault.
            start_new_session=True,
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._limits.wall_s):
                sent = asyncio.create_task(_send(process, pieces))
                try:
                    output = await _receive(process, self._limits.output_bytes)
                finally:
                    sent.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await sent
                status = await process.wait()
        except TimeoutError:
            raise ExtractionFailed(FailureCode.TOO_COSTLY) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if not output:
            raise ExtractionFailed(_failure_of(status))
        return read_outcome(output)


def _failure_of(status: int) -> FailureCode:
    # SIGXCPU, and the SIGKILL that follows it where the two limits are the same.
    return FailureCode.TOO_COSTLY if status in {-24, -9} else FailureCode.CRASHED


async def _send(process: asyncio.subprocess.Process, pieces: AsyncIterable[bytes]) -> None:
    pipe = process.stdin
    if pipe is None:
        return
    # A process that has seen enough closes its end: what it wrote says why.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        try:
            async for piece in pieces:
                pipe.write(piece)
                await pipe.drain()
        finally:
            # Also when the pieces end in an error, or the process would wait for more.
            pipe.close()
        await pipe.wait_closed()


async def _receive(process: asyncio.subprocess.Process, most: int) -> bytes:
    output = bytearray()
    while process.stdout is not None:
        piece = await process.stdout.read(_PIECE_BYTES)
        if not piece:
            break
        output += piece
        if len(output) > most:
            raise ExtractionFailed(FailureCode.TOO_LARGE)
    return bytes(output)


async def _pieces(content: bytes | AsyncIterable[bytes]) -> AsyncIterable[bytes]:
    if isinstance(content, bytes):
        for at in range(0, len(content), _PIECE_BYTES):
            yield content[at : at + _PIECE_BYTES]
        return
    async for piece in content:
        yield piece
