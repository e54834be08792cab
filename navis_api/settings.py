"""Every setting, read once from the environment into one frozen object.

The table in docs/operations.md is generated from the descriptions below.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    """Where the service runs: what development allows, production refuses."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Operations(StrEnum):
    """Which operations are executed."""

    ANY = "any"
    REGISTERED = "registered"


class EngineName(StrEnum):
    """What writes answers: quoted sentences, or a language model that is checked against them."""

    EXTRACTIVE = "extractive"
    LLM = "llm"


class EmbedderName(StrEnum):
    """What computes embeddings."""

    NONE = "none"
    OPENAI = "openai"
    LOCAL = "local"


class OidcDefaultRole(StrEnum):
    """What somebody is whose token has none of our roles. Never more than a patient."""

    PATIENT = "patient"
    NONE = "none"


class Settings(BaseSettings):
    """What can be set, as `NAVIS_…` environment variables. Units stand in the names."""

    model_config = SettingsConfigDict(env_prefix="NAVIS_", frozen=True, extra="ignore")

    environment: Annotated[
        Environment,
        Field(
            description="`production` refuses the development token issuer and sample content.",
        ),
    ] = Environment.DEVELOPMENT
    allow_sample_content: Annotated[
        bool,
        Field(description="Let `serve` start in production while sample content is published."),
    ] = False

    host: Annotated[str, Field(description="Address that the API listens on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port of the API.")] = 8000
    public_url: Annotated[
        str | None,
        Field(description="Address that clients see, when a proxy stands before the API."),
    ] = None
    data_dir: Annotated[
        Path,
        Field(description="Folder of the embedded Postgres, objects and development keys."),
    ] = Path(".navis")

    database_url: Annotated[
        SecretStr | None,
        Field(
            description="Postgres 15 or later, `postgresql://…`. Unset: the embedded one runs.",
        ),
    ] = None
    database_pooler_url: Annotated[
        SecretStr | None,
        Field(
            description="PgBouncer in transaction mode before the same database, for the"
            " transactions of the API and of workers. Unset: they connect to"
            " `NAVIS_DATABASE_URL`, as everything else does."
        ),
    ] = None
    database_replica_urls: Annotated[
        SecretStr | None,
        Field(
            description="Streaming replicas that published content is read from, by commas; each"
            " address is of one server. Unset: all is read from `NAVIS_DATABASE_URL`."
        ),
    ] = None
    database_owner_url: Annotated[
        SecretStr | None,
        Field(description="Login that migrations use. Unset: the one of `NAVIS_DATABASE_URL`."),
    ] = None
    database_pool_size: Annotated[
        int, Field(ge=1, le=200, description="Connections that one process keeps.")
    ] = 10
    database_published_pool_size: Annotated[
        int,
        Field(
            ge=1,
            le=200,
            description="Connections that one process keeps besides, for published content.",
        ),
    ] = 6
    database_pool_wait_s: Annotated[
        float, Field(gt=0, description="How long a request waits for a connection.")
    ] = 2.0
    database_command_timeout_s: Annotated[
        float, Field(gt=0, description="How long one statement may run.")
    ] = 5.0

    redis_url: Annotated[
        SecretStr | None,
        Field(
            description="Redis that all processes share for signals and limits, `rediss://…` or"
            " `redis://…`. Unset: Postgres does both.",
        ),
    ] = None

    max_question_chars: Annotated[
        int, Field(ge=20, le=10_000, description="Longest question, in characters.")
    ] = 1_000
    max_body_bytes: Annotated[
        int, Field(ge=1_024, description="Longest body of a GraphQL request.")
    ] = 1_048_576
    max_query_chars: Annotated[
        int, Field(ge=100, description="Longest GraphQL document, in characters.")
    ] = 12_000
    max_query_tokens: Annotated[int, Field(ge=10, description="Tokens in a document.")] = 600
    max_query_depth: Annotated[int, Field(ge=3, description="Levels of nesting.")] = 12
    max_query_aliases: Annotated[int, Field(ge=0, description="Aliases, fragments spread out.")] = (
        30
    )
    max_query_directives: Annotated[int, Field(ge=0, description="Directives in a document.")] = 50
    max_query_definitions: Annotated[
        int, Field(ge=1, description="Operations and fragments in a document.")
    ] = 60
    max_query_cost: Annotated[
        int, Field(ge=10, description="Points that one operation may cost.")
    ] = 1_000
    compiled_queries: Annotated[
        bool,
        Field(description="Execute queries compiled. Off: graphql-core executes everything."),
    ] = True
    introspection: Annotated[
        bool | None,
        Field(description="Answer introspection. Unset: in development only."),
    ] = None
    suggestions: Annotated[
        bool | None,
        Field(
            description="Suggest names of the schema in errors of validation. Unset: in development"
            " only."
        ),
    ] = None
    throttle_points: Annotated[
        int,
        Field(ge=0, description="Points that somebody who is signed in has at most. 0: no limit."),
    ] = 5_000
    throttle_restore_per_s: Annotated[
        int, Field(ge=0, description="Points that they are given back a second. 0: no limit.")
    ] = 250
    throttle_address_points: Annotated[
        int,
        Field(
            ge=0,
            description="Points that all have together who come anonymously from one address, or a"
            " partner's system. 0: no limit.",
        ),
    ] = 20_000
    throttle_address_restore_per_s: Annotated[
        int, Field(ge=0, description="Points that they are given back a second. 0: no limit.")
    ] = 2_000
    asks_per_hour: Annotated[
        int,
        Field(ge=0, description="Questions that one who is signed in may ask. 0: no limit."),
    ] = 60
    address_asks_per_hour: Annotated[
        int,
        Field(ge=0, description="Questions that may come from one address. 0: no limit."),
    ] = 1_200
    feedback_per_hour: Annotated[
        int,
        Field(ge=0, description="Feedback that one who is signed in may give. 0: no limit."),
    ] = 60
    address_feedback_per_hour: Annotated[
        int, Field(ge=0, description="Feedback that may come from one address. 0: no limit.")
    ] = 600
    trusted_proxies: Annotated[
        str,
        Field(
            description="Addresses and networks of proxies, by commas, whose `X-Forwarded-For` says"
            " where a request comes from."
        ),
    ] = "127.0.0.1,::1"
    head_timeout_s: Annotated[
        float, Field(gt=0, description="How long the head of a request may take to arrive.")
    ] = 10.0
    max_head_bytes: Annotated[
        int, Field(ge=1_024, description="Longest head of a request: its headers.")
    ] = 16_384
    max_url_bytes: Annotated[
        int, Field(ge=256, description="Longest address of a request, with its query.")
    ] = 8_192
    operations: Annotated[
        Operations | None,
        Field(
            description="Which operations are executed: `any`, or those that clients have"
            " `registered`. Unset: `registered` in production, `any` in development."
        ),
    ] = None
    automatic_documents: Annotated[
        int,
        Field(
            ge=0,
            description="Texts that a process keeps for automatic persisted queries. 0: none.",
        ),
    ] = 1_000
    automatic_documents_bytes: Annotated[
        int, Field(ge=0, description="Memory that these texts may take, in one process.")
    ] = 8_388_608
    response_cache_bytes: Annotated[
        int,
        Field(
            ge=0,
            description="Memory for whole responses of public queries, in one process. 0: none.",
        ),
    ] = 67_108_864
    content_memory_bytes: Annotated[
        int,
        Field(
            ge=0,
            description="Memory for the content of published revisions, which never changes, and"
            " for responses made of it, in one process; whether they still hold is asked of"
            " Postgres each time. 0: none.",
        ),
    ] = 67_108_864
    shared_cache_s: Annotated[
        int,
        Field(
            ge=0,
            description="How long shared caches may keep what a GET on public content gives. A"
            " retraction reaches them at once only if you purge them, by `Surrogate-Key`.",
        ),
    ] = 0
    websocket_init_timeout_s: Annotated[
        float, Field(gt=0, description="How long a WebSocket may wait to introduce itself.")
    ] = 10.0
    stream_keepalive_s: Annotated[
        float, Field(gt=0, description="Silence after which a stream sends a sign of life.")
    ] = 12.0
    stream_pong_timeout_s: Annotated[
        float,
        Field(gt=0, description="How long a WebSocket's client may take to answer a ping."),
    ] = 20.0
    stream_send_timeout_s: Annotated[
        float,
        Field(
            gt=0,
            description="How long a client may take nothing of what is sent to it before it is cut"
            " off.",
        ),
    ] = 10.0
    max_sockets: Annotated[
        int,
        Field(
            ge=0,
            description="WebSockets that one who is signed in may have open in one process. 0: no"
            " limit.",
        ),
    ] = 20
    max_sockets_address: Annotated[
        int,
        Field(
            ge=0,
            description="WebSockets that may be open from one address, or of a partner's system."
            " 0: no limit.",
        ),
    ] = 2_000
    max_subscriptions: Annotated[
        int,
        Field(
            ge=0,
            description="Subscriptions that one who is signed in may have open in one process. 0:"
            " no limit.",
        ),
    ] = 200
    max_subscriptions_address: Annotated[
        int,
        Field(
            ge=0,
            description="Subscriptions that may be open from one address, or of a partner's"
            " system. 0: no limit.",
        ),
    ] = 5_000
    body_timeout_s: Annotated[
        float, Field(gt=0, description="How long the body of a request may take to arrive.")
    ] = 15.0
    linger_timeout_s: Annotated[
        float,
        Field(
            gt=0,
            description="How long a refused client may go on sending before the connection is"
            " closed, so that it can read why.",
        ),
    ] = 5.0
    shutdown_notice_s: Annotated[
        float,
        Field(
            ge=0,
            description="How long after SIGTERM `/ready` fails while everything is served as"
            " before: longer than the balancer needs to see it.",
        ),
    ] = 3.0
    shutdown_grace_s: Annotated[
        float, Field(gt=0, description="How long open requests may finish after that.")
    ] = 10.0

    generation_lease_s: Annotated[
        float,
        Field(gt=0, description="Silence after which another worker takes over a generation."),
    ] = 15.0
    generation_max_attempts: Annotated[
        int, Field(ge=1, le=20, description="Workers that may try one generation.")
    ] = 3
    engine: Annotated[
        EngineName,
        Field(description="What writes answers: `extractive` quotes, `llm` asks a model."),
    ] = EngineName.EXTRACTIVE
    generation_url: Annotated[
        str | None,
        Field(description="Address of a generation server. Unset: answers are written here."),
    ] = None
    generation_token: Annotated[
        SecretStr | None,
        Field(description="Secret that the generation server and those who ask it share."),
    ] = None
    generation_host: Annotated[
        str, Field(description="Address that the generation server listens on.")
    ] = "127.0.0.1"
    generation_port: Annotated[
        int, Field(ge=0, le=65535, description="Port of the generation server.")
    ] = 8001
    generation_concurrency: Annotated[
        int,
        Field(ge=1, le=1_000, description="Answers that a generation server writes at a time."),
    ] = 16
    generation_connect_timeout_s: Annotated[
        float, Field(gt=0, description="How long the generation server may take to be reached.")
    ] = 2.0
    generation_idle_timeout_s: Annotated[
        float, Field(gt=0, description="Silence after which a generation server counts as dead.")
    ] = 30.0
    generation_total_timeout_s: Annotated[
        float, Field(gt=0, description="How long the writing of one answer may take.")
    ] = 180.0
    generation_breaker_failures: Annotated[
        int,
        Field(ge=1, description="Failures in a row after which the server is left alone a while."),
    ] = 5
    generation_breaker_open_s: Annotated[
        float, Field(gt=0, description="How long a failing generation server is left alone.")
    ] = 30.0

    llm_models: Annotated[
        str,
        Field(
            description="Models of the `llm` engine, `provider:name`, by commas: the next one is"
            " asked where one fails."
        ),
    ] = ""
    llm_base_url: Annotated[
        str | None,
        Field(description="Address of an OpenAI-compatible endpoint, for `openai:` models."),
    ] = None
    llm_api_key: Annotated[
        SecretStr | None,
        Field(
            description="Key for that endpoint. Keys of other providers stand in variables of"
            " their own, such as `ANTHROPIC_API_KEY`."
        ),
    ] = None
    llm_timeout_s: Annotated[
        float, Field(gt=0, description="Silence after which a model counts as failed.")
    ] = 30.0
    llm_max_output_tokens: Annotated[
        int, Field(ge=200, description="Longest answer that a model may write, in tokens.")
    ] = 4_000
    llm_max_passages: Annotated[
        int, Field(ge=1, le=200, description="Passages that a model is shown for one answer.")
    ] = 24

    embedder: Annotated[
        EmbedderName,
        Field(
            description="`openai`: a server that speaks `/v1/embeddings`; `local`: a model folder"
            " (install the extra `local-embedder`); `none`: full text alone."
        ),
    ] = EmbedderName.NONE
    embedder_url: Annotated[
        str | None,
        Field(description="Address of the embeddings server, up to and with `/v1`."),
    ] = None
    embedder_api_key: Annotated[
        SecretStr | None, Field(description="Key for the embeddings server.")
    ] = None
    embedder_model: Annotated[
        str | None,
        Field(description="Name of the embedding model (`openai`) or its folder (`local`)."),
    ] = None
    embedder_batch_size: Annotated[
        int, Field(ge=1, le=2_048, description="Passages that are embedded at a time.")
    ] = 64
    embedder_timeout_s: Annotated[
        float, Field(gt=0, description="How long the embedding of one batch may take.")
    ] = 30.0

    oidc_issuer: Annotated[
        str | None,
        Field(
            description="Identity provider whose access tokens are accepted, to the letter as"
            " their `iss`. Unset: nobody can sign in in production."
        ),
    ] = None
    oidc_audience: Annotated[
        str, Field(description="Name of this API, as tokens for it have it in `aud`.")
    ] = "navis-api"
    oidc_jwks_url: Annotated[
        str | None,
        Field(description="Address of the provider's keys. Unset: discovered from the issuer."),
    ] = None
    oidc_algorithms: Annotated[
        str, Field(description="Signatures that are accepted, by commas: ES…, PS… and RS….")
    ] = "ES256,PS256,RS256"
    oidc_role_claim: Annotated[
        str,
        Field(description="Claim with a role or a list of them; a path such as `realm.roles` too."),
    ] = "role"
    oidc_roles: Annotated[
        str,
        Field(
            description="What the provider's values mean, `value=role` by commas; of several in one"
            " token the first here counts."
        ),
    ] = "admin=admin,editor=editor,reviewer=reviewer,partner=partner,patient=patient"
    oidc_default_role: Annotated[
        OidcDefaultRole,
        Field(description="Who has none of these roles: `patient`, or `none` to refuse them."),
    ] = OidcDefaultRole.PATIENT
    oidc_clock_skew_s: Annotated[
        float, Field(ge=0, le=300, description="How far the provider's clock and ours may differ.")
    ] = 30.0
    oidc_timeout_s: Annotated[
        float, Field(gt=0, description="How long the provider may take for one answer.")
    ] = 3.0
    oidc_keys_cache_s: Annotated[
        float,
        Field(ge=1, le=3_600, description="How long its keys are kept when it doesn't say."),
    ] = 600.0
    oidc_keys_retry_s: Annotated[
        float,
        Field(ge=1, description="The least time between two requests for keys."),
    ] = 10.0
    oidc_keys_stale_s: Annotated[
        float,
        Field(ge=0, description="How long old keys hold while the provider is out of reach."),
    ] = 21_600.0
    oidc_client_id: Annotated[
        str | None,
        Field(description="This service's name at the provider, for signing in with a browser."),
    ] = None
    oidc_client_secret: Annotated[
        SecretStr | None, Field(description="Its secret there; the client is a confidential one.")
    ] = None
    oidc_scope: Annotated[
        str, Field(description="What is asked for when signing in with a browser.")
    ] = "openid"

    review_months: Annotated[
        int,
        Field(ge=1, le=60, description="After how many months an answer is reviewed again."),
    ] = 12
    review_lease_s: Annotated[
        float,
        Field(gt=0, description="How long a reviewer who has claimed a revision is alone with it."),
    ] = 1_800.0
    review_sweep_s: Annotated[
        float,
        Field(
            gt=0,
            description="How often all answers are looked over for what is due, or was missed.",
        ),
    ] = 900.0
    alarm_url: Annotated[
        str | None,
        Field(
            description="Where reports of harm are posted at once, as JSON: `https://…`, or this"
            " machine. Unset: they are logged, and stand at the top of the queue."
        ),
    ] = None
    alarm_timeout_s: Annotated[
        float, Field(gt=0, description="How long the taking of one alarm may last.")
    ] = 5.0

    webhook_private_addresses: Annotated[
        bool,
        Field(
            description="Let webhooks go to this machine and its network, over http too. In"
            " production they never do, whatever this says."
        ),
    ] = True
    webhook_timeout_s: Annotated[
        float, Field(gt=0, le=60, description="How long a partner's server may take for one.")
    ] = 15.0
    webhook_concurrency: Annotated[
        int, Field(ge=1, le=200, description="Webhooks that one worker sends at a time.")
    ] = 16
    webhook_log_days: Annotated[
        int, Field(ge=7, le=365, description="For how many days it is known what was sent.")
    ] = 30

    worker_concurrency: Annotated[
        int, Field(ge=1, le=64, description="Jobs that one worker runs at a time.")
    ] = 4

    idempotency_ttl_s: Annotated[
        int, Field(ge=60, description="How long an idempotency key is remembered.")
    ] = 86_400

    objects_url: Annotated[
        str | None,
        Field(
            description="Where patients' sealed records lie: `s3://…`, `gs://…`, `az://…` or"
            " `file:///…`. Unset: a folder in the data directory."
        ),
    ] = None
    keys_url: Annotated[
        str | None,
        Field(
            description="Where patients' wrapped keys lie, as for `NAVIS_OBJECTS_URL`: a place that"
            " no backup keeps for long and that keeps no versions. Unset: a folder in the data"
            " directory."
        ),
    ] = None
    master_key_file: Annotated[
        Path | None,
        Field(
            description="File of the key that wraps patients' keys, made at its first use. Unset:"
            " in the data directory."
        ),
    ] = None
    max_upload_bytes: Annotated[
        int, Field(ge=1, le=2_147_483_647, description="Largest file that a patient may upload.")
    ] = 1_073_741_824
    max_patient_bytes: Annotated[
        int, Field(ge=1, description="Together the largest that one patient's records may be.")
    ] = 10_737_418_240
    max_open_uploads: Annotated[
        int, Field(ge=1, description="Uploads that one patient may have begun and not completed.")
    ] = 10
    upload_ttl_s: Annotated[
        int,
        Field(
            ge=60,
            description="How long an upload's address holds. What isn't complete by then is"
            " removed.",
        ),
    ] = 21_600
    upload_idle_timeout_s: Annotated[
        float,
        Field(
            gt=0,
            description="How long the next 16 KiB of an upload may take to arrive before the"
            " connection is cut. What came until then is kept.",
        ),
    ] = 60.0
    upload_part_bytes: Annotated[
        int,
        Field(
            ge=65_536,
            le=67_108_864,
            description="How much of an upload is sealed, stored and acknowledged at a time. One"
            " that is under way takes three times as much memory.",
        ),
    ] = 4_194_304
    max_running_uploads: Annotated[
        int, Field(ge=1, description="Uploads that one process receives at a time.")
    ] = 64
    max_running_exports: Annotated[
        int,
        Field(
            ge=1,
            description="Exports and downloads of records that one process gives at a time. Each"
            " takes six times `NAVIS_UPLOAD_PART_BYTES` of memory.",
        ),
    ] = 8
    clamd_address: Annotated[
        str | None,
        Field(
            description="Where ClamAV's clamd listens, `host:port` or the path of its socket."
            " Unset: records aren't scanned, and production takes none."
        ),
    ] = None
    clamd_timeout_s: Annotated[
        float, Field(gt=0, description="How long clamd may take for its next answer or piece.")
    ] = 60.0

    records_model: Annotated[
        str | None,
        Field(
            description="Language model that may propose more findings in records, `provider:name`,"
            " reached as those of the `llm` engine are. It gets the words of records whose patients"
            " consent to that, as they stand there. Unset: none."
        ),
    ] = None
    records_model_max_chars: Annotated[
        int,
        Field(ge=1_000, le=1_000_000, description="Characters of one record that it is sent."),
    ] = 40_000
    records_model_timeout_s: Annotated[
        float, Field(gt=0, description="How long its proposals for one record may take.")
    ] = 60.0

    worker_metrics_port: Annotated[
        int | None,
        Field(
            ge=0,
            le=65535,
            description="Port on `NAVIS_HOST` where a worker answers `/metrics` and `/live`, each"
            " one on its own. Unset: nowhere.",
        ),
    ] = None
    otlp_endpoint: Annotated[
        str | None,
        Field(
            description="Where traces go to, by OTLP over HTTP: `http://collector:4318`. Unset:"
            " where `OTEL_EXPORTER_OTLP_ENDPOINT` says, or nowhere."
        ),
    ] = None
    metrics_token: Annotated[
        SecretStr | None,
        Field(
            description="Secret for `/metrics`, sent as `Authorization: Bearer …`. Unset: open in"
            " development, and not there in production."
        ),
    ] = None
    log_level: Annotated[
        str, Field(description="Level of the log: DEBUG, INFO, WARNING, ERROR.")
    ] = "INFO"
    log_json: Annotated[
        bool | None,
        Field(description="Logs as JSON lines. Unset: unless a terminal reads them."),
    ] = None

    @property
    def is_production(self) -> bool:
        """Whether production's rules hold."""
        return self.environment is Environment.PRODUCTION

    @property
    def public_address(self) -> str:
        """The address that clients of the API see, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def replica_addresses(self) -> tuple[str, ...]:
        """The addresses of the replicas."""
        if self.database_replica_urls is None:
            return ()
        given = self.database_replica_urls.get_secret_value().split(",")
        return tuple(each.strip() for each in given if each.strip())

    @property
    def takes_records(self) -> bool:
        """Whether patients may upload records: in production only what is scanned."""
        return self.clamd_address is not None or not self.is_production

    @property
    def webhooks_to_private(self) -> bool:
        """Whether webhooks may go to private addresses: never in production."""
        return self.webhook_private_addresses and not self.is_production

    @property
    def only_registered_operations(self) -> bool:
        """Whether nothing is executed but what clients have registered."""
        if self.operations is None:
            return self.is_production
        return self.operations is Operations.REGISTERED

    @property
    def introspection_allowed(self) -> bool:
        """Whether `__schema` is answered."""
        return not self.is_production if self.introspection is None else self.introspection

    @property
    def suggestions_shown(self) -> bool:
        """Whether errors of validation suggest names that the schema has."""
        return not self.is_production if self.suggestions is None else self.suggestions
