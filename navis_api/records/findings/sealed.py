"""Findings and corrections, sealed as they lie in the table and opened again."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from navis_api.kit.ids import new_id
from navis_api.records.extraction.findings import Finding
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.models import FindingStatus, StoredFinding
from navis_api.records.findings.views import FindingView
from navis_api.records.sealing import binding
from navis_api.records.sealing.patient_key import PatientKey


def sealed_findings(
    findings: Sequence[Finding],
    key: PatientKey,
    *,
    patient_id: UUID,
    record_id: UUID,
    now: datetime,
) -> list[StoredFinding]:
    """Return findings as they are stored, each under an id of its own, in their order."""
    rows: list[StoredFinding] = []
    for number, finding in enumerate(findings):
        id_ = new_id()
        bound_to = binding.finding_of(patient_id, record_id, id_)
        rows.append(
            StoredFinding(
                patient_id=patient_id,
                id=id_,
                record_id=record_id,
                number=number,
                status=FindingStatus.EXTRACTED,
                content_sealed=key.seal(_packed(finding.as_json()), bound_to),
                extracted_at=now,
            )
        )
    return rows


def finding_in(row: StoredFinding, key: PatientKey) -> Finding:
    """Return a finding as it was read. Raises SealBroken."""
    bound_to = binding.finding_of(row.patient_id, row.record_id, row.id)
    return Finding.from_json(json.loads(key.unseal(row.content_sealed, bound_to)))


def sealed_correction(row: StoredFinding, correction: Correction, key: PatientKey) -> bytes:
    """Return a correction of this finding as it is stored."""
    return key.seal(
        _packed(correction.as_json()),
        binding.correction_of(row.patient_id, row.record_id, row.id),
    )


def correction_in(row: StoredFinding, key: PatientKey) -> Correction | None:
    """Return what the patient put right in a finding. Raises SealBroken."""
    if row.correction_sealed is None:
        return None
    bound_to = binding.correction_of(row.patient_id, row.record_id, row.id)
    return Correction.from_json(json.loads(key.unseal(row.correction_sealed, bound_to)))


def view_of(row: StoredFinding, key: PatientKey) -> FindingView:
    """Return a finding as its patient sees it. Raises SealBroken."""
    return FindingView(
        id=row.id,
        record_id=row.record_id,
        status=row.status,
        read=finding_in(row, key),
        correction=correction_in(row, key),
    )


def _packed(told: dict[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode("ascii")
