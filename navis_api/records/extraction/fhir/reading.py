"""Findings of a FHIR file, by the codes of its resources.

What a treatment is for is often left open, so that treatments count where the record knows of a
cancer, or holds no diagnoses at all.
"""

from collections.abc import Iterator

from navis_api.records.extraction.codes.coded_findings import once
from navis_api.records.extraction.fhir.conditions import (
    conclusion_findings,
    condition_findings,
    family_findings,
    reason_findings,
)
from navis_api.records.extraction.fhir.loading import Record, load
from navis_api.records.extraction.fhir.notes import NOTES, notes_in
from navis_api.records.extraction.fhir.observations import observation_findings
from navis_api.records.extraction.fhir.treatments import (
    MEDICATIONS,
    activities,
    medication_findings,
    procedure_findings,
)
from navis_api.records.extraction.findings import Assertion, Finding, FindingKind
from navis_api.records.extraction.notes import AttachmentReader, no_attachments


def findings_of_fhir(
    content: bytes, read_attachment: AttachmentReader = no_attachments
) -> list[Finding]:
    """Return the findings of a bundle, a resource or lines of resources.

    Notes in it are read as reports are; `read_attachment` reads those that are files. Raises
    ExtractionFailed when the content isn't whole JSON, or is too deep.
    """
    record = load(content)
    found = [*_diagnoses(record)]
    for located in record.resources:
        if located.type in NOTES:
            found.extend(notes_in(located, read_attachment))
    cancers = _cancers(found)
    if not cancers:
        found.extend(each for one in record.resources if one.type == "ServiceRequest"
                     for each in reason_findings(one))  # fmt: skip
        cancers = _cancers(found)
    for located in record.resources:
        if located.type == "Observation":
            found.extend(observation_findings(located))
    if cancers or not any(located.type == "Condition" for located in record.resources):
        found.extend(_treatments(record, cancers))
    return once(found)


def _diagnoses(record: Record) -> Iterator[Finding]:
    for located in record.resources:
        if located.type == "Condition":
            yield from condition_findings(located)
        elif located.type == "FamilyMemberHistory":
            yield from family_findings(located)
        elif located.type == "DiagnosticReport":
            yield from conclusion_findings(located)


def _cancers(found: list[Finding]) -> frozenset[str]:
    return frozenset(
        finding.key
        for finding in found
        if finding.kind is FindingKind.PRIMARY_CANCER and finding.assertion is Assertion.PRESENT
    )


def _treatments(record: Record, cancers: frozenset[str]) -> Iterator[Finding]:
    for located in record.resources:
        if located.type in MEDICATIONS:
            yield from medication_findings(located, record)
        elif located.type in {"Procedure", "ServiceRequest"}:
            yield from procedure_findings(located, record, cancers)
        elif located.type == "CarePlan":
            for planned in activities(located):
                yield from procedure_findings(planned, record, cancers)
                yield from medication_findings(planned, record)
