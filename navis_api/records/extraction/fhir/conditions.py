"""Diagnoses in FHIR: conditions, reasons of requests, and the family's history."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.codes.coded_findings import diagnosis_findings
from navis_api.records.extraction.codes.diagnoses import side_of
from navis_api.records.extraction.codes.stagings import staged
from navis_api.records.extraction.fhir.elements import (
    Element,
    code_of,
    codings,
    day,
    element,
    elements,
    extensions,
    listed_codings,
)
from navis_api.records.extraction.fhir.loading import Located
from navis_api.records.extraction.findings import Assertion, Finding, FindingKind, Temporality

_ASSERTIONS: Final = {
    "refuted": Assertion.ABSENT,
    "provisional": Assertion.UNCERTAIN,
    "differential": Assertion.UNCERTAIN,
    "unconfirmed": Assertion.UNCERTAIN,
}
_PAST: Final = frozenset({"inactive", "remission", "resolved"})


def condition_findings(located: Located) -> Iterator[Finding]:
    """Give what a Condition says: cancer, metastasis, histology, stage, side."""
    condition, path = located.resource, located.path
    verified = code_of(condition, "verificationStatus")
    if verified == "entered-in-error":
        return
    past = code_of(condition, "clinicalStatus") in _PAST or any(
        condition.get(name) for name in ("abatementDateTime", "abatementPeriod")
    )
    side = _side(condition, path)
    found = diagnosis_findings(
        codings(element(condition, "code"), f"{path}.code"),
        on=day(condition, "onsetDateTime", "onsetPeriod", "recordedDate"),
        assertion=_ASSERTIONS.get(verified, Assertion.PRESENT),
        temporality=Temporality.HISTORICAL if past else Temporality.CURRENT,
    )
    is_cancer = False
    for finding in found:
        is_cancer = is_cancer or finding.assertion is Assertion.PRESENT
        is_own = finding.kind is FindingKind.PRIMARY_CANCER and finding.laterality is None
        yield replace(finding, laterality=side) if is_own else finding
    yield from _morphology(condition, path)
    yield from _stages(condition, path)


def reason_findings(located: Located) -> Iterator[Finding]:
    """Give the diagnoses that a request was made for."""
    if code_of(located.resource, "status") in {"entered-in-error", "revoked"}:
        return
    yield from diagnosis_findings(
        listed_codings(located.resource, "reasonCode", located.path),
        on=day(located.resource, "authoredOn"),
        assertion=Assertion.PRESENT,
        temporality=Temporality.CURRENT,
    )


def conclusion_findings(located: Located) -> Iterator[Finding]:
    """Give the diagnoses that a report concludes with."""
    if code_of(located.resource, "status") in {"entered-in-error", "cancelled", "registered"}:
        return
    yield from diagnosis_findings(
        listed_codings(located.resource, "conclusionCode", located.path),
        on=day(located.resource, "effectiveDateTime", "effectivePeriod", "issued"),
        assertion=Assertion.PRESENT,
        temporality=Temporality.CURRENT,
    )


def family_findings(located: Located) -> Iterator[Finding]:
    """Give the cancers of a relative."""
    if code_of(located.resource, "status") in {"entered-in-error", "health-unknown"}:
        return
    for at, condition in enumerate(elements(located.resource, "condition")):
        path = f"{located.path}.condition[{at}].code"
        for finding in diagnosis_findings(
            codings(element(condition, "code"), path),
            on=None,
            assertion=Assertion.FAMILY,
            temporality=Temporality.CURRENT,
        ):
            if finding.kind is FindingKind.PRIMARY_CANCER:
                yield replace(finding, assertion=Assertion.FAMILY)


def _morphology(condition: Element, path: str) -> Iterator[Finding]:
    """Give mCODE's histology extension (histology-morphology-behavior)."""
    for at, each in enumerate(extensions(condition, "histology-morphology-behavior")):
        found = codings(
            element(each, "valueCodeableConcept"), f"{path}.extension[{at}].valueCodeableConcept"
        )
        for finding in diagnosis_findings(
            found, on=None, assertion=Assertion.PRESENT, temporality=Temporality.CURRENT
        ):
            if finding.kind is FindingKind.HISTOLOGY:
                yield finding


def _stages(condition: Element, path: str) -> Iterator[Finding]:
    for at, stage in enumerate(elements(condition, "stage")):
        asked = codings(element(stage, "type"), f"{path}.stage[{at}].type")
        yield from staged(codings(element(stage, "summary"), f"{path}.stage[{at}].summary"), asked)


def _side(condition: Element, path: str) -> str | None:
    """Return the side of the organ: in its name, or in mCODE's qualifier beside it."""
    sites = listed_codings(condition, "bodySite", path)
    for site in (condition, *elements(condition, "bodySite")):
        for each in extensions(site, "laterality-qualifier"):
            sites += codings(element(each, "valueCodeableConcept"), path)
    return side_of(sites)
