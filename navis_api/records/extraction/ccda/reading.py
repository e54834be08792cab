"""Findings of a C-CDA document (HL7 C-CDA R2.1) by the codes of its entries.

Entries are told by their shape, since templates are often left out or stated wrongly: an
observation whose value is a code is a diagnosis, one whose own code is a test is a result.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from navis_api.records.extraction.ccda.document import Node, parse
from navis_api.records.extraction.codes.coded_findings import (
    BY_CODE,
    BY_DISPLAY,
    coded,
    diagnosis_findings,
    drug_findings,
    once,
    stage_finding,
    stage_in_words,
    treatment_finding,
    treatment_of,
)
from navis_api.records.extraction.codes.codings import Coding, Terminology
from navis_api.records.extraction.codes.measurements import measured
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.extraction.text.staging import stages_of
from navis_api.vocabulary.cancers import are_one
from navis_api.vocabulary.tumor_markers import MarkerKind, TumorMarker

_S = TreatmentStatus
# LOINC codes of sections.
_FAMILY: Final = "10157-6"
_ALLERGIES: Final = "48765-2"
_PAST: Final = frozenset({"11348-0"})
_PLAN: Final = frozenset({"18776-5", "61146-7", "61149-1"})
_IMMUNIZATIONS: Final = "11369-6"
_SKIPPED: Final = frozenset({_ALLERGIES, _IMMUNIZATIONS, "42348-3", "48768-6"})
_STAGING_CODES: Final = {
    "21908-9": "c", "21902-2": "p", "399537006": "c", "399588009": "p",
    "21905-5": "c", "21899-0": "p", "21906-3": "c", "21900-6": "p", "21907-1": "c",
    "21901-4": "p", "399504009": "c", "384625004": "p", "399534004": "c", "371494008": "p",
    "399387003": "c", "371497001": "p", "21914-7": "",
}  # fmt: skip
_PERFORMANCE: Final = {"89247-1": "ecog", "424122007": "ecog", "89243-0": "karnofsky"}
_STAGING_NAME = re.compile(
    r"\b(?:tnm|ajcc|cancer\s+stag\w+|stage\s+group|[cp]?[TNM]\s+category)\b", re.IGNORECASE
)
_STATUSES: Final = {
    "active": _S.CURRENT, "completed": _S.RECEIVED, "aborted": _S.STOPPED,
    "suspended": _S.STOPPED, "cancelled": _S.CANCELLED, "new": _S.PLANNED, "held": _S.STOPPED,
}  # fmt: skip
_INTENDED: Final = frozenset({"INT", "RQO", "PRMS", "PRP", "ARQ", "APT"})
_RESOLVED: Final = frozenset({"413322009", "73425007", "723506003", "inactive", "resolved"})


def findings_of_ccda(content: bytes) -> list[Finding]:
    """Return the findings of a document. Raises ExtractionFailed when it can't be parsed."""
    root = parse(content)
    named = {node.get("ID"): node for node in root.walk() if node.get("ID")}
    sections = [node for node in root.walk() if node.name == "section"]
    found: list[Finding] = []
    for section in sections:
        found.extend(_diagnoses_and_results(section, named))
    cancers = frozenset(
        finding.key
        for finding in found
        if finding.kind is FindingKind.PRIMARY_CANCER and finding.assertion is Assertion.PRESENT
    )
    if cancers:
        for section in sections:
            found.extend(_treatments(section, named, cancers))
    return once(found)


def _code_of_section(section: Node) -> str:
    code = section.first("code")
    return code.get("code") if code is not None else ""


def _entries(section: Node, *names: str) -> Iterator[Node]:
    for entry in section.all("entry"):
        yield from (node for node in entry.walk() if node.name in names)


def _diagnoses_and_results(section: Node, named: dict[str, Node]) -> Iterator[Finding]:
    code = _code_of_section(section)
    if code in _SKIPPED:
        return
    for observation in _entries(section, "observation"):
        if observation.get("moodCode") in _INTENDED:
            continue
        tests = _codings(observation.first("code"), named)
        on = _day(observation)
        for finding in _observed(observation, tests, named, code):
            yield replace(finding, observed_on=on)


