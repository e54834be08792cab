"""Findings of a C-CDA document (HL7 C-CDA R2.1) by the codes of its entries.

Entries are told by their shape, since templates are often left out or stated wrongly: an
observation whose value is a code is a diagnosis, one whose own code is a test is a result.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.ccda.document import Node, parse
from navis_api.records.extraction.ccda.notes import body_findings, code_of, narrative_findings
from navis_api.records.extraction.ccda.values import codings, day, value_of
from navis_api.records.extraction.codes.coded_findings import (
    BY_CODE,
    coded,
    diagnosis_findings,
    drug_findings,
    marker_finding,
    once,
    treatment_finding,
    treatments_of,
)
from navis_api.records.extraction.codes.codings import Coding
from navis_api.records.extraction.codes.diagnoses import side_of
from navis_api.records.extraction.codes.measurements import measured
from navis_api.records.extraction.codes.stagings import staged, staging_prefix
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.extraction.notes import AttachmentReader, no_attachments
from navis_api.vocabulary.cancers import are_one

_S = TreatmentStatus
# LOINC codes of sections.
_FAMILY: Final = "10157-6"
_ALLERGIES: Final = "48765-2"
_PAST: Final = frozenset({"11348-0"})
_PLAN: Final = frozenset({"18776-5", "61146-7", "61149-1"})
_IMMUNIZATIONS: Final = "11369-6"
_SKIPPED: Final = frozenset({_ALLERGIES, _IMMUNIZATIONS, "42348-3", "48768-6"})
_PERFORMANCE: Final = {"89247-1": "ecog", "424122007": "ecog", "89243-0": "karnofsky"}
_STATUSES: Final = {
    "active": _S.CURRENT, "completed": _S.RECEIVED, "aborted": _S.STOPPED,
    "suspended": _S.STOPPED, "cancelled": _S.CANCELLED, "new": _S.PLANNED, "held": _S.STOPPED,
}  # fmt: skip
# What came to no result, or was taken back.
_WITHDRAWN: Final = frozenset({"aborted", "cancelled", "nullified", "held", "obsolete"})
_INTENDED: Final = frozenset({"INT", "RQO", "PRMS", "PRP", "ARQ", "APT"})
_RESOLVED: Final = frozenset({"413322009", "73425007", "723506003", "inactive", "resolved"})


def findings_of_ccda(
    content: bytes, read_attachment: AttachmentReader = no_attachments
) -> list[Finding]:
    """Return the findings of a document. Raises ExtractionFailed when it can't be parsed.

    Sections that have no entries are read as reports are, `read_attachment` reads a body that is
    a file of its own.
    """
    root = parse(content)
    named = {node.get("ID"): node for node in root.walk() if node.get("ID")}
    sections = [node for node in root.walk() if node.name == "section"]
    found = [*narrative_findings(sections), *body_findings(root, read_attachment)]
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


def _entries(section: Node, *names: str) -> Iterator[Node]:
    for entry in section.all("entry"):
        yield from (node for node in entry.walk() if node.name in names)


def _diagnoses_and_results(section: Node, named: dict[str, Node]) -> Iterator[Finding]:
    code = code_of(section)
    if code in _SKIPPED:
        return
    for observation in _entries(section, "observation"):
        if observation.get("moodCode") in _INTENDED or _is_withdrawn(observation):
            continue
        tests = codings(observation.first("code"), named)
        on = day(observation)
        for finding in _observed(observation, tests, named, code):
            yield replace(finding, observed_on=on)


def _observed(
    observation: Node, tests: list[Coding], named: dict[str, Node], section: str
) -> Iterator[Finding]:
    value = observation.first("value")
    results = codings(value, named)
    said, unit = value_of(observation, value, named)
    prefix = staging_prefix(tests)
    if prefix is not None:
        if not results and said is not None and value is not None:
            results = [Coding("", "", said, value.path)]
        yield from staged(results, tests, prefix=prefix)
        return
    scale = next((_PERFORMANCE[test.code] for test in tests if test.code in _PERFORMANCE), None)
    if scale is not None:
        score = re.search(r"\d{1,3}", said or "")
        if score is not None:
            name = f"{scale} status"
            found = coded(FindingKind.PERFORMANCE_STATUS, scale, name, tests[0], confidence=BY_CODE)
            yield replace(found, value=score.group())
        return
    test = measured(tests)
    if test is not None:
        if said is not None:
            yield marker_finding(*test, value=said, unit=unit)
        return
    negated = observation.get("negationInd") == "true"
    assertion = Assertion.ABSENT if negated else Assertion.PRESENT
    if section == _FAMILY:
        assertion = Assertion.FAMILY
    is_past = section in _PAST or _is_resolved(observation)
    side = _side(observation)
    for finding in diagnosis_findings(
        results,
        on=None,
        assertion=assertion,
        temporality=Temporality.HISTORICAL if is_past else Temporality.CURRENT,
    ):
        is_bare = finding.kind is FindingKind.PRIMARY_CANCER and finding.laterality is None
        yield replace(finding, laterality=side) if is_bare else finding


def _side(observation: Node) -> str | None:
    """Return the side of the target site, in its name or in a qualifier of it."""
    return side_of(
        Coding(node.get("codeSystem"), node.get("code"), node.get("displayName"), node.path)
        for site in observation.all("targetSiteCode")
        for node in site.walk()
        if node.name in {"targetSiteCode", "value"}
    )


def _is_withdrawn(entry: Node) -> bool:
    status = entry.first("statusCode")
    return status is not None and status.get("code") in _WITHDRAWN


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
    code = code_of(section)
    if code in _SKIPPED or code == _FAMILY:
        return
    for given in _entries(section, "substanceAdministration"):
        if _is_nullified(given):
            continue
        drug = given.first("consumable", "manufacturedProduct", "manufacturedMaterial", "code")
        status = _status(given, code)
        if drug is not None:
            yield from drug_findings(codings(drug, named), status=status, on=day(given))
    for done in _entries(section, "procedure", "act"):
        if _is_nullified(done):
            continue
        for treatment, coding in treatments_of(codings(done.first("code"), named)):
            if treatment.organs and not any(
                are_one(organ, cancer) for organ in treatment.organs for cancer in cancers
            ):
                continue
            yield treatment_finding(treatment, coding, status=_status(done, code), on=day(done))


def _is_nullified(entry: Node) -> bool:
    status = entry.first("statusCode")
    return status is not None and status.get("code") == "nullified"


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
