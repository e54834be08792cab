"""What coded answers say where no display text stands beside them, and which answers say nothing.

Codes are those of SNOMED CT's qualifier values, LOINC's answer lists and HL7's interpretations.
"""

import re
from collections.abc import Iterable
from typing import Final

from navis_api.records.extraction.codes.codings import Coding

_SAID: Final = {
    "10828004": "positive", "260385009": "negative", "260373001": "detected",
    "260415000": "not detected", "52101004": "present", "2667000": "absent",
    "42425007": "equivocal", "82334004": "indeterminate",
    "LA6576-8": "positive", "LA6577-6": "negative", "LA9633-4": "present", "LA9634-2": "absent",
    "LA11882-0": "detected", "LA11883-8": "not detected", "LA11885-3": "equivocal",
    "LA14122-8": "stable", "LA26202-4": "MSI-L", "LA26203-2": "MSI-H",
}  # fmt: skip
_INTERPRETED: Final = {
    "POS": "positive", "NEG": "negative", "DET": "detected", "ND": "not detected",
    "IND": "indeterminate", "E": "equivocal",
}  # fmt: skip
_QUALIFIED = re.compile(r"\s*\((?:qualifier value|finding)\)$")
_NO_ANSWER = re.compile(
    r"\s*(?:unknown|pending|see\s.*|(?:test\s+)?not\s+(?:performed|done|applicable|available"
    r"|tested|assessed|reported|evaluated)|n/?a|none\s+given|cancell?ed|in\s+progress"
    r"|specimen\s.*|quantity\s+not\s+sufficient|no\s+result\w*|no\s+call)\s*[.]?\s*",
    re.IGNORECASE,
)


def answer_of(results: Iterable[Coding]) -> str | None:
    """Return what results say, None when they say that there is none."""
    for result in results:
        said = _QUALIFIED.sub("", result.display) or _SAID.get(result.code, "")
        if said and not _NO_ANSWER.fullmatch(said):
            return said
    return None


def interpreted(codings: Iterable[Coding]) -> str | None:
    """Return what an interpretation says of whether something is there; high and low don't."""
    return next((_INTERPRETED[each.code] for each in codings if each.code in _INTERPRETED), None)
