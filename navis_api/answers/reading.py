"""How hard a text is to read."""

import re
from collections.abc import Iterable
from functools import cache

from pyphen import Pyphen

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


@cache
def _hyphenation() -> Pyphen:
    return Pyphen(lang="en_US")


@cache
def _syllables(word: str) -> int:
    """Count the places where a word may be hyphenated: the usual stand-in for syllables."""
    return len(_hyphenation().positions(word)) + 1


def reading_grade(claims: Iterable[str]) -> float | None:
    """Return the US school grade that reads the claims with ease, or None for no text.

    The Flesch-Kincaid grade level (Kincaid et al., 1975). A bullet counts as a
    sentence, since readers stop at its end.
    """
    sentences = 0
    words: list[str] = []
    for claim in claims:
        found = _WORD.findall(claim.lower())
        if found:
            words.extend(found)
            sentences += max(1, len(_SENTENCE_END.findall(claim)))
    if not words:
        return None
    syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return round(max(grade, 0.0), 1)
