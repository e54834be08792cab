"""Genomic variants in FHIR, as HL7's Genomics Reporting guide (STU 2 and 3) and mCODE give them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.codes.coded_findings import BY_CODE, coded
from navis_api.records.extraction.codes.codings import Coding
from navis_api.records.extraction.fhir.elements import (
    Element,
    codings,
    day,
    element,
    elements,
    text,
)
from navis_api.records.extraction.fhir.loading import Located
from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.vocabulary.terms import TermKind, find_terms

VARIANT_CODES: Final = frozenset({"69548-6", "47998-0", "47999-8"})
_GENE: Final = "48018-6"
_CODING_CHANGE: Final = "48004-6"
_PROTEIN_CHANGE: Final = "48005-3"
_GENOMIC_CHANGE: Final = "81290-9"
_DISCRETE_VARIANT: Final = "81252-9"
_SOURCE_CLASS: Final = "48002-0"
_SIGNIFICANCE: Final = "53037-8"
_RESULTS: Final = {"LA9633-4": "Present", "LA9634-2": "Absent", "LA18198-4": "No call",
                   "LA11884-6": "Indeterminate"}  # fmt: skip
_GENE_IN_CHANGE = re.compile(r"\((?P<gene>[A-Z][A-Z0-9-]{1,12})\)")
_OPEN: Final = frozenset({"No call", "Indeterminate"})


def variant_findings(located: Located) -> Iterator[Finding]:
    """Give the variant of an Observation: genes, change and result.

    `name` holds the genes and changes, `value` the result ("Present", "Absent") with the change,
    its origin ("Somatic", "Germline") and its significance ("Pathogenic", "Benign").
    """
    observation, path = located.resource, located.path
    parts = _parts(observation, path)
    changes = _changes(parts)
    genes = _genes(parts, changes)
    if not genes:
        return
    result = _result(observation)
    if result in _OPEN:
        return
    origin = next((each.display for each in parts.get(_SOURCE_CLASS, ()) if each.display), None)
    weight = next((each.display for each in parts.get(_SIGNIFICANCE, ()) if each.display), None)
    told = ", ".join(filter(None, (result, *changes, origin, weight)))
    shown = parts.get(_GENE, [Coding("", "", changes[0] if changes else "", path)])[0]
    key = "+".join(sorted(gene_key(gene) for gene in genes))
    finding = coded(
        FindingKind.GENOMIC_VARIANT,
        key,
        " ".join(["-".join(genes), *changes]),
        shown,
        confidence=BY_CODE,
    )
    yield replace(
        finding,
        value=told,
        observed_on=day(observation, "effectiveDateTime", "effectivePeriod", "issued"),
    )


def gene_key(symbol: str) -> str:
    """Return the key of a gene's symbol: the vocabulary's where it is listed."""
    named = [
        mention.term.key
        for mention in find_terms(f"{symbol} gene mutation")
        if mention.term.kind is TermKind.GENE
    ]
    return named[0] if named else symbol.lower().replace("-", "_")


def _parts(observation: Element, path: str) -> dict[str, list[Coding]]:
    """Return the components' values by the code of what they tell."""
    found: dict[str, list[Coding]] = {}
    for at, component in enumerate(elements(observation, "component")):
        here = f"{path}.component[{at}]"
        values = codings(element(component, "valueCodeableConcept"), f"{here}.valueCodeableConcept")
        said = text(component, "valueString")
        if said:
            values.append(Coding("", "", said, f"{here}.valueString"))
        if values:
            for test in codings(element(component, "code"), f"{here}.code"):
                found.setdefault(test.code, []).append(values[0])
    return found


def _changes(parts: dict[str, list[Coding]]) -> list[str]:
    told = (_CODING_CHANGE, _PROTEIN_CHANGE, _GENOMIC_CHANGE, _DISCRETE_VARIANT)
    changes = [each.display or each.code for code in told for each in parts.get(code, ())]
    return list(dict.fromkeys(filter(None, changes)))


def _genes(parts: dict[str, list[Coding]], changes: list[str]) -> list[str]:
    named = [each.display or each.code for each in parts.get(_GENE, ())]
    if not named:
        named = [found["gene"] for change in changes if (found := _GENE_IN_CHANGE.search(change))]
    return list(dict.fromkeys(filter(None, named)))


def _result(observation: Element) -> str:
    for each in codings(element(observation, "valueCodeableConcept"), ""):
        if each.code in _RESULTS:
            return _RESULTS[each.code]
        if each.display:
            return each.display
    said = text(observation, "valueString")
    # A variant that is reported is there, unless the result says otherwise.
    return said or "Present"
