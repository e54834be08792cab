"""Observations in FHIR: stages, tumor markers, performance status and metastases."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.codes.coded_findings import (
    BY_CODE,
    BY_DISPLAY,
    coded,
    marker_finding,
)
from navis_api.records.extraction.codes.codings import Coding
from navis_api.records.extraction.codes.measurements import measured
from navis_api.records.extraction.codes.stagings import staged, staging_prefix
from navis_api.records.extraction.fhir.elements import (
    Element,
    code_of,
    codings,
    day,
    element,
    elements,
    profiles,
)
from navis_api.records.extraction.fhir.genomics import VARIANT_CODES, variant_findings
from navis_api.records.extraction.fhir.loading import Located
from navis_api.records.extraction.fhir.values import is_said, results_of, value_of
from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.extraction.text.markers import markers_of
from navis_api.records.extraction.text.metastases import metastases_of
from navis_api.records.extraction.text.passages import Passage

_NOT_RESULTS: Final = frozenset({"entered-in-error", "cancelled", "registered"})
_STAGING_PROFILE = re.compile(r"/[\w-]*(?:stage|tnm|staging)[\w-]*")
_PERFORMANCE: Final = {
    "89247-1": "ecog", "89262-0": "ecog", "42800-3": "ecog",
    "424122007": "ecog", "423740007": "ecog",
    "89243-0": "karnofsky", "273546003": "karnofsky", "89244-8": "lansky",
}  # fmt: skip
# A list of genes that were looked at says nothing of what was seen.
_REGIONS: Final = frozenset({"53041-0"})
_METASTATIC: Final = frozenset({"44667-4"})
_NONE = re.compile(r"\b(?:none|no|not|negative|absent|unknown)\b", re.IGNORECASE)


def observation_findings(located: Located) -> Iterator[Finding]:
    """Give what an Observation and its components say of a cancer; nothing without a result."""
    observation, path = located.resource, located.path
    if code_of(observation, "status") in _NOT_RESULTS:
        return
    tests = codings(element(observation, "code"), f"{path}.code")
    claimed = profiles(observation)
    if _is_variant(tests, claimed):
        yield from variant_findings(located)
        return
    if _REGIONS & {test.code for test in tests} or "region-studied" in claimed:
        return
    on = day(observation, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    for finding in _read(observation, path, tests, claimed):
        yield replace(finding, observed_on=on)
    for at, component in enumerate(elements(observation, "component")):
        here = f"{path}.component[{at}]"
        asked = codings(element(component, "code"), f"{here}.code")
        for finding in _read(component, here, asked, ""):
            yield replace(finding, observed_on=on)


def _is_variant(tests: list[Coding], claimed: str) -> bool:
    if VARIANT_CODES & {test.code for test in tests}:
        return True
    return "/variant" in claimed or "genomic-variant" in claimed


def _read(node: Element, path: str, tests: list[Coding], claimed: str) -> Iterator[Finding]:
    """Read an observation, or one component of it, which has the same parts."""
    results = results_of(node, path)
    prefix = staging_prefix(tests)
    if prefix is not None or _STAGING_PROFILE.search(claimed):
        yield from staged(results, tests, prefix=prefix or "")
        return
    scale = next((_PERFORMANCE[test.code] for test in tests if test.code in _PERFORMANCE), None)
    if scale is not None or "performance-status" in claimed:
        yield from _performance(results, path, tests, scale or "ecog")
        return
    if any(test.code in _METASTATIC for test in tests):
        yield from _metastases(results)
        return
    yield from _marker(node, path, tests)


def _performance(
    results: list[Coding], path: str, tests: list[Coding], scale: str
) -> Iterator[Finding]:
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


def _marker(node: Element, path: str, tests: list[Coding]) -> Iterator[Finding]:
    said = is_said(node)
    if said is not None:
        yield from _stated(tests, is_so=said)
        return
    found = measured(tests)
    if found is None:
        return
    value, unit = value_of(node, path)
    if value is None:
        return
    yield marker_finding(*found, value=value, unit=unit)


def _stated(tests: list[Coding], *, is_so: bool) -> Iterator[Finding]:
    """Read a test that is a statement, with yes or no for its result."""
    for test in tests:
        for reading in markers_of(Passage(test.display, 1)):
            turned = {"positive": "negative", "negative": "positive"}
            value = reading.value if is_so else turned.get(reading.value or "")
            if value is not None:
                yield marker_finding(reading.marker, test, value=value, unit=None)
            return
    found = measured(tests)
    if found is not None:
        yield marker_finding(*found, value="positive" if is_so else "negative", unit=None)
