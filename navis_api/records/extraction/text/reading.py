"""Findings of a text: what each reader of this package found, judged in its context.

The same fact said five times is one finding, at the place where it is said most surely.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
)
from navis_api.records.extraction.text.context import assertion_of, temporality_of
from navis_api.records.extraction.text.disease_findings import (
    JudgedDisease,
    cancer_by_gleason,
    cancer_by_mass,
    cancer_findings,
    histology_findings,
    secondary_findings,
)
from navis_api.records.extraction.text.diseases import diseases_in
from navis_api.records.extraction.text.marker_mentions import MarkerReading
from navis_api.records.extraction.text.markers import markers_of
from navis_api.records.extraction.text.metastases import metastases_of
from navis_api.records.extraction.text.passages import Passage, SectionKind
from navis_api.records.extraction.text.performance import performance_of
from navis_api.records.extraction.text.placed import UNCERTAIN_CONFIDENCE, placed
from navis_api.records.extraction.text.staging import StageReading, stages_of
from navis_api.records.extraction.text.treatment_findings import treatment_findings
from navis_api.records.extraction.text.treatments import TreatmentMention, treatments_of
from navis_api.vocabulary.tumor_markers import MarkerKind

_STAGE_NAMES: Final = {
    "group": "stage group", "t": "T category", "n": "N category", "m": "M category",
    "extent": "extent of disease", "limited_extensive": "extent of disease",
    "binet": "Binet stage", "rai": "Rai stage", "iss": "ISS stage", "dukes": "Dukes stage",
    "clark": "Clark level", "bclc": "BCLC stage",
    "grade": "histologic grade", "gleason": "Gleason score", "grade_group": "grade group",
}  # fmt: skip
_CATEGORIES: Final = frozenset({"t", "n", "m"})
_GRADES: Final = frozenset({"grade", "gleason", "grade_group"})
_ASSERTION_ORDER: Final = (
    Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.ABSENT, Assertion.FAMILY,
)  # fmt: skip
_SILENT_SECTIONS: Final = frozenset({SectionKind.FAMILY, SectionKind.ALLERGIES, SectionKind.SOCIAL})


def findings_of_text(pages: Sequence[str]) -> list[Finding]:
    """Return the findings of a text, page by page. Quotes are the pages' own letters."""
    passages = [Passage(text, number) for number, text in enumerate(pages, start=1)]
    diseases = [
        JudgedDisease(
            passage,
            mention,
            assertion_of(passage, mention.start, mention.end),
            temporality_of(passage, mention.start),
        )
        for passage in passages
        for mention in diseases_in(passage.text)
    ]
    found = [*cancer_findings(diseases), *histology_findings(diseases)]
    own = _own(found)
    if not own:
        found.extend(cancer_by_gleason(passages))
    if not _own(found) and any(finding.kind is FindingKind.HISTOLOGY for finding in found):
        found.extend(cancer_by_mass(passages))
    own = _own(found)
    for passage in passages:
        found.extend(_stages(passage))
        found.extend(_metastases(passage))
        found.extend(secondary_findings(each for each in diseases if each.passage is passage))
        found.extend(_performance(passage))
    found.extend(_markers(passages))
    found.extend(treatment_findings([m for p in passages for m in _with(p, treatments_of(p, own))]))
    return _in_order(_once(each for each in found if not _is_withdrawn(each, passages)))


def _is_withdrawn(finding: Finding, passages: Sequence[Passage]) -> bool:
    """Tell whether a result is one that a report took back; what was done stays done."""
    if finding.treatment_status is not None:
        return False
    return passages[(finding.page or 1) - 1].is_withdrawn(finding.start or 0)


def _own(found: Iterable[Finding]) -> frozenset[str]:
    return frozenset(
        finding.key
        for finding in found
        if finding.kind is FindingKind.PRIMARY_CANCER and finding.assertion is Assertion.PRESENT
    )


