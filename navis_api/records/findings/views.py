"""A finding as its patient sees it: opened, with what they put right beside what was read."""

from dataclasses import dataclass
from uuid import UUID

from navis_api.records.extraction.findings import Finding
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.models import FindingStatus


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding. `correction` is None unless the patient corrected it."""

    id: UUID
    record_id: UUID
    status: FindingStatus
    read: Finding
    correction: Correction | None
