"""The generation service, put together, and the command that runs it: `generation-server`."""

import asyncio
import gc
import ipaddress
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import typer
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from navis_api.app import database_check
from navis_api.cancers.service import CatalogueKeeper
from navis_api.cli.database import database_address
from navis_api.cli.loop import run
from navis_api.cli.serving import Server, listening_socket
from navis_api.db.sessions import serving_database
from navis_api.errors import OperatorFault
from navis_api.generation.contract import Engine
from navis_api.generation.engines import own_engines
from navis_api.generation.http.piece_stream import StreamLimits
from navis_api.generation.http.problems import problem_response
from navis_api.generation.http.server import GenerationServer
from navis_api.generation.http.wire import schema_text
from navis_api.jobs.fanout import Fanout
from navis_api.kit.draining import Draining
from navis_api.settings import Settings
from navis_api.sources.embedding.choice import embedder_from
from navis_api.telemetry import configure_logging
from navis_api.tracing import is_on as is_traced
from navis_api.tracing import tracing
from navis_api.web.headers import SecurityHeaders
from navis_api.web.health import health_routes
from navis_api.web.tracing import TracedRequests


class TokenMissing(OperatorFault):
    """Anybody who reaches the server could have answers written."""

    def __init__(self) -> None:
        super().__init__(
            "Set NAVIS_GENERATION_TOKEN, here and where the worker runs: without one, the"
            " generation server runs in development only, on a loopback address"
            " (NAVIS_GENERATION_HOST)."
        )


def generation_server() -> None:
    """Write answers for workers elsewhere that have NAVIS_GENERATION_URL set to this server."""
    settings = Settings()
    require_token(settings)
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    place = listening_socket(
        settings.generation_host, settings.generation_port, prefix="NAVIS_GENERATION"
    )
    with (
        place as sock,
        database_address(settings, lasts=True) as address,
        tracing(settings.otlp_endpoint, service="navis-generation"),
    ):
        server = _server(settings, address)
        run(server.serve(sockets=[sock]))
    if not server.started:
        raise typer.Exit(1)


def generation_schema() -> None:
    """Print the contract of the generation service as JSON Schema."""
    typer.echo(schema_text(), nl=False)


def require_token(settings: Settings) -> None:
    """Raise TokenMissing unless only those on this machine could do without."""
    token = settings.generation_token
    if token is not None and token.get_secret_value():
        return
    if settings.is_production or not _is_loopback(settings.generation_host):
        raise TokenMissing


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _server(settings: Settings, address: str) -> Server:
    draining = Draining()
    app = create_generation_app(settings, address, draining=draining)
    config = uvicorn.Config(
        TracedRequests(app) if is_traced() else app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=max(1, round(settings.shutdown_grace_s)),
    )
    return Server(config, draining, name="generation_server", notice_s=settings.shutdown_notice_s)


def create_generation_app(
    settings: Settings, address: str, *, draining: Draining, engine: Engine | None = None
) -> Starlette:
    """Return the ASGI application over the database at `address`.

    Beginning `draining` ends every open stream. `engine` is for tests; what is set else.
    """
    database = serving_database(settings, address)
    fanout = Fanout(address)
    keeper = CatalogueKeeper(database)
    keeper.hear(fanout)
    embedder = embedder_from(settings)
    generation = GenerationServer(
        engine or own_engines(settings, database, keeper, embedder=embedder)[settings.engine],
        token=settings.generation_token,
        limits=StreamLimits(
            keepalive_s=settings.stream_keepalive_s,
            send_timeout_s=settings.generation_idle_timeout_s,
        ),
        max_body_bytes=settings.max_body_bytes,
        body_timeout_s=settings.body_timeout_s,
        max_concurrent=settings.generation_concurrency,
        stopping=draining,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        listening = asyncio.create_task(fanout.run())
        gc.freeze()
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            if embedder is not None:
                await embedder.close()
            await database.close()

    app = Starlette(
        routes=[
            *generation.routes(),
            *health_routes({"database": database_check(database)}, {}, draining=draining),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: problem_response},
        lifespan=lifespan,
    )
    # A redirect would ask for the token, and the question, at another address.
    app.router.redirect_slashes = False
    return app
