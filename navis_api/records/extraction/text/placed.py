"""A finding at its place in a page."""

from typing import Final

from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.extraction.text.dates import date_near
from navis_api.records.extraction.text.passages import Passage

# How sure a reader is of what it reads without doubt: a stage has a form of its own, a treatment's
# status is told from the words around it.
_SURE: Final = {
    FindingKind.PRIMARY_CANCER: 0.9,
    FindingKind.HISTOLOGY: 0.9,
    FindingKind.STAGE_GROUP: 0.95,
    FindingKind.TNM_CATEGORY: 0.95,
    FindingKind.TUMOR_MARKER: 0.9,
    FindingKind.GENOMIC_VARIANT: 0.9,
    FindingKind.MEDICATION: 0.85,
    FindingKind.PROCEDURE: 0.8,
    FindingKind.RADIOTHERAPY: 0.8,
    FindingKind.METASTATIC_SITE: 0.85,
    FindingKind.PERFORMANCE_STATUS: 0.95,
}
IMPLIED_CONFIDENCE: Final = 0.75
UNCERTAIN_CONFIDENCE: Final = 0.5


def placed(
    passage: Passage, kind: FindingKind, key: str, name: str, start: int, end: int
) -> Finding:
    """Return a finding at `start` to `end`, with the date that stands nearest in its sentence."""
    first, last = passage.sentence_at(start)
    return Finding(
        kind=kind,
        name=name,
        key=key,
        quote=passage.quote(start, end),
        confidence=_SURE[kind],
        observed_on=date_near(passage.text, first, last, start),
        page=passage.page,
        start=start,
        end=end,
    )
