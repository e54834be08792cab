"""Which pieces of words the reader knows: of the encoder's, those that are met in cancer care."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from bench.grounding.pairs import pages
from bench.side_by_side.pairs import ROUNDS, drawn, groups, of_strangers
from bench.wording.ways import training_ways
from navis_api.side_by_side.tokens import (
    BETWEEN,
    FIRST,
    PADDING,
    UNKNOWN,
    Pieces,
    words_of,
)

SEEN = 5
"""A piece that the pages have less often is spelled in smaller ones."""
_KEPT = (PADDING, UNKNOWN, FIRST, BETWEEN)


def known_pieces(base: Path) -> tuple[list[str], list[int]]:
    """Return the pieces that are kept, and the place that each has in the encoder's."""
    lines = (base / "vocab.txt").read_text("utf-8").splitlines()
    encoders = {piece: place for place, piece in enumerate(lines)}
    kept = [*_KEPT, *sorted(_met(lines, encoders), key=encoders.__getitem__)]
    return kept, [encoders[piece] for piece in kept]


def spelled_words(pieces: Sequence[str]) -> list[str]:
    """Return the words that people asked in and that the reader only knows in pieces."""
    texts = [text for group in groups(held_out=False) for text in (*group.same, *group.near)]
    texts += [text for pair in of_strangers() for text in (pair.one, pair.other)]
    texts += [way.text for way in training_ways()]
    asked = {word for text in texts for word in words_of(text) if word.isalpha()}
    return sorted(asked - set(pieces))


def _met(lines: Sequence[str], encoders: dict[str, int]) -> set[str]:
    pieces = Pieces(encoders)
    asked = chain.from_iterable(
        (pair.one, pair.other) for round_ in range(1, ROUNDS + 1) for pair in drawn(round_)
    )
    written = chain.from_iterable((*group.same, *group.near) for group in groups(held_out=False))
    in_questions = Counter(word for text in chain(asked, written) for word in words_of(text))
    on_pages = Counter(word for page in pages().values() for word in words_of(page.text))
    met: Counter[str] = Counter()
    for word, times in on_pages.items():
        for place in pieces.of(word):
            met[lines[place]] += times
    for word in in_questions:
        for place in pieces.of(word):
            met[lines[place]] += SEEN
    signs = {piece for piece in encoders if len(piece.removeprefix("##")) == 1 and piece.isascii()}
    return ({piece for piece, times in met.items() if times >= SEEN} | signs) - set(_KEPT)
