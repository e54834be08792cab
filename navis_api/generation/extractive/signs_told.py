"""What is told as a sign to be looked into: bleeding from where, or when, nobody should bleed.

Sources tell of bleeding as of what few platelets do. Who bleeds after menopause asks what it may
be, and which tests tell.
"""

import re
from collections.abc import Sequence

from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts

_BLEEDS = r"(?:ble(?:e)?d(?:s|ing)?|blood|spotting)"
_WHERE = (
    r"(?:vagina\w*|womb|uterus|cervix|rect(?:um|al)|anus|bottom|back passage|bowels?|nipples?"
    r"|penis|stools?|poo|poop|feces|urine|pee|wee|semen|sputum|phlegm|spit|mole)"
)
_A_SIGN = re.compile(
    rf"\b{_BLEEDS}\b[^.?!]{{0,40}}\b(?:after (?:the )?menopause|postmenopaus\w*"
    r"|between (?:my )?periods"
    rf"|after (?:sex|intercourse)|(?:from|in|on) (?:(?:my|his|her|the|a) )?{_WHERE})\b"
    rf"|\b(?:postmenopausal|vaginal|rectal|nipple|abnormal) {_BLEEDS}\b"
    rf"|\b(?:cough\w*|spit\w*|pass\w*|pee\w*|vomit\w*) (?:up )?(?:some )?blood\b"
)
_BY_TREATMENT = re.compile(
    r"\b(?:platelets?|bruis\w*|blood thinners?|warfarin|after (?:my |the |his |her )?(?:surgery"
    r"|operation|biopsy|radi\w+|chemo\w*|treatment))\b"
)


def as_signs(text: str, spoken: Sequence[Concept]) -> list[Concept]:
    """Return the concepts, with signs and tests for bleeding that is a sign of its own."""
    bleeding = concepts()["bleeding"]
    treated = any(each.kind is ConceptKind.TREATMENT for each in spoken)
    if bleeding not in spoken or treated or not _A_SIGN.search(text) or _BY_TREATMENT.search(text):
        return list(spoken)
    left = [each for each in spoken if each is not bleeding]
    return [*dict.fromkeys((*left, concepts()["symptoms"], concepts()["diagnosis"]))]
