"""Which of several places in a sentence a word of a claim is taken from: by its company."""

from collections.abc import Sequence

from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.tokens import Kind

_COMPANY = 5
_SURELY = 0.34
_GENERALLY = 0.4


def company(reading: Reading, at: int, among: Sequence[int] | None = None) -> dict[str, float]:
    """Return the keys of the words around a place in its clause, the nearer the weightier."""
    tokens = reading.tokens
    clause = tokens[at].clause
    allowed = None if among is None else set(among)
    # The other words of a phrase stand beside its first: "likely" in "more likely to develop".
    found = {key: _GENERALLY for part in tokens[at].parts[1:] for key in part}
    for step in (-1, 1):
        other, distance = at + step, 1
        while 0 <= other < len(tokens) and distance <= _COMPANY:
            token = tokens[other]
            if token.clause != clause or (allowed is not None and other not in allowed):
                break
            if token.kind not in {Kind.FUNCTION, Kind.STOP}:
                weight = (1.0 if token.tells else _GENERALLY) / distance
                for key in (*token.keys, *token.implied):
                    found[key] = max(found.get(key, 0.0), weight)
                distance += 1
            other += step
    return found


def fits_better(
    claim: Reading,
    at: int,
    among: Sequence[int],
    window: Reading,
    same: Sequence[int],
    other: Sequence[int],
) -> bool:
    """Whether a word of a claim stands in the company of its own places, not of others."""
    if not same:
        return False
    if not other:
        return True
    around = company(claim, at, among)
    own = max(_shared(around, company(window, place)) for place in same)
    others = max(_shared(around, company(window, place)) for place in other)
    return others - own < _SURELY


def _shared(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(min(weight, other[key]) for key, weight in one.items() if key in other)
