"""What a process counts of its work, for Prometheus. No label is what a stranger has sent."""

from collections import Counter as Counts
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class ClientLabel:
    """An app and its version. `other`: one that nobody has registered here; ``: not said."""

    name: str
    version: str


UNSAID = ClientLabel("", "")
OTHER = ClientLabel("other", "other")


class _Kept(Collector):
    """Responses that came out of memory: counted in a plain dictionary, as they are quick."""

    def __init__(self, counts: Counts[ClientLabel]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give the counts out as Prometheus takes them."""
        family = CounterMetricFamily(
            "navis_graphql_kept_responses",
            "Responses to whole requests that came out of memory.",
            labels=("client", "version"),
        )
        for label, count in tuple(self._counts.items()):
            family.add_metric((label.name, label.version), count)
        yield family


class _Compiled(Collector):
    """What became of queries that were to be executed compiled: why some were not."""

    def __init__(self, counts: Counts[str]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give the counts out as Prometheus takes them."""
        family = CounterMetricFamily(
            "navis_graphql_compiled_queries",
            "Queries by whether they were executed compiled, or else why not.",
            labels=("outcome",),
        )
        for outcome, count in tuple(self._counts.items()):
            family.add_metric((outcome,), count)
        yield family


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
        self._registry.register(_Kept(self.kept))
        self.compiled: Counts[str] = Counts()
        self._registry.register(_Compiled(self.compiled))

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
