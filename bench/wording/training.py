"""The weights of the learned reader of wording, made from ways to ask."""

import base64
import gzip
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from bench.sparse_regression import Rows, fit
from bench.wording.ways import Way
from navis_api.cancers.catalogue import Catalogue
from navis_api.questions.sameness.learned.features import features
from navis_api.questions.sameness.learned.masking import Mask
from navis_api.questions.sameness.learned.model import (
    UNIT,
    WordingModel,
    WordingWeights,
    usual_questions,
)
from navis_api.questions.sameness.reading import read_by_rules

PENALTY = 0.5
STEPS = 25
"""So many steps are enough for weights that are rounded anyway."""
ASKING_COUNTS = 8.0
"""A way to ask a kind counts so much against one of the hundreds that don't."""
SEEN_IN = 3
"""A feature of fewer questions is their own, and is not learned."""
OFTEN = 2
"""A word that so many authors ask in is nobody's own."""
LEAST_WEIGHT = 3
"""A smaller weight isn't worth its place in the file, nor is a feature without any larger one."""


class Shown:
    """What a way shows: its features and its words."""

    def __init__(self, way: Way, catalogue: Catalogue) -> None:
        slots, masked = read_by_rules(way.text, None, catalogue)
        self.features = features(masked, slots)
        self.words = frozenset(masked.words) - set(Mask)


def shown(ways: Sequence[Way], catalogue: Catalogue) -> list[Shown]:
    """Return what each way shows."""
    return [Shown(way, catalogue) for way in ways]


def learn(ways: Sequence[Way], seen: Sequence[Shown]) -> WordingModel:
    """Return the reader that the ways make. The same ways make the same one."""
    counted = Counter(name for each in seen for name in each.features)
    names = sorted(name for name, count in counted.items() if count >= SEEN_IN)
    rows = Rows([each.features for each in seen], {name: at for at, name in enumerate(names)})
    kinds = tuple(usual_questions())
    fits = [
        fit(
            rows,
            np.array([float(_asks(way, kind)) for way in ways]),
            np.array([_counts(way, kind) for way in ways]),
            penalty=PENALTY,
            steps=STEPS,
        )
        for kind in kinds
    ]
    table = np.stack([np.rint(UNIT * rows.rarity * weights) for weights, _ in fits], axis=1)
    table = np.where(np.abs(table) >= LEAST_WEIGHT, table, 0.0)
    kept = np.abs(table).max(axis=1) > 0
    packed = np.clip(table[kept], -127, 127).astype(np.int8)
    authors = _authors(ways, seen, kinds)
    return WordingModel(
        WordingWeights(
            learned_from=digest(ways),
            kinds=kinds,
            start=tuple(round(UNIT * start) for _, start in fits),
            names=tuple(name for name, keep in zip(names, kept, strict=True) if keep),
            weights=base64.b64encode(packed.tobytes()).decode(),
            heard=_heard(authors, by=1),
            heard_often=_heard(authors, by=OFTEN),
        )
    )


def _asks(way: Way, kind: str) -> bool:
    return way.asks_it and way.kind == kind


def _counts(way: Way, kind: str) -> float:
    """Return how much a way counts: a near neighbour of one kind may well ask another."""
    if way.asks_it:
        return ASKING_COUNTS if way.kind == kind else 1.0
    return 1.0 if way.kind in {kind, None} else 0.0


def _authors(
    ways: Sequence[Way], seen: Sequence[Shown], kinds: Sequence[str]
) -> dict[str, defaultdict[int, set[str]]]:
    """Return who asked in each word, by the place of the kind that they asked."""
    place = {kind: at for at, kind in enumerate(kinds)}
    heard: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for way, each in zip(ways, seen, strict=True):
        if way.asks_it and way.kind in place:
            for word in each.words:
                heard[word][place[way.kind]].add(way.author)
    return heard


def _heard(authors: Mapping[str, Mapping[int, set[str]]], *, by: int) -> dict[str, tuple[int, ...]]:
    """Return each word with the places of the kinds in which so many authors asked in it."""
    told = {
        word: tuple(sorted(at for at, who in authors[word].items() if len(who) >= by))
        for word in sorted(authors)
    }
    return {word: at for word, at in told.items() if at}


def digest(ways: Sequence[Way]) -> str:
    """Return what tells one set of ways, and of kinds to learn, from another."""
    whole = hashlib.sha256()
    whole.update("\n".join(usual_questions()).encode())
    for way in ways:
        whole.update(f"{way.kind}\t{way.asks_it}\t{way.text}\n".encode())
    return whole.hexdigest()


def packed(model: WordingModel) -> bytes:
    """Return the model's file."""
    return gzip.compress(model.file.model_dump_json().encode(), mtime=0)
