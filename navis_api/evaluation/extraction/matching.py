"""Which findings are what was expected, which are wrong, and what is missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from navis_api.evaluation.extraction.expected import expected_facts, scored_kinds
from navis_api.evaluation.extraction.facts import ExpectedFact, FactKind, kind_of, squeezed
from navis_api.evaluation.extraction.values import same_value
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    TreatmentStatus,
)
from navis_api.vocabulary.cancer_treatments import TreatmentKind, cancer_treatments
from navis_api.vocabulary.cancers import are_one, histologies
from navis_api.vocabulary.naming import TermKind
from navis_api.vocabulary.terms import terms

_K = FactKind
_TREATMENTS: Final = frozenset({_K.MEDICATION, _K.PROCEDURE, _K.RADIOTHERAPY})
_MARKERS: Final = frozenset({_K.TUMOR_MARKER, _K.GENOMIC_VARIANT})
_CLAIMS_NOTHING: Final = frozenset(
    {TreatmentStatus.CONSIDERED, TreatmentStatus.DECLINED, TreatmentStatus.CANCELLED}
)
# A general word names the same as a closer one: "radiation" and "brachytherapy".
_GENERAL: Final = {
    "axillary_dissection": "lymph_node_dissection",
    "sentinel_node_excision": "lymph_node_dissection",
    "bilateral_mastectomy": "mastectomy",
    "partial_nephrectomy": "nephrectomy",
    "autologous_transplant": "stem_cell_transplant",
    "allogeneic_transplant": "stem_cell_transplant",
    "low_anterior_resection": "colectomy",
    "adt": "hormone_therapy",
    "intraperitoneal": "chemotherapy",
    "intravesical": "chemotherapy",
    "intrathecal": "chemotherapy",
}
_UMBRELLAS: Final = frozenset(
    {
        "chemotherapy",
        "hormone_therapy",
        "immunotherapy",
        "targeted_therapy",
        "resection",
        "radiation",
    }
)
# "Surgical resection" names the operation that another word names by its organ.
_RESECTIONS: Final = frozenset(
    [
        "resection",
        "colectomy",
        "low_anterior_resection",
        "abdominoperineal_resection",
        "gastrectomy",
        "esophagectomy",
        "hepatectomy",
        "nephrectomy",
        "partial_nephrectomy",
        "lobectomy",
        "wedge_resection",
        "segmentectomy",
        "pancreatectomy",
        "whipple",
        "craniotomy",
        "debulking",
        "lumpectomy",
        "limb_sparing",
    ]
)
# Procedures that find out about a cancer: right where they are expected, and nowhere wrong.
_STAGING_PROCEDURES: Final = frozenset({"sentinel_node_biopsy"})
# Of these proteins "intact" is the good news, where of microsatellites it is their absence.
_REPAIR_PROTEINS: Final = frozenset({"mlh1", "msh2", "msh6", "pms2", "atrx"})
_THERE: Final = re.compile(
    r"\b(?:intact|retained|present|preserved|positive|expressed|normal|proficient)\b", re.IGNORECASE
)
# Words of extent are counted where they are expected; what isn't labelled isn't wrong.
_UNSCORED_SYSTEMS: Final = frozenset({"extent"})


@dataclass(frozen=True, slots=True)
class Compared:
    """A case compared: facts found, facts missing, and findings that are wrong."""

    found: tuple[ExpectedFact, ...]
    missing: tuple[ExpectedFact, ...]
    wrong: tuple[tuple[FactKind, str], ...]


def compare(labels: dict[str, object], findings: Sequence[Finding]) -> Compared:
    """Compare the findings of a file with what its labels expect.

    A finding is counted once, and only when the record claims it of the patient: what is denied,
    left open, a relative's, considered, declined or cancelled is no claim, unless it is expected.
    """
    expected, scored = expected_facts(labels), scored_kinds(labels)
    claimed = [finding for finding in findings if finding.assertion is Assertion.PRESENT]
    claimed += _sides(claimed)
    used: set[int] = set()
    found: list[ExpectedFact] = []
    missing: list[ExpectedFact] = []
    for fact in expected:
        hits = [at for at, finding in enumerate(claimed) if at not in used and _is(fact, finding)]
        if hits:
            found.append(fact)
            used.update(_all_of(fact, hits, claimed))
        elif any(_is(fact, claimed[at]) for at in used):
            found.append(fact)
        else:
            missing.append(fact)
    wrong = [
        (kind_of_claim(finding), finding.key)
        for at, finding in enumerate(claimed)
        if at not in used
        and kind_of_claim(finding) in scored
        and not _is_excused(finding, found, expected)
    ]
    return Compared(tuple(found), tuple(missing), tuple(wrong))


def kind_of_claim(finding: Finding) -> FactKind:
    """Return what a finding is counted under, its side among them."""
    is_side = finding.kind is FindingKind.PRIMARY_CANCER and finding.key in {
        "left",
        "right",
        "bilateral",
    }
    return _K.LATERALITY if is_side else kind_of(finding)


def _sides(claimed: list[Finding]) -> list[Finding]:
    sides = dict.fromkeys(
        finding.laterality
        for finding in claimed
        if finding.kind is FindingKind.PRIMARY_CANCER and finding.laterality
    )
    return [Finding(FindingKind.PRIMARY_CANCER, side, side, side, 1.0) for side in sides if side]


def _all_of(fact: ExpectedFact, hits: list[int], claimed: list[Finding]) -> list[int]:
    """Return the findings that say the fact: all that name the same, one of each change."""
    if fact.kind is _K.GENOMIC_VARIANT and fact.changes:
        exact = [at for at in hits if _has_change(fact, claimed[at])]
        return (exact or hits)[:1]
    return hits


def _is(fact: ExpectedFact, finding: Finding) -> bool:
    kind = kind_of_claim(finding)
    if fact.kind in _TREATMENTS:
        return kind in _TREATMENTS and _is_treatment(fact, finding)
    if fact.kind in _MARKERS:
        return kind in _MARKERS and _is_marker(fact, finding)
    if kind is not fact.kind:
        return False
    return _TELLS[fact.kind](fact, finding)


def _is_cancer(fact: ExpectedFact, finding: Finding) -> bool:
    if not fact.keys:
        return squeezed(fact.written) in squeezed(f"{finding.name} {finding.quote}")
    return any(are_one(key, finding.key) for key in fact.keys)


def _is_histology(fact: ExpectedFact, finding: Finding) -> bool:
    if not fact.keys:
        return squeezed(fact.written) in squeezed(f"{finding.name} {finding.quote}")
    known = histologies()
    own = known.get(finding.key)
    return any(
        key == finding.key
        or (own is not None and own.parent == key)
        or (key in known and known[key].parent == finding.key)
        or (key in known and finding.key in known[key].kinds)
        for key in fact.keys
    )


def _is_stage(fact: ExpectedFact, finding: Finding) -> bool:
    if not fact.keys:
        return squeezed(fact.written) in squeezed(f"{finding.value} {finding.quote}")
    return finding.key in fact.keys and squeezed(fact.value or "") == squeezed(finding.value or "")


def _is_category(fact: ExpectedFact, finding: Finding) -> bool:
    """Prefixes must agree where both give one: pT2 is T2, and isn't cT2."""
    if finding.key not in fact.keys or finding.value is None or fact.value is None:
        return False
    (prefix, rest), (other, found) = _split(fact.value), _split(finding.value)
    return rest == found and (not prefix or not other or prefix == other)


