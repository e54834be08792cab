"""What a question shows to the reader of generality: its words, their order, what they mean."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from navis_api.kit.text import words
from navis_api.vocabulary.terms import find_terms
from navis_api.vocabulary.understanding import understand

LENGTHS = (4, 8, 16, 30)
"""Texts of fewer words than each are alike: keywords, a question, a story."""


def features(text: str) -> frozenset[str]:
    """Return the names of all that a question shows."""
    return frozenset((*_of_wording(words(text)), *_of_meaning(text)))


def _of_wording(said: list[str]) -> Iterator[str]:
    marked = ["<", *said, ">"]
    for word in said:
        yield f"word:{word}"
    for one, two in pairwise(marked):
        yield f"pair:{one} {two}"
    for one, two in zip(marked, marked[2:], strict=False):
        yield f"around:{one} {two}"
    yield f"length:{sum(len(said) >= least for least in LENGTHS)}"


def _of_meaning(text: str) -> Iterator[str]:
    concepts = {each.concept.key: each.concept.kind for each in understand(text).concepts}
    for key, kind in concepts.items():
        yield f"concept:{key}"
        yield f"kind:{kind}"
    for one, two in combinations(sorted(concepts), 2):
        yield f"concepts:{one} {two}"
    if not concepts:
        yield "no concept"
    for mention in find_terms(text):
        yield f"term:{mention.term.kind}"
