"""The catalogue as one read-only object: the tree, and which cancer a text speaks of.

It is small (some hundred rows) and changes rarely, so a process keeps one and
makes a new one when the database says that it changed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from navis_api.kit.text import american, fold, words
from navis_api.kit.typing_errors import MIN_LETTERS, best_correction, deletions

_JOINING = frozenset({"and", "or", "versus", "vs"})
# What may stand between a cancer and its kind: "lung cancer, it's small cell".
_BEFORE_KIND = frozenset({"a", "called", "is", "it", "its", "of", "that", "the", "type", "which"})
_MOST_BEFORE_KIND = 3
# Of these there is more to say behind a cancer than that it is one of them: "lymphoma, skin rash".
_SITES = frozenset({"brain", "cns", "gastrointestinal", "gi", "gut", "skin"})
_LONGEST_ABBREVIATION = 5
# Words in their own right that one letter would make the name of a cancer.
_OTHER_WORDS = frozenset({"hematoma", "hematomas"})
_CAPITALS = re.compile(r"[A-Z][A-Za-z0-9-]*")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# A sign tells two cancers apart: "HER2+", "HER2 (+)", "HER2-". A dash after a space is none.
_PLUS = re.compile(r"\s?(?:\+|\(\+\))(?=ve\b|\W|_|$)")
_MINUS = re.compile(r"(?:[-\u2010-\u2013\u2212]|\s?\([-\u2010-\u2013\u2212]\))(?=ve\b|\W|_|$)")


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A cancer as the catalogue has it. `names` holds every way to say it, the usual one first."""

    id: UUID
    slug: str
    name: str
    clinical_name: str | None
    aliases: tuple[str, ...]
    abbreviations: tuple[str, ...]
    body_site: str
    icd10_codes: tuple[str, ...]
    summary: str
    parent_id: UUID | None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name but the abbreviations."""
        clinical = (self.clinical_name,) if self.clinical_name else ()
        return (self.name, *clinical, *self.aliases)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text, counted in words, that names a cancer."""

    cancer: CatalogueEntry
    first_word: int
    word_count: int


def name_key(name: str) -> str:
    """Return the form in which names are compared: folded words joined by single spaces."""
    return " ".join(words(name))