def _split(category: str) -> tuple[str, str]:
    bare = category.lstrip("cpyra")
    return category[: len(category) - len(bare)], bare.split("(")[0]


def _is_grade(fact: ExpectedFact, finding: Finding) -> bool:
    other = squeezed(finding.value or "")
    said = (squeezed(value) for value in (fact.value or "", *fact.other_values))
    return any(one in other or other in one for one in said)


def _is_place(fact: ExpectedFact, finding: Finding) -> bool:
    if fact.keys:
        return finding.key in fact.keys
    return squeezed(fact.written) in squeezed(f"{finding.name} {finding.quote}")


def _is_side(fact: ExpectedFact, finding: Finding) -> bool:
    return finding.key in fact.keys


def _is_performance(fact: ExpectedFact, finding: Finding) -> bool:
    return same_value(fact.value or "", finding.value)


_TELLS: Final = {
    _K.PRIMARY_CANCER: _is_cancer,
    _K.HISTOLOGY: _is_histology,
    _K.STAGE_GROUP: _is_stage,
    _K.TNM_CATEGORY: _is_category,
    _K.GRADE: _is_grade,
    _K.METASTATIC_SITE: _is_place,
    _K.LATERALITY: _is_side,
    _K.PERFORMANCE_STATUS: _is_performance,
}


