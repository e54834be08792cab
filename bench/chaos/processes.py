"""Processes of ours, each with a file that it logs to."""

import asyncio
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

_PATIENCE_S = 60.0


class Process:
    """A command that runs until it is stopped or killed."""

    def __init__(
        self, name: str, *command: str, env: dict[str, str], log: Path, code: Path
    ) -> None:
        self.name = name
        self.log = log
        self._ending = False
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                env=env,
                # `python -m` takes modules from there first.
                cwd=code,
                stdout=output,
                stderr=output,
                # In a session of its own: Ctrl-C is for the program, which then stops it.
                start_new_session=True,
            )

    @property
    def ended_by_itself(self) -> bool:
        """Whether it is gone, and nobody told it to go."""
        return not self._ending and self._process.poll() is not None

    async def said(self, pattern: str) -> re.Match[str]:
        """Return where its log matches, as soon as it does. Raises RuntimeError if it ends."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            found = re.search(pattern, self.log.read_text(errors="replace"))
            if found:
                return found
            if self._process.poll() is not None:
                break
            await asyncio.sleep(0.05)
        message = f"{self.name} said nothing like {pattern!r}; its log is {self.log}"
        raise RuntimeError(message)

    async def kill(self) -> None:
        """Kill it, as the kernel does when memory runs out."""
        self._ending = True
        self._process.kill()
        await asyncio.to_thread(self._process.wait, _PATIENCE_S)

    async def stop(self) -> int:
        """Have it end as an orchestrator does, and return its exit code."""
        self._ending = True
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self._process.wait, _PATIENCE_S)

    def ensure_ended(self) -> None:
        """Kill it if it is still there."""
        self._ending = True
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(_PATIENCE_S)
