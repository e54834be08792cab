"""What a question looks for: its telling words, and the things it names with their other names.

A thing may be named otherwise in the texts: by the catalogue of cancers, by the lists of drugs
and genes, by what people call things (`said_names.json`), or as the texts themselves say.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.kit.text import american, fold, words
from navis_api.sources.names.reading import name_key
from navis_api.vocabulary.terms import find_terms
from navis_api.vocabulary.understanding import ConceptKind, common_words, understand

MAX_NAME_WORDS = 6
"""Names of more words aren't looked for among those that the texts gave."""

# Words that only make a question of what is asked. Postgres leaves out most of them by itself.
_ASKING = frozenset(
    {
        "what", "which", "who", "whom", "whose", "when", "where", "why", "how", "could",
        "should", "would", "will", "may", "might", "mean", "means", "meant", "name", "list",
        "describe", "used", "use", "using", "tell", "told", "get", "gets", "got", "happen",
        "happens", "next", "please", "know", "want", "mother", "father", "mom", "dad", "wife",
        "husband", "sister", "brother", "son", "daughter", "chances",
    }
)  # fmt: skip
# Concepts whose words stand for each other in texts too; "what is" and "men" tell too little.
_SPEAKING_KINDS = frozenset(
    {
        ConceptKind.STATE,
        ConceptKind.TOPIC,
        ConceptKind.TREATMENT,
        ConceptKind.EFFECT,
        ConceptKind.FACTOR,
    }
)
_SAYING_LITTLE = frozenset({"definition", "newly_diagnosed", "treatment"})
_KINDS = frozenset({"cancer", "cancers", "tumor", "tumors", "carcinoma", "lump", "growth"})
_MOST_OTHERS = 4
# Shorter short forms are read only in capitals: "at", "or", "pr".
_SHORTEST_SMALL = 3
_MARKS = "?,.;:!()\"'"
_CAPITALS = re.compile(r"[A-Z][A-Z0-9-]+")

