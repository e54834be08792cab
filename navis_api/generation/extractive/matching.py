"""Whether a text speaks of a phrase: whole words, whatever their number and spelling."""

import re
from collections.abc import Iterable
from functools import lru_cache

from navis_api.kit.text import words

_SHORT = 3
_IN_ORDER = ("0", "i", "ii", "iii", "iv")
_STAGE = r"(?:0|i{1,3}|iv)[a-d]?\d?"
_STAGES = re.compile(rf"(?<= stage ){_STAGE}(?: (?:(?:and|or|to|through) )?{_STAGE})+(?= )")
_DASH = re.compile(rf"(?<=\bstages )({_STAGE})\s?[-–—]\s?(?={_STAGE}\b)", re.IGNORECASE)
_RANGE = re.compile(rf"\b({_STAGE}) (?:to|through) ({_STAGE})\b")
_FURTHER_STAGE = re.compile(rf" ({_STAGE})\b")


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
    """Return the text's stemmed words between spaces, for `speaks_of`.

    Of "stages IIB, III, and IVA" each is a stage, and of "stages I–III" stage II as well.
    """
    in_words = _DASH.sub(r"\1 to ", text)
    spoken = f" {' '.join(map(stem, words(in_words)))} "
    return _STAGES.sub(_each_a_stage, spoken) if " stage " in spoken else spoken


def _each_a_stage(stages: re.Match[str]) -> str:
    return _FURTHER_STAGE.sub(r" stage \1", _RANGE.sub(_with_those_between, stages[0]))


def _with_those_between(ends: re.Match[str]) -> str:
    first, last = (_IN_ORDER.index(end.rstrip("abcd123")) for end in ends.groups())
    return " ".join([ends[0], *_IN_ORDER[first + 1 : last]])


def wanted(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return phrases in the form that `speaks_of` compares."""
    return tuple(dict.fromkeys(map(readable_now, phrases)))


def speaks_of(readable_text: str, phrases: Iterable[str]) -> bool:
    """Whether a readable text has any of the wanted phrases."""
    return any(phrase in readable_text for phrase in phrases)


OF_A_STAGE = wanted(["stage", "grade", "risk"])
"""What a heading has that says for which state of the disease its part is."""
