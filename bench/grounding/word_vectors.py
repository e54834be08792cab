"""Vectors of words by the company that they keep in a corpus, small enough to ship.

Truncated singular vectors of positive pointwise mutual information, as the embedder of
`bench.static_embedder` has for pieces; here of the roots of whole words, cut to so many
dimensions and to whole numbers of one byte. They are statistics: no sentence can be read from them.
"""

from collections import Counter
from pathlib import Path

import numpy as np

from bench.static_embedder import at_unit_length, passages, vectors_of_surroundings
from navis_api.generation.grounding.closeness.word_vectors import packed
from navis_api.generation.grounding.roots import root
from navis_api.kit.text import words

WORDS = 14_000
SEEN = 5
"""A word of fewer passages keeps too little company to say anything of it."""
DIMENSIONS = 80
BYTE = 127


def learned_vectors(corpus: Path) -> bytes:
    """Return the file of the vectors of a corpus's words."""
    spoken = [[root(word) for word in words(text)] for text in passages(corpus)]
    held: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for text in spoken:
        held.update(set(text))
        said.update(text)
    often = sorted(held, key=lambda word: (-held[word], word))[:WORDS]
    known = [word for word in often if held[word] >= SEEN]
    place = {word: at for at, word in enumerate(known)}
    ids = [
        np.array([place[word] for word in text if word in place], dtype=np.int64) for text in spoken
    ]
    vectors = vectors_of_surroundings(ids, len(known))[:, :DIMENSIONS]
    vectors = at_unit_length(vectors - vectors.mean(axis=0))
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    whole = np.rint(vectors / np.where(largest == 0, 1, largest) * BYTE).astype(np.int8)
    counts = [held[word] for word in known], [said[word] for word in known]
    return packed(known, whole, *counts, len(spoken))
