"""Diagnoses in FHIR: conditions, reasons of requests, and the family's history."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.codes.coded_findings import (
    diagnosis_findings,
    stage_finding,
    stage_in_words,
)
from navis_api.records.extraction.codes.codings import Coding
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
from navis_api.records.extraction.text.staging import stages_of

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
    past = code_of(condition, "clinicalStatus") in _PAST
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


def family_findings(located: Located) -> Iterator[Finding]:
    """Give the cancers of a relative."""
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
        for coding in codings(element(stage, "summary"), f"{path}.stage[{at}].summary"):
            yield from staged(coding)


def staged(coding: Coding, *, prefix: str = "") -> Iterator[Finding]:
    """Give the stages of a coding that is known to tell one."""
    readings = [each for each in stages_of(_plain(coding)) if each.system != "extent"]
    yield from (stage_finding(each, coding, prefix=prefix) for each in readings)
    if not readings and coding.display:
        yield stage_in_words(coding)


def _plain(coding: Coding) -> str:
    return coding.display or f"stage {coding.code}"


def _side(condition: Element, path: str) -> str | None:
    for coding in listed_codings(condition, "bodySite", path):
        for side in ("left", "right", "bilateral"):
            if side in coding.display.lower().split():
                return side
    return None
