"""Commands that run the service: `serve` and `worker`."""

import asyncio
import signal
import socket
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from types import FrameType

import structlog
import typer
import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from navis_api.answers.repository import count_published_samples
from navis_api.app import create_app, create_figures_app
from navis_api.cli.database import (
    command_database,
    serving_address,
)
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import OperatorFault
from navis_api.graphql.addresses import MAIN_PATH, PUBLIC_PATH
from navis_api.kit.draining import Draining
from navis_api.metrics import Metrics
from navis_api.settings import Settings
from navis_api.telemetry import configure_logging
from navis_api.tracing import is_on as is_traced
from navis_api.tracing import tracing
from navis_api.web.known_bytes import KnowingConfig
from navis_api.web.stalling import watch_clients
from navis_api.web.tracing import TracedRequests
from navis_api.worker import Worker

_GOODBYES_S = 0.1

_log = structlog.get_logger(__name__)


class SampleContentPublished(OperatorFault):
    """Production would show sample answers to patients."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} sample answers are published, and no clinician has reviewed them. Use a"
            " database without them, or set NAVIS_ALLOW_SAMPLE_CONTENT=true if that is what you"
            " want."
        )


class Server(uvicorn.Server):
    """uvicorn, which stops in steps: it says so, takes nobody new, and ends what is open.

    For `notice_s` seconds after SIGTERM only `/ready` is another: a balancer sends new
    requests elsewhere once it has seen that, and until then they are served. Ctrl-C, and a
    second signal, skip this.
    """

    def __init__(
        self, config: uvicorn.Config, draining: Draining, *, name: str, notice_s: float = 0
    ) -> None:
        super().__init__(config)
        self._draining = draining
        self._name = name
        self._notice_s = notice_s
        self._until: float | None = None
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            for listening in self.servers:
                for sock in listening.sockets:
                    host, port = sock.getsockname()[:2]
                    _log.info(f"{self._name}.started", host=host, port=port)
            self.up.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Handle signals while serving, and put the former handlers back.

        uvicorn 0.54 would raise the signal again when it is done, and so end a
        process that has more to close than the server.
        """
        before = {sig: signal.signal(sig, self.handle_exit) for sig in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for sig, handler in before.items():
                signal.signal(sig, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, once those who follow something have been told, and can't come back here.

        uvicorn 0.54 closes every WebSocket at once, and would at times be before us,
        who say how to go on.
        """
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        self._draining.begin()
        await asyncio.sleep(_GOODBYES_S)
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Tell whether it is time to stop."""
        over = self._until is not None and time.monotonic() >= self._until
        return await super().on_tick(counter) or over

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        is_first = not self._draining.announced
        self._draining.announce()
        if is_first and sig == signal.SIGTERM and self._notice_s:
            self._until = time.monotonic() + self._notice_s
        else:
            super().handle_exit(sig, frame)


class AddressTaken(OperatorFault):
    """An address can't be listened on. `prefix` begins the names of its two settings."""

    def __init__(self, host: str, port: int, reason: str, *, prefix: str) -> None:
        super().__init__(
            f"Can't listen on {host} port {port}: {reason}. Set {prefix}_PORT or {prefix}_HOST."
        )


@contextmanager
def bound_socket(settings: Settings) -> Generator[socket.socket]:
    """Give a socket on the API's address. Raises AddressTaken."""
    with listening_socket(settings.host, settings.port, prefix="NAVIS") as sock:
        watch_clients(sock, settings)
        yield sock


@contextmanager
def listening_socket(host: str, port: int, *, prefix: str) -> Generator[socket.socket]:
    """Give a socket on an address, taken before anything else is started.

    `prefix` begins the names of the two settings. Raises AddressTaken.
    """
    with ExitStack() as kept:
        try:
            family, kind, proto, _, place = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            sock = kept.enter_context(socket.socket(family, kind, proto))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(place)
        except OSError as error:
            reason = error.strerror or "no such address"
            raise AddressTaken(host, port, reason, prefix=prefix) from None
        yield sock


def api_server(settings: Settings, address: str) -> Server:
    """Return the server of the API, ready to be run."""
    draining = Draining()
    app = create_app(settings, address, draining=draining)
    # What is answered by its very bytes has no span: it has no request either.
    seen = TracedRequests(app, ahead=(MAIN_PATH, PUBLIC_PATH)) if is_traced() else app
    config = KnowingConfig(seen, settings, app, draining=draining)
    return Server(config, draining, name="api", notice_s=settings.shutdown_notice_s)


def serve() -> None:
    """Serve the API. Settings are NAVIS_… environment variables."""
    settings = Settings()
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    with bound_socket(settings) as sock, serving_address(settings) as address:
        if settings.is_production and not settings.allow_sample_content:
            run(_require_no_samples(address))
        with tracing(settings.otlp_endpoint, service="navis-api"):
            server = api_server(settings, address)
            run(server.serve(sockets=[sock]))
    if not server.started:
        raise typer.Exit(1)


async def _require_no_samples(address: str) -> None:
    database = command_database(address)
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            count = await count_published_samples(session)
    finally:
        await database.close()
    if count:
        raise SampleContentPublished(count)


def worker() -> None:
    """Do the jobs: write answers. Run as many of these as there is work for."""
    settings = Settings()
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    with (
        _socket_of_figures(settings) as sock,
        serving_address(settings) as address,
        tracing(settings.otlp_endpoint, service="navis-worker"),
    ):
        metrics = Metrics()
        run(_work(Worker(settings, address, metrics=metrics), settings, metrics, sock))


@contextmanager
def _socket_of_figures(settings: Settings) -> Generator[socket.socket | None]:
    port = settings.worker_metrics_port
    if port is None:
        yield None
        return
    with listening_socket(settings.host, port, prefix="NAVIS_WORKER_METRICS") as sock:
        yield sock


async def _work(
    jobs: Worker, settings: Settings, metrics: Metrics, sock: socket.socket | None
) -> None:
    loop = asyncio.get_running_loop()
    for stop in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop, jobs.stop)
    if sock is None:
        await jobs.run()
        return
    app = create_figures_app(settings, metrics, jobs.database)
    server = _Beside(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
    showing = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        await jobs.run()
    finally:
        server.should_exit = True
        await showing


class _Beside(uvicorn.Server):
    """uvicorn in a process that has work of its own, and is stopped by that."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say where."""
        await super().startup(sockets=sockets)
        for sock in sockets or []:
            host, port = sock.getsockname()[:2]
            _log.info("worker.figures_started", host=host, port=port)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to the worker."""
        yield
