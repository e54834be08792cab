"""Rounds: everybody in turn for each query, so that a busy moment hits all of them alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.load import exchange, requests_a_second

CONNECTIONS = 16
_WARM_UP_S = 0.2


@dataclass(frozen=True, slots=True)
class Series:
    """A server with the requests of one query that it is sent."""

    port: int
    requests: Sequence[bytes]


Rates = list[dict[str, float]]
"""For each round, the requests a second of everybody by name."""


def measure(
    queries: Mapping[str, Mapping[str, Series]], *, rounds: int, seconds: float
) -> dict[str, Rates]:
    """Return the rates by query. `queries` has, for each, who takes part with what."""
    for series in queries.values():
        for each in series.values():
            # Twice each, so that nobody's first time is measured, and what is kept of a request
            # that comes again is kept.
            for _ in range(2):
                exchange(each.port, each.requests)
    rates: dict[str, Rates] = {query: [] for query in queries}
    for number in range(rounds):
        for query, series in queries.items():
            # Each round begins with another one.
            names = list(series)
            first = number % len(names)
            rates[query].append(
                {name: _rate(series[name], seconds) for name in (*names[first:], *names[:first])}
            )
        print(f"  round {number + 1} of {rounds}", flush=True)
    return rates


def _rate(series: Series, seconds: float) -> float:
    requests_a_second(
        series.port, series.requests, connections=CONNECTIONS, seconds=min(_WARM_UP_S, seconds)
    )
    return requests_a_second(series.port, series.requests, connections=CONNECTIONS, seconds=seconds)


def ratios(rates: Rates, name: str, to: str) -> list[float]:
    """Return one's rates as parts of another's, each within a round."""
    return [round_[name] / round_[to] for round_ in rates]
