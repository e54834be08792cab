"""Findings made of codings: what FHIR and C-CDA have in common."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final

from navis_api.records.extraction.codes.codings import Coding, Terminology
from navis_api.records.extraction.codes.diagnoses import Diagnosis, diagnoses_of
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.extraction.text.markers import markers_of
from navis_api.records.extraction.text.passages import Passage
from navis_api.records.extraction.text.staging import StageReading, stages_of
from navis_api.vocabulary.cancer_treatments import (
    CancerTreatment,
    TreatmentKind,
    by_snomed,
    cancer_treatments,
    treats_cancer,
)
from navis_api.vocabulary.cancers import wider_histologies
from navis_api.vocabulary.phrasebook import PhraseBook, phrasebook
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.tumor_markers import MarkerKind, TumorMarker

BY_CODE: Final = 1.0
BY_DISPLAY: Final = 0.9
_STAGE_NAMES: Final = {
    "group": "stage group",
    "t": "T category",
    "n": "N category",
    "m": "M category",
}
_GRADES: Final = {
    "gleason": "Gleason score",
    "grade_group": "grade group",
    "grade": "histologic grade",
}
_STAGE_WORD = re.compile(r"\bstag(?:e|ing)\b", re.IGNORECASE)
_CANCER_WORD = re.compile(r"\b(?:cancer|ajcc|tnm|carcinoma|neoplasm|tumou?r)\b", re.IGNORECASE)
_GIVEN_FIRST: Final = (
    TreatmentStatus.CURRENT, TreatmentStatus.RECEIVED, TreatmentStatus.STOPPED,
    TreatmentStatus.PLANNED, TreatmentStatus.DECLINED, TreatmentStatus.CANCELLED,
    TreatmentStatus.CONSIDERED,
)  # fmt: skip


def coded(kind: FindingKind, key: str, name: str, coding: Coding, *, confidence: float) -> Finding:
    """Return a finding that stands on a coding."""
    return Finding(
        kind=kind,
        name=name,
        key=key,
        quote=coding.display or coding.code,
        confidence=confidence,
        code=coding.code or None,
        code_system=coding.system or None,
        locator=coding.locator,
    )


def diagnosis_findings(
    codings: Sequence[Coding], *, on: date | None, assertion: Assertion, temporality: Temporality
) -> Iterator[Finding]:
    """Give what a coded diagnosis says: cancer, histology, metastasis, stage and markers.

    `assertion` and `temporality` are those of the record's entry; what a code says of itself
    ("family history of …") outweighs them.
    """
    diagnoses = diagnoses_of(codings)
    for diagnosis in diagnoses:
        for finding in _of_diagnosis(diagnosis):
            own = finding.assertion
            past = Temporality.HISTORICAL in (temporality, finding.temporality)
            yield replace(
                finding,
                observed_on=on,
                assertion=own if own is not Assertion.PRESENT else assertion,
                temporality=Temporality.HISTORICAL if past else Temporality.CURRENT,
            )
    if assertion is not Assertion.PRESENT:
        return
    for coding in codings:
        yield from (replace(each, observed_on=on) for each in _said_beside(coding, diagnoses))


def _of_diagnosis(diagnosis: Diagnosis) -> Iterator[Finding]:
    sure = BY_CODE if diagnosis.by_code else BY_DISPLAY
    base = (diagnosis.coding, diagnosis.assertion, diagnosis.temporality)
    if diagnosis.cancer is not None:
        cancer = diagnosis.cancer
        found = coded(
            FindingKind.PRIMARY_CANCER, cancer.key, cancer.label, base[0], confidence=sure
        )
        yield replace(
            found, assertion=base[1], temporality=base[2], laterality=diagnosis.laterality
        )
    if diagnosis.site is not None:
        site = diagnosis.site
        found = coded(FindingKind.METASTATIC_SITE, site.key, site.label, base[0], confidence=sure)
        yield replace(found, assertion=base[1], laterality=diagnosis.laterality)
    if diagnosis.histology is not None and diagnosis.assertion is Assertion.PRESENT:
        histology = diagnosis.histology
        found = coded(
            FindingKind.HISTOLOGY, histology.key, histology.label, base[0], confidence=sure
        )
        yield replace(found, value=histology.label, temporality=base[2])


def _said_beside(coding: Coding, diagnoses: Sequence[Diagnosis]) -> Iterator[Finding]:
    """Give the stage and the markers that a diagnosis's display text holds."""
    display = coding.display
    is_cancer = any(diagnosis.cancer or diagnosis.site for diagnosis in diagnoses)
    readings = [each for each in stages_of(display) if each.system not in {"extent", "grade"}]
    if is_cancer or _CANCER_WORD.search(display):
        yield from (stage_finding(each, coding) for each in readings)
        if not readings and _STAGE_WORD.search(display):
            yield stage_in_words(coding)
    if is_cancer or _CANCER_WORD.search(display):
        for reading in markers_of(Passage(display, 1)):
            found = marker_finding(reading.marker, coding, value=reading.value, unit=reading.unit)
            yield replace(found, confidence=BY_DISPLAY)


# A test for mutations that answers with one has found it.
_CHANGE = re.compile(r"[\w.]*:?[cp]\.|[A-Z]\d{1,4}[A-Z*]\b|exon\s*\d", re.IGNORECASE)


