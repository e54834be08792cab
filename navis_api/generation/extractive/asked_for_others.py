"""Whose cancer a question is about, where that isn't the asker, and questions put in that voice.

"What treatment will my mother get?" is asked by somebody who doesn't want to ask a doctor for
"my treatment".
"""

import re
from collections.abc import Mapping

_MALE = (
    r"husband|father|dad|daddy|grandfather|grandad|granddad|grandpa|brother|son|uncle|boyfriend"
    r"|nephew|grandson"
)
_FEMALE = (
    r"wife|mother|mom|mum|mummy|grandmother|grandma|gran|granny|nan|sister|daughter|aunt|auntie"
    r"|girlfriend|niece|granddaughter"
)
_ANYBODY = r"partner|child|kid|baby|toddler|friend|cousin|spouse|parent|grandchild"
_SOMEBODY = rf"(?:{_MALE}|{_FEMALE}|{_ANYBODY})"
_HAS_IT = (
    r"(?:has|have|had|have got|was|is|were|are|got|gets|needs|might|may|could|can'?t|cannot|can"
    r"|will|should|does|did|with|stage|started|starts|finished|just|keeps)"
)
_OF_SOMEBODY = re.compile(
    rf"\b(?P<who>{_SOMEBODY})(?:['’]?s\b(?! (?:friend|name)\b)"
    rf"| (?:(?:recently|now|also|who|\(\w+\)) )*{_HAS_IT}\b|,)",
    re.IGNORECASE,
)
_AT_FIRST = re.compile(rf"^(?:my |our )?(?P<who>{_SOMEBODY})\b", re.IGNORECASE)
_YEARS_OLD = re.compile(r"\bmy (?:\w+ )?\d+[- ](?:year|month)s?[- ]old\b", re.IGNORECASE)
_BY_PRONOUN = re.compile(r"\b(?P<who>he|she)(?:['’]s)?\b", re.IGNORECASE)
# "He" may be the doctor.
_OF_CARE = re.compile(
    r"\b(?:doctors?|dr|gp|surgeons?|oncologists?|consultants?|specialists?|nurses?)\b",
    re.IGNORECASE,
)
_ONES_OWN = re.compile(
    r"\bI (?:have|had|was|got|am|get|need|feel|take|started|finished)\b|\bI['’](?:ve|m)\b"
    rf"|\bmy (?!{_SOMEBODY}\b)(?:\w+ ){{0,3}}(?:cancer|tumou?r|lymphoma|leuka?emia|melanoma"
    r"|\w*sarcoma|\w*blastoma|myeloma"
    r"|chemo\w*|treatment|surgery|chances?|risks?|diagnosis|doctor|scan|results?|biopsy)\b"
    r"|\b(?:can|should|could|will|do|am|may|must) I\b(?! (?:do|help|expect|say|tell|ask|support))",
    re.IGNORECASE,
)
_HIM_TOO = frozenset({"he", "she"})
_FORMS: Mapping[str, tuple[str, str]] = {
    "he": ("his", "him"),
    "she": ("her", "her"),
    "they": ("their", "them"),
}
# What whoever asks does themselves, and whose child it is.
_STAYS = re.compile(
    r"\b(?:do|should|can) I (?:call|get|ask|arrange)\b|\bmake me (?:call|come)\b"
    r"|\bso that I can read\b|\bmy child\b|\bI arrange\b|\bask before I\b"
)
_SAID_OF_ONESELF = re.compile(
    r"\b(?:(?P<before>do|am|have|can|could|may|might|must|should|will|would) )?"
    r"I\b(?: (?P<verb>\w+))?",
    re.IGNORECASE,
)
_MODAL = frozenset({"can", "could", "may", "might", "must", "should", "will", "would"})
_THIRD = {"have": "has", "do": "does", "am": "is", "try": "tries"}
_PLACE = "\0{}\0"


def whose(text: str, *, is_childrens: bool = False) -> str:
    """Return the pronoun of whom a question is about: "he", "she", "they"; empty for the asker.

    Of a cancer that `is_childrens` parents ask, unless somebody says it is, or was, their own.
    """
    if _ONES_OWN.search(text):
        return ""
    found = _OF_SOMEBODY.search(text) or _AT_FIRST.search(text)
    if found is not None:
        return _pronoun(found["who"])
    spoken = _BY_PRONOUN.search(text)
    if spoken is not None and not _OF_CARE.search(text):
        return spoken["who"].lower()
    return "they" if is_childrens or _YEARS_OLD.search(text) else ""


def in_their_voice(question: str, pronoun: str) -> str:
    """Return a question of a patient as somebody asks it who is with them."""
    if pronoun not in _FORMS:
        return question
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return _PLACE.format(len(kept) - 1)

    own, them = _FORMS[pronoun]
    said = _STAYS.sub(keep, question)
    said = _SAID_OF_ONESELF.sub(lambda found: _said_of(found, pronoun), said)
    said = re.sub(r"\bmy\b", own, said)
    said = re.sub(r"\bMy\b", own.capitalize(), said)
    said = re.sub(r"\bme\b", them, said)
    for at, each in enumerate(kept):
        said = said.replace(_PLACE.format(at), each)
    return said


def _pronoun(who: str) -> str:
    if re.fullmatch(_MALE, who, re.IGNORECASE):
        return "he"
    return "she" if re.fullmatch(_FEMALE, who, re.IGNORECASE) else "they"


def _said_of(found: re.Match[str], pronoun: str) -> str:
    """Return "do I need" and "I have" as it is said of somebody."""
    before, verb = found["before"], found["verb"]
    if before is None:
        return f"{pronoun} {_verb(verb, pronoun)}" if verb else pronoun
    asks = before if before.lower() in _MODAL else _verb(before, pronoun)
    return f"{asks} {pronoun} {verb}" if verb else f"{asks} {pronoun}"


def _verb(verb: str, pronoun: str) -> str:
    """Return a verb for whom it is said of, its first letter as it was."""
    plain = verb.lower()
    form = plain
    if pronoun not in _HIM_TOO:
        form = "are" if plain == "am" else plain
    elif plain not in _MODAL and not plain.endswith("ed"):
        form = _THIRD.get(plain, f"{plain}s")
    return form.capitalize() if verb[0].isupper() else form
