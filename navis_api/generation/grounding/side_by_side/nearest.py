"""The sentences of its evidence that come nearest to a claim: what is worth reading with it."""

from collections.abc import Sequence

from navis_api.generation.grounding.closeness.word_vectors import word_vectors
from navis_api.generation.grounding.roots import root
from navis_api.kit.text import words
from navis_api.sources.sentences import sentence_spans

MOST_WORDS = 75
"""So many words are read with a claim; the first sentence however long it is."""
_BESIDE = 0.15
"""A sentence beside a near one tells what "it" is, say."""


def nearest(claim: str, passages: Sequence[str]) -> str:
    """Return the sentences that share most with a claim, rare words first, in their order."""
    said = sorted({root(word) for word in words(claim)})
    sentences = [
        text[start:end] for text in passages for start, end in sentence_spans(text, 0, len(text))
    ]
    shares = [_share(said, sentence) for sentence in sentences]
    ranks = [
        share + _BESIDE * max([0.0, *shares[max(0, at - 1) : at], *shares[at + 1 : at + 2]])
        for at, share in enumerate(shares)
    ]
    chosen: set[int] = set()
    room = MOST_WORDS
    for at in sorted(range(len(sentences)), key=lambda at: (-ranks[at], at)):
        length = len(sentences[at].split())
        if room <= 0:
            break
        if not chosen or length <= room:
            chosen.add(at)
            room -= length
    return " ".join(sentences[at] for at in sorted(chosen))


def _share(said: Sequence[str], sentence: str) -> float:
    here = {root(word) for word in words(sentence)}
    return sum(word_vectors().rarity_of(each) for each in said if each in here)
