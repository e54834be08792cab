"""The endpoint put together from the parts that the process was given."""

from navis_api import tracing
from navis_api.answers.checking import ClaimChecker
from navis_api.asking.personal.service import PersonalAskingService
from navis_api.asking.personal.stream import PersonalStream
from navis_api.asking.service import AskingService
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.stream import GenerationStream
from navis_api.graphql.clients import KnownClients
from navis_api.graphql.context import Services
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.persisted.resolving import PersistedOperations
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.graphql.response_cache.eligibility import EligibleOperations
from navis_api.graphql.response_cache.operations import KeptOperations
from navis_api.graphql.response_cache.unchanged import UnchangedResponses
from navis_api.graphql.schema import schema
from navis_api.graphql.throttle.charging import Throttle
from navis_api.graphql.throttle.rates import Rates
from navis_api.identity.verifier import TokenVerifier
from navis_api.kit.clock import Clock
from navis_api.kit.draining import Draining
from navis_api.limits.buckets import Buckets, LocalBuckets
from navis_api.metrics import Metrics
from navis_api.partners.keeping import KeyKeeper
from navis_api.partners.metering import Meter
from navis_api.partners.watching import KeyWatch
from navis_api.partners.webhooks.service import EndpointRules
from navis_api.records.archive import Archive
from navis_api.records.sealing.storage import local_master_key
from navis_api.records.stream import RecordStream
from navis_api.settings import Settings


def create_graphql_app(
    *,
    settings: Settings,
    database: Database,
    catalogue: CatalogueKeeper,
    tokens: TokenVerifier,
    generation_stream: GenerationStream,
    asking: AskingService,
    claim_checker: ClaimChecker,
    archive: Archive,
    record_stream: RecordStream,
    personal_asking: PersonalAskingService,
    personal_stream: PersonalStream,
    clock: Clock,
    draining: Draining,
    responses: ResponseCache | None = None,
    clients: KnownClients | None = None,
    metrics: Metrics | None = None,
    keys: KeyKeeper | None = None,
    key_watch: KeyWatch | None = None,
    meter: Meter | None = None,
    buckets: Buckets | None = None,
) -> GraphQLEndpoint:
    """Return the ASGI application for /graphql, HTTP and WebSocket, and for /graphql/public.

    Without `responses` none is kept; without `clients` and `metrics` nobody reads the figures;
    without `keys` and `key_watch` partners' keys are asked for by nobody else, and not heard of;
    without `meter` nobody sums up what they are used for;
    without `buckets` limits are shared with nobody.
    """
    keys = keys or KeyKeeper(database)
    documents = DocumentReader(schema().core, DocumentLimits.of(settings))
    buckets = LocalBuckets() if buckets is None else buckets
    services = Services(
        settings=settings,
        database=database,
        catalogue=catalogue,
        tokens=tokens,
        generation_stream=generation_stream,
        asking=asking,
        claim_checker=claim_checker,
        archive=archive,
        record_stream=record_stream,
        personal_asking=personal_asking,
        personal_stream=personal_stream,
        clock=clock,
        documents=documents,
        throttle=Throttle(settings, buckets),
        rates=Rates(settings, buckets),
        operations=PersistedOperations.of(settings, database, documents),
        clients=clients or KnownClients(database),
        metrics=metrics or Metrics(),
        keys=keys,
        key_watch=key_watch or KeyWatch(database, keys, clock),
        meter=meter or Meter(database, clock),
        webhooks=EndpointRules(
            private=settings.webhooks_to_private, sealing=local_master_key(settings)
        ),
    )
    eligible = EligibleOperations(schema().core)
    cache = ResponseCache(0) if responses is None else responses
    kept = KeptOperations(cache, eligible, shared_cache_s=settings.shared_cache_s)
    # A trace shows each operation; and what is to be executed by graphql-core, is.
    says_again = settings.compiled_queries and settings.content_memory_bytes > 0
    says_again = says_again and not tracing.is_on()
    unchanged = UnchangedResponses(services, eligible, cache, is_on=says_again)
    return GraphQLEndpoint(services, kept, unchanged, draining=draining)
