"""What a question tells besides what it asks: what is behind the asker, and what isn't so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.generation.extractive.telling import Telling
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import (
    Concept,
    ConceptKind,
    SpokenConcept,
    Understanding,
    phrases,
)
from navis_api.vocabulary.understanding import concepts as thesaurus

# "After surgery" says when, and asks for something else: what to do now, or what comes next.
_BEHIND = re.compile(
    r"\b(?:after|since|following|despite|finished|completed|had|tried|failed|respond\w*(?: to)?"
    r"|resistant to|stopped|through|(?:removed|taken out) (?:by|with|in))"
    r"(?: (?:my|the|a|his|her))?(?: cancer)?$"
)
_DENIED = re.compile(
    r"\b(?:hasn't|hasnt|has not|haven't|have not|hadn't|had not|isn't|is not|not|didn't|did not"
    r"|doesn't|does not|without|never|no)(?: \w+){0,2}$"
)
_INSTEAD = re.compile(
    r"\b(?:without|instead of|other than|besides|alternatives? to|rather than)"
    r"(?: (?:a|an|the|my|having|getting|any|more|doing))*$"
)
_RECOVERING = frozenset({"recover", "recovery"})
_AVOIDED = frozenset({"nutrition", "exercise", "side_effects"})
_HOW_LONG = re.compile(r"\bhow long\b")
_LIVING = re.compile(
    r"\b(?:live|lives|living|alive|surviv\w*|left|die|dying|have i got|do i have)\b"
)
# "After menopause" says how old somebody is, beside whatever else is asked.
_AN_AGE = ("menopause",)
_NOT_YET = {
    "metastasis": Telling("not spread", ("not spread", "has not spread", "noninvasive", "in situ")),
    "recurrence": Telling("not come back", ("not come back", "not recurred", "no recurrence")),
}
_HOW_LONG_IT_TAKES = Telling(
    "how long", ("week", "weeks", "month", "months", "day", "days", "year", "years", "how long")
)


@dataclass(frozen=True, slots=True)
class Turned:
    """The concepts that are asked about, and the circumstances that an answer may pass over.

    `denied` are the keys of states that a question says aren't there; `lasting` questions ask
    how long a treatment or an effect takes.
    """

    concepts: tuple[Concept, ...]
    circumstances: tuple[Telling, ...]
    denied: frozenset[str]
    lasting: bool


def turned(text: str, understood: Understanding) -> Turned:
    """Tell what a question asks from what it only tells, of its plain words."""
    behind = _behind(text, understood)
    treatments = [
        spoken.concept for spoken in behind if spoken.concept.kind is ConceptKind.TREATMENT
    ]
    by_age = [s for s in understood.concepts if s.words == _AN_AGE and len(understood.concepts) > 1]
    denied = _denied_states(text, understood)
    refused = _refused_treatments(text, understood)
    # "Since my diagnosis" says when.
    since = [spoken for spoken in behind if spoken.concept.key == "diagnosis"]
    beside = [*by_age, *denied, *since, *refused]
    beside += _said_of_others(understood)
    spoken_of = [spoken.concept for spoken in understood.concepts if spoken not in beside]
    if refused and thesaurus()["treatment"] not in spoken_of:
        spoken_of.append(thesaurus()["treatment"])
    circumstances = [Telling(concept.label, phrases(concept)) for concept in treatments]
    circumstances += [Telling(_AN_AGE[0], _AN_AGE) for _ in by_age]
    circumstances += [_NOT_YET[spoken.concept.key] for spoken in denied]
    circumstances += [_without(spoken) for spoken in refused]
    lasting = _asks_how_long(text, spoken_of)
    if lasting:
        spoken_of = [concept for concept in spoken_of if concept.key != "prognosis"]
        circumstances.append(_HOW_LONG_IT_TAKES)
    spoken_of = _caused_by_treatment(understood, spoken_of)
    asked_for = _asked_for(spoken_of, treatments)
    denied_keys = frozenset(spoken.concept.key for spoken in denied)
    return Turned(tuple(asked_for), tuple(circumstances), denied_keys, lasting)


def _behind(text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return what was there already: the surgery of "it came back after surgery"."""
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if _BEHIND.search(" ".join(spoken_words[: spoken.first_word]))
    ]


def _denied_states(text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return the states that a question says aren't there: "it hasn't spread"."""
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if spoken.concept.key in _NOT_YET
        and _DENIED.search(" ".join(spoken_words[: spoken.first_word]))
    ]


def _refused_treatments(text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return the treatments that somebody wants to do without: what else there is is asked."""
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if spoken.concept.kind is ConceptKind.TREATMENT
        and _INSTEAD.search(" ".join(spoken_words[: spoken.first_word]))
    ]


def _without(spoken: SpokenConcept) -> Telling:
    name = " ".join(spoken.words)
    return Telling(f"without {name}", (f"without {name}", f"instead of {name}"))


def _said_of_others(understood: Understanding) -> list[SpokenConcept]:
    """Return what means something else beside the other concepts of a question.

    One recovers from surgery, and avoids food.
    """
    kinds = {spoken.concept.kind for spoken in understood.concepts}
    topics = {
        spoken.concept.key
        for spoken in understood.concepts
        if spoken.concept.kind is ConceptKind.TOPIC
    }
    found: list[SpokenConcept] = []
    for spoken in understood.concepts:
        key, said = spoken.concept.key, " ".join(spoken.words)
        of_treatment = key == "prognosis" and said in _RECOVERING
        of_food = key == "prevention" and said == "avoid" and bool(topics & _AVOIDED)
        if (of_treatment and ConceptKind.TREATMENT in kinds) or of_food:
            found.append(spoken)
    return found


def _asks_how_long(text: str, spoken: Sequence[Concept]) -> bool:
    """Whether a question asks how long a treatment or an effect lasts, and not how long one lives.

    "How long" alone is about survival.
    """
    lasts = any(concept.kind in {ConceptKind.TREATMENT, ConceptKind.EFFECT} for concept in spoken)
    return lasts and bool(_HOW_LONG.search(text)) and not _LIVING.search(text)


def _caused_by_treatment(understood: Understanding, spoken: Sequence[Concept]) -> list[Concept]:
    """Return the concepts, with side effects for what a treatment is asked to cause."""
    causes = next((each for each in understood.concepts if each.concept.key == "causes"), None)
    treatments = [
        each.first_word
        for each in understood.concepts
        if each.concept.kind is ConceptKind.TREATMENT
    ]
    does = causes is not None and causes.words[0] in {"cause", "causes", "lead", "leads"}
    if causes is None or not does or not any(at < causes.first_word for at in treatments):
        return list(spoken)
    meant = thesaurus()["side_effects"]
    swapped = [meant if each.key == "causes" else each for each in spoken]
    return list(dict.fromkeys(swapped))


def _asked_for(spoken: list[Concept], behind: list[Concept]) -> list[Concept]:
    """Return the concepts without treatments that are behind the asker.

    Who asks for nothing else wants to know what comes next.
    """
    left = [concept for concept in spoken if concept not in behind]
    if behind and any(concept.key == "screening" for concept in left):
        # Looking for what isn't known is for others: they have check-ups.
        left = [each for each in left if each.key != "screening"]
        left.append(thesaurus()["follow_up"])
    asks = {ConceptKind.TOPIC, ConceptKind.STATE, ConceptKind.EFFECT, ConceptKind.TREATMENT}
    if behind and not any(concept.kind in asks and concept.key != "definition" for concept in left):
        left.append(thesaurus()["follow_up"])
    return left
