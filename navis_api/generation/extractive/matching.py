"""Whether a text speaks of a phrase: whole words, whatever their number and spelling."""

from collections.abc import Iterable
from functools import lru_cache

from navis_api.kit.text import words

_SHORT = 3


def stem(word: str) -> str:
    """Return a word in a form that its singular and plural share."""
    if len(word) <= _SHORT or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


@lru_cache(maxsize=20_000)
def readable(text: str) -> str:
    """Return what `readable_now` does, and keep it. For sources only.

    What people ask is not to be kept in this cache.
    """
    return readable_now(text)


def readable_now(text: str) -> str:
    """Return the text's stemmed words between spaces, for `speaks_of`."""
    return f" {' '.join(map(stem, words(text)))} "


def wanted(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return phrases in the form that `speaks_of` compares."""
    return tuple(dict.fromkeys(map(readable_now, phrases)))


def speaks_of(readable_text: str, phrases: Iterable[str]) -> bool:
    """Whether a readable text has any of the wanted phrases."""
    return any(phrase in readable_text for phrase in phrases)
