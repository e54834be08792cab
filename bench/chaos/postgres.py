"""Postgres on a disk of its own, that can be stopped, killed and started again."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from urllib.parse import urlsplit

from bench.chaos.disks import Disk
from navis_api.db import embedded
from navis_api.errors import OperatorFault

_START_PATIENCE_S = 60.0


class Postgres:
    """The embedded server, under our hands. Each start may be on another port."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self._data_dir = disk.folder / "data"
        self._server: embedded.EmbeddedPostgres | None = None

    @property
    def url(self) -> str:
        """The superuser's address, past the link."""
        if self._server is None:
            message = "Postgres isn't started"
            raise RuntimeError(message)
        return self._server.url

    @property
    def port(self) -> int:
        """Where it listens now."""
        return urlsplit(self.url).port or 5432

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        return self._server is not None and self._server.is_running

    async def start(self) -> None:
        """Start it, again until it works: right after a crash the old one may still be ending."""
        until = time.monotonic() + _START_PATIENCE_S
        while True:
            try:
                self._server = await asyncio.to_thread(embedded.start, self._data_dir)
            except OperatorFault:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.5)
            else:
                return

    async def stop(self) -> None:
        """End it as an administrator does: everybody is disconnected, everything is written."""
        if self._server is not None:
            await asyncio.to_thread(self._server.stop)

    async def crash(self, how: signal.Signals) -> None:
        """Send its first process a signal that it can't end well by, and wait for its end."""
        pid = int((self._data_dir / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        await self.stop()
