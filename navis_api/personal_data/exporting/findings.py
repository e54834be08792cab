"""Findings as the resources that mCODE makes of them, with the patient's decision as status.

What a profile of mCODE demands is more than a text holds, codes above all: a resource names its
profile only where the record itself gave a code of the terminologies that the profile takes.
Sources: FHIR R4 (hl7.org/fhir/R4) and mCODE STU 4 (hl7.org/fhir/us/mcode).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from navis_api.personal_data.exporting.codes import coding_of, terminology_of
from navis_api.personal_data.exporting.fhir import (
    Json,
    coding,
    concept,
    extension,
    parts,
    reference,
    resource,
    said,
    some,
    text,
)
from navis_api.records.extraction.codes.codings import Terminology
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    FindingOrigin,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.findings.models import FindingStatus
from navis_api.records.findings.views import FindingView

_MCODE: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition"
_HL7: Final = "http://terminology.hl7.org/CodeSystem"

# Kind: the profile, and the terminologies whose codes it takes.
_PROFILES: Final[Mapping[FindingKind, tuple[str, frozenset[Terminology]]]] = {
    FindingKind.PRIMARY_CANCER: (
        "mcode-primary-cancer-condition",
        frozenset({Terminology.SNOMED, Terminology.ICD10}),
    ),
    FindingKind.METASTATIC_SITE: (
        "mcode-secondary-cancer-condition",
        frozenset({Terminology.SNOMED, Terminology.ICD10}),
    ),
    FindingKind.TUMOR_MARKER: ("mcode-tumor-marker-test", frozenset({Terminology.LOINC})),
}

_OBSERVED: Final = {
    FindingStatus.EXTRACTED: "preliminary",
    FindingStatus.CONFIRMED: "final",
    FindingStatus.CORRECTED: "corrected",
    FindingStatus.REJECTED: "entered-in-error",
}
_TAKEN: Final = {
    TreatmentStatus.CURRENT: "active",
    TreatmentStatus.RECEIVED: "completed",
    TreatmentStatus.STOPPED: "stopped",
    TreatmentStatus.PLANNED: "intended",
    TreatmentStatus.CONSIDERED: "intended",
    TreatmentStatus.CANCELLED: "not-taken",
    TreatmentStatus.DECLINED: "not-taken",
}
_DONE: Final = {
    TreatmentStatus.CURRENT: "in-progress",
    TreatmentStatus.RECEIVED: "completed",
    TreatmentStatus.STOPPED: "stopped",
    TreatmentStatus.PLANNED: "preparation",
    TreatmentStatus.CONSIDERED: "preparation",
    TreatmentStatus.CANCELLED: "not-done",
    TreatmentStatus.DECLINED: "not-done",
}
_DECISIONS: Final = {
    FindingStatus.EXTRACTED: "The patient hasn't looked at it.",
    FindingStatus.CONFIRMED: "The patient has confirmed it.",
    FindingStatus.CORRECTED: "The patient has corrected it; the words are the record's.",
    FindingStatus.REJECTED: "The patient has rejected it.",
}
_ASSERTIONS: Final = {
    Assertion.ABSENT: "The record denies it.",
    Assertion.UNCERTAIN: "The record leaves it open.",
}

_NUMBER: Final = re.compile(r"(<=|>=|<|>)? ?(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)")


def finding_as_resource(view: FindingView, patient_id: UUID) -> Json:
    """Return a finding, as its patient has it, with the words that it was read from.

    What is a relative's becomes a FamilyMemberHistory, whatever its kind.
    """
    finding = view.correction.applied_to(view.read) if view.correction else view.read
    common: Json = {
        "note": [{"text": _in_words(finding, view.status)}],
        "extension": _extensions(view, finding),
    }
    if finding.assertion is Assertion.FAMILY:
        return _of_a_relative(view, finding, patient_id, common)
    return _MAKERS[finding.kind](view, finding, patient_id, common)


def _condition(view: FindingView, finding: Finding, patient_id: UUID, common: Json) -> Json:
    verified = _verification(view.status, finding.assertion)
    is_held = verified not in {"refuted", "entered-in-error"}
    historical = finding.temporality is Temporality.HISTORICAL
    return resource(
        "Condition",
        view.id,
        meta=_profile(finding),
        clinicalStatus=_coded(f"{_HL7}/condition-clinical", "inactive" if historical else "active")
        if is_held
        else None,
        verificationStatus=_coded(f"{_HL7}/condition-ver-status", verified),
        category=[_coded(f"{_HL7}/condition-category", "problem-list-item")],
        code=_named(finding),
        subject=reference(patient_id),
        recordedDate=_day(finding),
        evidence=[{"detail": [reference(view.record_id)]}],
        **common,
    )


def _observation(view: FindingView, finding: Finding, patient_id: UUID, common: Json) -> Json:
    is_test = finding.kind in {FindingKind.TUMOR_MARKER, FindingKind.GENOMIC_VARIANT}
    category = "laboratory" if is_test else "exam"
    return resource(
        "Observation",
        view.id,
        meta=_profile(finding),
        status=_OBSERVED[view.status],
        category=[_coded(f"{_HL7}/observation-category", category)],
        code=_named(finding),
        subject=reference(patient_id),
        effectiveDateTime=_day(finding),
        derivedFrom=[reference(view.record_id)],
        **_value(finding),
        **common,
    )


def _medication(view: FindingView, finding: Finding, patient_id: UUID, common: Json) -> Json:
    return resource(
        "MedicationStatement",
        view.id,
        status=_treated(view.status, finding, _TAKEN, denied="not-taken"),
        medicationCodeableConcept=_named(finding),
        subject=reference(patient_id),
        effectiveDateTime=_day(finding),
        derivedFrom=[reference(view.record_id)],
        **common,
    )


def _procedure(view: FindingView, finding: Finding, patient_id: UUID, common: Json) -> Json:
    return resource(
        "Procedure",
        view.id,
        status=_treated(view.status, finding, _DONE, denied="not-done"),
        code=_named(finding),
        subject=reference(patient_id),
        performedDateTime=_day(finding),
        report=[reference(view.record_id)],
        **common,
    )


def _of_a_relative(view: FindingView, finding: Finding, patient_id: UUID, common: Json) -> Json:
    rejected = view.status is FindingStatus.REJECTED
    derived = extension("derived-from", valueReference=reference(view.record_id))
    return resource(
        "FamilyMemberHistory",
        view.id,
        status="entered-in-error" if rejected else "partial",
        patient=reference(patient_id),
        date=_day(finding),
        relationship=_coded(f"{_HL7}/v3-RoleCode", "FAMMEMB"),
        condition=[{"code": _named(finding)}],
        note=common["note"],
        extension=[*common["extension"], derived],
    )


_MAKERS: Final[Mapping[FindingKind, Callable[[FindingView, Finding, UUID, Json], Json]]] = {
    FindingKind.PRIMARY_CANCER: _condition,
    FindingKind.METASTATIC_SITE: _condition,
    FindingKind.HISTOLOGY: _observation,
    FindingKind.STAGE_GROUP: _observation,
    FindingKind.TNM_CATEGORY: _observation,
    FindingKind.TUMOR_MARKER: _observation,
    FindingKind.GENOMIC_VARIANT: _observation,
    FindingKind.PERFORMANCE_STATUS: _observation,
    FindingKind.MEDICATION: _medication,
    FindingKind.PROCEDURE: _procedure,
    FindingKind.RADIOTHERAPY: _procedure,
}


def _verification(status: FindingStatus, assertion: Assertion) -> str:
    if status is FindingStatus.REJECTED:
        return "entered-in-error"
    if assertion is Assertion.ABSENT:
        return "refuted"
    if status is FindingStatus.EXTRACTED:
        return "unconfirmed"
    return "provisional" if assertion is Assertion.UNCERTAIN else "confirmed"


def _treated(
    status: FindingStatus,
    finding: Finding,
    names: Mapping[TreatmentStatus, str],
    *,
    denied: str,
) -> str:
    if status is FindingStatus.REJECTED:
        return "entered-in-error"
    if finding.assertion is Assertion.ABSENT:
        return denied
    if finding.treatment_status is None or finding.assertion is Assertion.UNCERTAIN:
        return "unknown"
    return names[finding.treatment_status]


def _profile(finding: Finding) -> Json | None:
    profile = _PROFILES.get(finding.kind)
    if profile is None or coding_of(finding.code_system, finding.code) is None:
        return None
    name, terminologies = profile
    if terminology_of(finding.code_system, finding.code) not in terminologies:
        return None
    return {"profile": [f"{_MCODE}/{name}"]}


def _named(finding: Finding) -> Json:
    """Return what a finding is about, under the record's code and ours."""
    codings = some(coding_of(finding.code_system, finding.code))
    return concept(finding.name, [*codings, coding("urn:navis-api:key", finding.key)])


