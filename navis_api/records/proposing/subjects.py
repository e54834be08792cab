"""What a text names that a finding can be about, read by the vocabulary and by it alone."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from navis_api.kit.text import fold
from navis_api.records.extraction.findings import FindingKind
from navis_api.records.extraction.text.diseases import diseases_in
from navis_api.records.extraction.text.marker_mentions import mentions_of
from navis_api.records.extraction.text.staging import stages_of
from navis_api.vocabulary.cancer_treatments import (
    TreatmentKind,
    cancer_treatments,
    treats_cancer,
)
from navis_api.vocabulary.cancers import cancers, histologies, metastatic_sites
from navis_api.vocabulary.phrasebook import PhraseBook, phrasebook
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.tumor_markers import MarkerKind, tumor_markers


@dataclass(frozen=True, slots=True)
class Subject:
    """What is named at `text[start:end]`: `key` and `name` are as in `Finding`."""

    key: str
    name: str
    start: int
    end: int


_K = FindingKind
_TREATMENT_KINDS: Final = {
    TreatmentKind.SYSTEMIC: _K.MEDICATION,
    TreatmentKind.PROCEDURE: _K.PROCEDURE,
    TreatmentKind.RADIOTHERAPY: _K.RADIOTHERAPY,
}
# The first that fits names the system: "Rai stage" is no stage group.
_STAGES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), key, name)
    for pattern, key, name in (
        (r"\bbinet\b", "binet", "Binet stage"),
        (r"\brai\b", "rai", "Rai stage"),
        (r"\b(?:r-?)?iss\b", "iss", "ISS stage"),
        (r"\bduke'?s?\b", "dukes", "Dukes stage"),
        (r"\bclark\b", "clark", "Clark level"),
        (r"\bbclc\b", "bclc", "BCLC stage"),
        (r"\bstag(?:es?|ed|ing)\b|\b(?:ajcc|uicc|figo)\b", "group", "stage group"),
    )
)
_CATEGORIES: Final = {"t": "T category", "n": "N category", "m": "M category"}
_GRADES: Final = (
    (re.compile(r"\bgleason\b", re.IGNORECASE), "gleason", "Gleason score"),
    (re.compile(r"\b(?:grade\s+group|isup)\b", re.IGNORECASE), "grade_group", "grade group"),
)
_PERFORMANCE: Final = (
    (re.compile(r"\b(?:ecog|zubrod)\b", re.IGNORECASE), "ecog", "ECOG performance status"),
    (re.compile(r"\b(?:karnofsky|kps)\b", re.IGNORECASE), "karnofsky", "karnofsky score"),
    (re.compile(r"\blansky\b", re.IGNORECASE), "lansky", "lansky score"),
)
_Patterns = tuple[tuple[re.Pattern[str], str, str], ...]


def subjects_in(kind: FindingKind, text: str) -> list[Subject]:
    """Return what a text names of this kind, in order."""
    return sorted(_READERS[kind](text), key=lambda subject: (subject.start, subject.end))


def keys_named(kind: FindingKind, name: str) -> frozenset[str]:
    """Return the keys of what a name alone stands for: of a marker also in its short form.

    "ER" in a text may be a room; as the name of a marker it is none.
    """
    keys = {subject.key for subject in subjects_in(kind, name)}
    if kind in {_K.TUMOR_MARKER, _K.GENOMIC_VARIANT}:
        keys |= _markers_called().get(fold(name).strip(), frozenset())
    return frozenset(keys)


def _cancers(text: str) -> Iterator[Subject]:
    for mention in diseases_in(text):
        if mention.cancer is not None and not mention.is_secondary:
            name = cancers()[mention.cancer].label
            yield Subject(mention.cancer, name, mention.start, mention.end)


def _histologies(text: str) -> Iterator[Subject]:
    for mention in diseases_in(text):
        if mention.histology is not None:
            name = histologies()[mention.histology].label
            yield Subject(mention.histology, name, mention.start, mention.end)


def _sites(text: str) -> Iterator[Subject]:
    for found in _site_book().find(text):
        yield Subject(
            found.meaning, metastatic_sites()[found.meaning].label, found.start, found.end
        )


def _markers(text: str) -> Iterator[Subject]:
    yield from _matched(_GRADES)(text)
    for mention in mentions_of(text):
        if mention.marker.kind is not MarkerKind.GENOMIC:
            yield Subject(mention.marker.key, mention.marker.label, mention.start, mention.end)


def _genes(text: str) -> Iterator[Subject]:
    for mention in mentions_of(text):
        if mention.marker.kind is MarkerKind.GENOMIC:
            yield Subject(mention.marker.key, mention.marker.label, mention.start, mention.end)


def _treatments(kind: FindingKind) -> Callable[[str], Iterator[Subject]]:
    def read(text: str) -> Iterator[Subject]:
        for found in _treatment_book().find(text):
            treatment = cancer_treatments()[found.meaning]
            if _TREATMENT_KINDS[treatment.kind] is kind:
                yield Subject(treatment.key, treatment.label, found.start, found.end)
        if kind is not _K.MEDICATION:
            return
        for mention in find_terms(text):
            term = mention.term
            if term.kind in {TermKind.DRUG, TermKind.REGIMEN} and treats_cancer(term):
                yield Subject(term.key, term.label, mention.start, mention.end)

    return read


def _matched(patterns: _Patterns) -> Callable[[str], Iterator[Subject]]:
    def read(text: str) -> Iterator[Subject]:
        for pattern, key, name in patterns:
            for found in pattern.finditer(text):
                yield Subject(key, name, found.start(), found.end())

    return read


def _stages(text: str) -> Iterator[Subject]:
    named = list(_matched(_STAGES)(text))
    system = named[0].key if named else None
    return (subject for subject in named if subject.key == system)


def _categories(text: str) -> Iterator[Subject]:
    # By the grammar that reads records: "T2" is also a way to take pictures, and a vertebra.
    for reading in stages_of(text):
        if reading.system in _CATEGORIES:
            yield Subject(reading.system, _CATEGORIES[reading.system], reading.start, reading.end)


_READERS: Final[Mapping[FindingKind, Callable[[str], Iterator[Subject]]]] = {
    _K.PRIMARY_CANCER: _cancers,
    _K.HISTOLOGY: _histologies,
    _K.STAGE_GROUP: _stages,
    _K.TNM_CATEGORY: _categories,
    _K.TUMOR_MARKER: _markers,
    _K.GENOMIC_VARIANT: _genes,
    _K.MEDICATION: _treatments(_K.MEDICATION),
    _K.PROCEDURE: _treatments(_K.PROCEDURE),
    _K.RADIOTHERAPY: _treatments(_K.RADIOTHERAPY),
    _K.METASTATIC_SITE: _sites,
    _K.PERFORMANCE_STATUS: _matched(_PERFORMANCE),
}


@cache
def _markers_called() -> dict[str, frozenset[str]]:
    called: dict[str, set[str]] = {}
    for marker in tumor_markers().values():
        for name in (marker.label, *marker.names):
            called.setdefault(fold(name), set()).add(marker.key)
    return {name: frozenset(keys) for name, keys in called.items()}


@cache
def _site_book() -> PhraseBook[str]:
    return phrasebook(
        (name, site.key) for site in metastatic_sites().values() for name in site.names
    )


@cache
def _treatment_book() -> PhraseBook[str]:
    return phrasebook(
        (name, each.key) for each in cancer_treatments().values() for name in each.names
    )
