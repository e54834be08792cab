"""Swelling where lymph nodes were removed or treated: people describe it, sources have its name.

A limb that swells after its lymph nodes were taken out has lymphedema, whichever cancer it was.
"""

import re

_LIMB = (
    r"(?:arms?|legs?|hands?|foot|feet|ankles?|thighs?|calf|calves|limbs?|fingers?|toes?|groin"
    r"|scrotum|genitals|breast|armpit|neck|face|chin)"
)
_SWOLLEN = (
    r"(?:swollen|swell|swells|swelled|swelling|puffy|puffed|puffs|bloated|blown|balloon\w*|thicker"
    r"|bigger|heavier|fluid)"
)
_SWELLING = re.compile(
    rf"\b{_LIMB}(?: (?!and\b|but\b|or\b)\w+){{0,4}}? {_SWOLLEN}(?: up)?\b"
    rf"|\b{_SWOLLEN}(?: (?!and\b|but\b)\w+){{0,3}}? {_LIMB}\b"
)
_NODES = r"(?:lymph (?:nodes?|glands?)|nodes?|glands?|lymphadenectomy|axillary clearance)"
_TAKEN = (
    r"(?:remov\w+|taken|took|out|dissect\w+|clear\w+|radiat\w+|irradiat\w+|operat\w+|surgery|biops\w+"
    r"|lymphadenectomy)"
)
_AFTER_TREATMENT = re.compile(
    rf"\b{_NODES}\b[^.?!]*\b{_TAKEN}\b|\b{_TAKEN}\b[^.?!]*\b{_NODES}\b|\blymphadenectomy\b"
    r"|\b(?:after|since|following|from|finished|had)\b[^.?!]*\b(?:radiation|radiotherapy|rads)\b"
)
NAME = "lymphedema"
TOLD_OF = frozenset({"surgery", "radiation", "lymph_nodes", "transplant", "symptoms"})
"""Concepts that then say where the swelling came from, and ask for nothing."""


def swells_after_treatment(text: str) -> bool:
    """Whether a text tells of a limb that swells, and of lymph nodes treated before."""
    return bool(_SWELLING.search(text)) and bool(_AFTER_TREATMENT.search(text))


def by_its_name(sentence: str) -> str:
    """Return a sentence with the swelling called what it is."""
    return _SWELLING.sub(NAME, sentence)
