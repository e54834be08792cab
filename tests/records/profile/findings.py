"""Findings by hand, as a patient sees them."""

from datetime import date
from uuid import UUID

from navis_api.kit.ids import new_id
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.models import FindingStatus
from navis_api.records.findings.views import FindingView


def read(
    kind: FindingKind,
    key: str,
    value: str | None = None,
    *,
    name: str | None = None,
    quote: str | None = None,
    unit: str | None = None,
    on: date | None = None,
    assertion: Assertion = Assertion.PRESENT,
    temporality: Temporality = Temporality.CURRENT,
    status: TreatmentStatus | None = None,
    line: str | None = None,
) -> Finding:
    """What was read."""
    return Finding(
        kind=kind,
        name=name or key,
        key=key,
        quote=quote or f"{key} {value}",
        confidence=0.9,
        value=value,
        unit=unit,
        observed_on=on,
        assertion=assertion,
        temporality=temporality,
        treatment_status=status,
        line=line,
    )


def seen(
    finding: Finding,
    status: FindingStatus = FindingStatus.CONFIRMED,
    *,
    record_id: UUID | None = None,
    correction: Correction | None = None,
) -> FindingView:
    """A finding of a record of its own, confirmed unless said otherwise."""
    return FindingView(
        new_id(),
        record_id or new_id(),
        FindingStatus.CORRECTED if correction is not None else status,
        finding,
        correction,
    )
