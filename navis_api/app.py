"""The API, put together: what it serves, and with what."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from navis_api.asking.service import AskingService
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database, serving_database
from navis_api.generation.stream import GENERATION_CHANNEL, GenerationStream
from navis_api.graphql.http import Draining, create_graphql_app
from navis_api.identity.tokens import TokenVerifier, development_key
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import Clock, utc_now
from navis_api.settings import Settings
from navis_api.sources.embedding.choice import embedder_from
from navis_api.sources.embedding.embedder import Embedder
from navis_api.sources.embedding.similarity import TextSimilarity
from navis_api.web.headers import SecurityHeaders
from navis_api.web.health import Check, health_routes


def create_app(
    settings: Settings, address: str, *, draining: Draining, clock: Clock = utc_now
) -> Starlette:
    """Return the ASGI application over the database at `address`.

    Setting `draining` ends every open stream, so that the process can stop.
    """
    database = serving_database(settings, address)
    fanout = Fanout(address)
    keeper = CatalogueKeeper(database)
    keeper.hear(fanout)
    embedder = embedder_from(settings)
    graphql = create_graphql_app(
        settings=settings,
        database=database,
        catalogue=keeper,
        tokens=token_verifier(settings),
        generation_stream=GenerationStream(database, fanout),
        asking=asking_service(settings, keeper, embedder),
        clock=clock,
        draining=draining,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        listening = asyncio.create_task(fanout.run(GENERATION_CHANNEL))
        gc.freeze()
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            if embedder is not None:
                await embedder.close()
            await database.close()

    return Starlette(
        routes=[
            # Routes and no Mount: that would redirect /graphql to /graphql/.
            Route("/graphql", graphql),
            WebSocketRoute("/graphql", graphql),
            *health_routes({"database": database_check(database)}),
        ],
        middleware=[Middleware(SecurityHeaders)],
        lifespan=lifespan,
    )


def database_check(database: Database) -> Check:
    """Return the check that a database answers, and has our tables."""

    async def database_answers() -> None:
        async with database.reading() as session:
            await session.execute(text("SELECT version_num FROM alembic_version"))

    return database_answers


def token_verifier(settings: Settings) -> TokenVerifier:
    """Return what recognises viewers: in development by the tokens of our own issuer."""
    return TokenVerifier(None if settings.is_production else development_key(settings.data_dir))


def asking_service(
    settings: Settings, keeper: CatalogueKeeper, embedder: Embedder | None
) -> AskingService:
    """Return the use case of asking, as the settings have it. Who gave an embedder closes it."""
    return AskingService(
        keeper,
        engine=settings.engine.value,
        max_question_chars=settings.max_question_chars,
        idempotency_ttl_s=settings.idempotency_ttl_s,
        embedder=TextSimilarity(embedder) if embedder else None,
    )
