"""Facts in the form in which expected and found ones are compared.

Both sides are brought to the vocabulary's keys, so that "Zometa" and "zoledronic acid", "Stage 3c"
and "IIIC", "carcinoma of the breast" and "breast" are one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from navis_api.kit.text import fold
from navis_api.records.extraction.findings import Finding, FindingKind


class FactKind(StrEnum):
    """What a fact is counted under: the kinds of findings, and two things told beside them."""

    PRIMARY_CANCER = "PRIMARY_CANCER"
    HISTOLOGY = "HISTOLOGY"
    STAGE_GROUP = "STAGE_GROUP"
    TNM_CATEGORY = "TNM_CATEGORY"
    TUMOR_MARKER = "TUMOR_MARKER"
    GENOMIC_VARIANT = "GENOMIC_VARIANT"
    MEDICATION = "MEDICATION"
    PROCEDURE = "PROCEDURE"
    RADIOTHERAPY = "RADIOTHERAPY"
    METASTATIC_SITE = "METASTATIC_SITE"
    PERFORMANCE_STATUS = "PERFORMANCE_STATUS"
    GRADE = "GRADE"
    LATERALITY = "LATERALITY"


@dataclass(frozen=True, slots=True)
class ExpectedFact:
    """A fact that a labelled file holds.

    `keys` are the ways to name it, any of which counts; `value` is compared when it is given.
    `other_values` are readings on other days, which are right too. `given` tells a treatment that
    the patient has had from one that is only planned; None where it isn't said.
    """

    kind: FactKind
    keys: frozenset[str]
    value: str | None = None
    other_values: tuple[str, ...] = ()
    code: str | None = None
    changes: tuple[str, ...] = ()
    given: bool | None = None
    written: str = ""


_GRADES = frozenset({"grade", "gleason", "grade_group"})
_GROUP_KINDS = {kind: FactKind(kind.value) for kind in FindingKind}


def kind_of(finding: Finding) -> FactKind:
    """Return what a finding is counted under."""
    return FactKind.GRADE if finding.key == "grade" else _GROUP_KINDS[finding.kind]


def squeezed(text: str) -> str:
    """Return a text folded, with signs left out, so that only its words and numbers count."""
    return " ".join(re.findall(r"[a-z0-9.+%<>=]+", fold(text)))
