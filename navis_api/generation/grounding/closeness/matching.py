"""How a word of a claim is said in a sentence of its evidence: as itself, by kin, by neighbours."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from navis_api.generation.grounding.closeness.spoken import Spoken, stem
from navis_api.generation.grounding.closeness.word_vectors import word_vectors


class Likeness(StrEnum):
    """In which way a word is said. What is only NEARBY may be said or not."""

    SAME = "same"
    MEANS = "means"
    """By another word of the same meaning."""
    NEAR = "near"
    """By a word of a group that both are in."""
    KIN = "kin"
    """By a word that begins alike."""
    IMPLIED = "implied"
    TOPIC = "topic"
    """By the headings, or the cancer that the answer is about."""
    NEARBY = "nearby"
    """At best by one that keeps the same company."""


_GRADES = {
    Likeness.SAME: 1.0,
    Likeness.MEANS: 0.95,
    Likeness.NEAR: 0.9,
    Likeness.TOPIC: 0.8,
    Likeness.KIN: 0.75,
    Likeness.IMPLIED: 0.7,
}
SAID = 0.72
"""What is graded lower is not said in so many words."""
_MOST_NEARBY = 0.7


@dataclass(frozen=True, slots=True)
class Match:
    """How a word is said, and how well, from 0 to 1."""

    likeness: Likeness
    grade: float


def matches(claim: Spoken, places: tuple[int, ...], sentence: Spoken) -> list[Match]:
    """Return how each of a claim's words at some places is said in a sentence."""
    nearness = _nearness(claim, places, sentence)
    found: list[Match] = []
    for at, near in zip(places, nearness, strict=True):
        likeness = _likeness(claim, at, sentence)
        if likeness is None:
            found.append(Match(Likeness.NEARBY, min(_MOST_NEARBY, max(0.0, float(near)))))
        else:
            found.append(Match(likeness, _GRADES[likeness]))
    return found


def said_by_topic(claim: Spoken, at: int, topic: list[Spoken]) -> bool:
    """Whether a word is one of the headings or of the answer's cancer."""
    return any(_likeness(claim, at, each) in {Likeness.SAME, Likeness.MEANS} for each in topic)


def by_topic() -> Match:
    """Return the match of a word that the topic says."""
    return Match(Likeness.TOPIC, _GRADES[Likeness.TOPIC])


def _likeness(claim: Spoken, at: int, sentence: Spoken) -> Likeness | None:
    own = claim.roots[at]
    if own in sentence.places:
        return Likeness.SAME
    said = sentence.reading.said
    token = claim.token[at]
    if token is not None and any(key in said for key in token.keys):
        return Likeness.MEANS
    if not claim.group[at].isdisjoint(sentence.groups):
        return Likeness.NEAR
    if token is not None and any(key in said for key in token.implied):
        return Likeness.IMPLIED
    return Likeness.KIN if stem(own) in sentence.stems else None


def _nearness(claim: Spoken, places: tuple[int, ...], sentence: Spoken) -> NDArray[np.float32]:
    """Return how near the nearest word of a sentence is to each word (cosines)."""
    known = word_vectors()
    nearest = np.zeros(len(places), dtype=np.float32)
    rows = [known.row.get(claim.roots[at]) for at in places]
    there = [number for number, row in enumerate(rows) if row is not None]
    if not there or not len(sentence.vectors):
        return nearest
    own = known.vectors[[row for row in rows if row is not None]]
    nearest[there] = (own @ sentence.vectors.T).max(axis=1)
    return nearest
