"""Which words of a question an answer says that it leaves open: things that were asked.

What is mistyped, or only colours a sentence ("suspected", "straight away"), is no gap.
"""

import json
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

from navis_api.generation.extractive.matching import readable_now
from navis_api.generation.extractive.telling import Telling
from navis_api.kit.text import words
from navis_api.kit.typing_errors import deletions, is_one_error_away
from navis_api.vocabulary.terms import find_terms
from navis_api.vocabulary.understanding import common_words

_TELL_HOW = ("ed", "ly")
_SHORTEST_NAME = 6
_LONGEST_SHORT = 3


def things_named(
    things: Iterable[Telling], names: Iterable[str], is_known: Callable[[Telling], bool]
) -> list[Telling]:
    """Return the things of which it is worth saying that nothing was said.

    `names` are those of the cancer; `is_known` tells whether any text that was found has a word.
    """
    of_names = {word for name in names for word in words(name)}
    return [
        thing
        for thing in things
        if not (_is_plain_word(thing) and _is_stray(thing, of_names, is_known))
    ]


def _is_plain_word(thing: Telling) -> bool:
    """Whether a thing is no more than a word of the question: no concept, no number, no drug."""
    return thing.label.isalpha() and thing.phrases == (thing.label,) and not find_terms(thing.label)


def _is_stray(thing: Telling, names: set[str], is_known: Callable[[Telling], bool]) -> bool:
    word = thing.label
    if word.endswith(_TELL_HOW) or {word, readable_now(word).strip()} & _stray_words():
        return True
    if len(word) >= _SHORTEST_NAME and any(is_one_error_away(word, name) for name in names):
        return True
    # Longer ones were put right when the question was read, where they are no words.
    is_short = len(word) <= _LONGEST_SHORT
    return is_short and _is_one_error_from_a_common_word(word) and not is_known(thing)


def _is_one_error_from_a_common_word(word: str) -> bool:
    alike = {like for form in deletions(word) for like in _by_form().get(form, ())}
    return any(is_one_error_away(word, like) for like in alike)


@cache
def _by_form() -> dict[str, set[str]]:
    by_form: dict[str, set[str]] = {}
    for word in common_words():
        for form in deletions(word):
            by_form.setdefault(form, set()).add(word)
    return by_form


@cache
def _stray_words() -> frozenset[str]:
    text = files("navis_api.generation.extractive").joinpath("stray_words.json").read_text("utf-8")
    loaded: list[str] = json.loads(text)
    return frozenset(loaded)
