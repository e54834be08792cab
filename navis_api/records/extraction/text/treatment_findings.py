"""Treatments as findings: each once, with the furthest that it came."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.findings import Finding, FindingKind, TreatmentStatus
from navis_api.records.extraction.text.passages import Passage
from navis_api.records.extraction.text.placed import placed
from navis_api.records.extraction.text.treatments import TreatmentMention
from navis_api.vocabulary.cancer_treatments import TreatmentKind

_STATUS_ORDER: Final = (
    TreatmentStatus.CURRENT, TreatmentStatus.RECEIVED, TreatmentStatus.STOPPED,
    TreatmentStatus.PLANNED, TreatmentStatus.DECLINED, TreatmentStatus.CANCELLED,
    TreatmentStatus.CONSIDERED,
)  # fmt: skip
GENERAL: Final = frozenset(
    {
        "intravesical",
        "chemotherapy",
        "radiation",
        "hormone_therapy",
        "targeted_therapy",
        "immunotherapy",
    }
)
"""Keys of words that say only of what kind a treatment was."""


def treatment_findings(mentions: list[tuple[Passage, TreatmentMention]]) -> Iterator[Finding]:
    """Give each treatment once. A general word goes where its drugs are named beside it."""
    best: dict[str, tuple[Passage, TreatmentMention]] = {}
    for passage, mention in mentions:
        known = best.get(mention.key)
        if known is None or _rank(mention) < _rank(known[1]):
            best[mention.key] = (passage, mention)
    given = {key for key, (_, mention) in best.items() if mention.status.is_given}
    planned = {
        key for key, (_, mention) in best.items() if mention.status is TreatmentStatus.PLANNED
    }
    for key, (passage, mention) in best.items():
        alike = given if mention.status.is_given else planned
        if key in GENERAL and _is_said_closer(key, alike, best):
            continue
        kind = _treatment_kind(mention)
        label = mention.term.label if mention.term is not None else key
        if mention.treatment is not None:
            label = mention.treatment.label
        finding = placed(passage, kind, key, label, mention.start, mention.end)
        yield replace(finding, treatment_status=mention.status, line=mention.line)


def _rank(mention: TreatmentMention) -> int:
    return _STATUS_ORDER.index(mention.status)


def _is_said_closer(
    key: str, alike: set[str], best: dict[str, tuple[Passage, TreatmentMention]]
) -> bool:
    """Tell whether a general word ("chemotherapy") only repeats what is named beside it."""
    kind = _treatment_kind(best[key][1])
    return any(
        other != key and other not in GENERAL and _treatment_kind(best[other][1]) is kind
        for other in alike
    )


def _treatment_kind(mention: TreatmentMention) -> FindingKind:
    if mention.treatment is None or mention.treatment.kind is TreatmentKind.SYSTEMIC:
        return FindingKind.MEDICATION
    if mention.treatment.kind is TreatmentKind.RADIOTHERAPY:
        return FindingKind.RADIOTHERAPY
    return FindingKind.PROCEDURE
