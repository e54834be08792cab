"""Fixtures of the GraphQL room: the endpoint over a small world, without and with a real server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import uvicorn
from joserfc.jwk import ECKey
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from navis_api.answers import publishing
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.app import personal_asking_service
from navis_api.asking.personal.stream import PersonalStream
from navis_api.asking.service import AskingService
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.engine import asyncpg_address, create_app_engine
from navis_api.db.migrations import migrate
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.rechecking import GroundingCheck
from navis_api.generation.stream import GENERATION_CHANNEL, GenerationStream
from navis_api.graphql.assembly import create_graphql_app
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.identity.oidc import identity_provider
from navis_api.identity.tokens import issue_development_token
from navis_api.identity.verifier import TokenVerifier, development_issuer
from navis_api.jobs.fanout import Fanout
from navis_api.kit.draining import Draining
from navis_api.partners.keeping import KeyKeeper
from navis_api.records.archive import Archive
from navis_api.records.stream import RECORD_CHANNEL, RecordStream
from navis_api.settings import Settings
from navis_api.web.edge import EdgeConfig
from navis_api.web.stalling import watch_clients
from tests.conftest import at_database, fanout_beside
from tests.graphql.client import Client
from tests.graphql.reviewing import Reviewing
from tests.graphql.world import ASKER, NOON, OTHER, World, build_world
from tests.review import world as review_world
from tests.waiting import PATIENCE_S, until

Build = Callable[..., GraphQLEndpoint]


@pytest.fixture(scope="session")
def signing_key() -> ECKey:
    return ECKey.generate_key("P-256", private=True)


def authorization(key: ECKey, role: str, subject: str, *, lifetime_h: int = 1) -> str:
    """Return the Authorization header of somebody made up."""
    lifetime = timedelta(hours=lifetime_h)
    token = issue_development_token(key, role=role, subject=subject, now=NOON, lifetime=lifetime)
    return f"Bearer {token}"


@pytest.fixture
def tokens(signing_key: ECKey, built: tuple[str, World]) -> dict[str, str]:
    """An Authorization header for each kind of viewer, and for two who are refused."""
    forger = ECKey.generate_key("P-256", private=True)
    return {
        "asker": authorization(signing_key, "patient", ASKER),
        "other": authorization(signing_key, "patient", OTHER),
        "reviewer": authorization(signing_key, "reviewer", "reviewer-1"),
        "editor": authorization(signing_key, "editor", "editor-1"),
        "administrator": authorization(signing_key, "admin", "administrator-1"),
        "partner": authorization(signing_key, "partner", "partner-1"),
        "expired": authorization(signing_key, "patient", ASKER, lifetime_h=-1),
        "forged": authorization(forger, "patient", ASKER),
        **built[1].keys,
    }


@pytest.fixture(scope="session")
def built(postgres: str) -> Iterator[tuple[str, World]]:
    """A database with the small world in it, built once, and what is in it."""
    name = f"navis_world_{uuid4().hex[:8]}"

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(asyncpg_address(postgres))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def make() -> World:
        await run(f"CREATE DATABASE {name}")
        address = at_database(postgres, name)
        await migrate(address)
        engine = create_app_engine(address, pool_size=1, pool_wait_s=30, command_timeout_s=30)
        try:
            return await build_world(Database(engine))
        finally:
            await engine.dispose()

    yield name, asyncio.run(make())
    asyncio.run(run(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def template(built: tuple[str, World]) -> str:
    """In this folder each test's database is a copy of the small world."""
    return built[0]


@pytest.fixture
def world(built: tuple[str, World], database: Database) -> World:
    return built[1]


@pytest.fixture
async def fanout(database: Database, database_url: str) -> AsyncIterator[Fanout]:
    """The listener of the process, running."""
    fanout = fanout_beside(database, database_url)
    running = asyncio.create_task(fanout.run(GENERATION_CHANNEL, RECORD_CHANNEL))
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    yield fanout
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def draining() -> Draining:
    return Draining()


