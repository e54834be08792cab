"""Whether the documents that answer a question are found among the first."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from navis_api.evaluation.cases import RetrievalQuery
from navis_api.evaluation.figures import Outcome, share

FOUND_AMONG = 5
PASSAGES_A_DOCUMENT = 10
"""How many passages of one document may stand before those of the next."""

Find = Callable[[str, int], Awaitable[Sequence[str | None]]]
"""Gives the addresses of the best passages for a question, best first, at most so many."""


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """The share of queries with a relevant document as the first, and among the first five.

    Documents are counted, not passages: several passages of one document are one hit.
    """

    queries: int
    success_at_1: float | None
    success_at_5: float | None
    cases: tuple[Outcome, ...]


async def evaluate_retrieval(queries: Iterable[RetrievalQuery], find: Find) -> RetrievalFigures:
    """Search for each query, and look for its documents among the first."""
    total = first = among = 0
    cases: list[Outcome] = []
    for query in queries:
        found = await find(query.query, FOUND_AMONG * PASSAGES_A_DOCUMENT)
        urls = list(dict.fromkeys(url for url in found if url is not None))[:FOUND_AMONG]
        relevant = set(query.relevant_urls)
        place = next((at for at, url in enumerate(urls, start=1) if url in relevant), None)
        total += 1
        first += place == 1
        among += place is not None
        outcome = f"FOUND_AT_{place}" if place else "NOT_FOUND"
        cases.append(Outcome(query.id, outcome, right=place is not None))
    return RetrievalFigures(
        queries=total,
        success_at_1=share(first, total),
        success_at_5=share(among, total),
        cases=tuple(cases),
    )
