"""The words of a question that tell it from others: an answer has to speak of them, or say so."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from navis_api.generation.extractive.markers import AskedMarker
from navis_api.generation.extractive.matching import speaks_of, wanted
from navis_api.generation.grounding.roots import root
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import (
    ConceptKind,
    SpokenConcept,
    Understanding,
    same_names,
    understand,
)

# Yes-or-no questions, and those for a person, a place, a time or a number, are answered only by
# a text that speaks of each telling word in them.
_EXACT = re.compile(
    r"^(?:\W*(?:and|but|so|please|hi|hello)\W+)*"
    r"(?:is|are|am|was|do|does|did|can|could|will|would|should|shall|may|might|has|have|had"
    r"|which(?! (?:\w+ )?(?:treatments?|drugs?|tests?|options?|therap(?:y|ies)|kinds|types)\b)"
    r"|who|where|when|how (?:much|many|often|far|soon|old)|what (?:time|hospital))\b"
)
# "What is [the cancer]", and nothing about it: names stand as "cancer" when this is looked for.
_DEFINITION = re.compile(
    r"\b(?:what is|what'?s|what are) (?:an? |the )?cancer(?:$| (?:and|in)\b)"
    r"|\bis (?:it|this|that|cancer) (?:really|actually|even|truly|considered)(?: an?)? cancer\b"
)
# "What is a [sentinel node biopsy] in cancer": the thing that is asked about.
_THING = re.compile(
    r"\b(?:what is|what'?s|what are) (?:an? |the )?(?P<thing>(?:(?!(?:in|for|of|with|after|during"
    r"|before|and|or|do|does|can|should|will|is|are|if|when|like)\b)\w+ ?){1,5})"
)
# "What does [Gleason 4+3] mean".
_MEANT = re.compile(
    r"\bwhat (?:does|do|did) (?:an? |the |my |his |her |our )?(?P<thing>(?:\w+ ){1,4}?)means?\b"
)
_WHAT_IT_MEANS = re.compile(
    r"\bwhat (?:does|do|did) (?:it|this|that|these|all that|all this|they) (?:all )?mean\b"
    r"|\bwhat (?:is|does) all (?:that|this)\b|\bmeaning\b"
)
_WHAT_HAPPENS = re.compile(r"what happens (?:in|during|at|with) (?:an? |the )?\w")
# "How does [radiation therapy] work", "what happens during [a CT scan]".
_GOES_ON = re.compile(
    r"\bhow (?:do|does|is|are) (?:an? |the )?(?P<works>(?:\w+ ){1,4}?)"
    r"(?:works?|done|given|performed)\b"
    r"|\bwhat happens (?:in|during|at) (?:an? |the )?(?P<happens>\w+(?: \w+){0,3})$"
)
# Numbers and degrees, without which a text may answer all the same.
_NOT_TELLING = frozenset(
    {
        "low", "high", "strong", "mild", "severe", "small", "big", "large", "safe", "dangerous",
        "benefit", "benefits", "pros", "cons", "advantages", "disadvantages", "worth",
        "positive", "negative", "whole", "part", "parts",
        "difference", "differences", "different", "differ", "between", "versus", "vs", "or",
        "age", "ages", "aged", "old", "meaning",
        "young", "younger", "healthy", "looking", "starting", "crazy", "yr", "yrs", "follow",
        "fewer", "nicely", "perfectly", "offered", "offer", "offers", "instead", "buy",
        "nervous", "spring", "summer", "autumn", "winter", "afterwards",
        "weigh", "real", "urologist", "oncologist",
        "catch", "check", "checked", "worry", "worried",
        "start", "begin", "year", "years", "months", "percent", "left",
        "used", "happens", "needed", "need", "necessary", "still", "often", "early", "late",
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "fifteen", "twenty", "thirty", "forty", "fifty",
    }
)  # fmt: skip
_LETTERED = re.compile(r"\b(?P<what>vitamin|hepatitis) [a-ek]\d{0,2}\b")
# Topics of which a text on the one thing that is named answers: a test, a vaccine.
_LOOKED_FOR_BY_NAME = frozenset({"screening", "diagnosis", "prevention", "palliative"})
SAID_OF_ANYBODY = frozenset({"surgery", "chemotherapy", "radiation therapy", "transplant"})
"""Labels of treatments that so many have had that an answer may be silent on it."""
OF_A_MARKER = frozenset({"treatment", "biomarkers"})
"""Topics that with a marker mean: what can be done, now that it is (or isn't) there."""
_RESULTS = frozenset({"positive", "negative", "mutation", "mutated", "result"})


@dataclass(frozen=True, slots=True)
class Telling:
    """A word of the question that tells it from others, or a factor, and how it is written."""

    label: str
    phrases: tuple[str, ...]

    @property
    def roots(self) -> frozenset[str]:
        """The roots of its words: who removes something has it removed."""
        return frozenset(root(phrase) for phrase in self.phrases if " " not in phrase)

    def is_said(self, readable_text: str) -> bool:
        """Whether a readable text speaks of it, in whatever form of its words."""
        said = speaks_of(readable_text, wanted((self.label, *self.phrases)))
        return said or not self.roots.isdisjoint(map(root, readable_text.split()))


def in_quotes(things: Iterable[Telling]) -> str:
    """Return how an answer names things by the question's own words."""
    return " and ".join(f"“{thing.label}”" for thing in things)


def asks_meaning(focus: str) -> bool:
    """Whether a sentence asks what something is, or means."""
    if "difference" in focus:
        return False
    return any(asks.match(focus) for asks in (_MEANT, _THING, _WHAT_HAPPENS))


def thing_explained(focus: str) -> str:
    """Return the thing that a sentence asks to explain, in its words, or nothing."""
    if not asks_meaning(focus) and not _GOES_ON.search(focus):
        return ""
    asked = _MEANT.search(focus) or _THING.search(focus) or _GOES_ON.search(focus)
    if asked is None:
        return ""
    return next(filter(None, asked.groupdict().values())).strip()


def asks_what_it_means(text: str) -> bool:
    """Whether a text tells something, and asks what that means."""
    return _WHAT_IT_MEANS.search(text) is not None


def focus_of(sentences: list[str]) -> str:
    """Return the sentence that asks: the first that begins like a question, or the last."""
    asking = re.compile(r"^(?:what|how|why|which|who|when|where)\b")
    for sentence in sentences:
        if _EXACT.match(sentence) or asking.match(sentence):
            return sentence
    return sentences[-1] if sentences else ""


def wants_exactly(focus: str) -> bool:
    """Whether only a text that speaks of each telling word answers: "is it", "which"."""
    return bool(_EXACT.match(focus))


def wants_definition(sentence: str) -> bool:
    """Whether a sentence asks what the cancer is, and nothing about it."""
    return bool(_DEFINITION.search(sentence))


def telling_words(
    focus: str, understood: Understanding
) -> tuple[tuple[Telling, ...], tuple[Telling, ...]]:
    """Return what an answer has to speak of, and what it may pass over."""
    plainly = {
        word
        for spoken in understood.concepts
        if _stands_for_itself(spoken)
        for word in spoken.words
    }
    things: dict[str, Telling] = {
        word: Telling(word, same_names(word))
        for word in understood.remaining_words
        if word not in plainly | _NOT_TELLING and len(word) > 1 and not word.isdigit()
    }
    for spoken in understood.concepts:
        if spoken.concept.kind is ConceptKind.FACTOR:
            factor = Telling(spoken.concept.label, spoken.concept.written)
            things[spoken.words[0]] = factor
    things |= _people_asked_about(understood)
    for lettered in _LETTERED.finditer(focus):
        # The letter says which one.
        if lettered["what"] in things:
            things[lettered["what"]] = Telling(lettered[0], (lettered[0],))
    words_in_focus = focus.split()
    exact = bool(_EXACT.match(focus))
    topics = any(
        spoken.concept.kind not in {ConceptKind.POPULATION, ConceptKind.FACTOR}
        # "What is" asks for a definition of what follows, which may be anything.
        and (spoken.concept.key != "definition" or bool(_DEFINITION.search(focus)))
        for spoken in understand(focus).concepts
    )
    asked_what = _thing_asked_about(focus)
    required: list[Telling] = []
    for at, word in enumerate(words_in_focus):
        if word not in things:
            continue
        follows_what = at > 0 and words_in_focus[at - 1] in {"what", "which", "whose"}
        if follows_what or exact or not topics or word in asked_what:
            required.append(things[word])
    required = list(dict.fromkeys(required))
    return tuple(required), tuple(thing for thing in things.values() if thing not in required)


def without_markers(
    required: tuple[Telling, ...], markers: Sequence[AskedMarker], understood: Understanding
) -> tuple[Telling, ...]:
    """Return the telling words without markers, where these are what is asked about.

    Somebody asks for the treatment, or for what a result means.
    """
    kinds = {spoken.concept.kind for spoken in understood.concepts}
    topics = {
        spoken.concept.key
        for spoken in understood.concepts
        if spoken.concept.kind is ConceptKind.TOPIC
    }
    names = {word for marker in markers for name in marker.names for word in words(name)}
    left = tuple(thing for thing in required if thing.label not in names | _RESULTS)
    treatment = "treatment" in topics or ConceptKind.TREATMENT in kinds
    meaning = bool(markers) and not left and "definition" in topics
    of_marker = topics - {"definition"} <= OF_A_MARKER
    if not (treatment or meaning) or not of_marker or ConceptKind.EFFECT in kinds:
        return required
    return left


def _stands_for_itself(spoken: SpokenConcept) -> bool:
    """Whether a specific name is looked for under its concept: "mammogram", "dry mouth"."""
    concept = spoken.concept
    kinds = {ConceptKind.TREATMENT, ConceptKind.EFFECT}
    looked_for = concept.kind in kinds or concept.key in _LOOKED_FOR_BY_NAME
    return looked_for and " ".join(spoken.words) in concept.specific


def _thing_asked_about(focus: str) -> frozenset[str]:
    """Return the words of the thing that a question asks to explain, where that is no topic.

    "What is the average cost" asks about costs; "what is a sentinel node biopsy", what it is.
    """
    asked = _MEANT.search(focus) or _THING.search(focus)
    if asked is None:
        return frozenset()
    thing = asked["thing"].strip()
    topics = {
        spoken.concept.key
        for spoken in understand(thing).concepts
        if spoken.concept.kind is ConceptKind.TOPIC and not _stands_for_itself(spoken)
    }
    return frozenset() if topics else frozenset(thing.split())


def _people_asked_about(understood: Understanding) -> dict[str, Telling]:
    """Return the people of a question that asks for nothing but whether it concerns them."""
    kinds = {spoken.concept.kind for spoken in understood.concepts}
    if kinds != {ConceptKind.POPULATION} or "pregnancy" in understood.keys:
        return {}
    return {
        spoken.words[0]: Telling(spoken.concept.label, spoken.concept.written)
        for spoken in understood.concepts
    }