def _value(finding: Finding) -> Json:
    """Return what an observation says, as a number where it is one, or as written."""
    value = text(finding.value)
    if value is None:
        if finding.assertion is Assertion.UNCERTAIN:
            return {"dataAbsentReason": _coded(f"{_HL7}/data-absent-reason", "unknown")}
        return {"valueBoolean": finding.assertion is not Assertion.ABSENT}
    unit = text(finding.unit)
    number = _NUMBER.fullmatch(value)
    if number is not None and str(_figure(number[2])) == number[2]:
        return {
            "valueQuantity": {
                "value": _figure(number[2]),
                **({"comparator": number[1]} if number[1] else {}),
                **({"unit": unit} if unit else {}),
            }
        }
    return {"valueString": f"{value} {unit}" if unit else value}


def _figure(digits: str) -> int | float:
    return float(digits) if "." in digits else int(digits)


def _day(finding: Finding) -> str | None:
    return finding.observed_on.isoformat() if finding.observed_on else None


def _coded(system: str, code: str) -> Json:
    return {"coding": [coding(system, code)]}


def _in_words(finding: Finding, status: FindingStatus) -> str:
    """Return the same for people whose programs know nothing of our extensions."""
    place = f"page {finding.page}" if finding.page is not None else "the record"
    words = [f"Read from {place}: “{text(finding.quote) or ''}”."]
    if finding.assertion in _ASSERTIONS:
        words.append(_ASSERTIONS[finding.assertion])
    if finding.origin is FindingOrigin.MODEL:
        words.append("A language model proposed it.")
    return " ".join([*words, _DECISIONS[status]])


