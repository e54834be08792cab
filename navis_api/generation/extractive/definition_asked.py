"""Whether a question asks what the cancer itself is, and which of its states it only asks about."""

import re
from collections.abc import Sequence

from navis_api.generation.extractive.telling import wants_definition
from navis_api.vocabulary.understanding import ConceptKind, understand

_ENDS = r"(?= (?:and|but|or|how|what|why)\b| \.|$)"
# Names of cancers stand as "cancer" here.
_NAMED = re.compile(
    rf"\bwhat(?: exactly)?(?: is|'?s| are) (?:an? |the )?cancer(?: exactly| actually| really)?"
    rf"{_ENDS}"
    r"|\bwhat (?:exactly )?(?:does|do) (?:an? |the )?cancer (?:actually |really )?means?\b"
    r"|\b(?:explain|tell me|understand|know)(?: to me)? (?:what (?:an? |the )?cancer is|cancer)"
    rf"{_ENDS}"
    r"|\bwhat (?:kind|sort|type) of (?:cancer|disease|illness|thing) is (?:it|this|that|cancer)\b"
)
_POINTED_AT = re.compile(
    rf"\bwhat(?: exactly)?(?: is|'?s) (?:it|this|that)(?: exactly| actually| really)?{_ENDS}"
    rf"|\bwhat (?:exactly )?does (?:it|this|that)(?: actually| really| all)? mean{_ENDS}"
)
_IN_A_PLACE = re.compile(r"\bcancer (?:of|in|on)(?: (?:the|my|his|her|their))?(?: \w+){1,2}$")
# "Will it spread", "can it come back": asked, where "it has spread" is told.
_WHETHER = re.compile(
    r"\b(?:will|would|can|could|might|may|does|likely|going|chances?|risks?|odds)"
    r"(?: (?!(?:if|after|when|has|have|since|that|treat|treated|treatment|and|but)\b)[\w']+){0,5}?"
    r" (?P<state>spread(?:ing)?|metastasi[sz]e|com(?:e|ing) back|return(?:ing)?"
    r"|recur(?:ring|rence)?|relapse|relapsing)\b"
)


def asks_for_definition(sentences: Sequence[str]) -> bool:
    """Whether the sentences ask what the cancer is, by its name or pointing at it.

    "What is it?" points at the cancer where nothing else was told of before.
    """
    if any(wants_definition(each) or _NAMED.search(each) for each in sentences):
        return True
    text = " . ".join(sentences)
    pointing = _POINTED_AT.search(text)
    return pointing is not None and _is_on_the_cancer_alone(text[: pointing.start()])


def states_asked_about(text: str) -> frozenset[str]:
    """Return the keys of states of which a question asks whether they will come."""
    said = (found["state"] for found in _WHETHER.finditer(text))
    return frozenset(key for phrase in said for key in understand(phrase).keys)


def _is_on_the_cancer_alone(told: str) -> bool:
    parts = [part.strip() for part in told.split(" . ")]
    if not any("cancer" in part.split() for part in parts):
        return False
    understood = understand(" . ".join(_IN_A_PLACE.sub("cancer", part) for part in parts))
    others = (each.concept for each in understood.concepts if each.concept.key != "definition")
    return not understood.remaining_words and all(
        concept.kind is ConceptKind.POPULATION for concept in others
    )
