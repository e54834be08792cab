"""How much of a claim its evidence says: in all, in its worst part, and in which order."""

import math
from collections import Counter

from navis_api.generation.grounding.closeness.alignment import Alignment
from navis_api.generation.grounding.closeness.matching import SAID, Likeness
from navis_api.generation.grounding.closeness.word_vectors import word_vectors
from navis_api.generation.grounding.lexicon import lexicon
from navis_api.generation.grounding.tokens import Kind

Features = dict[str, float]

_LOST = 0.45
"""A word whose nearest neighbour in the evidence is no nearer is one that it hasn't got."""
_RUN = 4
_CLAUSE_WEIGHT = 3.0
_BESIDE = 4
_GATHERS = 0.3
_SCATTERS = 0.15
_WORST = 3


def coverage(aligned: Alignment) -> Features:
    """Return how much is said, by which sentences and in which way."""
    best, weights = aligned.best, aligned.weights
    total = float(weights.sum())
    first, second = aligned.first, aligned.second
    both = float(best @ weights) / total
    shown = {
        "said by one": float(aligned.shares[first]),
        "said by two": both,
        "said anywhere": float(aligned.anywhere @ weights) / total,
        "second adds": both - float(aligned.shares[first]),
        "said elsewhere": float((aligned.anywhere - best) @ weights) / total,
    }
    used = [first if row >= other else second for row, other in _pairs(aligned)]
    by_likeness: Counter[Likeness] = Counter()
    for word, sentence in enumerate(used):
        by_likeness[aligned.found[sentence][word].likeness] += weights[word]
    shown |= {f"share {each}": by_likeness[each] / total for each in Likeness}
    shown |= _missing(aligned) | _worst_parts(aligned, both) | _order(aligned)
    words = len(aligned.sentences[first].words)
    return shown | {
        "words": math.log(len(aligned.places)),
        "words of evidence": math.log(1 + words),
        "length": math.log((1 + len(aligned.claim.words)) / (1 + words)),
    }


def _pairs(aligned: Alignment) -> list[tuple[float, float]]:
    first, second = aligned.grades[aligned.first], aligned.grades[aligned.second]
    return list(zip(first.tolist(), second.tolist(), strict=True))


def _missing(aligned: Alignment) -> Features:
    """Return what is missing, and whether it is of the subject or of the way of speaking."""
    claim, weights, best = aligned.claim, aligned.weights, aligned.best
    missing = sorted(((1 - best) * weights).tolist(), reverse=True) + [0.0] * _WORST
    shown = {f"missing {number}": missing[number] for number in range(_WORST)}
    shown["missing"] = sum(missing)
    general = lexicon().general
    gathered: list[tuple[float, float, float]] = []
    for word, at in enumerate(aligned.places):
        if best[word] < SAID:
            # "Put" and "things" are lost in rewording, "every" and "first" by a lie.
            shown[f"lost: {claim.roots[at]}"] = 1.0
        kind = "general" if claim.words[at] in general else "telling"
        if best[word] < _LOST:
            shown[f"lost {kind}"] = shown.get(f"lost {kind}", 0.0) + 1
        elif best[word] < SAID - 0.01:
            shown["weak"] = shown.get("weak", 0.0) + 1
        if best[word] < SAID:
            gathers = word_vectors().gathers_of(claim.roots[at])
            left = float((1 - best[word]) * weights[word])
            nowhere = float((1 - aligned.anywhere[word]) * weights[word])
            gathered.append((gathers, left, nowhere))
    shown["missing of the subject"] = sum(gathers * left for gathers, left, _ in gathered)
    shown["most of the subject"] = max((g * left for g, left, _ in gathered), default=0.0)
    shown["nowhere of the subject"] = sum(gathers * nowhere for gathers, _, nowhere in gathered)
    shown["missing that gather"] = sum(gathers > _GATHERS for gathers, _, _ in gathered)
    shown["missing that scatter"] = sum(gathers < _SCATTERS for gathers, _, _ in gathered)
    said = {key for each in aligned.sentences for key in each.reading.said}
    shown["lost names"] = sum(
        token.kind is Kind.NAME and said.isdisjoint(token.keys) for token in claim.reading.tokens
    )
    return shown


def _worst_parts(aligned: Alignment, both: float) -> Features:
    best, weights = aligned.best, aligned.weights
    by_clause: dict[int, list[int]] = {}
    for word, at in enumerate(aligned.places):
        token = aligned.claim.token[at]
        by_clause.setdefault(token.clause if token is not None else 0, []).append(word)
    clauses = [
        float(best[words] @ weights[words] / weights[words].sum())
        for words in by_clause.values()
        if weights[words].sum() > _CLAUSE_WEIGHT
    ]
    runs = [
        float(best[at : at + _RUN] @ weights[at : at + _RUN] / weights[at : at + _RUN].sum())
        for at in range(len(best) - _RUN + 1)
    ]
    return {"worst clause": min(clauses, default=both), "worst run": min(runs, default=both)}


def _order(aligned: Alignment) -> Features:
    """Return how many neighbours of the claim are neighbours in its evidence, and in its order."""
    beside = turned = pairs = 0
    before: list[int] | None = None
    for at in aligned.places:
        places = places_in(aligned, at, aligned.first)
        if places and before:
            pairs += 1
            beside += min(abs(one - other) for one in places for other in before) <= _BESIDE
            turned += min(places) < min(before)
        before = places
    return {
        "pairs": math.log1p(pairs),
        "beside": beside / pairs if pairs else 0.5,
        "turned": turned / pairs if pairs else 0.3,
    }


def places_in(aligned: Alignment, at: int, sentence: int) -> list[int] | None:
    """Return where a sentence says a word of the claim, or one of its groups; None nowhere."""
    other = aligned.sentences[sentence]
    own = other.places.get(aligned.claim.roots[at])
    if own is not None:
        return own
    groups = sorted(aligned.claim.group[at] & other.groups.keys())
    return other.groups[groups[0]] if groups else None
