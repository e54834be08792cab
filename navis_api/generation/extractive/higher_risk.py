"""Who is at a higher risk than others: what is advised to those at average risk isn't for them."""

import re

from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted

_INHERITED = re.compile(
    r"\b(?:syndromes?|polyposis|fap|brca\w*|palb2|mutations?|gene (?:fault|change|carrier)"
    r"|carriers?|carry|family history|runs in (?:my|our|the|his|her) family"
    r"|(?:ulcerative )?colitis|crohn'?s|hereditary|inherited|high(?:er)? risk|increased risk)\b"
)
_OF_ONES_OWN = re.compile(r"\b(?:i|we|my|our|he|she|his|her|who)\b")
_WHICH_CANCERS = re.compile(
    r"\b(?:what|which)(?: (?:other|kinds? of|types? of))* cancers?\b"
    r"(?=.*\b(?:risks?|get|likely|prone|cause[sd]?|develop|linked|watch|look)\b)"
)
RAISED = (
    "increased risk", "higher risk", "high risk", "greater risk", "family history",
    "lynch syndrome", "polyposis", "inherited condition", "inherited conditions",
    "hereditary syndrome", "first degree relative", "genetic syndrome", "inherited mutation",
    "harmful variant", "harmful variants", "inherited gene",
)  # fmt: skip
"""How sources write of people whose risk is higher than others'."""
_AVERAGE = wanted(("average risk", "normal risk", "no family history", "not at increased risk"))
_RAISED = wanted(RAISED)


def is_at_higher_risk(text: str) -> bool:
    """Whether a question tells of what makes somebody's own risk higher."""
    return _INHERITED.search(text) is not None and _OF_ONES_OWN.search(text) is not None


def asks_which_cancers(text: str) -> bool:
    """Whether a question asks which cancers somebody may get."""
    return _WHICH_CANCERS.search(text) is not None


def is_for_average_risk(text: str) -> bool:
    """Whether a statement is for people at average risk, and not for others as well."""
    spoken = readable_now(text)
    return speaks_of(spoken, _AVERAGE) and not speaks_of(spoken, _RAISED)
