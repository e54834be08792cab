"""Findings: facts read from a record, in the terms of mCODE, with the words they stand in.

mCODE is HL7's "minimal Common Oncology Data Elements" (STU 4); the kinds below are its profiles.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class FindingKind(StrEnum):
    """What a finding says something about."""

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


class Assertion(StrEnum):
    """Whether the record says that the fact holds for the patient."""

    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    """Denied: "no evidence of metastatic disease"."""
    UNCERTAIN = "UNCERTAIN"
    """Left open: "cannot exclude", "suspicious for"."""
    FAMILY = "FAMILY"
    """Said of a relative."""


class Temporality(StrEnum):
    """Whether the record speaks of now or of earlier."""

    CURRENT = "CURRENT"
    HISTORICAL = "HISTORICAL"


class TreatmentStatus(StrEnum):
    """How far a treatment has come."""

    CURRENT = "CURRENT"
    RECEIVED = "RECEIVED"
    STOPPED = "STOPPED"
    PLANNED = "PLANNED"
    CANCELLED = "CANCELLED"
    DECLINED = "DECLINED"
    CONSIDERED = "CONSIDERED"

    @property
    def is_given(self) -> bool:
        """Whether the patient has had any of it."""
        return self in _GIVEN


class FindingOrigin(StrEnum):
    """Who found it."""

    READER = "READER"
    """Our own reader, by codes and rules."""
    MODEL = "MODEL"
    """A language model proposed it, and its quote was checked."""


_GIVEN = frozenset({TreatmentStatus.CURRENT, TreatmentStatus.RECEIVED, TreatmentStatus.STOPPED})


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact as a record has it.

    `name` is what it is about in plain words and `key` the same for machines: a cancer's key of
    `vocabulary/cancers.json`, a gene's or drug's of the vocabulary. `value` is what is said of it
    ("IIIC", "pT2", "negative", "1.2"), with `unit` as written. `code` and `code_system` are those
    that the record itself gives; nothing is coded here that came without a code.

    In a text `quote` is `page_text[start:end]` of the page `page` (from 1). In coded files
    `locator` is the path of the element, as in "Bundle.entry[3].resource.code.coding[0]", and
    `quote` the text that stands there. `confidence` goes from 0 to 1.
    """

    kind: FindingKind
    name: str
    key: str
    quote: str
    confidence: float
    value: str | None = None
    unit: str | None = None
    code: str | None = None
    code_system: str | None = None
    observed_on: date | None = None
    page: int | None = None
    start: int | None = None
    end: int | None = None
    locator: str | None = None
    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    treatment_status: TreatmentStatus | None = None
    line: str | None = None
    """The line or phase of treatment: "first_line", "adjuvant"."""
    laterality: str | None = None
    """The side: "left", "right", "bilateral"."""
    origin: FindingOrigin = FindingOrigin.READER

    def as_json(self) -> dict[str, Any]:
        """Return the finding for JSON; `from_json` reads it back."""
        told: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        if self.observed_on is not None:
            told["observed_on"] = self.observed_on.isoformat()
        return told

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Finding":
        """Return the finding that `as_json` gave. Raises TypeError, ValueError or KeyError."""
        read = dict(told)
        read["kind"] = FindingKind(read["kind"])
        read["assertion"] = Assertion(read["assertion"])
        read["temporality"] = Temporality(read["temporality"])
        if read.get("treatment_status") is not None:
            read["treatment_status"] = TreatmentStatus(read["treatment_status"])
        if read.get("observed_on") is not None:
            read["observed_on"] = date.fromisoformat(read["observed_on"])
        # Findings that were sealed before there was another one don't say it.
        read["origin"] = FindingOrigin(read.get("origin", FindingOrigin.READER))
        return cls(**read)
