"""The "why" of a question: what it asks the reason of."""

import re
from dataclasses import dataclass

from navis_api.vocabulary.understanding import (
    ConceptKind,
    SpokenConcept,
    Understanding,
    same_names,
    understand,
)

_WHY = re.compile(r"\bwhy\b(?P<what>[^.?!;]*)")
_DENIED = re.compile(
    r"\b(?:not|no|never|can'?t|cannot|don'?t|doesn'?t|didn'?t|won'?t|isn'?t|aren'?t|unable)\b"
)
# What people say around what they ask.
_NOT_TELLING = frozenset(
    {
        "a", "all", "also", "am", "an", "and", "any", "are", "aren't", "as", "at", "be", "been",
        "being", "brother", "but", "by", "can", "can't", "cancer", "cannot", "could", "dad",
        "daughter", "did", "didn't", "do", "doctor", "doctors", "does", "doesn't", "don't",
        "exactly", "father", "for", "from", "get", "gets", "give", "given", "gives", "giving",
        "got", "had", "has", "have", "having", "he", "he's", "her", "here", "him", "his", "how",
        "husband", "i", "i'm", "i've", "if", "in", "is", "isn't", "it", "it's", "its", "just",
        "may", "me", "might", "mom", "more", "mother", "much", "mum", "must", "my", "need",
        "needed", "needs", "no", "not", "of", "on", "only", "or", "our", "patients", "people",
        "really", "said", "say", "says", "she", "she's", "should", "sister", "so", "some",
        "someone", "son", "still", "tell", "than", "that", "the", "their", "them", "then",
        "there", "these", "they", "they're", "this", "those", "to", "told", "too", "tumor", "us",
        "very", "want", "wants", "was", "wasn't", "we", "we're", "were", "what", "when", "where",
        "which", "who", "whom", "why", "wife", "will", "with", "won't", "would", "you", "your",
    }
)  # fmt: skip
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Why:
    """What a reason is asked for: each of its terms, in the ways that it is written.

    It `is_denied` where it is asked why something isn't so.
    """

    terms: tuple[tuple[str, ...], ...]
    is_denied: bool


def whys_asked(text: str) -> tuple[Why, ...]:
    """Return what a text of plain words asks the reason of.

    Nothing where what causes the cancer or an effect is asked: that is told otherwise.
    """
    found = (_why(asking["what"], text) for asking in _WHY.finditer(text))
    return tuple(why for why in found if why is not None)


def _why(what: str, text: str) -> Why | None:
    understood = understand(f"why {what}")
    kinds = {spoken.concept.kind for spoken in understood.concepts}
    if "causes" in understood.keys or ConceptKind.EFFECT in kinds:
        return None
    terms = _terms(understood, what)
    is_denied = _DENIED.search(what) is not None
    if len(terms) + is_denied < _FEWEST:
        # "Why before?" asks it of what was told.
        terms = list(dict.fromkeys((*terms, *_terms(understand(text), ""))))
    return Why(tuple(terms), is_denied) if len(terms) + is_denied >= _FEWEST else None


def _written(spoken: SpokenConcept) -> tuple[str, ...]:
    said = " ".join(spoken.words)
    return same_names(said) if said in spoken.concept.specific else spoken.concept.written


def _terms(understood: Understanding, what: str) -> list[tuple[str, ...]]:
    spoken = [each for each in understood.concepts if each.concept.key != "definition"]
    concepts = [
        _written(each) for each in spoken if each.concept.kind is not ConceptKind.POPULATION
    ]
    covered = {word for each in spoken for word in each.words}
    others = [
        (word,)
        for word in dict.fromkeys(what.split())
        if word not in covered | _NOT_TELLING and len(word) > _FEWEST
    ]
    return [*concepts, *others]
