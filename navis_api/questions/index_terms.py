"""What the index of questions has of a text: its words, concepts and cancers.

A question is indexed under its words, its concepts ("came back" is `recurrence`), its
slots, and its cancer with all that stand above it. A search is read the same way, so the
two meet whichever words, spelling or abbreviation either of them used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, cast, func, literal
from sqlalchemy.dialects.postgresql import TSQUERY

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import understand_words

MAX_WORDS = 24


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text speaks of, as the index has it."""

    concepts: tuple[str, ...]
    cancers: tuple[CatalogueEntry, ...]
    words: tuple[str, ...]


def terms_of(catalogue: Catalogue, text: str) -> Terms:
    """Return what a text speaks of."""
    mentions = catalogue.mentions(text)
    of_cancers = {
        at
        for mention in mentions
        for at in range(mention.first_word, mention.first_word + mention.word_count)
    }
    spoken = words(text)
    understood = understand_words([word for at, word in enumerate(spoken) if at not in of_cancers])
    named = catalogue.most_specific(mention.cancer for mention in mentions)
    return Terms(
        concepts=tuple(sorted(understood.keys)),
        cancers=tuple(named),
        words=understood.remaining_words[:MAX_WORDS],
    )


def concept_lexeme(key: str) -> str:
    """Return the lexeme of a concept."""
    return f"concept:{key}"


def cancer_lexeme(entry: CatalogueEntry) -> str:
    """Return the lexeme of a cancer."""
    return f"cancer:{entry.slug}"


def search_groups(catalogue: Catalogue, text: str) -> list[ColumnElement[Any]]:
    """Return what a question that fits a text should have: each is the query of one thing."""
    terms = terms_of(catalogue, text)
    groups: list[ColumnElement[Any]] = [
        cast(literal(group), TSQUERY) for group in lexeme_groups(catalogue, terms)
    ]
    groups.extend(func.plainto_tsquery("english", word) for word in terms.words)
    return groups


def lexeme_groups(catalogue: Catalogue, terms: Terms) -> list[str]:
    """Return the query for each cancer that is named, or any above it, and for each concept."""
    return [
        *map(any_of, cancer_groups(catalogue, terms)),
        *(quoted(concept_lexeme(key)) for key in terms.concepts),
    ]


def cancer_groups(catalogue: Catalogue, terms: Terms) -> list[list[str]]:
    """Return the lexemes of each cancer that is named, and of those above it."""
    return [
        [cancer_lexeme(each) for each in (entry, *catalogue.ancestors(entry))]
        for entry in terms.cancers
    ]


def any_of(lexemes: Sequence[str]) -> str:
    """Return the query for any of some lexemes."""
    return " | ".join(map(quoted, lexemes))


def any_lexeme(lexemes: Sequence[str]) -> ColumnElement[Any]:
    """Return the search for any of some lexemes of the index."""
    return cast(literal(any_of(lexemes)), TSQUERY)


def quoted(lexeme: str) -> str:
    """Return a lexeme as it stands in a query or vector."""
    return "'" + lexeme.replace("'", "''") + "'"