def _is_marker(fact: ExpectedFact, finding: Finding) -> bool:
    if not _names_marker(fact, finding):
        return False
    if fact.changes and finding.kind is FindingKind.GENOMIC_VARIANT:
        return _has_change(fact, finding) or not _changes(finding)
    values = [value for value in (fact.value, *fact.other_values) if value is not None]
    if finding.key in _REPAIR_PROTEINS:
        return not values or any(_is_there(value) == _is_there(finding.value) for value in values)
    return not values or any(same_value(value, finding.value) for value in values)


def _is_there(value: str | None) -> bool:
    return _THERE.search(value or "") is not None


def _names_marker(fact: ExpectedFact, finding: Finding) -> bool:
    if fact.code is not None and fact.code == finding.code and fact.kind is _K.TUMOR_MARKER:
        return True
    return any(_same_marker(key, finding.key) for key in fact.keys)


def _same_marker(one: str, other: str) -> bool:
    """HER2 by one method isn't HER2 by the other; where no method is said, it may be either."""
    if one == other:
        return True
    bases = {_base(one), _base(other)}
    return len(bases) == 1 and bases <= {one, other}


def _base(key: str) -> str:
    return key.removesuffix("_ihc").removesuffix("_fish")


def _has_change(fact: ExpectedFact, finding: Finding) -> bool:
    told = squeezed(f"{finding.name} {finding.value}").replace(" ", "")
    return any(squeezed(change).replace(" ", "") in told for change in fact.changes)


def _changes(finding: Finding) -> bool:
    return any(sign in f"{finding.name} {finding.value}" for sign in ("p.", "c.", "g."))


def _is_treatment(fact: ExpectedFact, finding: Finding) -> bool:
    if fact.given is not None and finding.treatment_status is not None:
        if finding.treatment_status.is_given != fact.given:
            return False
    elif finding.treatment_status in _CLAIMS_NOTHING:
        return False
    if fact.code is not None and fact.code == finding.code:
        return True
    if not fact.keys:
        return squeezed(fact.written) in squeezed(f"{finding.name} {finding.quote}")
    return any(_same_treatment(key, finding.key) for key in fact.keys)


def _same_treatment(one: str, other: str) -> bool:
    if one == other or _general(one) == other or _general(other) == one:
        return True
    if "resection" in {one, other} and _RESECTIONS.issuperset({one, other}):
        return True
    parts, others = _parts(one), _parts(other)
    return other in parts or one in others or (bool(parts) and set(parts) == set(others))


def _general(key: str) -> str:
    known = cancer_treatments().get(key)
    if known is not None and known.kind is TreatmentKind.RADIOTHERAPY:
        return "radiation"
    return _GENERAL.get(key, key)


def _parts(key: str) -> tuple[str, ...]:
    regimen = terms().get((TermKind.REGIMEN, key))
    return regimen.components if regimen is not None else ()


def _is_excused(
    finding: Finding, found: Sequence[ExpectedFact], expected: Sequence[ExpectedFact]
) -> bool:
    """Tell whether a finding that wasn't expected isn't wrong either."""
    kind = kind_of_claim(finding)
    if finding.key in _UNSCORED_SYSTEMS:
        return True
    if kind in _TREATMENTS:
        if finding.treatment_status in _CLAIMS_NOTHING or finding.key in _STAGING_PROCEDURES:
            return True
        # "Chemotherapy" says no more than the drugs that are named beside it.
        return finding.key in _UMBRELLAS and any(fact.kind is kind for fact in found)
    if kind in _MARKERS and any(map(str.isdigit, finding.value or "")):
        # Labels keep a marker's latest number: its other numbers were measured too.
        return any(_names_marker(fact, finding) and _is_measured(fact) for fact in found)
    return kind is _K.LATERALITY and not any(fact.kind is kind for fact in expected)


def _is_measured(fact: ExpectedFact) -> bool:
    return any(map(str.isdigit, fact.value or ""))
