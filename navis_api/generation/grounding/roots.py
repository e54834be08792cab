"""The root of a word: what its inflections and its nearest relatives share."""

import json
from functools import cache, lru_cache
from importlib.resources import files

_SHORTEST_ROOT = 4
_SHORTEST_STEM = 3
# Longest first where one is the end of another. "-less" isn't here: it denies.
_ENDINGS = (
    "ization", "fulness", "iveness", "ousness", "ability", "ibility", "ation", "ition", "ement",
    "ment", "ance", "ence", "ancy", "ency", "able", "ible", "ness", "ical", "ally", "ful", "ist",
    "ity", "ive", "ous", "ion", "ing", "ant", "ent", "ial", "ual", "ize", "ify", "ary",
    "iv", "al", "ed", "er", "or", "ic", "ly", "e", "y",
)  # fmt: skip
_OF_ANY_VERB = frozenset({"ing", "ed", "e", "y"})
_ALWAYS_DOUBLE = frozenset("ls")
_MOST_ENDINGS = 3
_CONTRACTED = {"can't": "cannot", "won't": "will not", "shan't": "shall not", "ain't": "is not"}


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """Return the root of a folded word: "treatment" and "treated" are both "treat".

    Words that differ by a prefix ("un-", "non-", "hyper-") keep apart, and so do words with
    digits, which are names.
    """
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    like = _irregular().get(word)
    if like is not None:
        return like if like == word else root(like)
    stem = _singular(word)
    for _ in range(_MOST_ENDINGS):
        shorter = _without_ending(stem)
        if shorter == stem:
            break
        stem = shorter
    return stem


@cache
def _irregular() -> dict[str, str]:
    data = files("navis_api.generation.grounding").joinpath("irregular.json").read_text("utf-8")
    return json.loads(data)


def without_contraction(word: str) -> str:
    """Return a contracted denial as it is spoken in full: "isn't" is "is not"."""
    if word in _CONTRACTED:
        return _CONTRACTED[word]
    return f"{word[:-3]} not" if word.endswith("n't") else word


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(stem: str) -> str:
    for ending in _ENDINGS:
        if not stem.endswith(ending):
            continue
        shortest = _SHORTEST_STEM if ending in _OF_ANY_VERB else _SHORTEST_ROOT
        kept = stem[: -len(ending)]
        if len(kept) < shortest or not any(letter in "aeiouy" for letter in kept):
            continue
        if len(kept) > _SHORTEST_STEM and kept[-1] == kept[-2] and kept[-1] not in _ALWAYS_DOUBLE:
            kept = kept[:-1]
        if kept.endswith("at") and len(kept) - 2 >= _SHORTEST_ROOT and ending != "y":
            kept = kept[:-2]
        return kept
    return stem
