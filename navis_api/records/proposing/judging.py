"""Whether the record, as our own reader reads it, says what is proposed of a place in it."""

from dataclasses import dataclass
from typing import Final

from navis_api.records.extraction.findings import Assertion, FindingKind
from navis_api.records.extraction.text.context import assertion_of, temporality_of
from navis_api.records.extraction.text.dates import dates_in
from navis_api.records.extraction.text.passages import Passage, SectionKind
from navis_api.records.extraction.text.staging import is_of_other_disease
from navis_api.records.extraction.text.treatment_status import status_of
from navis_api.records.extraction.text.treatments import is_something_else
from navis_api.records.proposing.proposal import Proposal

_K = FindingKind
TREATMENTS: Final = frozenset({_K.MEDICATION, _K.PROCEDURE, _K.RADIOTHERAPY})
NAMED: Final = frozenset({_K.PRIMARY_CANCER, _K.HISTOLOGY, _K.METASTATIC_SITE}) | TREATMENTS
"""Kinds of which the name says all; the others have a value."""

_SILENT: Final = frozenset({SectionKind.ALLERGIES, SectionKind.SOCIAL})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page says something: what it is about, and what is said of it (None: the same)."""

    subject: tuple[int, int]
    value: tuple[int, int] | None

    @property
    def whole(self) -> tuple[int, int]:
        """From the first of both to the end of the last."""
        if self.value is None:
            return self.subject
        return min(self.subject[0], self.value[0]), max(self.subject[1], self.value[1])


def is_borne_out(proposal: Proposal, passage: Passage, place: Place) -> bool:
    """Whether the words around a place say what the proposal has them say.

    Where our reader takes them otherwise (denied, left open, a relative's, past, only planned,
    withdrawn, another disease's), the proposal isn't borne out, whoever is right.
    """
    start, end = place.whole
    if passage.section_at(start) in _SILENT or not _has_its_day(proposal, passage, start):
        return False
    if proposal.kind in TREATMENTS:
        return _treatment_agrees(proposal, passage, start, end)
    if proposal.treatment_status is not None or passage.is_withdrawn(start):
        return False
    if temporality_of(passage, start) is not proposal.temporality:
        return False
    if proposal.kind is _K.STAGE_GROUP and is_of_other_disease(passage.text, start, end):
        return False
    if proposal.kind in NAMED:
        return assertion_of(passage, start, end) is proposal.assertion
    # "ER is not positive": what is denied may stand between the two.
    spans = {place.whole, place.value or place.whole}
    return proposal.assertion is Assertion.PRESENT and all(
        assertion_of(passage, *span) is Assertion.PRESENT for span in spans
    )


def _treatment_agrees(proposal: Proposal, passage: Passage, start: int, end: int) -> bool:
    return (
        proposal.assertion is Assertion.PRESENT
        and not is_something_else(passage.text, start, end)
        and proposal.treatment_status is not None
        and status_of(passage, start, end) is proposal.treatment_status
    )


def _has_its_day(proposal: Proposal, passage: Passage, start: int) -> bool:
    if proposal.observed_on is None:
        return True
    first, last = passage.sentence_at(start)
    return any(day == proposal.observed_on for day, _ in dates_in(passage.text, first, last))
