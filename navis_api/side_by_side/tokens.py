"""Pieces of words, as BERT reads them (Devlin et al., 2019): lower case, no accents, WordPiece.

The `tokenizers` library does the same and brings a hub's client along, which a server that
fetches nothing has no use for.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

PADDING, UNKNOWN, FIRST, BETWEEN = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 100
_WORDS = re.compile(r"[^\W_]+|[^\s\w]|_")
_CONTINUES = "##"
_UNSEEN = frozenset({"Mn", "Cf"})
"""Accents, once they stand by themselves, and signs that only shape a line."""


def words_of(text: str) -> list[str]:
    """Return a text's words and signs, plain."""
    apart = unicodedata.normalize("NFD", text.lower())
    kept = (each for each in apart if unicodedata.category(each) not in _UNSEEN)
    return _WORDS.findall("".join(kept))


@dataclass(frozen=True)
class Pieces:
    """The pieces that are known, each with its place."""

    places: Mapping[str, int]

    def pair(self, one: str, other: str, most: int) -> tuple[list[int], list[int]]:
        """Return the places of two texts' pieces, and to which of the two each belongs.

        Where they are more than `most`, pieces go from the end of the longer one.
        """
        here, there = self.of(one), self.of(other)
        while len(here) + len(there) > most - 3:
            longer = here if len(here) >= len(there) else there
            longer.pop()
        between = self.places[BETWEEN]
        ids = [self.places[FIRST], *here, between, *there, between]
        return ids, [0] * (len(here) + 2) + [1] * (len(there) + 1)

    def of(self, text: str) -> list[int]:
        """Return the places of a text's pieces."""
        return [place for word in words_of(text) for place in self._word(word)]

    def _word(self, word: str) -> list[int]:
        """Return the longest known pieces from the left; one unknown piece where one is missing."""
        if len(word) > LONGEST_WORD:
            return [self.places[UNKNOWN]]
        found: list[int] = []
        start = 0
        while start < len(word):
            lead = _CONTINUES if start else ""
            end = next(
                (
                    end
                    for end in range(len(word), start, -1)
                    if lead + word[start:end] in self.places
                ),
                None,
            )
            if end is None:
                return [self.places[UNKNOWN]]
            found.append(self.places[lead + word[start:end]])
            start = end
        return found
