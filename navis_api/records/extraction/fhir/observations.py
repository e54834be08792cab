"""Observations in FHIR: stages, tumor markers, performance status and metastases."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from navis_api.records.extraction.codes.coded_findings import BY_CODE, BY_DISPLAY, coded
from navis_api.records.extraction.codes.codings import Coding, Terminology
from navis_api.records.extraction.codes.measurements import measured
from navis_api.records.extraction.fhir.conditions import staged
from navis_api.records.extraction.fhir.elements import (
    Element,
    code_of,
    codings,
    day,
    element,
    listed_codings,
    profiles,
    text,
)
from navis_api.records.extraction.fhir.genomics import VARIANT_CODES, variant_findings
from navis_api.records.extraction.fhir.loading import Located
from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.extraction.text.metastases import metastases_of
from navis_api.vocabulary.tumor_markers import MarkerKind

_NOT_RESULTS: Final = frozenset({"entered-in-error", "cancelled", "registered"})
# LOINC and SNOMED CT codes of mCODE STU 4's TNM profiles and their predecessors.
_STAGING: Final = {
    "21908-9": "c", "21902-2": "p", "21914-7": "", "399537006": "c", "399588009": "p",
    "399390009": "",
    "21905-5": "c", "21899-0": "p", "399504009": "c", "384625004": "p", "78873005": "",
    "21906-3": "c", "21900-6": "p", "399534004": "c", "371494008": "p", "277206009": "",
    "21907-1": "c", "21901-4": "p", "399387003": "c", "371497001": "p", "277208005": "",
}  # fmt: skip
_STAGING_PROFILE = re.compile(r"/[\w-]*(?:stage|tnm|staging)[\w-]*")
_STAGING_NAME = re.compile(
    r"\b(?:cancer|tnm|ajcc|figo|neoplasm|tumou?r|melanoma|myeloma|leukemia|lymphoma"
    r"|rhabdomyosarcoma|prostat\w+)\b.*\b(?:stag\w+|level|group|grade)\b"
    r"|\b(?:stag\w+|category|gleason|clark|breslow|binet|rai)\b.*\b(?:cancer|tnm|ajcc|figo"
    r"|neoplasm|tumou?r|melanoma|myeloma|leukemia|lymphoma|prostat\w+)\b"
    r"|\binternational\s+staging\s+system\b|\bbinet\b|\brai\s+stage\b|\bann\s+arbor\b"
    r"|\bgleason\b|\b[cpy]{0,2}[TNM]\s+category\b|\bprimary\s+tumor\.|\bstage\s+group\b",
    re.IGNORECASE,
)
_NOT_STAGING = re.compile(
    (
        r"\b(?:size|status|margin|number|lymph\s+nodes\s+(?:with|examined)|date|treatment|history"
        r"|invasion\b(?!\s+of\s+excised))"
    ),
    re.IGNORECASE,
)
_PERFORMANCE: Final = {
    "89247-1": "ecog", "89262-0": "ecog", "42800-3": "ecog",
    "424122007": "ecog", "423740007": "ecog",
    "89243-0": "karnofsky", "273546003": "karnofsky", "89244-8": "lansky",
}  # fmt: skip
_METASTATIC: Final = frozenset({"44667-4"})
_NONE = re.compile(r"\b(?:none|no|not|negative|absent|unknown)\b", re.IGNORECASE)


def observation_findings(located: Located) -> Iterator[Finding]:
    """Give what an Observation says of a cancer; nothing for what has no result."""
    observation, path = located.resource, located.path
    if code_of(observation, "status") in _NOT_RESULTS:
        return
    tests = codings(element(observation, "code"), f"{path}.code")
    codes = {test.code for test in tests}
    claimed = profiles(observation)
    if codes & VARIANT_CODES or "/variant" in claimed or "genomic-variant" in claimed:
        yield from variant_findings(located)
        return
    on = day(observation, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    for finding in _read(observation, path, tests, claimed):
        yield replace(finding, observed_on=on)


def _read(observation: Element, path: str, tests: list[Coding], claimed: str) -> Iterator[Finding]:
    results = codings(element(observation, "valueCodeableConcept"), f"{path}.valueCodeableConcept")
    if text(observation, "valueString"):
        results.append(Coding("", "", text(observation, "valueString"), f"{path}.valueString"))
    staging = next((test for test in tests if test.code in _STAGING), None)
    if staging is not None or _is_staging(tests, claimed):
        prefix = _STAGING[staging.code] if staging is not None else ""
        seen: set[tuple[str, str | None]] = set()
        for result in results:
            for finding in staged(result, prefix=prefix):
                if (finding.key, finding.value) not in seen and not (
                    finding.key == "other" and seen
                ):
                    seen.add((finding.key, finding.value))
                    yield finding
        return
    scale = next((_PERFORMANCE[test.code] for test in tests if test.code in _PERFORMANCE), None)
    if scale is not None or "performance-status" in claimed:
        yield from _performance(observation, path, tests, scale or "ecog", results)
        return
    if any(test.code in _METASTATIC for test in tests):
        yield from _metastases(results)
        return
    yield from _marker(observation, tests, results)


def _is_staging(tests: list[Coding], claimed: str) -> bool:
    if _STAGING_PROFILE.search(claimed):
        return True
    return any(
        _STAGING_NAME.search(test.display) and not _NOT_STAGING.search(test.display)
        for test in tests
    )


def _performance(
    observation: Element, path: str, tests: list[Coding], scale: str, results: list[Coding]
) -> Iterator[Finding]:
    said = _number(observation)
    if said is None:
        scores = [re.search(r"\d{1,3}", result.display) for result in results]
        said = next((score.group() for score in scores if score), None)
    if said is None:
        return
    test = tests[0] if tests else Coding("", "", scale, f"{path}.code")
    name = "ECOG performance status" if scale == "ecog" else f"{scale} score"
    found = coded(FindingKind.PERFORMANCE_STATUS, scale, name, test, confidence=BY_CODE)
    yield replace(found, value=said, quote=test.display or f"{name} {said}")


def _metastases(results: list[Coding]) -> Iterator[Finding]:
    for result in results:
        if _NONE.search(result.display):
            continue
        for mention in metastases_of(f"metastasis to {result.display}"):
            yield coded(
                FindingKind.METASTATIC_SITE, mention.site.key, mention.site.label, result,
                confidence=BY_DISPLAY,
            )  # fmt: skip


def _marker(observation: Element, tests: list[Coding], results: list[Coding]) -> Iterator[Finding]:
    found = measured(tests)
    if found is None:
        return
    marker, test = found
    value, unit = _value(observation, results)
    if value is None:
        value, unit = _interpreted(observation), None
    if value is None:
        return
    is_gene = marker.kind is MarkerKind.GENOMIC
    kind = FindingKind.GENOMIC_VARIANT if is_gene else FindingKind.TUMOR_MARKER
    sure = BY_CODE if test.terminology is Terminology.LOINC else BY_DISPLAY
    finding = coded(kind, marker.key, marker.label, test, confidence=sure)
    yield replace(finding, value=value, unit=unit)


def _value(observation: Element, results: list[Coding]) -> tuple[str | None, str | None]:
    quantity = element(observation, "valueQuantity")
    number: Any = quantity.get("value")
    if isinstance(number, (int, float)) and not isinstance(number, bool):
        sign = text(quantity, "comparator")
        return f"{sign}{number}", text(quantity, "unit") or text(quantity, "code") or None
    plain = _number(observation)
    if plain is not None:
        return plain, None
    low, high = (
        element(element(observation, "valueRange"), end).get("value") for end in ("low", "high")
    )
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return f"{low}-{high}", None
    said = next((result.display for result in results if result.display), None)
    return (re.sub(r"\s*\((?:qualifier value|finding)\)$", "", said) if said else None), None


def _number(observation: Element) -> str | None:
    number: Any = observation.get("valueInteger")
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else None


def _interpreted(observation: Element) -> str | None:
    said = listed_codings(observation, "interpretation", "")
    words = {"POS": "positive", "NEG": "negative", "DET": "detected", "ND": "not detected"}
    for coding in said:
        if coding.code in words:
            return words[coding.code]
    return None