SAME_THING = 0.9
"""What another name of a thing counts, against the thing's name itself."""
SAME_IDEA = 0.5
"""What another word for an idea counts: "recurrence" where somebody said "come back"."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something that the question names: in its `words`, and otherwise as `others`.

    A text about one of `cancer_ids` is about it, however it calls it.
    """

    words: str
    others: tuple[str, ...]
    strength: float
    cancer_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the search takes it: `words` is its text without the words of asking."""

    words: str
    named: tuple[Named, ...]


def runs_of_words(question: str) -> list[str]:
    """Return every run of words that may be a name, as `names.name_key` compares them."""
    spoken = name_key(question).split()
    return list(
        dict.fromkeys(
            " ".join(spoken[at : at + length])
            for length in range(1, MAX_NAME_WORDS + 1)
            for at in range(len(spoken) - length + 1)
        )
    )


@dataclass(frozen=True, slots=True)
class LearnedOther:
    """Another name of `key` out of the texts; `short` says that the key is a short form of it."""

    key: str
    other: str
    short: bool
    sources: int


def believed(question: str, learned: Iterable[LearnedOther]) -> dict[str, list[str]]:
    """Return the other names that may be meant, by key, those of most sources first.

    Short forms have many meanings: those count that at least half as many sources give as the
    commonest one, and where a short form is a word too, only if it is written in capitals. What
    is a gene's or a drug's name is that.
    """
    typed = set(_CAPITALS.findall(question))
    terms = {name_key(question[m.start : m.end]) for m in find_terms(question) if m.term.known}
    found: dict[str, list[str]] = {}
    most: dict[str, int] = {}
    for each in learned:
        key = each.key
        if key in terms or (
            each.short
            and key.upper() not in typed
            and (len(key) < _SHORTEST_SMALL or key in common_words() or key in _ASKING)
        ):
            continue
        if each.sources * 2 >= most.setdefault(key, each.sources):
            found.setdefault(key, []).append(each.other)
    return found


def read_question(
    question: str, catalogue: Catalogue, learned: Mapping[str, Sequence[str]]
) -> Reading:
    """Read a question as people type it.

    `learned` are other names out of the texts, best first, by the runs of words of the question
    that are names (see `runs_of_words`).
    """
    # As it is typed, since Postgres reads "h3.3k27m" and "pd-l1" otherwise than their parts.
    typed = american(fold(question)).replace("/", " ").split()
    told = [word for word in typed if word.strip(_MARKS) not in _ASKING]
    return Reading(
        words=" ".join(told or typed),
        named=(
            *_things(question, catalogue, learned),
            *_terms(question),
            *_ideas(question),
            *_spellings(question),
        ),
    )


def _things(
    question: str, catalogue: Catalogue, learned: Mapping[str, Sequence[str]]
) -> list[Named]:
    spoken = words(question)
    found = [
        _cancer(
            " ".join(spoken[m.first_word : m.first_word + m.word_count]),
            m.cancer,
            catalogue,
            learned,
        )
        for m in catalogue.mentions(question)
    ]
    taken = {
        at
        for m in catalogue.mentions(question)
        for at in range(m.first_word, m.first_word + m.word_count)
    }
    for length in range(min(MAX_NAME_WORDS, len(spoken)), 0, -1):
        for at in range(len(spoken) - length + 1):
            place = set(range(at, at + length))
            name = " ".join(spoken[at : at + length])
            others = (*_said_names().get(name_key(name), ()), *learned.get(name_key(name), ()))
            if others and not taken & place:
                taken |= place
                found.append(_otherwise_named(name, others, catalogue, spoken))
    if not found:
        # One letter may be wrong in the name of a cancer; where another name is meant, none is.
        found = [
            Named("", _unlike("", _names(m.cancer)), SAME_THING, _family(m.cancer, catalogue))
            for m in catalogue.likely_mentions(question)
        ]
    return found


def _cancer(
    name: str, cancer: CatalogueEntry, catalogue: Catalogue, learned: Mapping[str, Sequence[str]]
) -> Named:
    others = (*_names(cancer), *learned.get(name_key(name), ()))
    return Named(name, _unlike(name, others), SAME_THING, _family(cancer, catalogue))


def _otherwise_named(
    name: str, others: Sequence[str], catalogue: Catalogue, spoken: Sequence[str]
) -> Named:
    """Read "gullet" of "cancer of the gullet": the texts say "esophagus"."""
    of_a_cancer = not _KINDS.isdisjoint(spoken)
    cancers = catalogue.most_specific(
        mention.cancer
        for other in others[:2]
        for text in (other, f"{other} cancer" if of_a_cancer else "")
        for mention in catalogue.mentions(text)
    )[:1]
    names = (*others, *(each for cancer in cancers for each in _names(cancer)))
    family = tuple(id_ for cancer in cancers for id_ in _family(cancer, catalogue))
    return Named(name, _unlike(name, names), SAME_THING, family)


def _family(cancer: CatalogueEntry, catalogue: Catalogue) -> tuple[UUID, ...]:
    return tuple(catalogue.family_ids(cancer))


def _names(cancer: CatalogueEntry) -> tuple[str, ...]:
    return (
        *cancer.names[:1],
        *filter(None, [cancer.clinical_name]),
        *cancer.abbreviations,
        *cancer.aliases,
    )


def _terms(question: str) -> Iterator[Named]:
    for mention in find_terms(question):
        name = question[mention.start : mention.end]
        others = _unlike(name, mention.term.names)
        if others:
            yield Named(" ".join(words(name)), others, SAME_THING)


def _ideas(question: str) -> Iterator[Named]:
    for spoken in understand(question).concepts:
        concept = spoken.concept
        if concept.kind in _SPEAKING_KINDS and concept.key not in _SAYING_LITTLE:
            name = " ".join(spoken.words)
            yield Named(name, _unlike(name, concept.written), SAME_IDEA)


def _spellings(question: str) -> Iterator[Named]:
    """Read British spellings as what they are too: not every source writes American."""
    for word in fold(question).split():
        if american(word) != word:
            yield Named(american(word), (word,), SAME_THING)


def _unlike(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Return the other names that aren't the name itself in another number, a few at most."""
    by_key = {name_key(other): " ".join(words(other)) for other in reversed(list(others))}
    by_key.pop(name_key(name), None)
    return tuple(reversed(by_key.values()))[:_MOST_OTHERS]


@cache
def _said_names() -> dict[str, tuple[str, ...]]:
    """Return what the texts call what people call otherwise, by the people's name."""
    loaded: dict[str, list[str]] = json.loads(
        files("navis_api.sources.search").joinpath("said_names.json").read_text(encoding="utf-8")
    )
    return {name_key(said): tuple(written) for said, written in loaded.items()}
