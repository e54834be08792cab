"""What a coded diagnosis means: a cancer, a metastasis, a histology, and of whom.

Codes decide where they are listed; for others, and for what a code leaves open, the display text
is read as a report would be.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from navis_api.records.extraction.codes.codings import Coding, Terminology
from navis_api.records.extraction.findings import Assertion, Temporality
from navis_api.records.extraction.text.context import assertion_of
from navis_api.records.extraction.text.diseases import DiseaseMention, diseases_in
from navis_api.records.extraction.text.passages import Passage
from navis_api.vocabulary.cancers import (
    Cancer,
    Histology,
    MetastaticSite,
    by_icd10,
    cancers,
    histologies,
    metastatic_sites,
    site_by_icd10,
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one code says. One of `cancer`, `site` and `histology` is given, or more."""

    coding: Coding
    cancer: Cancer | None = None
    histology: Histology | None = None
    site: MetastaticSite | None = None
    laterality: str | None = None
    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    by_code: bool = False


_SECONDARY: Final = ("C77", "C78", "C79")
_NEOPLASMS: Final = re.compile(r"C\d|D0\d|D4[5-7]", re.IGNORECASE)
_FAMILY: Final = "Z80"
_PERSONAL: Final = ("Z85", "Z86.0")
_SIDE = re.compile(r"\b(?P<side>left|right|bilateral)\b", re.IGNORECASE)
_SIDES: Final = {"7771000": "left", "24028007": "right", "51440002": "bilateral"}
_HISTORY = re.compile(r"\b(?:personal\s+)?history\s+of\b|\bh/o\b", re.IGNORECASE)
_FAMILY_WORDS = re.compile(r"\bfamily\s+history|\bfh:?\s", re.IGNORECASE)
_NO_DISEASE = re.compile(
    r"\b(?:screening|benign|polyp|risk|suspect\w*|encounter\s+for|counsel\w+|carrier"
    r"|susceptib\w+|no\s+evidence|exposure|prophyla\w+|observation\s+for|fear\s+of|adverse"
    r"|surveillance|uncertain\s+behavio\w+|unspecified\s+behavio\w+|dysplasia|negative)\b",
    re.IGNORECASE,
)
_SUSPECTED = re.compile(r"\bsuspect\w*", re.IGNORECASE)
_SECONDARY_WORDS = re.compile(r"\b(?:secondary|metasta\w+)\b", re.IGNORECASE)


def diagnoses_of(codings: Sequence[Coding]) -> list[Diagnosis]:
    """Return what the codings of one concept say, each by itself: contradictions are kept."""
    return [diagnosis for coding in codings for diagnosis in _read(coding)]


def side_of(sites: Iterable[Coding]) -> str | None:
    """Return the side that the codings of a part of the body name."""
    for site in sites:
        if site.code in _SIDES:
            return _SIDES[site.code]
        named = _SIDE.search(site.display)
        if named is not None:
            return named["side"].lower()
    return None


def _read(coding: Coding) -> Iterator[Diagnosis]:
    side = _SIDE.search(coding.display)
    laterality = side["side"].lower() if side else None
    if coding.terminology is Terminology.ICD10:
        yield from _by_icd10(coding, laterality)
        return
    if coding.terminology is Terminology.ICDO:
        yield from _by_icdo(coding, laterality)
        return
    known = coding.code if coding.terminology is Terminology.SNOMED else ""
    site = _sites_by_snomed().get(known)
    if site is not None:
        yield Diagnosis(coding, site=site, laterality=laterality, by_code=True)
        return
    cancer = _cancers_by_snomed().get(known)
    if cancer is not None:
        mention = next(iter(_mentions(coding.display)), None)
        histology = histologies().get(mention.histology or "") if mention else None
        yield Diagnosis(coding, cancer, histology, laterality=laterality, by_code=True)
        return
    yield from _by_display(coding, laterality)


