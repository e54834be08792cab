"""What a process counts of its work, for Prometheus. No label is what a stranger has sent."""

from collections import Counter as Counts
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

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
