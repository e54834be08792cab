"""The API, put together: what it serves, and with what."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from navis_api.asking.personal.consents import NeededConsents
from navis_api.asking.personal.service import PersonalAskingService
from navis_api.asking.personal.stream import PersonalStream
from navis_api.asking.service import AskingService
from navis_api.asking.understanding import learn_to_read
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.migrations import DatabaseNotMigrated, is_behind, older_revisions
from navis_api.db.sessions import Database, serving_database
from navis_api.generation.rechecking import GroundingCheck
from navis_api.generation.stream import GENERATION_CHANNEL, GenerationStream
from navis_api.graphql.addresses import MAIN_PATH, PUBLIC_PATH
from navis_api.graphql.assembly import create_graphql_app
from navis_api.graphql.clients import KnownClients
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.graphql.response_cache.front import KnownRequests
from navis_api.graphql.response_cache.keeping import hold_lease
from navis_api.identity.oidc import IdentityProvider, identity_provider
from navis_api.identity.tokens import development_key
from navis_api.identity.verifier import TokenVerifier, development_issuer
from navis_api.jobs.fanout import Fanout
from navis_api.jobs.redis_link import ping, redis_at
from navis_api.kit.clock import Clock, utc_now
from navis_api.kit.draining import Draining
from navis_api.kit.tasks import stop_tasks
from navis_api.limits.shared import SharedBuckets
from navis_api.limits.stores import bucket_store
from navis_api.metrics import Metrics
from navis_api.partners.keeping import KeyKeeper
from navis_api.partners.metering import Meter
from navis_api.partners.watching import KeyWatch
from navis_api.records.archive import Archive
from navis_api.records.receiving import Receiving
from navis_api.records.stream import RECORD_CHANNEL, RecordStream
from navis_api.settings import Settings
from navis_api.sources.embedding.choice import embedder_from
from navis_api.sources.embedding.embedder import Embedder
from navis_api.sources.embedding.similarity import TextSimilarity
from navis_api.web.addresses import Addresses
from navis_api.web.ahead import Ahead
from navis_api.web.answers import AnswerPages
from navis_api.web.backlog import Backlog
from navis_api.web.embed.answers import EmbeddedAnswers
from navis_api.web.embed.asking import EmbeddedAsking
from navis_api.web.embed.framing_keys import ASKING, framing_keys
from navis_api.web.embed.oembed import OEmbed
from navis_api.web.embed.script import script_routes
from navis_api.web.exporting.routes import Exports
from navis_api.web.forms import FormLimits
from navis_api.web.headers import SecurityHeaders
from navis_api.web.health import Check, health_routes
from navis_api.web.metrics import metrics_routes
from navis_api.web.pages import Pages
from navis_api.web.request_ids import RequestIds
from navis_api.web.review.desk import Serving
from navis_api.web.review.routes import review_routes
from navis_api.web.session import BrowserSessions, Cookies
from navis_api.web.shown import AnswerShelf
from navis_api.web.sign_in import SignInPages
from navis_api.web.uploads.routes import UploadLimits, Uploads

# A page of answers is thousands of dictionaries, and none of them is a circle: to look for
# circles at every 700 of them, as Python does, takes a fifth of such a request.
_GARBAGE = (10_000, 20, 50)


def create_app(
    settings: Settings, address: str, *, draining: Draining, clock: Clock = utc_now
) -> KnownRequests:
    """Return the ASGI application over the database at `address`.

    Beginning `draining` ends what is open, so that the process can stop.
    """
    database = serving_database(settings, address, asks_replicas=True)
    fanout = Fanout.beside(database, address, redis=settings.redis_url)
    keeper = CatalogueKeeper(database)
    keeper.hear(fanout)
    metrics, clients = Metrics(), KnownClients(database)
    keys = KeyKeeper(database)
    keys.hear(fanout)
    key_watch = KeyWatch(database, keys, clock)
    key_watch.hear(fanout)
    meter = Meter(database, clock)
    metrics.pools, metrics.replicas = database.pools, database.published.replicas
    responses = ResponseCache(settings.response_cache_bytes)
    buckets, store = SharedBuckets(), bucket_store(settings, address)
    lease = hold_lease(responses, fanout, database.published.replicas)
    embedder = embedder_from(settings)
    provider = identity_provider(settings)
    tokens = token_verifier(settings, provider)
    claim_checker = GroundingCheck()
    archive = Archive.of(settings)
    graphql = create_graphql_app(
        settings=settings,
        database=database,
        catalogue=keeper,
        tokens=tokens,
        generation_stream=GenerationStream(database, fanout),
        asking=asking_service(settings, keeper, embedder),
        claim_checker=claim_checker,
        archive=archive,
        record_stream=RecordStream(database, fanout),
        personal_asking=personal_asking_service(settings, keeper, archive),
        personal_stream=PersonalStream(database, fanout, archive.storage),
        clock=clock,
        draining=draining,
        responses=responses,
        clients=clients,
        metrics=metrics,
        keys=keys,
        key_watch=key_watch,
        meter=meter,
        buckets=buckets,
    )

    metrics.streams = lambda: {
        "websocket": graphql.sockets.total,
        "subscription": graphql.subscriptions.total,
    }
    metrics.alone = lambda: {"limits": buckets.alone, **fanout.alone()}
    receiving = Receiving(
        database, archive.storage, part_bytes=settings.upload_part_bytes, clock=clock
    )
    uploads = Uploads(
        receiving,
        UploadLimits.of(settings),
        site=settings.public_address,
        draining=draining,
        counts=metrics.uploads,
    )
    exports = Exports(
        database,
        archive.storage,
        tokens,
        site=settings.public_address,
        at_once=settings.max_running_exports,
        clock=clock,
    )
    pages = Pages()
    shelf, addresses = AnswerShelf(database, keeper), Addresses(settings.public_address)
    answer_pages = AnswerPages(shelf, pages, addresses)
    sign_in, sessions = sign_in_pages(settings, provider, tokens, pages, clock=clock)
    reviewing = Serving(settings, database, keeper, claim_checker, clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        learn_to_read()
        tasks = [
            asyncio.create_task(fanout.run(GENERATION_CHANNEL, RECORD_CHANNEL)),
            asyncio.create_task(clients.keep_fresh()),
            asyncio.create_task(key_watch.run()),
            asyncio.create_task(meter.run()),
            asyncio.create_task(database.published.follow_replicas()),
            asyncio.create_task(buckets.run(store)),
        ]
        gc.freeze()
        gc.set_threshold(*_GARBAGE)
        try:
            yield
        finally:
            await stop_tasks(*tasks)
            if lease is not None:
                await lease.end(database)
            if embedder is not None:
                await embedder.close()
            await database.close()

    app = Starlette(
        routes=[
            # Routes and no Mount: that would redirect /graphql to /graphql/. Over HTTP they
            # only redirect the other way round: see `Ahead` below.
            Route(MAIN_PATH, graphql),
            WebSocketRoute(MAIN_PATH, graphql),
            Route(PUBLIC_PATH, graphql),
            *uploads.routes(),
            *exports.routes(),
            *answer_pages.routes(),
            *embed_routes(
                database,
                keeper,
                pages=pages,
                shelf=shelf,
                addresses=addresses,
                keys=keys,
                meter=meter,
                max_question_chars=settings.max_question_chars,
                clock=clock,
            ),
            *sign_in.routes(),
            *review_routes(reviewing, sessions, pages),
            *pages.routes(),
            *health_routes(
                {
                    "database": database_check(database),
                    "migrations": migrations_check(database),
                    "queue": queue_check(database),
                },
                {
                    "objects": archive.storage.objects.require_reachable,
                    "keys": archive.storage.keys.require_reachable,
                    **redis_check(settings),
                },
                draining=draining,
            ),
            *figures_routes(settings, metrics, database, clock=clock),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=pages.handlers(),
        lifespan=lifespan,
    )
    paths = (MAIN_PATH, PUBLIC_PATH)
    ahead = Ahead(app, dict.fromkeys(paths, SecurityHeaders(graphql)))
    return KnownRequests(RequestIds(ahead), responses, graphql.services, paths)


def embed_routes(
    database: Database,
    catalogue: CatalogueKeeper,
    *,
    pages: Pages,
    shelf: AnswerShelf,
    addresses: Addresses,
    keys: KeyKeeper,
    meter: Meter,
    max_question_chars: int,
    clock: Clock,
) -> list[Route]:
    """Return what stands on partners' pages: answers, the box for asking, and their ways there."""
    reading, asking = framing_keys(keys, clock), framing_keys(keys, clock, scopes=ASKING)
    box = EmbeddedAsking(
        database, catalogue, pages, asking, meter, max_question_chars=max_question_chars
    )
    return [
        *EmbeddedAnswers(shelf, pages, addresses, reading, meter).routes(),
        *OEmbed(shelf, addresses, reading, meter).routes(),
        *box.routes(),
        *script_routes(),
    ]


