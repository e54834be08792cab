"""What a process counts of its work, for Prometheus. No label is what a stranger has sent."""

from collections import Counter as Counts
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, Protocol, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class ClientLabel:
    """An app and its version. `other`: one that nobody has registered here; ``: not said."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the database: jobs, revisions for review, webhooks. Ages are in seconds.

    `jobs` has by task how many wait, how many are at work, and how long the oldest has been due.
    """

    jobs: Mapping[str, tuple[int, int, float]]
    revisions: int
    oldest_revision_s: float
    webhooks: int = 0
    oldest_webhook_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PoolState:
    """Connections of one pool: how many are at work, how many lie idle, how many may be open."""

    busy: int
    idle: int
    most: int


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """A replica, by `host:port`, and how far it is behind. None: it can't be asked at all."""

    name: str
    is_asked: bool
    lag_bytes: int | None
    lag_s: float | None


class ReplicaFigures(Protocol):
    """The replicas of a process: how they stand, and how much was read from whom."""

    reads: Counts[str]

    def states(self) -> list[ReplicaState]:
        """Return how each of them stands."""
        ...


UNSAID = ClientLabel("", "")
OTHER = ClientLabel("other", "other")


Named = TypeVar("Named")


class _Counted(Collector, Generic[Named]):
    """Figures that are counted in a plain dictionary, since what they count is quick."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labels: Sequence[str],
        counts: Counts[Named],
        values: Callable[[Named], Sequence[str]],
    ) -> None:
        self._described = (name, documentation, labels)
        self._counts = counts
        self._values = values

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give the counts out as Prometheus takes them."""
        name, documentation, labels = self._described
        family = CounterMetricFamily(name, documentation, labels=labels)
        for counted, count in tuple(self._counts.items()):
            family.add_metric(self._values(counted), count)
        yield family


