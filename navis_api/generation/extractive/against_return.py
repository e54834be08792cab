"""Who wants to keep the cancer from coming back: it hasn't, and that is what is asked about."""

import re
from collections.abc import Sequence

from navis_api.vocabulary.understanding import Concept, ConceptKind, understand
from navis_api.vocabulary.understanding import concepts as thesaurus

_RETURN = (
    r"(?:com(?:e|es|ing) back|return(?:s|ing)?|recur(?:s|ring|rence)?|relaps(?:e|es|ing)"
    r"|reoccur(?:s|ring|rence)?|get(?:ting)? (?:it|cancer) (?:again|back|a second time))\b"
)
_WHOSE = r"(?: (?:the|my|his|her|their|your|our))?"
_LOWERING = (
    rf"(?:lower|lowers|lowering|reduc\w+|decreas\w+|cut|cuts|cutting|minimi[sz]\w+){_WHOSE}"
    r" (?:risks?|chances?|odds|likelihood)"
)
# What stands between says what, and begins nothing new: "if I stop taking it will it come back".
_WHAT = (
    r"(?: (?!(?:will|would|if|does|do|did|can|could|and|but|when|after|is|was|taking|having"
    r"|worrying|thinking|treatment|chemo|feeling)\b)[\w']+)"
)
_AGAINST = re.compile(
    rf"\b(?:prevent\w*|avoid\w*|{_LOWERING}|(?:protect|guard)\w*(?: \w+)? against){_WHAT}{{0,6}}?"
    rf" {_RETURN}"
    rf"|\b(?:stop|stops|stopping){_WHAT}{{1,6}}? {_RETURN}"
    rf"|\b(?:keep|keeps|keeping){_WHAT}{{1,5}}? from {_RETURN}"
    r"|\b(?:so|so that|make sure|ensure)(?: that)? (?:it|the cancer|cancer|my cancer)"
    rf" (?:doesn'?t|won'?t|does not|will not|never|can'?t) {_RETURN}"
)
_FEARS = re.compile(
    r"\b(?:worr(?:y|ied|ying)|fears?|fearing|afraid|anxi\w+|scared|panic\w*|stress\w*|thinking)\b"
)
_SAID_SO = frozenset({"recurrence", "prevention", "remission", "prognosis", "causes"})
_NARROW = frozenset({ConceptKind.TREATMENT, ConceptKind.EFFECT})


def asks_against_return(text: str) -> bool:
    """Whether a question asks what keeps the cancer from coming back, and not what fear does."""
    return _AGAINST.search(text) is not None and _FEARS.search(text) is None


def against_return(spoken: Sequence[Concept], sentences: Sequence[str]) -> list[Concept]:
    """Return the concepts of such a question: it is about prevention, and not about a return.

    What was done before stands in another of its sentences than what is asked.
    """
    asking = {
        key
        for sentence in sentences
        if _AGAINST.search(sentence)
        for key in understand(sentence).keys
    }
    left = [
        concept
        for concept in spoken
        if concept.key not in _SAID_SO and (concept.kind not in _NARROW or concept.key in asking)
    ]
    others = (each for each in left if each.key not in {"definition", "follow_up"})
    if any(each.kind in _NARROW or each.kind is ConceptKind.TOPIC for each in others):
        return left
    return [*left, thesaurus()["prevention"]]