def figures_routes(
    settings: Settings, metrics: Metrics, database: Database, *, clock: Clock = utc_now
) -> list[Route]:
    """Return `/metrics` of a process, for those who may read it by the settings."""
    token = settings.metrics_token
    return metrics_routes(
        metrics,
        token=token.get_secret_value() if token else None,
        is_open=token is None and not settings.is_production,
        look=Backlog(database, metrics, clock=clock).look,
    )


def create_figures_app(settings: Settings, metrics: Metrics, database: Database) -> Starlette:
    """Return what a worker serves: its figures, and that it lives."""
    routes = figures_routes(settings, metrics, database)
    health = health_routes({"database": database_check(database)}, {}, draining=Draining())
    return Starlette(routes=[*routes, *health], middleware=[Middleware(SecurityHeaders)])


def database_check(database: Database) -> Check:
    """Return the check that a database answers."""

    async def database_answers() -> None:
        async with database.reading() as session:
            await session.execute(text("SELECT 1"))

    return database_answers


def migrations_check(database: Database) -> Check:
    """Return the check that the database is as new as this code, or newer.

    It is newer in the middle of an upgrade, and the code goes on with it (expand/contract).
    """
    older = older_revisions()

    async def is_migrated() -> None:
        async with database.reading() as session:
            current = await session.scalar(text("SELECT version_num FROM alembic_version"))
        if is_behind(current, older):
            raise DatabaseNotMigrated

    return is_migrated