class _Read(Collector):
    """Figures that are read when somebody asks for them."""

    def __init__(self, read: Callable[[], Iterator[Metric]]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Give the figures out as Prometheus takes them."""
        yield from self._read()


class Metrics:
    """The figures of one process, from its start on."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._operations = Counter(
            "navis_graphql_operations",
            "GraphQL operations that were executed or refused, over all transports.",
            ("client", "version", "operation", "kind", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "navis_graphql_request_seconds",
            "Time from a request's headers to its response, streams left out.",
            ("kind",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        # Finding a counter by its labels takes longer than counting. There are few of them: no
        # label is what a stranger has sent.
        self._counter = cache(self._operations.labels)
        self._timer = cache(self._seconds.labels)
        self.kept: Counts[ClientLabel] = Counts()
        self._registry.register(
            _Counted(
                "navis_graphql_kept_responses",
                "Responses to whole requests that came out of memory.",
                ("client", "version"),
                self.kept,
                lambda client: (client.name, client.version),
            )
        )
        self.compiled: Counts[str] = Counts()
        self._registry.register(
            _Counted(
                "navis_graphql_compiled_queries",
                "Queries by whether they were executed compiled, or else why not.",
                ("outcome",),
                self.compiled,
                lambda outcome: (outcome,),
            )
        )

        self.uploads: Counts[tuple[str, int]] = Counts()
        self._registry.register(
            _Counted(
                "navis_upload_requests",
                "Requests to the addresses of uploads, by method and HTTP status.",
                ("method", "status"),
                self.uploads,
                lambda request: (request[0], str(request[1])),
            )
        )
        self.generations: Counts[str] = Counts()
        self._registry.register(
            _Counted(
                "navis_generation_attempts",
                "Attempts of this worker to write an answer, by how they ended.",
                ("outcome",),
                self.generations,
                lambda outcome: (outcome,),
            )
        )
        self.webhooks: Counts[str] = Counts()
        self._registry.register(
            _Counted(
                "navis_webhook_attempts",
                "Attempts of this worker to tell an endpoint of an event, by how they ended.",
                ("outcome",),
                self.webhooks,
                lambda outcome: (outcome,),
            )
        )
        self._jobs = Histogram(
            "navis_job_seconds",
            "Time that jobs took in this worker, by task and by how they ended.",
            ("task", "outcome"),
            buckets=(*_SECONDS, 30, 60, 120, 300),
            registry=self._registry,
        )
        self.waiting: Waiting | None = None
        self.pools: Callable[[], Mapping[str, PoolState]] = dict
        self.replicas: ReplicaFigures | None = None
        self.streams: Callable[[], Mapping[str, int]] = dict
        self.alone: Callable[[], Mapping[str, bool]] = dict
        self._registry.register(_Read(self._read))
        self._registry.register(_Read(self._reads))

    def _reads(self) -> Iterator[CounterMetricFamily]:
        reads = CounterMetricFamily(
            "navis_published_reads",
            "Statements on published content by who answered them, where there are replicas.",
            labels=("server",),
        )
        if self.replicas is not None:
            for server, count in tuple(self.replicas.reads.items()):
                reads.add_metric((server,), count)
            yield reads

    def _read(self) -> Iterator[GaugeMetricFamily]:
        connections = GaugeMetricFamily(
            "navis_database_connections",
            "Connections of this process, by pool and state; `most` is how many may be open.",
            labels=("pool", "state"),
        )
        for pool, state in self.pools().items():
            connections.add_metric((pool, "busy"), state.busy)
            connections.add_metric((pool, "idle"), state.idle)
            connections.add_metric((pool, "most"), state.most)
        yield connections
        if self.replicas is not None:
            yield from _standing(self.replicas.states())
        streams = GaugeMetricFamily(
            "navis_open_streams", "WebSockets and subscriptions that are open.", labels=("kind",)
        )
        for kind, count in self.streams().items():
            streams.add_metric((kind,), count)
        yield streams
        alone = GaugeMetricFamily(
            "navis_without_others",
            "1 where this process does without what it shares with the others: `limits` counted by"
            " itself, `signals` of Redis not heard.",
            labels=("what",),
        )
        for what, is_alone in self.alone().items():
            alone.add_metric((what,), float(is_alone))
        yield alone
        if self.waiting is not None:
            yield from _backlog(self.waiting)

    def job(self, task: str, outcome: str, seconds: float) -> None:
        """Note that a job has ended: done, failed, postponed or handed_back."""
        self._jobs.labels(task, outcome).observe(seconds)

    def operation(self, client: ClientLabel, name: str, kind: str, *, refused: bool) -> None:
        """Count an operation. `name` is one that a client has registered, or `other`."""
        outcome = "refused" if refused else "executed"
        self._counter(client.name, client.version, name, kind, outcome).inc()

    def took(self, kind: str, seconds: float) -> None:
        """Note how long a response took."""
        self._timer(kind).observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self._registry)


def _standing(replicas: Sequence[ReplicaState]) -> Iterator[GaugeMetricFamily]:
    asked = GaugeMetricFamily(
        "navis_replica_asked",
        "Whether published content is read from a replica now.",
        labels=("replica",),
    )
    lag = GaugeMetricFamily(
        "navis_replica_lag_bytes",
        "How much of the primary's log a replica has still to replay.",
        labels=("replica",),
    )
    lag_s = GaugeMetricFamily(
        "navis_replica_lag_seconds",
        "How old the newest change is that a replica shows, while it lacks some.",
        labels=("replica",),
    )
    for replica in replicas:
        asked.add_metric((replica.name,), replica.is_asked)
        # Of one that can't be asked nothing is known: an old figure would lie.
        if replica.lag_bytes is not None:
            lag.add_metric((replica.name,), replica.lag_bytes)
        if replica.lag_s is not None:
            lag_s.add_metric((replica.name,), replica.lag_s)
    yield from (asked, lag, lag_s)


def _backlog(waiting: Waiting) -> Iterator[GaugeMetricFamily]:
    jobs = GaugeMetricFamily(
        "navis_jobs", "Jobs in the queue, by task and state.", labels=("task", "state")
    )
    oldest = GaugeMetricFamily(
        "navis_job_oldest_seconds",
        "How long the oldest job of a task has been due.",
        labels=("task",),
    )
    for task, (queued, at_work, age_s) in waiting.jobs.items():
        jobs.add_metric((task, "waiting"), queued)
        jobs.add_metric((task, "at_work"), at_work)
        oldest.add_metric((task,), age_s)
    yield jobs
    yield oldest
    yield GaugeMetricFamily(
        "navis_review_waiting", "Revisions that wait for a reviewer.", value=waiting.revisions
    )
    yield GaugeMetricFamily(
        "navis_review_oldest_seconds",
        "How long the oldest revision has waited for a reviewer.",
        value=waiting.oldest_revision_s,
    )
    yield GaugeMetricFamily(
        "navis_webhooks_waiting", "Webhooks that have not been delivered.", value=waiting.webhooks
    )
    yield GaugeMetricFamily(
        "navis_webhooks_oldest_seconds",
        "How long ago the oldest of them was to be delivered first.",
        value=waiting.oldest_webhook_s,
    )
