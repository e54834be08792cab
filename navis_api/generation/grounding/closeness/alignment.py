"""A claim laid beside its evidence: which sentences say it best, and how each word is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from navis_api.generation.grounding.closeness.matching import (
    Match,
    by_topic,
    matches,
    said_by_topic,
)
from navis_api.generation.grounding.closeness.spoken import Spoken
from navis_api.generation.grounding.closeness.word_vectors import word_vectors
from navis_api.generation.grounding.lexicon import lexicon
from navis_api.generation.grounding.parts import Part, cut_in_parts

_GENERAL_WEIGHT = 0.4
_LEAST_WEIGHT = 0.05
_SHORTER_FIRST = 1e-4
_WHOLE_COUNTS = 0.03
"""Of sentences that say a clause alike, the one is taken that says more of the claim."""

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Alignment:
    """The words of a claim that say something, and how each sentence of its evidence says them.

    `places` are where they stand in the claim, `grades` how well each is said (sentences x
    words), `weights` how much each counts.
    """

    claim: Spoken
    places: tuple[int, ...]
    sentences: tuple[Spoken, ...]
    found: tuple[tuple[Match, ...], ...]
    grades: Weights
    weights: Weights

    @cached_property
    def shares(self) -> Weights:
        """How much of the claim each sentence says, from 0 to 1."""
        return (self.grades @ self.weights) / self.weights.sum()

    @cached_property
    def first(self) -> int:
        """The number of the sentence that says most of the claim."""
        return int(np.argmax(self.shares - self._length))

    @cached_property
    def second(self) -> int:
        """The number of the one that adds most to it, itself where none does."""
        together = np.maximum(self.grades, self.grades[self.first])
        return int(np.argmax(together @ self.weights / self.weights.sum() - self._length))

    @cached_property
    def best(self) -> Weights:
        """How well each word is said by these two."""
        return np.maximum(self.grades[self.first], self.grades[self.second])

    @cached_property
    def anywhere(self) -> Weights:
        """How well each word is said by any sentence."""
        return self.grades.max(axis=0)

    @cached_property
    def clauses(self) -> list[list[int]]:
        """The words of each part of the claim that may rest on a sentence of its own."""
        reading = self.claim.reading
        number = {id(token): at for at, token in enumerate(reading.tokens)}
        whole = Part(reading, tuple(range(len(reading.tokens))), frozenset())
        of_token = {
            place: part for part, each in enumerate(cut_in_parts(whole)) for place in each.places
        }
        clauses: dict[int, list[int]] = {}
        current = 0
        for word, place in enumerate(self.places):
            token = self.claim.token[place]
            if token is not None:
                current = of_token.get(number[id(token)], current)
            clauses.setdefault(current, []).append(word)
        return list(clauses.values())

    def sentence_of(self, clause: Sequence[int]) -> tuple[int, float]:
        """Return the sentence that says most of a clause, and how much another would add."""
        weights = self.weights[list(clause)]
        grades = self.grades[:, list(clause)]
        said = grades @ weights / weights.sum()
        own = int(np.argmax(said + _WHOLE_COUNTS * self.shares - self._length))
        added = np.maximum(grades, grades[own]) @ weights / weights.sum()
        return own, float(added.max() - said[own])

    @cached_property
    def _length(self) -> Weights:
        return _SHORTER_FIRST * np.array([len(each.words) for each in self.sentences])


def align(claim: Spoken, sentences: Sequence[Spoken], topic: Sequence[Spoken]) -> Alignment | None:
    """Lay a claim beside sentences; `topic` are headings and the cancer's name.

    None where there is nothing to lay.
    """
    places = tuple(at for at in claim.content if not claim.words[at].isdigit())
    if not places or not sentences:
        return None
    of_topic = [said_by_topic(claim, at, list(topic)) for at in places]
    found = tuple(
        tuple(
            by_topic() if known and match.grade < by_topic().grade else match
            for known, match in zip(of_topic, matches(claim, places, sentence), strict=True)
        )
        for sentence in sentences
    )
    return Alignment(
        claim=claim,
        places=places,
        sentences=tuple(sentences),
        found=found,
        grades=np.array([[match.grade for match in row] for row in found]),
        weights=np.array([_weight(claim, at) for at in places]),
    )


def _weight(claim: Spoken, at: int) -> float:
    rarity = word_vectors().rarity_of(claim.roots[at])
    general = claim.words[at] in lexicon().general
    return rarity * (_GENERAL_WEIGHT if general else 1.0) + _LEAST_WEIGHT
