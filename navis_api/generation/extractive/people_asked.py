"""Whom a question is about: ages, relatives, who is pregnant, parents who tell their children."""

import re
from collections.abc import Sequence

from navis_api.generation.extractive.telling import Telling
from navis_api.vocabulary.understanding import Concept, ConceptKind
from navis_api.vocabulary.understanding import concepts as thesaurus

ONLY_CHILDRENS = frozenset(
    {
        "hepatoblastoma",
        "wilms-tumor",
        "neuroblastoma",
        "retinoblastoma",
        "medulloblastoma",
        "diffuse-intrinsic-pontine-glioma",
        "childhood-acute-lymphoblastic-leukemia",
        "childhood-acute-myeloid-leukemia",
    }
)
"""Cancers that hardly any adult has: they aren't meant where their parent is asked about."""
CHILDRENS_CANCERS = ONLY_CHILDRENS | {
    "rhabdomyosarcoma",
    "ewing-sarcoma",
    "osteosarcoma",
    "craniopharyngioma",
    "ependymoma",
    "langerhans-cell-histiocytosis",
}
"""Cancers on which most documents are about children, whoever asks."""
_RELATIVES = (
    r"mother|mom|mum|father|dad|sister|brother|aunt|uncle|grand\w+|family|relatives?|parents?"
)
# Somebody of the family had it, and what it means for oneself is asked.
_RELATIVE_HAD_IT = re.compile(
    rf"\b(?:{_RELATIVES}|cousin)s?\b(?: \w+){{0,6}}?"
    r" (?:had|has|have|got|died|diagnosed|with)\b"
)
_FOR_ONESELF = re.compile(
    r"\b(?:my|our) (?:own )?(?:chances?|risks?|odds)\b|\b(?:am|are|should|will|can|do|could|would"
    r"|must|might) (?:i|we|my (?:sisters?|brothers?|kids|children|siblings|sons?|daughters?))\b"
    r"|\bi (?:should|need|must|be|get)\b"
)
# What a child has may run in the family.
_OF_A_SIBLING = re.compile(
    r"\b(?:next|second|another|future|unborn|new) (?:baby|child|pregnancy)\b"
    r"|\bbrothers? (?:and|or) sisters?\b|\bsisters? (?:and|or) brothers?\b"
    r"|\b(?:other|our other|my other) (?:child|children|kids?|sons?|daughters?)\b|\bsiblings?\b"
    r"|\b(?:his|her|their) (?:baby |little |big |twin |older |younger )?"
    r"(?:brothers?|sisters?|twin)\b"
)
_GETS_IT = re.compile(
    r"\b(?:chances?|risks?|odds|likely|get it|have it|also|too|tested|inherit\w*)\b"
)
_ONES_OWN = re.compile(
    r"\bi (?:have|had|was|got|am being|am having|'ve)\b|\bmy (?:cancer|tumou?r)\b"
)
# A person is so old; a value that "is 12" isn't.
_AGE = re.compile(
    r"\b(?P<years>\d{1,3}) (?P<unit>year|month)s? olds?\b"
    rf"|\b(?:(?:{_RELATIVES}|wife|husband|partner|child|son|daughter|boy|girl|friend|man|woman"
    # "He's 81" has lost its ending.
    r"|patient) is|(?:he|she|who)(?: is)?|i'm|at|aged|am) (?P<is>\d{2})\b"
    r"(?! (?:percent|weeks?|months?|days?|%))"
)
_TELLING_AGES = re.compile(r"\b(?:tell|telling|explain|talk)\b[^.?!]*\byears? olds?\b")
# Who has children, or wants them, is no child. The Child-Pugh score is of livers.
_HAS_CHILDREN = re.compile(
    r"\b(?:have|has|had|having|with|got)"
    r" (?:(?:two|three|four|five|\d|small|young|little|grown|adult) )*"
    r"(?:children|kids|daughters|sons)\b"
    r"|\b(?:want|wish|hop|plan|try)(?:s|es|e|ed|ing|ning)? (?:(?:for|to have|more|any|another) )*"
    r"(?:children|kids|a (?:child|baby|family))\b"
    r"|\bchild[- ]pugh\b"
)
_UNBORN = re.compile(r"\b(?:baby|infant|unborn)\b")
_ADULT = 18
_OLD = 70
_RELATIVE = re.compile(rf"\b(?:{_RELATIVES})\b")
IN_THE_FAMILY = Telling(
    "family history",
    ("family history", "increased risk", "high risk", "first degree relative", "family member"),
)
"""What is told of who has relatives with the cancer."""
_OF_THE_ILL = frozenset({"prognosis", "diagnosis", "definition"})


def names_relatives(text: str) -> bool:
    """Whether a question speaks of the family."""
    return _RELATIVE.search(text) is not None


def of_the_healthy(text: str, spoken: Sequence[Concept]) -> list[Concept]:
    """Return the concepts, with what is inherited for the outlook and tests of who is healthy."""
    if _OF_A_SIBLING.search(text) and _GETS_IT.search(text):
        left = [each for each in spoken if each.key not in _OF_THE_ILL]
        return [*dict.fromkeys((*left, thesaurus()["genetics"]))]
    if not _RELATIVE_HAD_IT.search(text) or _ONES_OWN.search(text):
        return list(spoken)
    if not _FOR_ONESELF.search(text):
        return list(spoken)
    left = [each for each in spoken if each.key not in _OF_THE_ILL]
    if any(each.kind is ConceptKind.TOPIC for each in left):
        return [each for each in spoken if each.key != "prognosis"]
    return [*dict.fromkeys((*left, thesaurus()["genetics"], thesaurus()["causes"]))]


def people_by_age(text: str) -> list[Concept]:
    """Return the people that an age tells of: "my 4 year old", "at 84"."""
    found: list[Concept] = []
    for age in _AGE.finditer(text):
        years = int(age["years"] or age["is"] or 0)
        if age["unit"] == "month" or years < _ADULT:
            found.append(thesaurus()["child"])
        elif years >= _OLD:
            found.append(thesaurus()["older_adults"])
    return list(dict.fromkeys(found))


def of_parents(text: str, spoken: Sequence[Concept]) -> list[Concept]:
    """Return the concepts, without the child of somebody who is pregnant or tells theirs of it."""
    child, told = thesaurus()["child"], thesaurus()["telling_children"]
    if _HAS_CHILDREN.search(text):
        spoken = [each for each in spoken if each is not child]
    keys = {concept.key for concept in spoken}
    if child in spoken and _TELLING_AGES.search(text):
        return [*dict.fromkeys(told if each is child else each for each in spoken)]
    if "pregnancy" not in keys:
        return list(spoken)
    left = [concept for concept in spoken if concept is not child or not _UNBORN.search(text)]
    # Who says no more asks what can be done now.
    asks = [each for each in left if each.key != "definition"]
    if {concept.kind for concept in asks} <= {ConceptKind.POPULATION, ConceptKind.FACTOR}:
        left = asks
        left.append(thesaurus()["treatment"])
    return left
