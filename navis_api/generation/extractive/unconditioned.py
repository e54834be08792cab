"""Drugs that are listed without their condition, where a question is on one: a gene's result.

"Targeted therapies include cetuximab" reads, to who has a change in KRAS, as a drug for them. It
is one for cancers without that change. A list that says with which result is quoted; others aren't.
"""

import re
from collections.abc import Sequence

from navis_api.generation.extractive.markers import AskedMarker
from navis_api.vocabulary.markers import markers_in

_TARGETED = re.compile(
    r"\b(?:targeted (?:therap(?:y|ies)|drugs?)|(?:kinase|checkpoint|PARP|EGFR) inhibitors?"
    r"|monoclonal antibod(?:y|ies))\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r":$|\([^)]*,[^)]*\)")
_SAYS_WITH_WHICH = re.compile(r"\b(?:gene|genes|mutations?|change|changes|defect)\b", re.IGNORECASE)


def lists_drugs_for_any_result(text: str, asked: Sequence[AskedMarker]) -> bool:
    """Whether a statement lists targeted drugs, and doesn't say for which result of a gene."""
    if not any(not marker.is_in_blood for marker in asked):
        return False
    is_list = _TARGETED.search(text) and _LISTED.search(text.strip())
    return bool(is_list) and not markers_in(text) and not _SAYS_WITH_WHICH.search(text)