def _stages(passage: Passage) -> Iterator[Finding]:
    for reading in stages_of(passage.text):
        if passage.section_at(reading.start) in _SILENT_SECTIONS:
            continue
        assertion = assertion_of(passage, reading.start, reading.end)
        if assertion is Assertion.FAMILY:
            continue
        if reading.system == "extent" and assertion is not Assertion.PRESENT:
            continue
        kind = _stage_kind(reading)
        finding = placed(
            passage, kind, reading.system, _STAGE_NAMES[reading.system], reading.start, reading.end
        )
        is_open = assertion is Assertion.UNCERTAIN and kind is FindingKind.STAGE_GROUP
        yield replace(
            finding,
            value=reading.value,
            assertion=assertion if is_open else Assertion.PRESENT,
            confidence=UNCERTAIN_CONFIDENCE if is_open else finding.confidence,
        )


def _stage_kind(reading: StageReading) -> FindingKind:
    if reading.system in _CATEGORIES:
        return FindingKind.TNM_CATEGORY
    return FindingKind.TUMOR_MARKER if reading.system in _GRADES else FindingKind.STAGE_GROUP


def _metastases(passage: Passage) -> Iterator[Finding]:
    for mention in metastases_of(passage.text):
        finding = placed(
            passage, FindingKind.METASTATIC_SITE, mention.site.key, mention.site.label,
            mention.start, mention.end,
        )  # fmt: skip
        assertion = assertion_of(passage, mention.start, mention.end)
        yield replace(finding, assertion=assertion)


def _performance(passage: Passage) -> Iterator[Finding]:
    for reading in performance_of(passage.text):
        name = "ECOG performance status" if reading.scale == "ecog" else f"{reading.scale} score"
        finding = placed(
            passage, FindingKind.PERFORMANCE_STATUS, reading.scale, name, reading.start, reading.end
        )
        yield replace(finding, value=reading.value)


def _markers(passages: list[Passage]) -> Iterator[Finding]:
    readings = [(passage, reading) for passage in passages for reading in markers_of(passage)]
    measured = {
        reading.marker.key for _, reading in readings if any(map(str.isdigit, reading.value or ""))
    }
    for passage, reading in readings:
        if reading.marker.kind is MarkerKind.SERUM:
            is_word = not any(map(str.isdigit, reading.value or ""))
            if is_word and reading.marker.key in measured:
                continue
        yield _marker(passage, reading)


def _marker(passage: Passage, reading: MarkerReading) -> Finding:
    is_gene = reading.marker.kind is MarkerKind.GENOMIC
    kind = FindingKind.GENOMIC_VARIANT if is_gene else FindingKind.TUMOR_MARKER
    name = f"{reading.marker.label} {reading.change}" if reading.change else reading.marker.label
    finding = placed(passage, kind, reading.marker.key, name, reading.start, reading.end)
    return replace(finding, value=reading.value or reading.change, unit=reading.unit)


def _with(
    passage: Passage, mentions: Iterable[TreatmentMention]
) -> Iterator[tuple[Passage, TreatmentMention]]:
    return ((passage, mention) for mention in mentions)


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Keep each fact once, where it is surest; what is affirmed outweighs what is left open."""
    best: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        scope = "family" if finding.assertion is Assertion.FAMILY else "patient"
        value = finding.value if finding.assertion is Assertion.PRESENT else None
        is_valued = finding.kind not in {FindingKind.PRIMARY_CANCER, FindingKind.METASTATIC_SITE}
        key = (finding.kind, finding.key, value if is_valued else None, scope)
        known = best.get(key)
        if known is None or _weight(finding) < _weight(known):
            best[key] = finding if known is None else _with_side(finding, known)
        else:
            best[key] = _with_side(known, finding)
    yield from best.values()


def _with_side(kept: Finding, other: Finding) -> Finding:
    if kept.laterality is None and other.assertion is Assertion.PRESENT:
        return replace(kept, laterality=other.laterality)
    return kept


def _weight(finding: Finding) -> tuple[int, float]:
    return (_ASSERTION_ORDER.index(finding.assertion), -finding.confidence)


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    return sorted(
        found, key=lambda finding: (finding.page or 0, finding.start or 0, finding.kind.value)
    )
