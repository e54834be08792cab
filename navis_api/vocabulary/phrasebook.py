"""Phrases found in running text: the one pass over the words that every reader here makes.

Offsets are those of the text as given, so that what was found can be quoted to the letter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from navis_api.kit.text import fold

Meaning = TypeVar("Meaning")

_WORD = re.compile(r"[^\W_]+")

# What may stand between two words of one name: "nab-paclitaxel", "T-DM1", "del(17p)",
# "BCR::ABL1", "t(9;22)", "FOLFOX + bevacizumab", "watch and wait", "Lupron® Depot".
_WITHIN_NAME = re.compile(r"[®™]?(?:\s{1,3}|\s?[-‐‑–—/+&.']\s?|::|\(|;|,\s)")

# Names are given in American spelling; these are the British forms to read as well. A variant
# that is no word ("chaemo") is never met, so that the pairs need not be exact.
_BRITISH_FORMS: Final = (
    ("tumor", "tumour"),
    ("estrogen", "oestrogen"),
    ("hem", "haem"),
    ("leukem", "leukaem"),
    ("anem", "anaem"),
    ("esophag", "oesophag"),
    ("pediatr", "paediatr"),
    ("sulf", "sulph"),
    ("fiber", "fibre"),
    ("localiz", "localis"),
    ("ized", "ised"),
    ("gynec", "gynaec"),
    ("edema", "oedema"),
    ("fet", "foet"),
    ("program", "programme"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded; `start` and `end` are where it stands."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase of the book as a text has it."""

    meaning: Meaning
    start: int
    end: int
    first_word: int
    last_word: int


@dataclass(slots=True)
class _Branch(Generic[Meaning]):
    after: "dict[str, _Branch[Meaning]]" = field(default_factory=dict[str, Any])
    meanings: list[Meaning] = field(default_factory=list[Any])


def read_words(text: str) -> list[Word]:
    """Return the words of a text in order: runs of letters and digits, folded."""
    lowered = text.lower()
    if len(lowered) == len(text) and text.isascii():
        return [Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(lowered)]
    return [Word(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


class PhraseBook(Generic[Meaning]):
    """Phrases and what each means. Built once; reading it costs one look-up a word."""

    def __init__(self) -> None:
        self._root: _Branch[Meaning] = _Branch()

    def add(self, phrase: str, meaning: Meaning) -> None:
        """Give a phrase a meaning, in both spellings; those given first come first."""
        words = [word.folded for word in read_words(phrase)]
        branches = [self._root]
        for word in words:
            branches = [
                branch.after.setdefault(form, _Branch())
                for branch in branches
                for form in _spellings(word)
            ]
        for branch in branches:
            branch.meanings.append(meaning)

    def at(self, text: str, words: list[Word], first: int) -> Iterator[Found[Meaning]]:
        """Give the phrases that begin at the word `first`, the longest first."""
        branch = self._root.after.get(words[first].folded)
        if branch is None:
            return
        found: list[Found[Meaning]] = []
        start, at = words[first].start, first
        while True:
            found.extend(
                Found(meaning, start, _closed(text, start, words[at].end), first, at)
                for meaning in reversed(branch.meanings)
            )
            if not branch.after or at + 1 == len(words):
                break
            branch = branch.after.get(words[at + 1].folded)
            if branch is None or not _one_name(text, words[at], words[at + 1]):
                break
            at += 1
        yield from reversed(found)

    def find(self, text: str) -> list[Found[Meaning]]:
        """Return the phrases of a text in order; the longest wins, and none overlap."""
        words = read_words(text)
        found: list[Found[Meaning]] = []
        at = 0
        while at < len(words):
            longest = next(self.at(text, words, at), None)
            if longest is None:
                at += 1
                continue
            found.append(longest)
            at = longest.last_word + 1
        return found


def phrasebook(entries: Iterable[tuple[str, Meaning]]) -> PhraseBook[Meaning]:
    """Return a book of these phrases with their meanings."""
    book: PhraseBook[Meaning] = PhraseBook()
    for phrase, meaning in entries:
        book.add(phrase, meaning)
    return book


def _one_name(text: str, word: Word, following: Word) -> bool:
    return _WITHIN_NAME.fullmatch(text, word.end, following.start) is not None


def _closed(text: str, start: int, end: int) -> int:
    """Return where a name ends, with the bracket that closes one within it: "del(17p)"."""
    is_open = text.count("(", start, end) > text.count(")", start, end)
    return end + 1 if is_open and text.startswith(")", end) else end


def _spellings(word: str) -> tuple[str, ...]:
    return (
        word,
        *(
            word.replace(american, british)
            for american, british in _BRITISH_FORMS
            if american in word
        ),
    )
