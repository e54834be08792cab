"""The medical thesaurus: concepts, the ways people say them, and which of them a text speaks of.

A concept joins everyday and clinical words: "came back", "relapsed" and "recurrent" are all
`recurrence`. The lists are data (`concepts.json`, `common_words.json`); the code only looks up.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict

from navis_api.kit.text import words
from navis_api.vocabulary.terms import TermKind, terms


class ConceptKind(StrEnum):
    """What sort of thing a concept is."""

    STATE = "state"
    """Where the disease stands: recurrence, metastasis, remission."""
    TOPIC = "topic"
    """What is asked about it: treatment, symptoms, prognosis."""
    TREATMENT = "treatment"
    """A kind of treatment: surgery, chemotherapy."""
    EFFECT = "effect"
    """What the disease or its treatment does to a person: pain, fatigue."""
    FACTOR = "factor"
    """What may raise or lower the risk of a cancer: smoking, hepatitis."""
    POPULATION = "population"
    """Whom it is about: children, pregnancy."""


@dataclass(frozen=True, slots=True)
class Concept:
    """An idea with the ways to say it.

    `written` are the words of people who write about cancer, and what to look for in sources;
    `said` are the further words of people who ask; `specific` are names of one thing among those
    that the concept covers ("mammogram" of screening), which don't stand for each other. All are
    folded, in American spelling.
    """

    key: str
    kind: ConceptKind
    label: str
    written: tuple[str, ...]
    said: tuple[str, ...]
    specific: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpokenConcept:
    """A concept as a text has it: the words `first_word` to `first_word + len(words)`."""

    concept: Concept
    words: tuple[str, ...]
    first_word: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text speaks of.

    `concepts` are in the text's order, each once, at its first place; `remaining_words`
    are the words that aren't said by a concept and aren't among the commonest of the language
    ("what", "my", "cancer"). A specific name ("mammogram") is both.
    """

    concepts: tuple[SpokenConcept, ...]
    remaining_words: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the concepts."""
        return frozenset(spoken.concept.key for spoken in self.concepts)


class _ConceptData(TypedDict):
    key: str
    kind: str
    label: str
    written: list[str]
    said: list[str]
    specific: NotRequired[list[str]]


def understand(text: str) -> Understanding:
    """Return the concepts and the other telling words of a text; the longest phrase wins."""
    return understand_words(words(text))


def understand_words(spoken: Sequence[str]) -> Understanding:
    """Return what `understand` does, of a text's words as `words` has them."""
    by_phrase = _by_phrase()
    longest = _longest_phrase()
    found: dict[str, SpokenConcept] = {}
    remaining: list[str] = []
    at = 0
    while at < len(spoken):
        for length in range(min(longest, len(spoken) - at), 0, -1):
            concept = by_phrase.get(tuple(spoken[at : at + length]))
            if concept is not None:
                said = tuple(spoken[at : at + length])
                found.setdefault(concept.key, SpokenConcept(concept, said, at))
                if " ".join(said) in concept.specific:
                    remaining.extend(said)
                at += length
                break
        else:
            if spoken[at] not in common_words():
                remaining.append(spoken[at])
            at += 1
    return Understanding(tuple(found.values()), tuple(dict.fromkeys(remaining)))


def phrases(concept: Concept) -> tuple[str, ...]:
    """Return every way to say a concept, the clinical ones first."""
    return concept.written + concept.said + concept.specific


@cache
def concepts() -> dict[str, Concept]:
    """Return the thesaurus by concept key."""
    loaded: list[_ConceptData] = json.loads(_data("concepts.json"))
    return {
        entry["key"]: Concept(
            key=entry["key"],
            kind=ConceptKind(entry["kind"]),
            label=entry["label"],
            written=_folded(entry["written"]),
            said=_folded(entry["said"]),
            specific=_folded(entry.get("specific", [])),
        )
        for entry in loaded
    }


def same_names(word: str) -> tuple[str, ...]:
    """Return the names of the same thing: brand and generic names, the word itself first."""
    return _same_names().get(word, (word,))


@cache
def _same_names() -> dict[str, tuple[str, ...]]:
    groups: list[list[str]] = json.loads(_data("same_names.json"))
    drugs = (term.names for (kind, _), term in terms().items() if kind is TermKind.DRUG)
    # What a drug shares with others by hand ("marijuana", "cbd") replaces the drug's own names.
    folded = [_folded(group) for group in (*drugs, *groups)]
    return {
        name: (name, *(other for other in group if other != name))
        for group in folded
        for name in group
    }


@cache
def common_words() -> frozenset[str]:
    """Return the words that say nothing about what is asked."""
    loaded: list[str] = json.loads(_data("common_words.json"))
    return frozenset(_folded(loaded))


@cache
def _by_phrase() -> dict[tuple[str, ...], Concept]:
    return {
        tuple(phrase.split()): concept
        for concept in concepts().values()
        for phrase in phrases(concept)
    }


@cache
def _longest_phrase() -> int:
    return max(map(len, _by_phrase()))


def _folded(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(words(text)) for text in texts))


def _data(name: str) -> str:
    return files("navis_api.vocabulary").joinpath(name).read_text(encoding="utf-8")
