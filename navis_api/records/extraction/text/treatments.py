"""Drugs, regimens, procedures and radiation that a text names, with how far each has come."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from navis_api.records.extraction.findings import TreatmentStatus
from navis_api.records.extraction.text.passages import Passage, SectionKind
from navis_api.records.extraction.text.treatment_status import status_of
from navis_api.vocabulary.cancer_treatments import (
    CancerTreatment,
    TreatmentKind,
    cancer_treatments,
    drug_organs,
    treats_cancer,
)
from navis_api.vocabulary.cancers import are_one
from navis_api.vocabulary.lines import lines_in
from navis_api.vocabulary.phrasebook import PhraseBook
from navis_api.vocabulary.terms import Term, TermKind, find_terms


@dataclass(frozen=True, slots=True)
class TreatmentMention:
    """A treatment at `text[start:end]`; one of `term` and `treatment` is given."""

    term: Term | None
    treatment: CancerTreatment | None
    status: TreatmentStatus
    line: str | None
    start: int
    end: int

    @property
    def key(self) -> str:
        """The key of the drug, the regimen or the treatment."""
        if self.term is not None:
            return self.term.key
        return self.treatment.key if self.treatment is not None else ""


# Words that make of a name something else than a treatment given.
_OTHER_SENSE_AFTER = re.compile(
    r"^[\s-]*(?:oncolog\w*|department|center|clinic\b|consult\w*|suite|nurse|induced|related"
    r"|associated|resistant|naive|na[ïi]ve|scars?\b|site|bed\b"
    r"|cuff|field\s+of|toxicity|stump|tomography|levels?\b(?!\s+[IV\d])|receptor|allerg\w*"
    r"|sensitiv\w+|safety|exposure|badge|teaching|class|education)",
    re.IGNORECASE,
)
_OTHER_SENSE_BEFORE = re.compile(
    r"\b(?:allerg\w+\s+to|radiation\s+oncolog\w+|sun|ultraviolet|uv|chest\s+x-?ray"
    r"|reaction\s+to|without\s+radiation\s+of|pain\s+(?:with|without)|no)\s*$"
    r"|\bwithout\s+(?:any\s+)?$",
    re.IGNORECASE,
)
_RADIATING = re.compile(r"\b(?:pain|ache|discomfort|murmur)\b[^.;]{0,40}$", re.IGNORECASE)
# In a list of earlier operations only those for the patient's own cancer are of interest.
_NAME_BEFORE = re.compile(r"(?<![.:]\s)(?<![.:]\s\s)\b([A-Z][a-z]{3,})\s$")
_BEFORE_REGIMENS: Final = frozenset(
    [
        "adjuvant",
        "received",
        "neoadjuvant",
        "completed",
        "started",
        "dose",
        "concurrent",
        "weekly",
        "chemotherapy",
    ]
)
# Hematocrit and a coronary intervention have the letters of a transplant and an irradiation.
_OTHER_WORDS: Final = frozenset({"HCT", "PCI"})
# The prognostic index of lymphomas has the letters of a drug.
_SCORES: Final = frozenset({"IPI"})
_CASE_MATTERS: Final = frozenset(
    {"RT", "APR", "LAR", "BSO", "TAH", "MRM", "RRP", "PDT", "RFA", "MWA", "TBI"}
)


def treatments_of(passage: Passage, cancers: frozenset[str]) -> list[TreatmentMention]:
    """Return the treatments that a page says the patient has, had or is to have.

    `cancers` are the keys of the patient's cancers: a procedure for another organ isn't for them.
    """
    found = [*_drugs(passage, cancers), *_others(passage, cancers)]
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _drugs(passage: Passage, cancers: frozenset[str]) -> Iterator[TreatmentMention]:
    for mention in find_terms(passage.text):
        if mention.term.kind not in {TermKind.DRUG, TermKind.REGIMEN} or not treats_cancer(
            mention.term
        ):
            continue
        if is_something_else(passage.text, mention.start, mention.end):
            continue
        written = passage.text[mention.start : mention.end]
        organs = drug_organs(mention.term.key)
        if organs and not any(are_one(organ, cancer) for organ in organs for cancer in cancers):
            continue
        if (
            mention.term.kind is TermKind.REGIMEN and written.islower() and written.isalpha()
        ) or written in _SCORES:
            continue
        if mention.term.kind is TermKind.REGIMEN and _is_part_of_a_name(
            passage.text, mention.start
        ):
            continue
        status = status_of(passage, mention.start, mention.end)
        if status is not None:
            line = _line(passage, mention.start)
            yield TreatmentMention(mention.term, None, status, line, mention.start, mention.end)


def _others(passage: Passage, cancers: frozenset[str]) -> Iterator[TreatmentMention]:
    text = passage.text
    for found in _book().find(text):
        treatment = found.meaning
        written = text[found.start : found.end]
        if written.upper() in _CASE_MATTERS and not written.isupper():
            continue
        if written.upper() in _OTHER_WORDS:
            continue
        if is_something_else(text, found.start, found.end) or not is_for(treatment, cancers):
            continue
        if treatment.kind is TreatmentKind.RADIOTHERAPY and _RADIATING.search(
            text[max(0, found.start - 60) : found.start]
        ):
            continue
        if (
            passage.section_at(found.start) in {SectionKind.EXAM, SectionKind.REVIEW}
            and treatment.kind is TreatmentKind.PROCEDURE
        ):
            continue
        status = status_of(passage, found.start, found.end)
        if status is not None:
            yield TreatmentMention(
                None, treatment, status, _line(passage, found.start), found.start, found.end
            )


def is_for(treatment: CancerTreatment, cancers: frozenset[str]) -> bool:
    """Tell whether a treatment may be for one of these cancers."""
    return not treatment.organs or any(
        are_one(organ, cancer) for organ in treatment.organs for cancer in cancers
    )


def is_something_else(text: str, start: int, end: int) -> bool:
    """Tell whether the words around a name make of it no treatment: "allergic to paclitaxel"."""
    return (
        _OTHER_SENSE_AFTER.match(text[end : end + 24]) is not None
        or _OTHER_SENSE_BEFORE.search(text[max(0, start - 30) : start]) is not None
    )


def _is_part_of_a_name(text: str, start: int) -> bool:
    """Tell whether letters belong to a product's name: "Pepcid AC" is no chemotherapy."""
    before = _NAME_BEFORE.search(text[max(0, start - 24) : start])
    return before is not None and before.group(1).lower() not in _BEFORE_REGIMENS


def _line(passage: Passage, start: int) -> str | None:
    first, last = passage.sentence_at(start)
    lines = lines_in(passage.text[first:last])
    near = [line for line in lines if abs(first + line.start - start) <= 60]  # noqa: PLR2004  (a breath)
    return min(near, key=lambda line: abs(first + line.start - start)).key if near else None


@cache
def _book() -> PhraseBook[CancerTreatment]:
    book: PhraseBook[CancerTreatment] = PhraseBook()
    for treatment in cancer_treatments().values():
        for name in treatment.names:
            book.add(name, treatment)
    return book
