"""Classes of words that change what a sentence claims: denials, hedges, demands, directions."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class WordClasses:
    """The names of the classes, and those of each word."""

    names: tuple[str, ...]
    by_word: dict[str, frozenset[str]]

    def of(self, words: Iterable[str]) -> frozenset[str]:
        """Return the classes of which some of the words are."""
        none = frozenset[str]()
        return none.union(*(self.by_word.get(word, none) for word in words))


@cache
def word_classes() -> WordClasses:
    """Return the classes, read once."""
    folder = files("navis_api.generation.grounding.closeness")
    data: dict[str, str] = json.loads(folder.joinpath("word_classes.json").read_text("utf-8"))
    by_word: dict[str, set[str]] = {}
    for name, written in data.items():
        for word in written.split():
            by_word.setdefault(word, set()).add(name)
    return WordClasses(tuple(data), {word: frozenset(names) for word, names in by_word.items()})
