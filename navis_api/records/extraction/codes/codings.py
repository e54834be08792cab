"""Codes as coded records give them, and which terminology each is from."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Terminology(Enum):
    """The terminologies that are read by their codes."""

    ICD10 = auto()
    ICD9 = auto()
    ICDO = auto()
    SNOMED = auto()
    LOINC = auto()
    RXNORM = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Coding:
    """A code with its system (an address or an OID), its display text and where it stands."""

    system: str
    code: str
    display: str
    locator: str

    @property
    def terminology(self) -> Terminology:
        """The terminology that the system names."""
        plain = self.system.lower().removeprefix("urn:oid:")
        found = _OIDS.get(plain)
        if found is not None:
            return found
        return next((known for part, known in _PARTS if part in plain), Terminology.OTHER)


# HL7's registry of object identifiers.
_OIDS: Final = {
    "2.16.840.1.113883.6.96": Terminology.SNOMED,
    "2.16.840.1.113883.6.90": Terminology.ICD10,
    "2.16.840.1.113883.6.3": Terminology.ICD10,
    "2.16.840.1.113883.6.4": Terminology.OTHER,
    "2.16.840.1.113883.6.103": Terminology.ICD9,
    "2.16.840.1.113883.6.104": Terminology.OTHER,
    "2.16.840.1.113883.6.43.1": Terminology.ICDO,
    "2.16.840.1.113883.6.1": Terminology.LOINC,
    "2.16.840.1.113883.6.88": Terminology.RXNORM,
}
_PARTS: Final = (
    ("snomed", Terminology.SNOMED),
    ("icd-o", Terminology.ICDO),
    ("icd-10-pcs", Terminology.OTHER),
    ("icd-10", Terminology.ICD10),
    ("icd-9", Terminology.ICD9),
    ("loinc", Terminology.LOINC),
    ("rxnorm", Terminology.RXNORM),
)
