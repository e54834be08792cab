"""What a test measures, by its codes or its name, and how its result is told."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from navis_api.records.extraction.codes.codings import Coding, Terminology
from navis_api.vocabulary.phrasebook import PhraseBook, phrasebook
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.tumor_markers import MarkerKind, TumorMarker, by_loinc, tumor_markers

# Measured in people without a cancer too, so that a name alone doesn't make them tumor markers.
_BY_CODE_ONLY: Final = frozenset(
    {"hpv", "p16", "hcg", "ldh", "grade", "b2m", "calcitonin", "free_light_chain"}
)
_OTHER_TEST = re.compile(
    r"\b(?:screening|order|specimen|recommended|history|panel|guidance)\b", re.IGNORECASE
)
_MOLECULAR = re.compile(
    r"\b(?:genes?|mutat\w+|re-?arrange\w*|fusions?|variants?|translocations?|amplification"
    r"|deletions?|methylat\w+|promoter|alterations?|molecular|sequenc\w+|PCR|NGS|FISH|p\.[A-Z]|exon|[A-Z]\d{2,4}[A-Z])",
    re.IGNORECASE,
)


def measured(codings: Sequence[Coding]) -> tuple[TumorMarker, Coding] | None:
    """Return the tumor marker that a test measures, with the coding that says so."""
    for coding in codings:
        if coding.terminology is Terminology.LOINC and coding.code in by_loinc():
            return by_loinc()[coding.code], coding
    for coding in codings:
        if _OTHER_TEST.search(coding.display):
            continue
        named = [found.meaning for found in _book().find(coding.display)] or _gene(coding.display)
        if named:
            return named[0], coding
    return None


def _gene(display: str) -> list[TumorMarker]:
    """Return the gene that a molecular test is for: its name alone may be a protein's."""
    if not _MOLECULAR.search(display):
        return []
    known = tumor_markers()
    return [
        known[mention.term.key]
        for mention in find_terms(display)
        if mention.term.kind is TermKind.GENE and mention.term.key in known
    ]


@cache
def _book() -> PhraseBook[TumorMarker]:
    return phrasebook(
        (name, marker)
        for marker in tumor_markers().values()
        if marker.key not in _BY_CODE_ONLY
        and (marker.names or marker.kind is not MarkerKind.GENOMIC)
        for name in sorted({marker.label, *marker.names}, key=len, reverse=True)
        if len(name) > 2  # noqa: PLR2004  (two letters name too much: "ER", "PR")
    )