def marker_finding(
    marker: TumorMarker, test: Coding, *, value: str | None, unit: str | None
) -> Finding:
    """Return the result of a test for a marker."""
    is_gene = marker.kind is MarkerKind.GENOMIC
    kind = FindingKind.GENOMIC_VARIANT if is_gene else FindingKind.TUMOR_MARKER
    sure = BY_CODE if test.terminology is Terminology.LOINC else BY_DISPLAY
    found = coded(kind, marker.key, marker.label, test, confidence=sure)
    if is_gene and value is not None and _CHANGE.match(value):
        value = f"Present, {value}"
    return replace(found, value=value, unit=unit)


def stage_finding(reading: StageReading, coding: Coding, *, prefix: str = "") -> Finding:
    """Return a stage read from a coding's display.

    `prefix` is "c" or "p" where only the code of the test tells it.
    """
    if reading.system in _GRADES:
        found = coded(
            FindingKind.TUMOR_MARKER,
            reading.system,
            _GRADES[reading.system],
            coding,
            confidence=BY_CODE,
        )
        return replace(found, value=reading.value)
    is_category = reading.system in {"t", "n", "m"}
    kind = FindingKind.TNM_CATEGORY if is_category else FindingKind.STAGE_GROUP
    value = reading.value
    if is_category and prefix and value[0].isupper():
        value = prefix + value
    name = _STAGE_NAMES.get(reading.system, f"{reading.system} stage")
    return replace(coded(kind, reading.system, name, coding, confidence=BY_CODE), value=value)


def stage_in_words(coding: Coding) -> Finding:
    """Return a stage of a system that isn't read here, in the record's own words."""
    found = coded(FindingKind.STAGE_GROUP, "other", "stage", coding, confidence=BY_DISPLAY)
    return replace(found, value=coding.display)


def drug_findings(
    codings: Sequence[Coding], *, status: TreatmentStatus, on: date | None
) -> Iterator[Finding]:
    """Give the cancer drugs and regimens that codings name."""
    seen: set[str] = set()
    for coding in codings:
        for mention in find_terms(coding.display):
            term = mention.term
            if term.kind not in {TermKind.DRUG, TermKind.REGIMEN} or not treats_cancer(term):
                continue
            if term.key in seen:
                continue
            seen.add(term.key)
            sure = BY_CODE if coding.code else BY_DISPLAY
            found = coded(FindingKind.MEDICATION, term.key, term.label, coding, confidence=sure)
            yield replace(found, treatment_status=status, observed_on=on)


_KINDS: Final = {
    TreatmentKind.PROCEDURE: FindingKind.PROCEDURE,
    TreatmentKind.RADIOTHERAPY: FindingKind.RADIOTHERAPY,
    TreatmentKind.SYSTEMIC: FindingKind.MEDICATION,
}
_DIAGNOSTIC = re.compile(
    (
        r"\b(?:biops\w+|screening|imaging|aspiration|assessment|planning|consult\w*|history\s+of"
        r"|education|referral)\b"
    ),
    re.IGNORECASE,
)


def treatments_of(codings: Sequence[Coding]) -> list[tuple[CancerTreatment, Coding]]:
    """Return the treatments that a procedure's codings stand for, with the coding that says so.

    A code stands for one; words may name several: "hysterectomy with salpingo-oophorectomy".
    """
    for coding in codings:
        listed = by_snomed(coding.code)
        if listed is not None:
            return [(listed, coding)]
    for coding in codings:
        named = _book().find(coding.display)
        # "Sentinel lymph node biopsy" has the word in its name; "biopsy of breast" is no treatment.
        rest = coding.display
        for each in reversed(named):
            rest = rest[: each.start] + rest[each.end :]
        if named and not _DIAGNOSTIC.search(rest):
            return [(each, coding) for each in dict.fromkeys(found.meaning for found in named)]
    return []


def treatment_finding(
    treatment: CancerTreatment, coding: Coding, *, status: TreatmentStatus, on: date | None
) -> Finding:
    """Return the finding of a procedure, a radiotherapy or a kind of systemic treatment."""
    found = coded(
        _KINDS[treatment.kind], treatment.key, treatment.label, coding, confidence=BY_CODE
    )
    return replace(found, treatment_status=status, observed_on=on)


def once(found: Iterable[Finding]) -> list[Finding]:
    """Keep each fact once: treatments by their furthest status, the rest by value and assertion.

    Of histologies the closest are kept: "non-small cell" goes where "adenocarcinoma" stands too.
    """
    best: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        is_treatment = finding.treatment_status is not None
        key = (
            finding.kind,
            finding.key,
            None if is_treatment else finding.value,
            None if is_treatment else finding.assertion,
            finding.name if finding.kind is FindingKind.GENOMIC_VARIANT else None,
        )
        known = best.get(key)
        if known is None:
            best[key] = finding
            continue
        kept, other = (finding, known) if _rank(finding) < _rank(known) else (known, finding)
        side = kept.laterality or other.laterality
        best[key] = replace(kept, laterality=side) if side != kept.laterality else kept
    wider = wider_histologies(
        {each.key for each in best.values() if each.kind is FindingKind.HISTOLOGY}
    )
    return [
        each
        for each in best.values()
        if each.kind is not FindingKind.HISTOLOGY or each.key not in wider
    ]


def _rank(finding: Finding) -> tuple[int, float]:
    status = finding.treatment_status
    return (_GIVEN_FIRST.index(status) if status is not None else 0, -finding.confidence)


@cache
def _book() -> PhraseBook[CancerTreatment]:
    return phrasebook(
        (name, treatment) for treatment in cancer_treatments().values() for name in treatment.names
    )
