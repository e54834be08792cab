"""Treatments in FHIR: medications in all their resources, procedures and requests for them."""

from collections.abc import Iterable, Iterator
from typing import Final

from navis_api.records.extraction.codes.coded_findings import (
    drug_findings,
    treatment_finding,
    treatments_of,
)
from navis_api.records.extraction.codes.codings import Coding
from navis_api.records.extraction.codes.diagnoses import diagnoses_of
from navis_api.records.extraction.fhir.elements import (
    Element,
    code_of,
    codings,
    day,
    element,
    elements,
    listed_codings,
    profiles,
    text,
)
from navis_api.records.extraction.fhir.loading import Located, Record
from navis_api.records.extraction.findings import Finding, TreatmentStatus
from navis_api.vocabulary.cancer_treatments import CancerTreatment, cancer_treatments
from navis_api.vocabulary.cancers import are_one

_S = TreatmentStatus
_STATUSES: Final = {
    "active": _S.CURRENT, "in-progress": _S.CURRENT, "completed": _S.RECEIVED,
    "stopped": _S.STOPPED, "ended": _S.STOPPED, "on-hold": _S.STOPPED,
    "cancelled": _S.CANCELLED, "not-done": _S.CANCELLED, "not-taken": _S.CANCELLED,
    "revoked": _S.CANCELLED, "declined": _S.DECLINED, "draft": _S.PLANNED,
    "intended": _S.PLANNED, "preparation": _S.PLANNED, "unknown": _S.RECEIVED,
    "scheduled": _S.PLANNED, "not-started": _S.PLANNED,
}  # fmt: skip
# FHIR R5 tells in a code of its own whether a recorded medication is taken.
_NOT_TAKEN: Final = frozenset({"not-taking", "not-taken-patient-choice", "never-taken"})
_PROPOSED: Final = frozenset({"proposal", "plan", "option"})
MEDICATIONS: Final = frozenset(
    {"MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"}
)


def activities(plan: Located) -> Iterator[Located]:
    """Give what a CarePlan of FHIR R4 is made of, in the form that requests have."""
    if code_of(plan.resource, "status") in {"entered-in-error", "revoked"}:
        return
    for at, activity in enumerate(elements(plan.resource, "activity")):
        detail = element(activity, "detail")
        if detail:
            product = element(detail, "productCodeableConcept")
            made = {
                **detail, "resourceType": "CarePlan",
                "medicationCodeableConcept": product, "authoredOn": "",
            }  # fmt: skip
            yield Located(made, f"{plan.path}.activity[{at}].detail")


def medication_findings(located: Located, record: Record) -> Iterator[Finding]:
    """Give the cancer drugs of a medication's resource."""
    resource = located.resource
    status = _status(resource)
    if status is None or not _may_be_for_cancer(resource, record):
        return
    on = day(
        resource, "effectiveDateTime", "effectivePeriod", "occurrenceDateTime", "occurencePeriod",
        "authoredOn", "whenHandedOver", "dateAsserted",
    )  # fmt: skip
    yield from drug_findings(_drug(located, record), status=status, on=on)


def procedure_findings(
    located: Located, record: Record, cancers: frozenset[str]
) -> Iterator[Finding]:
    """Give a procedure, a radiotherapy or a kind of systemic treatment for these cancers."""
    resource, path = located.resource, located.path
    status = _status(resource)
    if status is None:
        return
    done = treatments_of(codings(element(resource, "code"), f"{path}.code"))
    if not done and "radiotherapy" in profiles(resource):
        done = [(cancer_treatments()["radiation"], Coding("", "", "", f"{path}.code"))]
    if not done or not _may_be_for_cancer(resource, record):
        return
    on = day(
        resource, "performedDateTime", "performedPeriod", "occurrenceDateTime",
        "occurrencePeriod", "authoredOn",
    )  # fmt: skip
    for treatment, coding in done:
        if _is_for(treatment, cancers):
            yield treatment_finding(treatment, coding, status=status, on=on)


def _is_for(treatment: CancerTreatment, cancers: frozenset[str]) -> bool:
    return (
        not treatment.organs
        or not cancers
        or any(are_one(organ, cancer) for organ in treatment.organs for cancer in cancers)
    )


def _status(resource: Element) -> TreatmentStatus | None:
    """Return how far a treatment has come; None for what was entered in error or forbidden."""
    said = code_of(resource, "status")
    if said == "entered-in-error" or resource.get("doNotPerform") is True:
        return None
    if code_of(element(resource, "adherence"), "code") in _NOT_TAKEN:
        return _S.CANCELLED
    kind = text(resource, "resourceType")
    status = _STATUSES.get(said, _S.RECEIVED)
    if status is _S.CURRENT and (
        code_of(resource, "intent") in _PROPOSED or kind == "ServiceRequest"
    ):
        return _S.PLANNED
    return status


def _drug(located: Located, record: Record) -> list[Coding]:
    """Return the codings of a medication, in R4's form and R5's, referred to or contained."""
    resource, path = located.resource, located.path
    found = codings(
        element(resource, "medicationCodeableConcept"), f"{path}.medicationCodeableConcept"
    )
    newer = element(resource, "medication")
    found += codings(element(newer, "concept"), f"{path}.medication.concept")
    for reference in (element(resource, "medicationReference"), element(newer, "reference")):
        found += _referred_drug(reference, located, record)
    return found


def _referred_drug(reference: Element, located: Located, record: Record) -> Iterable[Coding]:
    name = text(reference, "reference")
    if not name:
        return
    for at, inner in enumerate(elements(located.resource, "contained")):
        if name == f"#{text(inner, 'id')}":
            yield from codings(element(inner, "code"), f"{located.path}.contained[{at}].code")
            return
    medication = record.referred(name)
    if medication is not None:
        yield from codings(element(medication.resource, "code"), f"{medication.path}.code")
    elif text(reference, "display"):
        yield Coding(
            "", "", text(reference, "display"), f"{located.path}.medicationReference.display"
        )


def _may_be_for_cancer(resource: Element, record: Record) -> bool:
    """Tell whether a treatment is for a cancer, as far as its reasons say: without, it may be."""
    reasons = listed_codings(resource, "reasonCode", "")
    for each in elements(resource, "reasonReference"):
        condition = record.referred(text(each, "reference"))
        if condition is not None:
            reasons += codings(element(condition.resource, "code"), "")
    if not reasons:
        return True
    return any(each.cancer or each.site or each.histology for each in diagnoses_of(reasons))