def _signed_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a text, as `words` has them, each with the sign behind it: + or -."""
    folded = american(fold(text))
    for found in _WORD.finditer(folded):
        sign = ""
        if _PLUS.match(folded, found.end()):
            sign = "+"
        elif _MINUS.match(folded, found.end()):
            sign = "-"
        yield found.group().removesuffix("'s"), sign


def _is_one_of(spoken: list[str], at: int, words: frozenset[str]) -> bool:
    return at < len(spoken) and spoken[at] in words


@dataclass(frozen=True)
class Catalogue:
    """All cancers, by id and slug, with the names that lead to them."""

    entries: tuple[CatalogueEntry, ...] = ()
    by_id: Mapping[UUID, CatalogueEntry] = field(init=False)
    by_slug: Mapping[str, CatalogueEntry] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {entry.id: entry for entry in self.entries})
        object.__setattr__(self, "by_slug", {entry.slug: entry for entry in self.entries})

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], CatalogueEntry]:
        return {tuple(self._spoken(name)): entry for entry in self.entries for name in entry.names}

    @cached_property
    def _words_with_signs(self) -> frozenset[str]:
        """Words that a name has with a sign; behind any other word a sign means nothing."""
        return frozenset(
            word
            for entry in self.entries
            for name in entry.names
            for word, sign in _signed_words(name)
            if sign
        )

    def _spoken(self, text: str) -> list[str]:
        """Return the words of a text, with the sign of those that a name has with one."""
        return [
            word + sign if word in self._words_with_signs else word
            for word, sign in _signed_words(text)
        ]

    @cached_property
    def _by_abbreviation(self) -> dict[str, CatalogueEntry]:
        return {short: entry for entry in self.entries for short in entry.abbreviations}

    @cached_property
    def _by_kind(self) -> dict[UUID, dict[tuple[str, ...], CatalogueEntry]]:
        """What each cancer's kinds are called where its own name stands before: "small cell"."""
        kinds: dict[UUID, dict[tuple[str, ...], CatalogueEntry]] = {}
        for name, entry in self._by_name.items():
            for above in self.ancestors(entry):
                for wide in map(tuple, map(self._spoken, above.names)):
                    kind = name[: -len(wide)]
                    is_said = name[len(kind) :] == wide and kind not in self._by_name
                    if kind and is_said and _SITES.isdisjoint(kind):
                        kinds.setdefault(above.id, {}).setdefault(kind, entry)
        return kinds

    @cached_property
    def _longest_name(self) -> int:
        return max((len(name) for name in self._by_name), default=0)

    @cached_property
    def _children(self) -> dict[UUID | None, list[CatalogueEntry]]:
        children: dict[UUID | None, list[CatalogueEntry]] = {}
        for entry in self.entries:
            children.setdefault(entry.parent_id, []).append(entry)
        return children

    def parent(self, entry: CatalogueEntry) -> CatalogueEntry | None:
        """Return the cancer of which this is a subtype."""
        return self.by_id.get(entry.parent_id) if entry.parent_id else None

    def subtypes(self, entry: CatalogueEntry) -> list[CatalogueEntry]:
        """Return the direct subtypes, in the catalogue's order."""
        return self._children.get(entry.id, [])

    def ancestors(self, entry: CatalogueEntry) -> list[CatalogueEntry]:
        """Return the cancers above, nearest first."""
        above: list[CatalogueEntry] = []
        while (parent := self.parent(above[-1] if above else entry)) is not None:
            above.append(parent)
        return above

    def descendants(self, entry: CatalogueEntry) -> list[CatalogueEntry]:
        """Return every cancer below, nearest first."""
        below = list(self.subtypes(entry))
        for found in below:
            below.extend(self.subtypes(found))
        return below

    def family_ids(self, entry: CatalogueEntry) -> list[UUID]:
        """Return a cancer's id, and those of every cancer below it."""
        return [entry.id, *(below.id for below in self.descendants(entry))]

    def mentions(self, text: str) -> list[Mention]:
        """Return the cancers that a text names, in its order.

        The longest name wins where names overlap. A kind may stand behind the name of
        the cancer: "lung cancer, small cell". Abbreviations count only in capitals, as
        they are printed. A sign is part of a name: "HER2- breast cancer"
        names breast cancer, and not "HER2+ breast cancer".
        """
        spoken = self._spoken(text)
        found: list[Mention] = []
        at = 0
        while at < len(spoken):
            length, entry = self._name_at(spoken, at)
            if entry is not None:
                found.extend(self._cut_short(spoken, at, spoken[at + length - 1]))
                kinds = self._kinds_behind(spoken, at, length, entry)
                found.extend(kinds or [Mention(entry, at, length)])
                length = kinds[-1].first_word + kinds[-1].word_count - at if kinds else length
            at += max(length, 1)
        named = {mention.cancer.id for mention in found}
        for short in _CAPITALS.findall(text):
            entry = self._by_abbreviation.get(short)
            if entry is not None and entry.id not in named:
                named.add(entry.id)
                at = next((i for i, word in enumerate(spoken) if word == short.casefold()), 0)
                found.append(Mention(entry, at, 1))
        return found

    def likely_mentions(self, text: str) -> list[Mention]:
        """Return the cancers that a text names, also when one letter of a name is mistyped."""
        found = self.mentions(text)
        if found:
            return found
        spoken = self._spoken(text)
        meant = [
            word
            if word in self._name_words
            or word in _OTHER_WORDS
            or len(word) < MIN_LETTERS
            or not word.isalnum()
            else best_correction(word, self._words_like(word)) or word
            for word in spoken
        ]
        return self.mentions(" ".join(meant)) if meant != spoken else []

    @cached_property
    def _name_words(self) -> dict[str, int]:
        return dict(Counter(word for name in self._by_name for word in name))

    @cached_property
    def _deletions(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for word in self._name_words:
            # A short name of one word is an abbreviation, and another letter another thing:
            # LCIS isn't DCIS.
            if len(word) >= MIN_LETTERS and (
                len(word) > _LONGEST_ABBREVIATION or (word,) not in self._by_name
            ):
                for form in deletions(word):
                    index.setdefault(form, []).append(word)
        return index

    def _words_like(self, typed: str) -> list[tuple[str, int]]:
        near = {word for form in deletions(typed) for word in self._deletions.get(form, ())}
        return [(word, self._name_words[word]) for word in near]

    def _kinds_behind(
        self, spoken: list[str], at: int, length: int, entry: CatalogueEntry
    ) -> list[Mention]:
        """Return the kinds of a cancer that are told behind it; the first takes in its name."""
        kinds = self._by_kind.get(entry.id)
        found: list[Mention] = []
        start, end = at, at + length
        while kinds:
            first = end
            while first < end + _MOST_BEFORE_KIND and _is_one_of(spoken, first, _BEFORE_KIND):
                first += 1
            last, kind = self._kind_at(spoken, first, kinds)
            if kind is None:
                break
            found.append(Mention(kind, start, last - start))
            if last == len(spoken) or spoken[last] not in _JOINING:
                break
            start = end = last + 1
        return found

    def _kind_at(
        self, spoken: list[str], first: int, kinds: Mapping[tuple[str, ...], CatalogueEntry]
    ) -> tuple[int, CatalogueEntry | None]:
        """Return where a kind at this place ends; none where a name of its own begins there."""
        longest = max(map(len, kinds))
        for last in range(min(len(spoken), first + longest), first, -1):
            kind = kinds.get(tuple(spoken[first:last]))
            if kind is not None:
                name, _ = self._name_at(spoken, first)
                return (first, None) if name else (last, kind)
        return first, None

    def _cut_short(self, spoken: list[str], at: int, last: str) -> list[Mention]:
        """Return the names before `at` that share their last word with the one there.

        "Breast and ovarian cancer" names breast cancer too.
        """
        found: list[Mention] = []
        while at > 1 and spoken[at - 1] in _JOINING:
            at -= 1
            length, entry = self._name_ending_at(spoken, at, last)
            if entry is None:
                break
            at -= length
            found.insert(0, Mention(entry, at, length))
        return found

    def _name_ending_at(
        self, spoken: list[str], end: int, last: str
    ) -> tuple[int, CatalogueEntry | None]:
        for length in range(min(self._longest_name - 1, end), 0, -1):
            entry = self._by_name.get((*spoken[end - length : end], last))
            if entry is not None:
                return length, entry
        return 0, None

    def _name_at(self, spoken: list[str], at: int) -> tuple[int, CatalogueEntry | None]:
        for length in range(min(self._longest_name, len(spoken) - at), 0, -1):
            entry = self._by_name.get(tuple(spoken[at : at + length]))
            if entry is not None:
                return length, entry
        return 0, None

    def most_specific(self, entries: Iterable[CatalogueEntry]) -> list[CatalogueEntry]:
        """Return the entries without those that stand above another of them."""
        kept = {entry.id: entry for entry in entries}
        for entry in list(kept.values()):
            for above in self.ancestors(entry):
                kept.pop(above.id, None)
        return list(kept.values())
