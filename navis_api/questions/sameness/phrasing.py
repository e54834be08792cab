"""How people say what they ask: phrases, and what each of them means for the slots.

The phrases are data (`phrasing.json`, `effects.json` and `things.json`). In a question, words
that say nothing ("do", "my", "doctors") and the cancer itself may stand between the words of a
phrase: "how long" and "live" are one phrase in "How long can someone with stomach cancer live?".
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from navis_api.kit.text import words
from navis_api.kit.typing_errors import best_correction, deletions
from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import Spoken, stem
from navis_api.questions.sameness.written import effects, things, ways_to_say

MIN_LETTERS_TO_CORRECT = 6
"""Shorter words are too often one letter from another: "diet" from "died", "cure" from "care"."""

NOTHING_FOLLOWS = "$"
NOTHING = ""
"""What stands for the second word of a phrase that has one only."""


class Kind(StrEnum):
    """What a phrase does in a question."""

    DENIAL = "denials"
    TIMING = "timing"
    LINK = "links"
    TOPIC = "topics"
    EFFECT = "effects"
    THING = "things"
    STAGE = "stage"
    WEAK = "weak"
    PADDING = "padding"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: topic "survival", timing "before"; nothing for padding.

    A phrase that means two things has them joined by a plus.
    """

    kind: Kind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase as a question has it: the elements `at` of the question belong to it."""

    meaning: Meaning
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A phrase with its meaning and its place in the lists: of two as long, the first counts."""

    phrase: tuple[str, ...]
    meaning: Meaning
    place: int


@dataclass(frozen=True, slots=True)
class Phrasing:
    """All phrases by their first word and the next one, the longest first.

    A phrase of one word has nothing for the next.
    """

    by_first_words: dict[str, dict[str, list[Listed]]]
    silent: frozenset[str]
    everyday: frozenset[str]
    idle: frozenset[str]
    real_words: frozenset[str]
    corrections: dict[str, list[str]]

    def at(
        self, elements: Sequence[Spoken | Entity], first: int, *, said: frozenset[str]
    ) -> Said | None:
        """Return the longest phrase that begins at an element.

        `said` are the words of the elements: most phrases have another, and are no work then.
        """
        element = elements[first]
        if isinstance(element, Entity):
            return None
        begun = self.by_first_words.get(element.word)
        if begun is None:
            return None
        listed = [each for word in begun.keys() & said for each in begun[word]]
        for each in sorted(listed, key=_longest_first):
            fits = said.issuperset(each.phrase)
            at = self._places(elements, first, each.phrase) if fits else None
            if at is not None:
                return Said(each.meaning, at)
        return None

    def _places(
        self, elements: Sequence[Spoken | Entity], first: int, phrase: tuple[str, ...]
    ) -> tuple[int, ...] | None:
        places = [first]
        for word in phrase[1:]:
            after = places[-1] + 1
            if word == NOTHING_FOLLOWS:
                return tuple(places) if _is_end(elements, after) else None
            at = next(self._following(elements, after, word), None)
            if at is None:
                return None
            places.append(at)
        return tuple(places)

    def _following(
        self, elements: Sequence[Spoken | Entity], after: int, word: str
    ) -> Iterator[int]:
        for at in range(after, len(elements)):
            element = elements[at]
            if isinstance(element, Entity):
                if element.slot not in _WHOSE_SLOTS:
                    return
                continue
            if element.word == word:
                yield at
            if element.word in self.silent:
                continue
            if element.word in _BEFORE_WHOSE and _leads_to_whose(elements, at, self.silent):
                continue
            return

    def corrected(self, word: str) -> str:
        """Return a mistyped word of the phrases put right; any other word as it is.

        Only words of the phrases are ever put in place of one, never a name of a drug,
        a gene or a cancer, and a word that the corpus uses is no typing error.
        """
        if len(word) < MIN_LETTERS_TO_CORRECT or not word.isalpha() or word in self.real_words:
            return word
        near = {likely for form in deletions(word) for likely in self.corrections.get(form, ())}
        near = {likely for likely in near if likely[0] == word[0]}
        return best_correction(word, [(likely, 1) for likely in near]) or word


