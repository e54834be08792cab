"""Which cancers a claim and its evidence are about, and whether they are the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.wording import other_diseases, tells_a_history, tumour_words
from navis_api.kit.text import words
from navis_api.sources.subjects import named_cancers

_MAY_NAME_ONE = re.compile(
    r"cancer|tumou?r|carcinoma|oma\b|omas\b|leuk|lymph|myelo|metasta|sarcom|hodgkin|neoplas|wilms"
    r"|kaposi|histiocyt|polycyth|mycosis|waldenstr|\b[A-Z]{3,5}s?\b",
    re.IGNORECASE,
)
_GONE_TO = re.compile(
    r"\b(?:spread|spreads|metasta\w+|moved|travel\w*|secondar\w+|gone)\b(?:\s+\w+){0,3}?\s+(?:to|in|into)\s+"
    r"(?:the\s+|other\s+|your\s+)?(?P<where>\w+)"
    r"|\b(?P<of>\w+)\s+metasta\w+|\bsecondary\s+(?P<second>\w+)\s+(?:cancer|tumou?r)",
    re.IGNORECASE,
)


# "NETs" and "GISTs": the catalogue has abbreviations as they are printed of one.
_ABBREVIATED_PLURAL = re.compile(r"\b([A-Z]{3,5})s\b")

_JOINS = frozenset({"of", "the", "and", "in", "cell", "primary", "large", "small"})
_OF_ANY_CANCER = frozenset({"cancer", "cancers", "tumor", "tumors", "tract", "neoplasms"})
_SAYS_NO_TYPE = _OF_ANY_CANCER | {"of", "the", "and", "in", "a", "or"}
_OF_SOME = re.compile(
    r"\b(?:some|certain|sometimes|these|this (?:\w+ )?(?:kind|type|form|group|trial|study|syndrome"
    r"|disease|condition)|in (?:one|a|the) (?:\w+ )?(?:trial|study)|such"
    r"|(?:the|their|whose|your) (?:leukemia|lymphoma|cancer|tumou?r))\b",
    re.IGNORECASE,
)
_OF_SOME_OR_OPEN = re.compile(rf"{_OF_SOME.pattern}|\b(?:may|might|can|could)\b", re.IGNORECASE)
# What a passage is about it says in its first sentences.
_OPENING_CHARS = 3_000


@dataclass(frozen=True, slots=True)
class Subjects:
    """The cancers that a sentence of evidence is about.

    `named` are those that it names itself, `about` what its passage is about.
    """

    named: frozenset[UUID]
    about: frozenset[UUID]
    others: tuple[frozenset[str], ...] = ()
    """The words of diseases that it, or else its passage, names by no name of the catalogue."""
    told_in: str = ""
    """Its page's title and its passage's first sentences."""


def names_in(catalogue: Catalogue, text: str) -> list[CatalogueEntry]:
    """Return the most specific cancers that a text names."""
    if not _MAY_NAME_ONE.search(text):
        return []
    singular = _ABBREVIATED_PLURAL.sub(r"\1", text)
    return catalogue.most_specific(named_cancers(catalogue, singular))


def subjects_of(catalogue: Catalogue, evidence: Evidence, sentence: str) -> Subjects:
    """Return the subjects of a sentence out of a piece of evidence."""
    named = frozenset(entry.id for entry in names_in(catalogue, sentence))
    about = evidence.cancer_ids
    if not about:
        for heading in reversed(evidence.heading_path):
            about = frozenset(entry.id for entry in names_in(catalogue, heading))
            if about:
                break
    opening = evidence.text[:_OPENING_CHARS]
    if not about:
        about = frozenset(entry.id for entry in names_in(catalogue, opening))
    else:
        about |= frozenset(entry.id for entry in names_in(catalogue, evidence.title))
    others = _unlisted(catalogue, sentence, named)
    if not (named or about or others):
        others = _unlisted(catalogue, opening, named)
    return Subjects(named, about, others, f"{evidence.title}. {opening}")


def _unlisted(
    catalogue: Catalogue, text: str, named: frozenset[UUID]
) -> tuple[frozenset[str], ...]:
    known = {
        word
        for cancer_id in named
        for name in catalogue.by_id[cancer_id].names
        for word in words(name)
    }
    found = [*other_diseases(text), *(frozenset({word}) for word in tumour_words(text))]
    bare = [disease - _OF_ANY_CANCER for disease in found]
    return tuple(disease for disease in bare if not disease <= known)


def is_about_another(
    claimed: Sequence[CatalogueEntry],
    subjects: Subjects,
    sentence: str,
    *,
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
    names_drug: bool = False,
) -> bool:
    """Whether a sentence is about another cancer than the claim that rests on it.

    A claim that names no cancer is about the answer's. What `names_drug` and a cancer needs
    evidence that names that cancer.
    """
    own = _family(catalogue, cancer) if cancer is not None else frozenset[UUID]()
    if cancer is not None and subjects.about & own:
        # On a page on intraocular melanoma, "melanoma" is that one.
        subjects = replace(subjects, named=_without_bare(subjects.named, cancer, own, catalogue))
        bare = _without_bare(frozenset(entry.id for entry in claimed), cancer, own, catalogue)
        claimed = [entry for entry in claimed if entry.id in bare]
    if not claimed:
        return cancer is not None and _is_of_others(subjects, own, catalogue)
    families = [_family(catalogue, entry) for entry in claimed]
    if subjects.about & own and _compares(families, subjects, catalogue):
        return False
    for entry, family in zip(claimed, families, strict=True):
        here = subjects.named or subjects.about
        # The words of a narrower name have to stand in the sentence: that isn't looked at here.
        fits = bool(here & family) if here else entry.id in own and not names_drug
        if not fits or (entry.id not in subjects.named and _is_only_reached(entry, sentence)):
            return True
    if cancer is None or any(entry.id in own for entry in claimed):
        return False
    # "Colon cancer that has spread to the liver" belongs on a page on liver cancer.
    of_own_place = not _own_words(catalogue, own).isdisjoint(set(words(sentence)) - _OF_ANY_CANCER)
    return not (of_own_place and (subjects.about | subjects.named) & own)


def is_of_a_type_only(
    claim: str,
    claimed: Sequence[CatalogueEntry],
    subjects: Subjects,
    sentence: str,
    *,
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
) -> bool:
    """Whether a sentence is only about a type of the cancer that a claim names.

    "Germ cell tumors of the ovary are usually cured" isn't so of ovarian cancer. What a claim tells
    of some of it, or of "this kind", may well be so; and on a page about a type, what may be. In an
    answer about that type, the wider name is short for it.
    """
    if cancer is not None and subjects.about & _family(catalogue, cancer):
        own = _family(catalogue, cancer)
        bare = _without_bare(frozenset(entry.id for entry in claimed), cancer, own, catalogue)
        claimed = [entry for entry in claimed if entry.id in bare]
    here = subjects.named or subjects.about
    limited = _OF_SOME if subjects.named else _OF_SOME_OR_OPEN
    if not claimed or not here or limited.search(claim):
        return False
    in_full = {entry.id for entry in named_cancers(catalogue, sentence)}
    said = set(words(claim))
    for entry in claimed:
        types = {each.id for each in catalogue.descendants(entry)}
        is_short = cancer is not None and cancer.id in types and cancer.id in here
        if entry.id in in_full or is_short or not here <= types:
            continue
        own_words = {word for name in entry.names for word in words(name)}
        names = (name for each in here for name in catalogue.by_id[each].names)
        told_apart = {word for name in names for word in words(name)} - own_words
        if said.isdisjoint(told_apart - _SAYS_NO_TYPE):
            return True
    return False


def is_somebodys_history(
    quote: str, evidence: Evidence, *, cancer: CatalogueEntry | None, catalogue: Catalogue
) -> bool:
    """Whether a quote of a page on the cancer names another one as had before, or in a family."""
    on_it = cancer is not None and bool(evidence.cancer_ids & _family(catalogue, cancer))
    return on_it and tells_a_history(quote)


def _compares(
    families: Sequence[frozenset[UUID]], subjects: Subjects, catalogue: Catalogue
) -> bool:
    """Whether a claim names several cancers that its page tells of, some of them in this sentence.

    Which of them has what is for those who look at the words.
    """
    if len(families) == 1 or not any(subjects.named & family for family in families):
        return False
    told = {entry.id for entry in names_in(catalogue, subjects.told_in)} | subjects.named
    return all(told & family for family in families)


def _without_bare(
    named: frozenset[UUID], cancer: CatalogueEntry, own: frozenset[UUID], catalogue: Catalogue
) -> frozenset[UUID]:
    """Leave out cancers of a bare name: all of its words are some of the answer's cancer's name."""
    words_of_own = {word for name in cancer.names for word in words(name)}
    return frozenset(
        cancer_id
        for cancer_id in named
        if cancer_id in own
        or not any(
            words_of_own.issuperset(words(name)) for name in catalogue.by_id[cancer_id].names
        )
    )


def _is_of_others(subjects: Subjects, own: frozenset[UUID], catalogue: Catalogue) -> bool:
    """Whether a sentence is about other cancers than a family, as far as it or its passage says."""
    if subjects.named:
        return not subjects.named & own
    if subjects.about & own:
        return False
    if subjects.others:
        return not any(disease <= _own_words(catalogue, own) for disease in subjects.others)
    return bool(subjects.about)


def _own_words(catalogue: Catalogue, family: frozenset[UUID]) -> frozenset[str]:
    return frozenset(
        word
        for cancer_id in family
        for name in catalogue.by_id[cancer_id].names
        for word in words(name)
        if word not in _JOINS
    )


def _is_only_reached(entry: CatalogueEntry, sentence: str) -> bool:
    """Whether a sentence speaks of an organ only as a place that cancer has spread to."""
    own = {word for name in entry.names for word in words(name)} - {"cancer", "tumor", "of", "the"}
    for found in _GONE_TO.finditer(sentence):
        where = words(found["where"] or found["of"] or found["second"] or "")
        if any(word in own for word in where):
            return True
    return False


def _family(catalogue: Catalogue, entry: CatalogueEntry) -> frozenset[UUID]:
    family = [entry, *catalogue.ancestors(entry), *catalogue.descendants(entry)]
    return frozenset(each.id for each in family)
