"""What a name stands for, and whether a text means it where it stands.

Many names are ordinary words in other letters ("MET", "ICE", "ER"): those are read only as they
are written in print, and some only beside a word that tells what they mean.
"""

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from navis_api.vocabulary.phrasebook import Found, Word


class TermKind(StrEnum):
    """What sort of thing a term names."""

    DRUG = "drug"
    DRUG_CLASS = "drug_class"
    REGIMEN = "regimen"
    """A fixed combination of drugs with a name of its own: FOLFOX."""
    GENE = "gene"
    """A gene, protein, virus or other marker that is measured."""
    TREATMENT = "treatment"
    """A procedure or a kind of treatment that isn't a drug."""
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing with all its names.

    `components` are the keys of the drugs that a regimen, or a product of several drugs, is made
    of; `classes` the keys of the classes that a drug, or a class, belongs to. An unknown term has
    its own word as its key.
    """

    key: str
    kind: TermKind
    names: tuple[str, ...]
    components: tuple[str, ...]
    label: str
    known: bool
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """One name of a term, and what the text must look like for it to be meant.

    `exact` are the only ways to write it, where other ways are ordinary words ("ICE", "MET");
    `beside` tells that one of the words that go with genes must stand next to it ("ER positive").
    `term` is None for phrases that hold a name and mean something else.
    """

    term: Term | None
    exact: frozenset[str] = frozenset()
    beside: bool = False


# Words that tell a gene from an ordinary word of the same letters, and likewise a regimen.
_WITH_GENES: Final = frozenset(
    [
        "gene",
        "genes",
        "mutation",
        "mutations",
        "mutated",
        "mutant",
        "positive",
        "negative",
        "pos",
        "neg",
        "fusion",
        "fusions",
        "inhibitor",
        "inhibitors",
        "rearrangement",
        "rearrangements",
        "rearranged",
        "amplification",
        "amplified",
        "alteration",
        "alterations",
        "altered",
        "status",
        "receptor",
        "receptors",
        "expression",
        "expressing",
        "exon",
        "variant",
        "variants",
        "protein",
        "oncogene",
        "pathway",
        "translocation",
        "translocations",
        "overexpression",
        "proto",
        "chromosome",
        "wild",
    ]
)
_WITH_REGIMENS: Final = frozenset(
    [
        "chemo",
        "chemotherapy",
        "regimen",
        "regimens",
        "protocol",
        "cycle",
        "cycles",
        "therapy",
        "treatment",
        "combination",
    ]
)
_CYCLES_OF = re.compile(r"\b(?:cycles|courses|rounds)\s+of\s$")
# An author's initials in a list of references: "Doe AC, Roe B" or "Doe AC: Title".
_NAME_BEFORE = re.compile(r"[A-Z][\w'’-]*[a-z]\s$")
_AUTHORS_AFTER = re.compile(r"(?::|,\s(?:et al|[A-Z][\w'’-]+\s[A-Z]{1,3}\b))")
_SIGN_AFTER = re.compile(r"\s?(?:[+⁺＋]|[-−–](?![A-Za-z0-9])|\([+\-−–]\)|/(?:PR|HER2|PgR|ER)\b)")
_SIGN_GLUED = re.compile(r"[+-](?!\w)")
_ABBREVIATION_OPENS = re.compile(r"receptors?\s\($")
_PAIR_BEFORE = re.compile(r"\b(?:ER|HR|PR)[+\-−–]?(?:/|,\s|,?\sand\s|,?\sor\s)$")
_BETWEEN_LISTED: Final = frozenset(
    ["and", "or", "er", "pr", "pgr", "her2", "estrogen", "progesterone", "hormone"]
)
_CLAUSE_END = re.compile(r"[.;:!?|]")
_WORDS_BESIDE: Final = 5
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑–—−", "-"))
_SHOUTING_SHARE: Final = 0.7
_ROUND_ABOUT: Final = 60


def is_meant(found: Found[Naming], text: str, words: list[Word]) -> bool:
    """Tell whether a name is meant where it was found among the words of a text."""
    naming = found.meaning
    if not naming.exact:
        return True
    written = text[found.start : found.end].translate(_DASHES)
    if written in naming.exact:
        if _AUTHORS_AFTER.match(text, found.end) and _NAME_BEFORE.search(text[: found.start][-30:]):
            return False
        return not (naming.beside or _is_shouted(text, found)) or _has_company(
            naming, text, words, found
        )
    return (
        naming.beside
        and written.islower()
        and (
            _next_word_tells(naming, words, found) or _SIGN_GLUED.match(text, found.end) is not None
        )
    )


def _has_company(naming: Naming, text: str, words: list[Word], found: Found[Naming]) -> bool:
    before = text[max(0, found.start - 20) : found.start]
    if naming.term is not None and naming.term.kind is TermKind.REGIMEN:
        return _next_word_tells(naming, words, found) or _CYCLES_OF.search(before) is not None
    return (
        _SIGN_AFTER.match(text, found.end) is not None
        or _ABBREVIATION_OPENS.search(before) is not None
        or _PAIR_BEFORE.search(before) is not None
        or _list_tells(text, words[found.last_word :])
    )


def _list_tells(text: str, words: list[Word]) -> bool:
    """Tell whether a list of markers that begins here ends with a telling word."""
    for word, following in itertools.pairwise(words[: _WORDS_BESIDE + 1]):
        if _CLAUSE_END.search(text, word.end, following.start):
            return False
        if following.folded in _WITH_GENES:
            return True
        written = text[following.start : following.end]
        if written.islower() and following.folded not in _BETWEEN_LISTED:
            return False
    return False


def _next_word_tells(naming: Naming, words: list[Word], found: Found[Naming]) -> bool:
    following = found.last_word + 1
    return following < len(words) and words[following].folded in _telling(naming)


def _telling(naming: Naming) -> frozenset[str]:
    is_gene = naming.term is not None and naming.term.kind is TermKind.GENE
    return _WITH_GENES if is_gene else _WITH_REGIMENS


def _is_shouted(text: str, found: Found[Naming]) -> bool:
    """Tell whether the words round about are in capitals too, so that capitals say nothing."""
    around = (
        text[max(0, found.start - _ROUND_ABOUT) : found.start]
        + text[found.end : found.end + _ROUND_ABOUT]
    )
    letters = [letter for letter in around if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) > _ROUND_ABOUT // 4 and capitals > len(letters) * _SHOUTING_SHARE