_WHOSE_SLOTS = frozenset({Slot.CANCER, Slot.STAGE, Slot.MARKER, Slot.POPULATION, Slot.LINE})
_BEFORE_WHOSE = frozenset({"with", "of", "for", "in", "have", "has", "who", "that", "from", "to"})


def _leads_to_whose(elements: Sequence[Spoken | Entity], at: int, silent: frozenset[str]) -> bool:
    for element in elements[at + 1 :]:
        if isinstance(element, Entity):
            return element.slot in _WHOSE_SLOTS
        if element.word not in silent and element.word not in _BEFORE_WHOSE:
            return False
    return False


def _is_end(elements: Sequence[Spoken | Entity], after: int) -> bool:
    if after >= len(elements):
        return True
    following = elements[after]
    if isinstance(following, Entity):
        return following.slot in _WHOSE_SLOTS
    previous = elements[after - 1]
    if isinstance(previous, Spoken) and previous.clause != following.clause:
        return True
    return following.word in {"with", "if", "when", "after", "left", "before"}


@cache
def phrasing() -> Phrasing:
    """Return the phrases. They are read once."""
    data: dict[str, Any] = json.loads(
        files("navis_api.questions.sameness").joinpath("phrasing.json").read_text(encoding="utf-8")
    )
    meanings: dict[tuple[str, ...], Meaning] = {}
    for phrase, meaning in _listed(data):
        key = tuple(word for part in phrase.split() for word in _words(part))
        meanings.setdefault(key, meaning)
        if "have" in key:
            for form in ("has", "had"):
                meanings.setdefault(
                    tuple(form if word == "have" else word for word in key), meaning
                )
    by_first_words: dict[str, dict[str, list[Listed]]] = {}
    for place, (key, meaning) in enumerate(meanings.items()):
        begun = by_first_words.setdefault(key[0], {})
        following = key[1] if len(key) > 1 else NOTHING
        begun.setdefault(following, []).append(Listed(key, meaning, place))
    known = {word for key in meanings for word in key}
    corrections: dict[str, list[str]] = {}
    for word in sorted(known):
        if len(word) >= MIN_LETTERS_TO_CORRECT:
            for form in deletions(word):
                corrections.setdefault(form, []).append(word)
    return Phrasing(
        by_first_words,
        silent=frozenset(data["silent"]),
        everyday=_stems(data["everyday"]),
        idle=_stems(data["idle"]),
        real_words=frozenset(known) | frozenset(data["real words"]),
        corrections=corrections,
    )


def _listed(data: dict[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Yield phrases with their meanings; of a phrase in two lists, the first one counts."""
    for kind in (Kind.DENIAL, Kind.TIMING, Kind.LINK, Kind.TOPIC):
        for value, phrases in data[kind.value].items():
            for phrase in phrases:
                yield phrase, Meaning(kind, value)
    named_by_kind = (
        (Kind.EFFECT, effects()),
        (Kind.THING, data["things"]),
        (Kind.THING, things()),
    )
    for kind, named in named_by_kind:
        for value, written in named.items():
            for each in written:
                for phrase in ways_to_say(each):
                    yield phrase, Meaning(kind, value)
    for kind in (Kind.WEAK, Kind.PADDING, Kind.SILENT):
        for phrase in data[kind.value]:
            yield phrase, Meaning(kind)


def _stems(listed: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for each in listed for word in words(each))


@cache
def _words(part: str) -> list[str]:
    return [part] if part == NOTHING_FOLLOWS else words(part)


def _longest_first(each: Listed) -> tuple[int, int]:
    return -len(each.phrase), each.place
