"""Cancers, histologies and the organs of metastases as findings, each judged in its context."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from navis_api.records.extraction.findings import Assertion, Finding, FindingKind, Temporality
from navis_api.records.extraction.text.context import assertion_of
from navis_api.records.extraction.text.diseases import DiseaseMention, masses_in, side_of
from navis_api.records.extraction.text.passages import Passage
from navis_api.records.extraction.text.placed import (
    IMPLIED_CONFIDENCE,
    UNCERTAIN_CONFIDENCE,
    placed,
)
from navis_api.records.extraction.text.staging import stages_of
from navis_api.vocabulary.cancers import (
    cancers,
    histologies,
    lineage,
    metastatic_sites,
    wider_histologies,
)

_IN = re.compile(r"\bin\b", re.IGNORECASE)
_PLACES: Final = {
    "liver-cancer": "liver", "lung-cancer": "lung", "bone-cancer": "bone", "brain-tumor": "brain",
    "skin-cancer": "skin", "ovarian-cancer": "ovary", "mesothelioma": "pleura",
    "kidney-cancer": "kidney", "pancreatic-cancer": "pancreas",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedDisease:
    """A mention of a disease with what its context makes of it."""

    passage: Passage
    mention: DiseaseMention
    assertion: Assertion
    temporality: Temporality


def cancer_findings(diseases: list[JudgedDisease]) -> Iterator[Finding]:
    """Give the cancers that are named, without those that another one names more closely."""
    stated = {
        disease.mention.histology for disease in diseases if not disease.mention.is_implied
    } - {None}
    affirmed = {
        disease.mention.cancer
        for disease in diseases
        if disease.assertion is Assertion.PRESENT and _is_primary(disease, stated)
    }
    # "Carcinoma in the liver" is none of the liver where the same page calls it a metastasis.
    reached = {each.mention.cancer for each in diseases if each.mention.is_secondary}
    above = {key for cancer in affirmed if cancer for key in lineage(cancer)[1:]}
    for disease in diseases:
        mention = disease.mention
        if mention.cancer is None or not _is_primary(disease, stated):
            continue
        if disease.assertion is Assertion.PRESENT and mention.cancer in above:
            continue
        if mention.cancer in reached and _IN.search(
            disease.passage.text[mention.start : mention.end]
        ):
            continue
        finding = placed(
            disease.passage, FindingKind.PRIMARY_CANCER, mention.cancer,
            cancers()[mention.cancer].label, mention.start, mention.end,
        )  # fmt: skip
        confidence = IMPLIED_CONFIDENCE if mention.is_implied else finding.confidence
        if disease.assertion is Assertion.UNCERTAIN:
            confidence = UNCERTAIN_CONFIDENCE
        side = mention.laterality
        if side is None and disease.assertion is Assertion.PRESENT:
            side = side_of(disease.passage.text, mention.cancer)
        yield replace(
            finding, assertion=disease.assertion, temporality=disease.temporality,
            laterality=side, confidence=confidence,
        )  # fmt: skip


def _is_primary(disease: JudgedDisease, stated: set[str | None]) -> bool:
    """Tell whether a mention names where a cancer began.

    A histology whose organ is named elsewhere doesn't name another one: "urothelial carcinoma" in
    a report on a tumor of the renal pelvis is no cancer of the bladder.
    """
    mention = disease.mention
    if mention.cancer is None or mention.is_secondary:
        return False
    return not (mention.is_implied and mention.histology in stated)


def cancer_by_gleason(passages: list[Passage]) -> Iterator[Finding]:
    """A Gleason score is given to cancers of the prostate alone, so that it names one."""
    for passage in passages:
        for reading in stages_of(passage.text):
            if reading.system == "gleason":
                key = "prostate-cancer"
                label = cancers()[key].label
                finding = placed(
                    passage, FindingKind.PRIMARY_CANCER, key, label, reading.start, reading.end
                )
                yield replace(finding, confidence=IMPLIED_CONFIDENCE)
                return


def cancer_by_mass(passages: list[Passage]) -> Iterator[Finding]:
    """Where tissue shows a cancer and no sentence says whose, the organ with the mass has it."""
    for passage in passages:
        for mention in masses_in(passage.text):
            if assertion_of(passage, mention.start, mention.end) is Assertion.PRESENT:
                key = mention.cancer or ""
                finding = placed(
                    passage, FindingKind.PRIMARY_CANCER, key, cancers()[key].label,
                    mention.start, mention.end,
                )  # fmt: skip
                yield replace(
                    finding, confidence=UNCERTAIN_CONFIDENCE, laterality=mention.laterality
                )
                return


def histology_findings(diseases: list[JudgedDisease]) -> Iterator[Finding]:
    """Give the histologies that are affirmed, the closest of each family."""
    present = [
        disease
        for disease in diseases
        if disease.mention.histology is not None and disease.assertion is Assertion.PRESENT
    ]
    wider = wider_histologies({disease.mention.histology or "" for disease in present})
    for disease in present:
        key = disease.mention.histology or ""
        if key in wider:
            continue
        finding = placed(
            disease.passage, FindingKind.HISTOLOGY, key, histologies()[key].label,
            disease.mention.start, disease.mention.end,
        )  # fmt: skip
        yield replace(finding, value=histologies()[key].label, temporality=disease.temporality)


def secondary_findings(diseases: Iterable[JudgedDisease]) -> Iterator[Finding]:
    """Give the organs in which a metastasis was found: "Liver, biopsy: metastatic carcinoma"."""
    for disease in diseases:
        place = metastatic_sites().get(_PLACES.get(disease.mention.cancer or "", ""))
        if disease.mention.is_secondary and place is not None:
            finding = placed(
                disease.passage, FindingKind.METASTATIC_SITE, place.key, place.label,
                disease.mention.start, disease.mention.end,
            )  # fmt: skip
            yield replace(finding, assertion=disease.assertion)
