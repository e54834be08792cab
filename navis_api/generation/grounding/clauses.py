"""Which clauses of the evidence a part of a claim rests on."""

from collections import Counter

from navis_api.generation.grounding.parts import Part, says_something
from navis_api.generation.grounding.passages import Window

_GENERAL_WEIGHT = 0.3


def clauses_of(part: Part, window: Window) -> frozenset[int]:
    """Return the clauses of a window that a part of a claim rests on, the fewest that do.

    A list's lead-in is always one of them.
    """
    reading = window.reading
    wanted: dict[int, set[int]] = {}
    for at in part.content:
        clauses = {
            reading.tokens[place].clause
            for key in part.token(at).keys
            for place in reading.said.get(key, ())
        }
        if clauses:
            wanted[at] = clauses
    chosen = _fewest(part, wanted)
    # A clause of which a claim says most, though in general words, is meant by it too.
    content = Counter(token.clause for token in reading.tokens if says_something(token))
    common = Counter(clause for clauses in wanted.values() for clause in clauses)
    chosen |= {clause for clause, n in common.items() if n > 1 and n * 2 >= content[clause]}
    return frozenset(chosen | set(range(window.lead_clauses)))


def _fewest(part: Part, wanted: dict[int, set[int]]) -> set[int]:
    chosen: set[int] = set()
    left = dict(wanted)
    while left and (not chosen or any(part.token(at).tells for at in left)):
        scores: dict[int, float] = {}
        for at, clauses in left.items():
            for clause in clauses:
                weight = 1.0 if part.token(at).tells else _GENERAL_WEIGHT
                scores[clause] = scores.get(clause, 0.0) + weight
        best = max(scores, key=lambda clause: (scores[clause], -clause))
        chosen.add(best)
        left = {at: clauses for at, clauses in left.items() if best not in clauses}
    return chosen
