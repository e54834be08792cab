"""How each part of a claim is said by a sentence of its own: a claim is as good as its worst."""

import math
from collections import Counter, defaultdict

from navis_api.generation.grounding.closeness.alignment import Alignment
from navis_api.generation.grounding.closeness.coverage import Features, places_in
from navis_api.generation.grounding.closeness.matching import SAID, Likeness
from navis_api.generation.grounding.closeness.word_classes import word_classes
from navis_api.generation.grounding.closeness.word_vectors import word_vectors
from navis_api.generation.grounding.lexicon import lexicon
from navis_api.generation.grounding.tokens import Kind

_NEAR = 6
_AHEAD = 3
_MOST_RARE = 7.0
_BY_OTHER_WORDS = (Likeness.NEAR, Likeness.KIN, Likeness.IMPLIED, Likeness.TOPIC)


def clause_features(aligned: Alignment) -> Features:
    """Return the best and the worst of each figure over the parts, and their words' sums."""
    figures: defaultdict[str, list[float]] = defaultdict(list)
    words: Counter[str] = Counter()
    used: set[int] = set()
    clauses = aligned.clauses
    for clause in clauses:
        sentence, added = aligned.sentence_of(clause)
        used.add(sentence)
        for name, value in _of_clause(aligned, clause, sentence).items():
            figures[name].append(value)
        figures["another adds"].append(added)
        for word in clause:
            words.update(_of_word(aligned, word, sentence))
    shown: Features = {f"words {name}": float(total) for name, total in words.items()}
    for name, values in figures.items():
        shown[f"least {name}"] = min(values)
        shown[f"most {name}"] = max(values)
    return shown | {"clauses": float(len(clauses)), "sentences": float(len(used))}


def _of_clause(aligned: Alignment, clause: list[int], sentence: int) -> Features:
    weights = aligned.weights[clause]
    grades = aligned.grades[sentence, clause]
    missing = float((1 - grades) @ weights)
    shown = {
        "said": float(grades @ weights / weights.sum()),
        "missing": missing,
        "root of missing": math.sqrt(missing),
    }
    places = [aligned.places[word] for word in clause]
    first, last = min(places), max(places)
    claimed = aligned.claim.words[max(0, first - _AHEAD) : last + 1]
    given = aligned.sentences[sentence].words
    anchors = [there for at in places for there in places_in(aligned, at, sentence) or ()]
    shown |= _directions(claimed, given, anchors)
    if not anchors:
        return shown | dict.fromkeys(("denied", "denies", "denied only", "spread"), 0.0)
    low, high = min(anchors), max(anchors)
    denies = any(_is_of(word, "neg") for word in claimed)
    denied = any(_is_of(word, "neg") for word in given[max(0, low - _AHEAD) : high + 1])
    return shown | {
        "denied": float(denies != denied),
        "denies": float(denies and not denied),
        "denied only": float(denied and not denies),
        "spread": math.log1p(high - low) - math.log1p(last - first),
    }


def _directions(claimed: tuple[str, ...], given: tuple[str, ...], anchors: list[int]) -> Features:
    """Return whether what points up or down in a part does so beside its words' places."""
    own = [sign for _, sign in _signs(claimed)]
    other = [
        sign
        for at, sign in _signs(given)
        if anchors and min(abs(at - there) for there in anchors) <= _NEAR
    ]
    if not own or not other:
        return {"same way": 0.0, "other way": 0.0}
    product = sum(own) / len(own) * (sum(other) / len(other))
    return {"same way": product, "other way": float(product < 0)}


def _signs(words: tuple[str, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at, word in enumerate(words):
        sign = 1 if _is_of(word, "up") else -1 if _is_of(word, "down") else 0
        if sign:
            turned = any(_is_of(before, "neg") for before in words[max(0, at - _AHEAD) : at])
            found.append((at, -sign if turned else sign))
    return found


def _is_of(word: str, name: str) -> bool:
    return name in word_classes().by_word.get(word, ())


def _of_word(aligned: Alignment, word: int, sentence: int) -> Features:
    """Return what a word adds to the sums: how it is said, and what is missing where it isn't."""
    match = aligned.found[sentence][word]
    rarity = float(aligned.weights[word]) / _MOST_RARE
    shown: Features = {match.likeness: 1.0}
    if match.likeness in _BY_OTHER_WORDS:
        shown[f"rarity {match.likeness}"] = rarity
    if match.likeness is not Likeness.NEARBY:
        return shown
    at = aligned.places[word]
    said, anywhere = aligned.claim.words[at], float(aligned.anywhere[word])
    token = aligned.claim.token[at]
    return shown | {
        "nearness": match.grade,
        "rarity nearby": rarity,
        "general": float(said in lexicon().general),
        "strange": float(aligned.claim.roots[at] not in word_vectors().row),
        "elsewhere": float(anywhere > SAID),
        "better elsewhere": max(0.0, anywhere - match.grade),
        "hard": float(lexicon().is_hard((said,))),
        "name": float(token is not None and token.kind is Kind.NAME),
    }
