"""What we don't do, however it is asked: follow orders, judge from afar."""

import re

from navis_api.kit.text import fold
from navis_api.questions.safety.from_afar import judged_from_afar, judges_a_value
from navis_api.questions.safety.notices import Refusal
from navis_api.questions.safety.smuggling import smuggled
from navis_api.vocabulary.wondered import wondered

_PICTURE = (
    r"(?:photos?|pictures?|pics?|images?|img\w*|jpe?g|png|x-?rays?|scans?|mri|ct|mammograms?"
    r"|slides?|slices?|moles?|lumps?|spots?)"
)
_VERDICT = (
    r"(?:cancer\w*|melanoma|malignan\w+|tumou?r|benign|spread|birads|serious|yes or no"
    r"|what do you (?:see|think)|what stage)"
)
# Bounded gaps: the time grows with the text and no faster.
_SHOWN = re.compile(
    r"\b(?:look at|see|check|judge|examine|here(?:'s| is| are)|attach\w*|upload\w*|pasted"
    r"|sending)\b[^.?!\n]{0,30}\b(?:this|my|the|a) (?:\w+ ){0,2}"
    rf"{_PICTURE}\b[^\n]{{0,60}}\b{_VERDICT}\b"
    rf"|\b(?:attached|uploaded|pasted)\s?:[^\n]{{0,30}}\b{_PICTURE}[^\n]{{0,60}}\b{_VERDICT}\b"
    r"|(?:^|[.!?,:;] ?|\b(?:can|could|will) you |please )(?:read|grade|judge|rate|interpret|score)"
    rf" (?:my|this|his|her) (?:\w+ )?{_PICTURE}\b[^\n]{{0,60}}\b(?:{_VERDICT}|out of ten|danger)\b"
    r"|\bdiagnose (?:me|my|this|him|her)\b"
    r"|\bdiagnose\W*$"
    r"|\bchance (?:do|would|can) you (?:give|say)\b"
    r"|[\[(](?:photo|image|picture|pic|scan)[\])]"
    r"|\b(?:cancer|melanoma|malignant)\b[?,. ]{1,3}(?:see |my )?(?:photo|image|picture|pic)\b"
    r" (?:below|attached|above|here)"
)

_YES_OR_NO = re.compile(r"\b(?:cancer(?:ous)?|malignant|benign|melanoma),? (?:yes or no|or not)\b")
# What "lymphoma" or "dysplasia" is has an answer, whoever has it.
_DISEASE = re.compile(r"(?:omas?|emias?|osis|plasias?|syndromes?|diseases?|neoplasms?)$")


def refusal(text: str) -> Refusal | None:
    """Return why a text is declined whatever else it says, if it is."""
    if smuggled(text):
        return Refusal.ORDERS
    is_judged = _YES_OR_NO.search(fold(text)) and not _asks_of_a_disease(text)
    if is_judged or _SHOWN.search(fold(text)) or judged_from_afar(text):
        # Who sent a value is not told of photos.
        return Refusal.JUDGE_A_VALUE if judges_a_value(text) else Refusal.JUDGE_FROM_AFAR
    return None


def _asks_of_a_disease(text: str) -> bool:
    """Whether a text asks of a disease by its name whether it is cancer."""
    asked = wondered(text)
    return asked is not None and _DISEASE.search(asked.thing) is not None