class Clock:
    """The moment that it is, for as long as a test leaves it there."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def generation_stream(database: Database, fanout: Fanout) -> GenerationStream:
    return GenerationStream(database, fanout)


@pytest.fixture
def endpoints() -> list[GraphQLEndpoint]:
    """Those that were made for the test."""
    return []


@pytest.fixture
def build(
    database: Database,
    generation_stream: GenerationStream,
    fanout: Fanout,
    endpoints: list[GraphQLEndpoint],
    clock: Clock,
    signing_key: ECKey,
    draining: Draining,
    tmp_path: Path,
) -> Build:
    """Makes an endpoint; settings that differ from the defaults are given by name."""

    def make(
        *, keys: KeyKeeper | None = None, responses: ResponseCache | None = None, **changed: Any
    ) -> GraphQLEndpoint:
        settings = Settings(**{"data_dir": tmp_path, "stream_keepalive_s": 0.2, **changed})
        keeper = CatalogueKeeper(database)
        keeper.trust(trusted=True)
        provider = identity_provider(settings)
        archive = Archive.of(settings)
        trusted = [development_issuer(signing_key), *([provider.issuer] if provider else [])]
        endpoint = create_graphql_app(
            settings=settings,
            database=database,
            catalogue=keeper,
            tokens=TokenVerifier(trusted),
            generation_stream=generation_stream,
            asking=AskingService(
                keeper,
                engine="extractive",
                max_question_chars=settings.max_question_chars,
                idempotency_ttl_s=settings.idempotency_ttl_s,
            ),
            claim_checker=GroundingCheck(),
            archive=archive,
            record_stream=RecordStream(database, fanout),
            personal_asking=personal_asking_service(settings, keeper, archive),
            personal_stream=PersonalStream(database, fanout, archive.storage),
            clock=clock,
            draining=draining,
            responses=responses,
            keys=keys,
        )
        endpoints.append(endpoint)
        return endpoint

    return make


@pytest.fixture
async def client(build: Build, world: World) -> AsyncIterator[Client]:
    """A client of the endpoint within this process."""
    transport = httpx.ASGITransport(build())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Client(http)


@pytest.fixture
async def reviewing(client: Client, database: Database, signing_key: ECKey) -> Reviewing:
    """The staff, beside the small world, of which nothing waits for them."""
    staffed = await review_world.build_world(database)
    async with database.writing(SYSTEM_ROWS) as session:
        for waiting in await session.scalars(
            select(AnswerRevision).where(AnswerRevision.state == AnswerState.IN_REVIEW)
        ):
            await publishing.move(session, waiting, AnswerState.REJECTED, reason="", now=NOON)
    return Reviewing(client, staffed, signing_key, authorization)


@pytest.fixture
async def serve(
    build: Build, world: World, draining: Draining
) -> AsyncIterator[Callable[..., Any]]:
    """Starts a real server on a free port and returns its address."""
    running: list[tuple[uvicorn.Server, asyncio.Task[None]]] = []

    async def start(**changed: Any) -> str:
        endpoint = build(**changed)
        routes = [Route("/graphql", endpoint), WebSocketRoute("/graphql", endpoint)]
        app = Starlette(routes=routes)
        listener = socket.create_server(("127.0.0.1", 0))
        settings = Settings(**{"shutdown_grace_s": 2.0, **changed})
        watch_clients(listener, settings)
        config = EdgeConfig(app, settings, draining=draining, lifespan="off")
        server = uvicorn.Server(config)
        running.append((server, asyncio.create_task(server.serve(sockets=[listener]))))
        await until(lambda: server.started)
        return f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"

    yield start
    draining.begin()
    for server, task in running:
        server.should_exit = True
        await task


@pytest.fixture
async def url(serve: Callable[..., Any]) -> str:
    return await serve()