def _by_icd10(coding: Coding, laterality: str | None) -> Iterator[Diagnosis]:
    code = coding.code.upper()
    if code.startswith(_SECONDARY):
        site = site_by_icd10(code)
        if site is not None:
            yield Diagnosis(coding, site=site, laterality=laterality, by_code=True)
        return
    if code.startswith((_FAMILY, *_PERSONAL)):
        for mention in _mentions(coding.display):
            is_family = code.startswith(_FAMILY)
            yield Diagnosis(
                coding, cancers().get(mention.cancer or ""),
                assertion=Assertion.FAMILY if is_family else Assertion.PRESENT,
                temporality=Temporality.CURRENT if is_family else Temporality.HISTORICAL,
            )  # fmt: skip
        return
    if not _NEOPLASMS.match(code):
        return
    cancer = by_icd10(code)
    if cancer is None:
        yield from _by_display(coding, laterality)
        return
    mention = next(iter(_mentions(coding.display)), None)
    histology = histologies().get(mention.histology or "") if mention else None
    yield Diagnosis(coding, cancer, histology, laterality=laterality, by_code=True)


def _by_icdo(coding: Coding, laterality: str | None) -> Iterator[Diagnosis]:
    """Read a topography ("C50.9") as ICD-10 has it, or a morphology ("8500/3")."""
    if coding.code.upper().startswith("C"):
        cancer = by_icd10(coding.code)
        if cancer is not None:
            yield Diagnosis(coding, cancer, laterality=laterality, by_code=True)
        return
    histology = _by_morphology().get(coding.code) or _by_morphology().get(coding.code.split("/")[0])
    if histology is None:
        mention = next((each for each in _mentions(coding.display) if each.histology), None)
        histology = histologies().get(mention.histology or "") if mention else None
    if histology is not None:
        yield Diagnosis(coding, histology=histology, by_code=True)


def _by_display(coding: Coding, laterality: str | None) -> Iterator[Diagnosis]:
    display = coding.display
    if not display:
        return
    is_family = _FAMILY_WORDS.search(display) is not None
    if _NO_DISEASE.search(display) and not _SUSPECTED.search(display):
        return
    if _SECONDARY_WORDS.search(display):
        yield from _secondary(coding, laterality)
        return
    passage = Passage(display, 1)
    for mention in _mentions(display):
        said = assertion_of(passage, mention.start, mention.end)
        assertion = Assertion.FAMILY if is_family else said
        if _SUSPECTED.search(display):
            assertion = Assertion.UNCERTAIN
        is_past = _HISTORY.search(display) is not None
        yield Diagnosis(
            coding,
            cancers().get(mention.cancer or ""),
            histologies().get(mention.histology or ""),
            laterality=mention.laterality or laterality,
            assertion=assertion,
            temporality=Temporality.HISTORICAL if is_past else Temporality.CURRENT,
        )


def _secondary(coding: Coding, laterality: str | None) -> Iterator[Diagnosis]:
    """Read "Secondary malignant neoplasm of lung", "Metastasis to liver", "Colon Ca metastasis"."""
    found = re.search(
        r"\b(?:neoplasm|tumou?r|carcinoma|cancer|metasta\w+|disease)\s+(?:of|to|in"
        r"|from)\s+(?P<rest>.*)",
        coding.display,
        re.IGNORECASE,
    )
    words = f" {(found['rest'] if found else coding.display).lower()} "
    for site in metastatic_sites().values():
        if any(re.search(rf"\b{re.escape(name.lower())}\b", words) for name in site.names):
            if found is None:
                break
            yield Diagnosis(coding, site=site, laterality=laterality)
            return
    for mention in _mentions(coding.display):
        yield Diagnosis(coding, cancers().get(mention.cancer or ""))


def _mentions(display: str) -> list[DiseaseMention]:
    return diseases_in(display, broad=True)


@cache
def _cancers_by_snomed() -> dict[str, Cancer]:
    return {code: cancer for cancer in cancers().values() for code in cancer.snomed}


@cache
def _sites_by_snomed() -> dict[str, MetastaticSite]:
    return {code: site for site in metastatic_sites().values() for code in site.snomed}


@cache
def _by_morphology() -> dict[str, Histology]:
    return {code: found for found in reversed(histologies().values()) for code in found.icdo}
