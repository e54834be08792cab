"""Words that one topic is known by, and that say something else beside others.

"Sore" is pain, but a sore that won't heal is a sign, and skin that is sore is looked after
as skin is. A lump that was removed is no symptom to be looked into, and who is afraid of sex asks
about sexual health. What helps is told of what is meant.
"""

import re
from collections.abc import Sequence

from navis_api.vocabulary.understanding import (
    Concept,
    ConceptKind,
    Understanding,
    concepts,
)

_NOT_HEALING = re.compile(
    r"\b(?:sores?|ulcers?|wounds?)\b(?: \w+){0,5}? (?:(?:won'?t|doesn'?t|not|never|isn'?t|didn'?t"
    r"|hasn'?t|won t)(?: \w+)? (?:heal\w*|go(?:ing|ne)? away|clear\w*|get\w* better)"
    r"|keeps? (?:bleeding|coming back|opening))\b"
    r"|\bnon[- ]?healing (?:sores?|ulcers?|wounds?)\b"
)
_BY_TREATMENT = re.compile(r"\b(?:chemo\w*|radi\w+|surgery|operation|after|during)\b")
_SKIN = r"(?:skin|hands?|feet|palms?|soles?|fingers?|toes|nails?|scalp|cheeks?)"
_CHANGED = (
    r"(?:red|redness|peel\w*|blister\w*|crack\w*|flak\w*|scal(?:y|ing)|rash\w*|itch\w*|dry|raw"
    r"|burn(?:t|ed|s|ing)?|darker|swollen and red)"
)
_OF_SKIN = re.compile(
    rf"\b{_SKIN}\b[^.?!]{{0,50}}\b{_CHANGED}\b|\b{_CHANGED}\b[^.?!]{{0,30}}\b{_SKIN}\b"
)
_REMOVED = re.compile(
    r"\blumps?\b(?: \w+){0,3} (?:removed|taken out|cut out|excised)\b"
    r"|\b(?:remov(?:ed|ing|al of)|cut out|took out|taken out) (?:\w+ ){0,3}lumps?\b"
    r"|\blumpectomy\b"
)
_LUMP, _SORE = frozenset({"lump", "lumps"}), frozenset({"sore"})
# What somebody feels about what is asked.
_FEELING = frozenset(
    {"afraid", "scared", "frightened", "worried", "worry", "anxious", "fear", "fears", "nervous"}
)
_ALSO_FEELINGS = frozenset({"coping", "definition", "family", "palliative"})
_ASKED_FOR = frozenset({ConceptKind.TOPIC, ConceptKind.EFFECT, ConceptKind.TREATMENT})
_ON_COPING = re.compile(
    r"\b(?:cope|coping|deal(?:ing)? with|calm|talk to someone|support group|counsel\w+"
    r"|(?:my|her|his|the|this) (?:fears?|worry|worries|anxiety))\b"
)


def as_something_else(
    text: str, understood: Understanding, spoken: Sequence[Concept]
) -> list[Concept]:
    """Return the concepts with what is meant for those known by a word that says something else.

    `text` is in plain words.
    """
    found = list(spoken)
    if _OF_SKIN.search(text) and not _has(found, "radiation") and not _has(found, "symptoms"):
        skin = concepts()["skin"]
        by_word = _only(understood, "pain", _SORE)
        is_new = skin not in found
        if is_new and (by_word or not any(each.kind is ConceptKind.EFFECT for each in found)):
            found = _with(found, "pain" if by_word else "", (skin,))
    if _only(understood, "pain", _SORE):
        if _NOT_HEALING.search(text) and not _BY_TREATMENT.search(text):
            found = _with(found, "pain", (concepts()["symptoms"], concepts()["diagnosis"]))
            found = [each for each in found if each.key != "cure"]
        elif any(each.kind is ConceptKind.EFFECT and each.key != "pain" for each in found):
            found = _with(found, "pain", ())
    if _only(understood, "symptoms", _LUMP) and _REMOVED.search(text):
        found = _with(found, "symptoms", ())
    others = {each.key for each in found if each.kind in _ASKED_FOR} - _ALSO_FEELINGS
    if others and _only(understood, "coping", _FEELING) and not _ON_COPING.search(text):
        found = _with(found, "coping", ())
    return found


def _has(found: Sequence[Concept], key: str) -> bool:
    return any(each.key == key for each in found)


def _only(understood: Understanding, key: str, by: frozenset[str]) -> bool:
    """Whether a concept is said, and by no more than one of these words."""
    return any(
        each.concept.key == key and by.issuperset(each.words) for each in understood.concepts
    )


def _with(found: Sequence[Concept], left_out: str, more: Sequence[Concept]) -> list[Concept]:
    left = (each for each in found if each.key != left_out)
    return list(dict.fromkeys((*left, *more)))