def _extensions(view: FindingView, finding: Finding) -> list[Json]:
    read = view.read
    page = None if read.page is None else extension("page", valuePositiveInt=read.page)
    start = None if read.start is None else extension("start", valueUnsignedInt=read.start)
    end = None if read.end is None else extension("end", valueUnsignedInt=read.end)
    words = parts(
        "read-from",
        said("quote", read.quote),
        page,
        start,
        end,
        said("locator", read.locator),
        extension("confidence", valueDecimal=read.confidence),
    )
    treatment = finding.treatment_status
    return some(
        extension("decision", valueCode=view.status.value),
        extension("kind", valueCode=finding.kind.value),
        extension("assertion", valueCode=finding.assertion.value),
        extension("temporality", valueCode=finding.temporality.value),
        extension("origin", valueCode=finding.origin.value),
        extension("treatment-status", valueCode=treatment.value) if treatment else None,
        said("value", finding.value),
        said("unit", finding.unit),
        said("line", finding.line),
        said("laterality", finding.laterality),
        words,
        _before(read) if view.correction else None,
    )


def _before(read: Finding) -> Json | None:
    """Return what was read, where the patient has put it right."""
    treatment = read.treatment_status
    return parts(
        "before-correction",
        said("value", read.value),
        said("unit", read.unit),
        extension("observed-on", valueDate=_day(read)) if read.observed_on else None,
        extension("assertion", valueCode=read.assertion.value),
        extension("treatment-status", valueCode=treatment.value) if treatment else None,
    )
