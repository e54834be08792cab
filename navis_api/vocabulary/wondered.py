"""What a question asks to be cancer or not: the polyp of "are polyps cancer?"."""

import re
from typing import NamedTuple

from navis_api.kit.text import american, fold

POINTING = frozenset({"it", "that", "this", "they", "these", "those"})
"""Words for what was named before."""
_NOBODY = frozenset({"he", "she", "i", "we", "you", "there", "what", "which", "who", "my", "his"})
_ASKS = re.compile(
    r"(?:^|[.?!;:,]\s+|\b(?:and|but|so|know|tell me|ask|wonder(?:ing)?) (?:if |whether )?)"
    r"(?:is|are|isn't|aren't) (?:an? |the )?(?P<thing>(?!an? |the )[a-z0-9][\w'/ -]{0,40}?)"
    r"(?: (?:really|actually|always|usually|considered|even|classed as|counted as))*"
    r" (?:an? |the )?(?:real |proper |true )?(?:(?:kind|type|form|sort) of )?(?:blood )?"
    r"(?:cancer(?:s|ous)?|malignan(?:t|cy)|benign)"
    r"(?: or (?:not|cancer|benign|malignant|cancerous|just \w+))?"
    r"(?=\s*(?:[?.!,]|$))"
)
_FEWEST_LETTERS = 3
_MOST_WORDS = 4


class Wondered(NamedTuple):
    """The thing as it is said, folded and in American spelling, and where the asking begins."""

    thing: str
    start: int


def wondered(text: str) -> Wondered | None:
    """Return what a text asks to be cancer or not, or None; it may only be pointed at."""
    found = _ASKS.search(american(fold(text)))
    if found is None:
        return None
    thing = found["thing"].strip(" -'")
    first = thing.split()[0]
    if first in _NOBODY or (first in POINTING and thing not in POINTING):
        return None
    is_name = len(thing) >= _FEWEST_LETTERS and len(thing.split()) <= _MOST_WORDS
    return Wondered(thing, found.start()) if thing in POINTING or is_name else None
