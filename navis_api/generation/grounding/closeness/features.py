"""All that is looked at to say how closely evidence says what a claim says."""

from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.generation.grounding.closeness.alignment import align
from navis_api.generation.grounding.closeness.clause_features import clause_features
from navis_api.generation.grounding.closeness.contrasts import (
    class_contrasts,
    close_contrasts,
    number_contrasts,
    rule_contrasts,
)
from navis_api.generation.grounding.closeness.coverage import Features, coverage
from navis_api.generation.grounding.closeness.exchanges import exchange_features
from navis_api.generation.grounding.closeness.joints import joint_features
from navis_api.generation.grounding.closeness.laid import lay
from navis_api.generation.grounding.closeness.spoken import Spoken, spoken, spoken_passage


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of a sentence of a claim, by name, and what it most likely rests on.

    `rests_on` are one or two sentences, each with the number of its passage; `cited` are all that
    it cites, `topic` the headings and the cancer's name.
    """

    features: Features
    rests_on: tuple[tuple[int, Spoken], ...]
    cited: tuple[Spoken, ...]
    topic: tuple[Spoken, ...]


def compare(claim: str, passages: Sequence[str], topic: Sequence[str]) -> Compared | None:
    """Compare a sentence of a claim with the texts that it cites; None where nothing can be.

    `topic` are their headings and the cancer's name.
    """
    headings = [heading for text in topic for heading in spoken_passage(text)]
    cited = [(n, sentence) for n, text in enumerate(passages) for sentence in spoken_passage(text)]
    aligned = align(spoken(claim), [sentence for _, sentence in cited], headings)
    if aligned is None:
        return None
    laid = lay(aligned)
    bound = joint_features(laid) | exchange_features(laid)
    shown = (
        coverage(aligned)
        | clause_features(aligned)
        | class_contrasts(aligned)
        | rule_contrasts(aligned)
        | number_contrasts(aligned, claim, " ".join(passages), list(topic))
    )
    best = dict.fromkeys((aligned.first, aligned.second))
    return Compared(
        shown | bound | close_contrasts(shown, bound),
        tuple(cited[at] for at in best),
        aligned.sentences,
        tuple(headings),
    )
