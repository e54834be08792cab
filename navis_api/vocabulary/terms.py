"""Drugs, regimens, genes, treatments and tests that a text names.

Brand and generic names are one term. The names are data (`drugs.json`, `regimens.json`,
`genes.json`, `treatments.json`, each with its source); the code only looks them up. A word that
is built like a drug's name but isn't listed is read as a drug that isn't known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from navis_api.vocabulary import term_data
from navis_api.vocabulary.drug_words import drug_ending, is_built_like_a_drug
from navis_api.vocabulary.naming import Naming, Term, TermKind, is_meant
from navis_api.vocabulary.phrasebook import Found, PhraseBook, Word, read_words

__all__ = ["Term", "TermKind", "TermMention", "find_terms", "term_named", "terms"]


@dataclass(frozen=True, slots=True)
class TermMention:
    """A term as a text has it, at `text[start:end]`."""

    term: Term
    start: int
    end: int


def find_terms(text: str) -> list[TermMention]:
    """Return the terms of a text in order: the longest name wins, and none overlap."""
    words = read_words(text)
    book = _book()
    mentions: list[TermMention] = []
    at = 0
    while at < len(words):
        found = next(_meant(book, text, words, at), None)
        if found is not None:
            at = found.last_word + 1
            term = found.meaning.term
            if term is not None:
                end, at = _with_ending(term, text, words, found)
                mentions.append(TermMention(term, found.start, end))
            continue
        if is_built_like_a_drug(words[at].folded):
            last = at
            while (
                last + 1 < len(words)
                and words[last + 1].start == words[last].end + 1
                and is_built_like_a_drug(words[last + 1].folded)
                and next(_meant(book, text, words, last + 1), None) is None
            ):
                last += 1
            mentions.append(_unknown(text, words[at], words[last]))
            at = last
        at += 1
    return mentions


def terms() -> dict[tuple[TermKind, str], Term]:
    """Return every listed term by its kind and key."""
    return {(term.kind, term.key): term for term, _ in _entries()}


def term_named(name: str) -> Term | None:
    """Return the term that a name alone stands for, or None when it stands for none."""
    named = find_terms(name)
    whole = len(named) == 1 and named[0].start == 0 and named[0].end == len(name)
    return named[0].term if whole else None


def _meant(
    book: PhraseBook[Naming], text: str, words: list[Word], first: int
) -> Iterator[Found[Naming]]:
    return (found for found in book.at(text, words, first) if is_meant(found, text, words))


def _with_ending(term: Term, text: str, words: list[Word], found: Found[Naming]) -> tuple[int, int]:
    """Return where a mention ends and which word follows, its salt or suffix included."""
    if term.kind is not TermKind.DRUG:
        return found.end, found.last_word + 1
    last = drug_ending(text, words, found.last_word)
    return (words[last].end if last > found.last_word else found.end), last + 1


def _unknown(text: str, first: Word, last: Word) -> TermMention:
    name = text[first.start : last.end]
    key = "_".join(word.folded for word in read_words(name))
    term = Term(
        key=key, kind=TermKind.DRUG, names=(name.lower(),), components=(), label=name, known=False
    )
    return TermMention(term, first.start, last.end)


@cache
def _book() -> PhraseBook[Naming]:
    book: PhraseBook[Naming] = PhraseBook()
    for phrase in term_data.silent_phrases():
        book.add(phrase, Naming(None))
    for term, entry in _entries():
        for name in entry.names:
            for form in _forms(term.kind, name):
                book.add(form, Naming(term))
        for name in entry.exact:
            book.add(name, Naming(term, exact=frozenset([name])))
        for name in entry.beside:
            book.add(name, Naming(term, exact=frozenset([name]), beside=True))
    return book


@cache
def _entries() -> tuple[tuple[Term, term_data.Entry], ...]:
    return tuple(
        (
            Term(
                key=entry.key,
                kind=TermKind(kind),
                names=entry.names + entry.exact + entry.beside,
                components=entry.components,
                label=entry.label,
                known=True,
                classes=entry.classes,
            ),
            entry,
        )
        for kind, entry in term_data.entries()
    )


def _forms(kind: TermKind, name: str) -> tuple[str, ...]:
    """Return a name in the singular and, where one speaks of several, in the plural."""
    if kind in (TermKind.DRUG, TermKind.REGIMEN, TermKind.GENE) or name.endswith("s"):
        return (name,)
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return (name, plural)
