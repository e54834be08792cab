"""The closeness model, made from pairs and from sentences of pages that were changed."""

import gzip
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.grounding.boosting import grow
from bench.grounding.pairs import OWN, Pair, digest, pages
from bench.grounding.regression import fit, names_of, table
from navis_api.generation.grounding.closeness.features import compare
from navis_api.generation.grounding.closeness.model import ClosenessModel, ClosenessWeights, Tree
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.topics import topic_texts
from navis_api.sources.passages import split_passages
from tests.generation.grounding.mutations import made_from
from tests.generation.grounding.test_corpus import PAGES, whole_sentences

SEEDS = (1, 2)
WEIGHTS = {OWN: 0.4, "stranger_a": 0.6}
"""Who had the rules before his eyes, or took the pages' words, teaches less."""
CHANGED = "changed"
CHANGED_WEIGHT = 0.1
CHANGED_PAGES = 240
PASSAGES_A_PAGE = 2
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What a pair shows."""

    author: str
    features: Mapping[str, float]
    supported: bool

    @property
    def weight(self) -> float:
        """How much it counts."""
        return CHANGED_WEIGHT if self.author == CHANGED else WEIGHTS.get(self.author, 1.0)


def rows_of(given: Sequence[Pair]) -> list[Row]:
    """Return what each pair shows; one in which nothing can be compared shows nothing."""
    rows: list[Row] = []
    for pair in given:
        texts = [each.text for each in pair.evidence]
        compared = compare(pair.claim, texts, topic_texts(pair.cancer, pair.evidence))
        if compared is not None:
            rows.append(Row(pair.author, compared.features, pair.supported))
    return rows


def changed_pairs() -> list[Pair]:
    """Return sentences of pages as claims, some changed in one point.

    They keep to the words, and so teach what a change means beside them. The pages that the tests
    measure on are left out.
    """
    everything = list(pages().values())
    patients = [page for page in everything if page.audience == "patient"]
    measured = {page.url for page in patients[:: len(patients) // PAGES]}
    chance = random.Random(4)  # the same pages each time
    drawn = chance.sample([page for page in everything if page.url not in measured], CHANGED_PAGES)
    passages: list[tuple[str, tuple[str, ...], list[str]]] = []
    titles: dict[str, str] = {}
    for page in drawn:
        for passage in list(split_passages(page.text))[1 : 1 + PASSAGES_A_PAGE]:
            words = page.text[passage.start : passage.end]
            if sentences := whole_sentences(words):
                passages.append((words, (), sentences))
                titles[words] = page.title
    return [
        Pair(
            CHANGED,
            made.claim,
            None,
            tuple(Evidence(text, title=titles[text]) for text in made.passages),
            made.supported,
        )
        for made in made_from(passages, seed=11)
    ]


def learn(rows: Sequence[Row]) -> ClosenessModel:
    """Return the model that the rows make. The same rows make the same one."""
    shown = [row.features for row in rows]
    names = names_of(shown)
    figures = table(shown, names)
    wanted = np.array([float(row.supported) for row in rows])
    counts = np.array([row.weight for row in rows])
    weights, start = fit(figures, wanted, counts)
    trees: list[Tree] = []
    starts = 0.0
    for seed in SEEDS:
        grown, own_start = grow(figures, names, wanted, counts, seed)
        share = 0.5 / len(SEEDS)
        trees += [_scaled(tree, share) for tree in grown]
        starts += share * own_start
    return ClosenessModel(
        ClosenessWeights(
            learned_from=digest(),
            start=round(0.5 * start + starts, DIGITS),
            weights={
                name: round(0.5 * weight, DIGITS)
                for name, weight in zip(names, weights.tolist(), strict=True)
            },
            trees=tuple(trees),
        )
    )


def packed(model: ClosenessModel) -> bytes:
    """Return the model's file."""
    return gzip.compress(model.file.model_dump_json().encode(), mtime=0)


def _scaled(tree: Tree, share: float) -> Tree:
    return Tree(
        features=tree.features,
        cuts={node: round(cut, DIGITS) for node, cut in tree.cuts.items()},
        values={node: round(share * value, DIGITS + 1) for node, value in tree.values.items()},
    )
