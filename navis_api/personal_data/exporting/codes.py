"""Codes as records give them, under the names that FHIR has for their systems."""

import re
from typing import Final

from navis_api.personal_data.exporting.fhir import Json, coding
from navis_api.records.extraction.codes.codings import Coding, Terminology

SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"

# https://hl7.org/fhir/R4/terminologies-systems.html, and of ICD the American modification,
# which is the one that the registered OID means.
_SYSTEMS: Final = {
    Terminology.SNOMED: SNOMED,
    Terminology.LOINC: LOINC,
    Terminology.RXNORM: "http://www.nlm.nih.gov/research/umls/rxnorm",
}
_OID: Final = re.compile(r"(urn:oid:)?([0-2](\.(0|[1-9][0-9]*))+)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f]+")
_CODE: Final = re.compile(r"[^\s\x00-\x1f]+( [^\s\x00-\x1f]+)*")


def coding_of(system: str | None, code: str | None) -> Json | None:
    """Return a coding of what a record gave; None where it is no system and code of FHIR's form.

    Files of strangers name their systems as they like.
    """
    if not system or not code or not _CODE.fullmatch(code):
        return None
    known = _SYSTEMS.get(Coding(system, code, "", "").terminology)
    if known is not None:
        return coding(known, code)
    oid = _OID.fullmatch(system)
    if oid is not None:
        return coding(f"urn:oid:{oid[2]}", code)
    return coding(system, code) if _ADDRESS.fullmatch(system) else None


def terminology_of(system: str | None, code: str | None) -> Terminology | None:
    """Return the terminology that a code is of; None where there is no code."""
    return Coding(system, code, "", "").terminology if system and code else None
