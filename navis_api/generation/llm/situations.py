"""For which stage or state of the disease something is said.

"Surgery may be an option" below the heading "Stage I" isn't said of stage IV. A quote leaves its
heading behind, so whoever tells it has to say it, or to tell it where it is said.
"""

import re
from collections.abc import Iterable

from navis_api.vocabulary.stages import StageKind, stages_in

_KINDS = frozenset({StageKind.STAGE, StageKind.EXTENT, StageKind.STATE})
_NUMBERED = re.compile(r"(i{1,3}|iv|0)[a-c]?\d?")
# What the last stage means in words.
_LAST_STAGE = "iv"
_SPREAD = "metastatic"


def situations_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the stages, extents and states that texts name, substages as their stage."""
    found: set[str] = set()
    for text in texts:
        for mention in stages_in(text):
            if mention.kind in _KINDS:
                numbered = _NUMBERED.fullmatch(mention.key)
                found.add(numbered[1] if numbered else mention.key)
    if found & {_LAST_STAGE, _SPREAD}:
        found |= {_LAST_STAGE, _SPREAD}
    return frozenset(found)