def queue_check(database: Database) -> Check:
    """Return the check that the queue of jobs can be read."""

    async def queue_answers() -> None:
        async with database.reading() as session:
            await session.execute(text("SELECT 1 FROM pgqueuer LIMIT 1"))

    return queue_answers


def redis_check(settings: Settings) -> dict[str, Check]:
    """Return the check that Redis answers, where it is set."""
    address = settings.redis_url
    if address is None:
        return {}

    async def redis_answers() -> None:
        async with redis_at(address) as redis:
            await ping(redis)

    return {"redis": redis_answers}


def token_verifier(settings: Settings, provider: IdentityProvider | None) -> TokenVerifier:
    """Return what recognises viewers: by the tokens of the identity provider, where one is set.

    In development by those of our own issuer as well.
    """
    issuers = [provider.issuer] if provider else []
    if not settings.is_production:
        issuers.append(development_issuer(development_key(settings.data_dir)))
    return TokenVerifier(issuers)


def sign_in_pages(
    settings: Settings,
    provider: IdentityProvider | None,
    tokens: TokenVerifier,
    pages: Pages,
    *,
    clock: Clock,
) -> tuple[SignInPages, BrowserSessions]:
    """Return the pages on which browsers sign in, and what finds out later whose they are."""
    site = settings.public_address
    # Over plain HTTP, as in development, a browser would keep no secure cookie.
    cookies = Cookies(secure=settings.is_production or site.startswith("https://"))
    sessions = BrowserSessions(tokens, cookies)
    sign_in = SignInPages(
        provider=provider,
        sessions=sessions,
        cookies=cookies,
        pages=pages,
        site=site,
        takes_tokens=not settings.is_production,
        limits=FormLimits(settings.max_body_bytes, settings.body_timeout_s),
        clock=clock,
    )
    return sign_in, sessions


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


def personal_asking_service(
    settings: Settings, keeper: CatalogueKeeper, archive: Archive
) -> PersonalAskingService:
    """Return the use case of asking for oneself, as the settings have it."""
    return PersonalAskingService(
        keeper,
        archive.storage,
        engine=settings.engine.value,
        consents=NeededConsents.of(settings),
        max_question_chars=settings.max_question_chars,
        idempotency_ttl_s=settings.idempotency_ttl_s,
    )
