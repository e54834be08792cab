"""The closeness model, made from pairs."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.grounding.boosting import grow
from bench.grounding.pairs import OWN, Pair, catalogue, digest
from bench.grounding.regression import fit, names_of, table
from navis_api.generation.grounding.attributions import without_attribution
from navis_api.generation.grounding.closeness.features import compare
from navis_api.generation.grounding.closeness.model import ClosenessModel, ClosenessWeights, Tree
from navis_api.generation.grounding.looking import look
from navis_api.generation.grounding.topics import topic_texts
from navis_api.generation.grounding.weighing import rule_outcome

SEEDS = (1, 2)
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What a pair shows."""

    author: str
    features: Mapping[str, float]
    supported: bool


def rows_of(given: Sequence[Pair]) -> list[Row]:
    """Return what each pair shows; one in which nothing can be compared shows nothing."""
    rows: list[Row] = []
    for pair in given:
        texts = [each.text for each in pair.evidence]
        compared = compare(pair.claim, texts, topic_texts(pair.cancer, pair.evidence))
        if compared is None:
            continue
        said = without_attribution(pair.claim)
        looked = look(said, pair.evidence, cancer=pair.cancer, catalogue=catalogue())
        found = [each for sentence in looked for each in sentence.found]
        rows.append(Row(pair.author, compared.features | rule_outcome(found), pair.supported))
    return rows


def learn(rows: Sequence[Row]) -> ClosenessModel:
    """Return the model that the rows make. The same rows make the same one.

    Our own claims, short and in the manner of the answers that are checked, count twice: there are
    few of them, and strangers' lies in long sentences would have short right ones refused.
    """
    rows = [*rows, *(row for row in rows if row.author == OWN)]
    shown = [row.features for row in rows]
    names = names_of(shown)
    figures = table(shown, names)
    wanted = np.array([float(row.supported) for row in rows])
    weights, start = fit(figures, wanted)
    trees: list[Tree] = []
    starts = 0.0
    for seed in SEEDS:
        grown, own_start = grow(figures, names, wanted, seed)
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
