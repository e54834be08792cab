"""Typing errors in a question: a word that nobody knows, one error away from one that counts."""

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files

from navis_api.kit.typing_errors import best_correction, deletions
from navis_api.vocabulary.terms import terms
from navis_api.vocabulary.understanding import common_words, concepts, phrases

# Of shorter words too many are one letter apart.
_SHORTEST = 6


def put_right(text: str) -> str:
    """Return a text's words with mistyped ones put right, where the thesaurus has the word.

    Names of drugs and genes stay as they are: one letter makes another of them. So do other
    words that there are ("remote", "leaving"), and those that begin with another letter, which
    is seldom mistyped: who is "beating" it isn't eating.
    """
    return " ".join(_right(word) for word in text.split())


def _right(word: str) -> str:
    if len(word) < _SHORTEST or not word.isalpha() or word in _known():
        return word
    alike = {
        like
        for form in deletions(word)
        for like in _by_form().get(form, ())
        if like.startswith(word[0])
    }
    return best_correction(word, ((like, 1) for like in sorted(alike))) or word


@cache
def _words_of_concepts() -> frozenset[str]:
    return frozenset(
        word
        for concept in concepts().values()
        for phrase in phrases(concept)
        for word in phrase.split()
        if len(word) >= _SHORTEST and word.isalpha()
    )


@cache
def _known() -> frozenset[str]:
    named = {
        word for term in terms().values() for name in term.names for word in name.lower().split()
    }
    return _words_of_concepts() | common_words() | named | _ordinary_words()


@cache
def _ordinary_words() -> frozenset[str]:
    """Return words that there are, one letter from one of the thesaurus."""
    text = (
        files("navis_api.generation.extractive").joinpath("ordinary_words.json").read_text("utf-8")
    )
    loaded: list[str] = json.loads(text)
    return frozenset(loaded)


@cache
def _by_form() -> dict[str, list[str]]:
    by_form: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(_words_of_concepts() | common_words()):
        if len(word) >= _SHORTEST and word.isalpha():
            for form in deletions(word):
                by_form[form].append(word)
    return dict(by_form)
