"""One name for a thing with several: "operation" is "surgery", "CAT scan" is "CT scan".

Only names of the very same thing are joined. Where the vocabulary joins what is alike (each
kind of mastectomy, each kind of diet), what was said counts, since it may change the answer.
"""

import json
from functools import cache
from importlib.resources import files

from navis_api.kit.text import words

_SHORTEST_PLURAL = 5
"""Shorter words in -s are seldom plurals: "gas", "lens"."""


def one_name(said: str) -> str:
    """Return the name that a thing has in slots: that of its group, or what was said, folded."""
    folded = _plain(said)
    return _names().get(folded, folded)


@cache
def _names() -> dict[str, str]:
    groups: list[list[str]] = json.loads(
        files("navis_api.questions.sameness").joinpath("phrasing.json").read_text(encoding="utf-8")
    )["one thing"]
    return {_plain(name): _plain(group[0]) for group in groups for name in group}


def _plain(name: str) -> str:
    return " ".join(_singular(word) for word in words(name) if word not in {"a", "the", "my"})


def _singular(word: str) -> str:
    return (
        word[:-1]
        if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
        else word
    )
