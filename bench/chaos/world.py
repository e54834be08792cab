"""What the storm goes over: Postgres behind a link, two API processes and two workers."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.balancer import Balancer, balancer
from bench.chaos.disks import Disk, small_disk
from bench.chaos.ledger import Ledger
from bench.chaos.link import Link, linked
from bench.chaos.postgres import Postgres
from bench.chaos.processes import Process
from bench.servers import environment
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now

_POSTGRES_MB = 700
_OBJECTS_MB = 200
_APIS = 2
_WORKERS = 2
_SECTION_PAUSE_S = 0.4
_TOKEN_LIFETIME = timedelta(hours=12)
_ROOT = Path(__file__).parents[2]
_WITHOUT_FAILURE_S = 2.0
READY_WITHIN_S = 45.0
"""After an event everything has to be ready again in this time."""


class World:
    """All processes, and the way between them."""

    def __init__(
        self,
        folder: Path,
        postgres: Postgres,
        objects: Disk,
        link: Link,
        balancing: Balancer,
        *,
        code: Path,
    ) -> None:
        self.code = code
        self.folder = folder
        self.postgres = postgres
        self.objects = objects
        self.link = link
        self.balancing = balancing
        self.apis: list[tuple[Process, int]] = []
        self.workers: list[Process] = []
        self._started = 0
        self._env = environment(
            {
                "NAVIS_DATA_DIR": str(objects.folder / "data"),
                "NAVIS_DATABASE_URL": self._address(link.port),
                "NAVIS_PORT": "0",
                "NAVIS_PUBLIC_URL": self.site,
                "NAVIS_LOG_LEVEL": "INFO",
                "NAVIS_LOG_JSON": "true",
                "NAVIS_SHUTDOWN_NOTICE_S": "1",
                "NAVIS_GENERATION_LEASE_S": "5",
                "NAVIS_UPLOAD_PART_BYTES": "65536",
                # This is one address, and one patient, in a hurry.
                "NAVIS_ASKS_PER_HOUR": "0",
                "NAVIS_ADDRESS_ASKS_PER_HOUR": "0",
                "NAVIS_THROTTLE_POINTS": "0",
                "NAVIS_THROTTLE_ADDRESS_POINTS": "0",
            }
        )

    @property
    def site(self) -> str:
        """The address that clients know: the balancer's."""
        return f"http://127.0.0.1:{self.balancing.port}"

    def _address(self, port: int) -> str:
        parts = urlsplit(self.postgres.url)
        return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}"))

    def command(self, *arguments: str) -> str:
        """Run a command of ours to its end, past the link; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "navis_api", *arguments],
            env={**self._env, "NAVIS_DATABASE_URL": self.postgres.url, "NAVIS_LOG_LEVEL": "ERROR"},
            cwd=self.code,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def token(self, role: str, subject: str) -> str:
        """Return an access token of the development issuer."""
        return issue_development_token(
            development_key(self.objects.folder / "data"),
            role=role,
            subject=subject,
            now=utc_now(),
            lifetime=_TOKEN_LIFETIME,
        )

    def _log(self, name: str) -> Path:
        self._started += 1
        return self.folder / f"{self._started:03}-{name}.log"

    async def start_api(self) -> None:
        """Start an API process, and return when it is sent connections."""
        log = self._log("api")
        process = Process("api", "-m", "navis_api", "serve", env=self._env, log=log, code=self.code)
        port = int((await process.said(r'"port": (\d+), "event": "api.started"'))[1])
        await self.balancing.add(port)
        self.apis.append((process, port))

    async def start_worker(self) -> None:
        """Start a worker that takes its time, and return when it works."""
        log = self._log("worker")
        process = Process("worker", *self._worker(), env=self._env, log=log, code=self.code)
        await process.said("worker.started")
        self.workers.append(process)

    def _worker(self) -> tuple[str, ...]:
        if self.code == _ROOT:
            return ("-m", "bench.slow_worker", str(_SECTION_PAUSE_S))
        # An older one may have none that takes its time.
        return ("-m", "navis_api", "worker")

    async def recovered(self, ledger: Ledger) -> None:
        """Wait until every process is ready, and nothing fails any more.

        Write down when that takes too long, and which process ended by itself.
        """
        began = time.monotonic()
        while not self._is_well(ledger, began):
            if time.monotonic() - began > READY_WITHIN_S:
                ledger.broken(f"not everything works again after {READY_WITHIN_S:g} s")
                break
            await asyncio.sleep(0.1)
        lasted = ledger.last_failure - began
        ledger.say(f"all is well, {lasted:.1f} s later" if lasted > 0 else "all is well at once")
        for process in [*(each for each, _ in self.apis), *self.workers]:
            if process.ended_by_itself:
                ledger.broken(f"{process.name} ended by itself", process.log)

    def _is_well(self, ledger: Ledger, since: float) -> bool:
        return (
            all(self.balancing.is_ready(port) for _, port in self.apis)
            # What was sent while it wasn't well may fail yet.
            and min(ledger.under_way, default=since) >= since
            and time.monotonic() - ledger.last_failure > _WITHOUT_FAILURE_S
        )

    def end(self) -> None:
        """Kill what is still there."""
        for process in [*(each for each, _ in self.apis), *self.workers]:
            process.ensure_ended()


@asynccontextmanager
async def world(
    folder: Path, *, code: Path = _ROOT, postgres_mb: int = _POSTGRES_MB
) -> AsyncGenerator[World]:
    """Give a world with sample content, in which everything runs, from the code of a checkout."""
    with (
        small_disk(folder / "postgres", megabytes=postgres_mb) as postgres_disk,
        small_disk(folder / "objects", megabytes=_OBJECTS_MB) as objects_disk,
    ):
        postgres = Postgres(postgres_disk)
        await postgres.start()
        try:
            async with linked(postgres.port) as link, balancer() as balancing:
                made = World(folder, postgres, objects_disk, link, balancing, code=code)
                try:
                    made.command("migrate")
                    made.command("content", "import", "--sample")
                    await asyncio.gather(*(made.start_api() for _ in range(_APIS)))
                    await asyncio.gather(*(made.start_worker() for _ in range(_WORKERS)))
                    yield made
                finally:
                    made.end()
        finally:
            await postgres.stop()
