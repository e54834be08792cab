"""A question in the usual words for what it asks, where the learned reader is sure of it.

It is sure only where one kind of question stands out, where the question names just what that
kind asks about, and where every word is one that people ask it in, or one that they use whatever
they ask. So a word that changes what is asked, and that nobody used, keeps the rules' reading.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

import numpy as np

from navis_api.questions.sameness.forms import ANOTHER_QUESTION, DONE_OPENLY
from navis_api.questions.sameness.learned.features import features
from navis_api.questions.sameness.learned.masking import Mask, Masked
from navis_api.questions.sameness.learned.model import (
    UsualQuestion,
    WordingModel,
    usual_questions,
)
from navis_api.questions.sameness.slots import Slot, Slots

SURE = 0.0
"""The least score that counts, …"""
STANDING_OUT = 1.0
"""… and so much more than any other."""
CERTAIN = 3.0
"""From here on the topics that the rules read are no longer asked."""
COMMON = 15
"""Words that were used for so many kinds of questions tell none of them apart, …"""
_TURNING = frozenset(
    {"not", "no", "never", "without", "before", "after", "during", "until", "since", "while"}
    | {"stop", "avoid", "instead", "more", "les", "most", "only", "again", "early", "late", "long"}
    | {"first", "last", "another", "other", "new", "than", "else", "or", "both", "and"}
    | {"don't", "doesn't", "isn't", "can't", "won't", "old", "young", "good", "bad", "wors"}
    | {"better", "fast", "left", "right", "start", "own", "when", "why", "who", "where"}
    | {"should", "often", "soon", "far", "increas", "high", "low", "wrong"}
    | {"home", "hospital", "abroad", "alon", "night", "between", "later", "becaus"}
)
"""… but for these, each of which can turn a question into another."""

_APART = frozenset(
    {"freez", "rest", "slow", "averag", "normal", "general", "many", "session", "day"}
    | {"positiv", "negativ", "respond", "worked", "insuranc", "partial"}
    | {"privat", "yearly", "school", "medicar", "medicaid", "cover"}
)
"""Words of one thing among several, which are never what a usual question means."""

_PERSONS = frozenset(
    {"peopl", "person", "patient", "someon", "somebody", "anyon", "those", "women", "men", "man"}
    | {"woman", "adult", "children", "child"}
)
_ASKED_BESIDES = DONE_OPENLY | {ANOTHER_QUESTION}

_MASK_OF_GAP = {
    "treatment": Mask.CARE,
    "treatment2": Mask.CARE,
    "test": Mask.TEST,
    "effect": Mask.EFFECT,
}


class Trust(Enum):
    """How far the learned reader is believed where the rules read another topic."""

    NOT_AGAINST_RULES = auto()
    AGAINST_TOPICS_IN_PASSING = auto()
    AGAINST_ANY_TOPIC = auto()


@dataclass(frozen=True, slots=True)
class AskedUsually:
    """A usual question, and its text with what this question names in its gaps."""

    question: UsualQuestion
    text: str
    trust: Trust


def asked_usually(masked: Masked, slots: Slots, model: WordingModel) -> AskedUsually | None:
    """Return a question in usual words, or None where it isn't sure what is asked."""
    if len(set(masked.cancers)) > 1 or masked.others or _cancer_does_a_thing(masked):
        return None
    if _supposes(masked.words):
        return None
    if not _ASKED_BESIDES.isdisjoint(slots.of(Slot.WORDING)):
        return None
    scores = model.scores(features(masked, slots))
    second, first = map(int, np.argsort(scores, kind="stable")[-2:])
    if scores[first] < SURE or scores[first] - scores[second] < STANDING_OUT:
        return None
    left_over = slots.of(Slot.WORDING)
    if not all(
        word in slots.idle
        or _names_person(before, word)
        or _is_heard(word, first, model, telling=word in left_over)
        for before, word in pairwise(("", *masked.words))
    ):
        return None
    question = usual_questions()[model.file.kinds[first]]
    text = _filled(question, masked)
    return None if text is None else AskedUsually(question, text, _trust(question, scores[first]))


def _trust(question: UsualQuestion, score: float) -> Trust:
    if question.broad:
        return Trust.NOT_AGAINST_RULES
    return Trust.AGAINST_ANY_TOPIC if score >= CERTAIN else Trust.AGAINST_TOPICS_IN_PASSING


def _cancer_does_a_thing(masked: Masked) -> bool:
    """Whether it is the cancer of which something is asked that people do: that it travels."""
    return masked.cancer_acts and any(mask is Mask.THING for mask, *_ in masked.named)


def _supposes(words: Sequence[str]) -> bool:
    """Whether it is asked of something that hasn't been: "if I had chemo, could I ..."."""
    return any(
        first == "if" and verb == "had" for first, verb in zip(words, words[2:], strict=False)
    )


def _names_person(before: str, word: str) -> bool:
    """Whether a "who" only says of whom: "people who have it"."""
    return word == "who" and before in _PERSONS


def _is_heard(word: str, kind: int, model: WordingModel, *, telling: bool) -> bool:
    if isinstance(word, Mask):
        return True
    if word in _APART:
        return False
    if telling or word in _TURNING:
        return kind in model.heard_in(word, often=True)
    kinds = model.heard_in(word)
    return kind in kinds or len(kinds) >= COMMON


def _filled(question: UsualQuestion, masked: Masked) -> str | None:
    """Return the usual question; None where it has other gaps than the question has names."""
    left = [(mask, written) for mask, written, value in masked.named if value not in question.names]
    gaps = [gap for gap in question.gaps if gap in _MASK_OF_GAP]
    if Counter(mask for mask, _ in left) != Counter(_MASK_OF_GAP[gap] for gap in gaps):
        return None
    fills = {"cancer": masked.cancers[0] if masked.cancers else "the cancer"}
    for gap in gaps:
        at = next(at for at, (mask, _) in enumerate(left) if mask is _MASK_OF_GAP[gap])
        fills[gap] = left.pop(at)[1]
    return question.filled(fills)
