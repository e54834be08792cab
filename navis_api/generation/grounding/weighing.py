"""Whether a sentence of a claim stands: what the rules find, weighed with the learned score.

The rules read near paraphrases well and refuse most free ones; the score has learned from free
ones. What the rules accept stands unless the score is against it. What they refuse for its
wording stands where the score, together with a reading of both side by side, is clearly for it,
and nothing in it is new that no wording makes up for: a name, a number, a stage, a demand.
"""

import math
from collections.abc import Iterable

from navis_api.generation.grounding.closeness.contrasts import near_verbatim
from navis_api.generation.grounding.closeness.coverage import Features
from navis_api.generation.grounding.closeness.features import Compared
from navis_api.generation.grounding.closeness.model import ClosenessModel
from navis_api.generation.grounding.closeness.spoken import Spoken
from navis_api.generation.grounding.looking import Looked
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.support import Found
from navis_api.generation.grounding.tokens import OF_A_DRUG, Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

LEAST = 0.75
"""What the rules accept and scores less is refused all the same, …"""
LEAST_TO_THE_LETTER = 0.25
"""… or less than this where nearly all is said word by word: such claims are mostly true, …"""
LONGER = 1.5
"""… and so much more in a claim of e times as many words as usual: it has more room for a lie."""
LEAST_OF_ANY = -0.4
"""A short claim has less room for a lie, but what scores less than this is rather one."""
SURE = 1.15
"""What they refuse, or has words in changed places, stands when it scores more, …"""
SURE_WITH_READING = 1.75
"""… or so much together with a reading of it.

All are set on authors put aside (bench, decision 92).
"""
SURE_ALL_THE_SAME = 0.75
"""Where they see a name, a stage or a direction changed, the score has already taken that hard.

What still scores so much, and has no number, is nearly always right: its name stands in another
sentence, say.
"""
_SCORED_HARD = frozenset(
    {ReasonKind.NAME_NOT_SAID, ReasonKind.STAGE_DIFFERS, ReasonKind.DIRECTION_DIFFERS}
)
_TO_THE_LETTER = 0.9
_USUAL_WORDS = math.log(11)
_OF_CLOSENESS, _OF_READING, _BOTH = 0.88, 0.45, 0.27
"""What each of the two counts; fitted on six authors of whom neither had learned."""
_CHANGED = {
    "net time": -0.2,
    "net cause": -0.2,
    "net than": -0.05,
    "net instead": -0.05,
    "least kept numbers": -0.3,
}
"""Of the pairs' claims that show less, five in six are lies."""


def weigh(looked: Looked, model: ClosenessModel) -> tuple[Reason, ...]:
    """Return why a sentence of a claim doesn't stand; nothing where it does."""
    refused = tuple(each.reason for each in looked.found if each.reason is not None)
    if looked.mixed is not None:
        return refused or (looked.mixed,)
    compared = looked.compared
    if compared is None:
        return refused
    score, sure = model.score(compared.features | rule_outcome(looked.found)), SURE
    if looked.said is not None:
        score = _BOTH + _OF_CLOSENESS * score + _OF_READING * looked.said
        sure = SURE_WITH_READING
    if not refused:
        if score <= SURE and _changed_places(compared.features):
            return (Reason(ReasonKind.DIRECTION_DIFFERS, "changed places"),)
        if score <= _least(compared.features):
            return (Reason(ReasonKind.NOT_SAID, "far from its evidence"),)
        return ()
    scored_hard = all(reason.kind in _SCORED_HARD for reason in refused)
    no_number = not compared.features["numbers"]
    if score <= (SURE_ALL_THE_SAME if scored_hard and no_number else sure):
        return refused
    new = _what_is_new(looked.reading, compared)
    return () if new is None else (new,)


def rule_outcome(found: Iterable[Found]) -> Features:
    """Return what the rules make of a claim as features: that they accept it, or why they don't."""
    refused = [each.reason for each in found if each.reason is not None]
    return {f"rules: {reason}": 1.0 for reason in refused} or {"rules accept": 1.0}


def _least(shown: Features) -> float:
    """Return what a claim that the rules accept has to score more than."""
    to_the_letter = near_verbatim(shown) > _TO_THE_LETTER
    least = LEAST_TO_THE_LETTER if to_the_letter else LEAST
    return max(LEAST_OF_ANY, least + LONGER * (shown["words"] - _USUAL_WORDS))


def _changed_places(shown: Features) -> bool:
    """Whether the sides of a joint, or two numbers, have rather changed places than not."""
    return any(shown[name] < least for name, least in _CHANGED.items())


def _what_is_new(claim: Reading, compared: Compared) -> Reason | None:
    """Return what a claim has that nothing makes up for, or None."""
    near = _keys((sentence for _, sentence in compared.rests_on), compared.topic)
    anywhere = _keys(compared.cited, compared.topic)
    for token in claim.tokens:
        said = near if token.is_treatment else anywhere
        if token.kind not in {Kind.NAME, Kind.STAGE} or not said.isdisjoint(token.keys):
            continue
        drugs = [key for key in token.implied if key.startswith(OF_A_DRUG)]
        if drugs and said.issuperset(drugs):
            continue
        named = token.kind is Kind.NAME
        return Reason(ReasonKind.NAME_NOT_SAID if named else ReasonKind.STAGE_DIFFERS)
    if compared.features["numbers lost"]:
        return Reason(ReasonKind.NUMBER_DIFFERS, "number")
    if compared.features["undemanded by two"]:
        return Reason(ReasonKind.STRONGER, "a demand")
    return None


def _keys(*sentences: Iterable[Spoken]) -> set[str]:
    return {key for group in sentences for sentence in group for key in sentence.reading.said}