def _observed(
    observation: Node, tests: list[Coding], named: dict[str, Node], section: str
) -> Iterator[Finding]:
    value = observation.first("value")
    if value is None:
        return
    results = _codings(value, named)
    staging = next((test for test in tests if test.code in _STAGING_CODES), None)
    if staging is not None or any(_STAGING_NAME.search(test.display) for test in tests):
        yield from _staged(results, _STAGING_CODES[staging.code] if staging is not None else "")
        return
    scale = next((_PERFORMANCE[test.code] for test in tests if test.code in _PERFORMANCE), None)
    if scale is not None:
        score = re.search(r"\d{1,3}", value.get("value") or value.text or value.get("displayName"))
        if score is not None:
            found = coded(
                FindingKind.PERFORMANCE_STATUS,
                scale,
                f"{scale} status",
                tests[0],
                confidence=BY_CODE,
            )
            yield replace(found, value=score.group())
        return
    test = measured(tests)
    if test is not None:
        yield from _marker(*test, value, results)
        return
    negated = observation.get("negationInd") == "true"
    assertion = Assertion.ABSENT if negated else Assertion.PRESENT
    if section == _FAMILY:
        assertion = Assertion.FAMILY
    is_past = section in _PAST or _is_resolved(observation)
    yield from diagnosis_findings(
        results,
        on=None,
        assertion=assertion,
        temporality=Temporality.HISTORICAL if is_past else Temporality.CURRENT,
    )


def _staged(results: list[Coding], prefix: str) -> Iterator[Finding]:
    for result in results:
        readings = [each for each in stages_of(result.display) if each.system != "extent"]
        yield from (stage_finding(each, result, prefix=prefix) for each in readings)
        if not readings and result.display:
            yield stage_in_words(result)


def _marker(
    marker: TumorMarker, test: Coding, value: Node, results: list[Coding]
) -> Iterator[Finding]:
    said = value.get("value") or next((result.display for result in results if result.display), "")
    if not said or value.get("nullFlavor"):
        return
    is_gene = marker.kind is MarkerKind.GENOMIC
    kind = FindingKind.GENOMIC_VARIANT if is_gene else FindingKind.TUMOR_MARKER
    sure = BY_CODE if test.terminology is Terminology.LOINC else BY_DISPLAY
    found = coded(kind, marker.key, marker.label, test, confidence=sure)
    yield replace(found, value=said, unit=value.get("unit") or None)


def _is_resolved(observation: Node) -> bool:
    high = observation.first("effectiveTime", "high")
    if high is not None and high.get("value"):
        return True
    for related in observation.all("entryRelationship"):
        status = related.first("observation", "value")
        if status is not None and (
            status.get("code") in _RESOLVED or status.get("displayName").lower() in _RESOLVED
        ):
            return True
    return False


def _treatments(
    section: Node, named: dict[str, Node], cancers: frozenset[str]
) -> Iterator[Finding]:
    code = _code_of_section(section)
    if code in _SKIPPED or code == _FAMILY:
        return
    for given in _entries(section, "substanceAdministration"):
        drug = given.first("consumable", "manufacturedProduct", "manufacturedMaterial", "code")
        status = _status(given, code)
        if drug is not None:
            yield from drug_findings(_codings(drug, named), status=status, on=_day(given))
    for done in _entries(section, "procedure", "act"):
        found = treatment_of(_codings(done.first("code"), named))
        if found is None:
            continue
        treatment = found[0]
        if treatment.organs and not any(
            are_one(organ, cancer) for organ in treatment.organs for cancer in cancers
        ):
            continue
        yield treatment_finding(*found, status=_status(done, code), on=_day(done))


def _status(entry: Node, section: str) -> TreatmentStatus:
    if entry.get("negationInd") == "true":
        return _S.CANCELLED
    if section in _PLAN:
        return _S.PLANNED
    said = entry.first("statusCode")
    status = _STATUSES.get(said.get("code") if said is not None else "", _S.RECEIVED)
    # Prescriptions are intents in C-CDA's list of medications, and taken all the same.
    if entry.get("moodCode") in _INTENDED and entry.name != "substanceAdministration":
        return _S.PLANNED
    return status


def _codings(concept: Node | None, named: dict[str, Node]) -> list[Coding]:
    """Return the codings of a coded element and its translations, with text that it refers to."""
    if concept is None:
        return []
    said = _original_text(concept, named)
    found = [
        Coding(node.get("codeSystem"), node.get("code"), node.get("displayName") or said, node.path)
        for node in (concept, *concept.all("translation"))
        if node.get("code") or node.get("displayName")
    ]
    if not found and said:
        found.append(Coding("", "", said, concept.path))
    if not found and concept.words:
        found.append(Coding("", "", concept.text, concept.path))
    return found


def _original_text(concept: Node, named: dict[str, Node]) -> str:
    original = concept.first("originalText")
    if original is None:
        return ""
    reference = original.first("reference")
    referred = named.get(reference.get("value").lstrip("#")) if reference is not None else None
    return referred.text if referred is not None else original.text


_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


def _day(entry: Node) -> date | None:
    time = entry.first("effectiveTime")
    if time is None:
        return None
    low = time.first("low")
    found = _DAY.match(time.get("value") or (low.get("value") if low is not None else ""))
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
