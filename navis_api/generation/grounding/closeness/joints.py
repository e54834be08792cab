"""What stands on either side of a joint: what comes first, what is the cause, who does what.

A joint puts its two sides in an order: "A before B" and "after A, B" one, "B because of A" and "A
leads to B" another. A lie in the words of its source has the sides changed. Where it is no word of
time, cause, aim or comparison but a verb or a preposition, its nearest neighbours are its sides.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from navis_api.generation.grounding.closeness.coverage import Features
from navis_api.generation.grounding.closeness.laid import Laid
from navis_api.generation.grounding.closeness.lines import BOUNDARIES, Line
from navis_api.generation.grounding.tokens import Kind

_ANY = frozenset[str]()
_ON = frozenset({"on", "upon"})
_TO = frozenset({"to"})
# A kind, whether what stands right comes first, the words, and one of which has to follow.
_WRITTEN: tuple[tuple[str, bool, str, frozenset[str]], ...] = (
    ("time", False, "before precede precedes preceded until then", _ANY),
    ("time", False, "prior", _TO),
    ("time", False, "followed", frozenset({"by"})),
    ("time", True, "after follows following once", _ANY),
    ("cause", False, "cause causes causing caused trigger triggers triggering triggered", _ANY),
    ("cause", False, "produce produces produced predict predicts predicted raise raises", _ANY),
    ("cause", False, "affect affects affected make makes making reason", _ANY),
    ("cause", False, "therefore thereby thus", _ANY),
    ("cause", False, "lead leads led leading contribute contributes contributed", _TO),
    ("cause", False, "result results resulting resulted", frozenset({"in"})),
    ("cause", False, "bring brings brought", frozenset({"on", "about"})),
    ("cause", False, "responsible", frozenset({"for"})),
    ("cause", True, "because arise arises stems stemmed", _ANY),
    ("cause", True, "due owing thanks", _TO),
    ("cause", True, "depend depends depending", _ON),
    ("cause", True, "result results resulting resulted", frozenset({"from", "of"})),
    ("aim", False, "so", frozenset({"that"})),
    ("than", False, "than versus vs", _ANY),
    ("than", False, "compared", frozenset({"with", "to"})),
    ("than", False, "relative", _TO),
    ("instead", False, "rather", frozenset({"than"})),
    ("instead", False, "instead", frozenset({"of"})),
    ("unlike", False, "unlike", _ANY),
)
_JOINTS = {
    word: tuple(
        (kind, turned, following)
        for kind, turned, words, following in _WRITTEN
        if word in words.split()
    )
    for _, _, written, _ in _WRITTEN
    for word in written.split()
}
_WORD, _OF = "word", "of"
KINDS = ("time", "cause", "aim", "than", "instead", "unlike", _WORD, _OF)
_PREPOSITIONS = frozenset({"for", "of", "in", "with", "to", "from", "into"})
# "The cause is …" and "if …, then …" put nothing in an order.
_NO_JOINT_BEHIND = {
    "following": frozenset({"the", "of"}),
    "then": frozenset({"if"}),
    "than": frozenset({"rather"}),
}
_MAY_COME_FIRST = frozenset(
    {"before", "after", "following", "once", "until", "prior", "because", "due", "owing", "thanks",
     "compared", "unlike", "rather", "instead", "relative"}
)  # fmt: skip
_OPENS = frozenset({"", ",", ".", ";", "and", "but", "that"})
_ENDS = frozenset(".;:?!")
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("more higher greater larger bigger increased", "less fewer lower smaller reduced"),
        ("longer", "shorter"),
        ("better", "worse poorer"),
        ("older", "younger"),
        ("earlier sooner", "later"),
        ("faster", "slower"),
        ("more commoner", "less rarer"),
        ("stronger", "weaker"),
        ("easier", "harder"),
    )
)
_DEGREES = frozenset[str]().union(*(one | other for one, other in _OPPOSITES))
_DEGREES_AROUND = 9
_SAME_DEGREE, _OPPOSITE_DEGREE, _NO_DEGREE, _OTHER_DEGREE = 1.0, 0.9, 0.7, 0.3
"""How far a comparison is to be trusted where its degrees are so."""
_REACH, _REACH_OF_WORDS = 10.0, 5.0
_FADES = 5.0
_TRIED_OF_WORDS, _TRIED_OF_PREPOSITIONS = 3, 6

Side = dict[int, float]
"""The tokens of a side that tell something, the nearer the weightier."""


@dataclass(frozen=True, slots=True)
class _Joint:
    """A joint of a line; `turned` where what stands right of it comes first."""

    at: int
    kind: str
    turned: bool = False

    @property
    def by_neighbours(self) -> bool:
        return self.kind in {_WORD, _OF}


def joint_features(laid: Laid) -> Features:
    """Return how the sides of the claim's joints stand in its evidence, by kind.

    `straight` is how surely they stand as they do in the claim, at best; `net` is less than
    nothing where they have rather changed, at worst.
    """
    shown = {f"{name} {kind}": 0.0 for kind in KINDS for name in ("straight", "net")}
    given: dict[str, list[_Joint]] = {}
    for at in range(len(laid.evidence.tokens)):
        joint = _joint(laid.evidence, at)
        if joint is not None:
            given.setdefault(joint.kind, []).append(joint)
    sides: dict[_Joint, tuple[Side, Side]] = {}
    for joint, others in _met(laid, given):
        met = _best(laid, joint, others, sides)
        if met is not None:
            straight, crossed = met
            name = joint.kind
            shown[f"straight {name}"] = max(shown[f"straight {name}"], straight)
            shown[f"net {name}"] = min(shown[f"net {name}"], straight - crossed)
    return shown


def _met(laid: Laid, given: Mapping[str, list[_Joint]]) -> Iterator[tuple[_Joint, list[_Joint]]]:
    """Give the joints of the claim, each with those of its evidence that may be it."""
    claim, evidence = laid.claim, laid.evidence
    for at, token in enumerate(claim.tokens):
        joint = _joint(claim, at)
        if joint is not None:
            yield joint, given.get(joint.kind, [])
        elif at in laid.said_at and token.kind in {Kind.GENERAL, Kind.TELLING}:
            places = laid.said_at[at][:_TRIED_OF_WORDS]
            yield _verb(claim, at), [_verb(evidence, place) for place in places]
        elif token.word in _PREPOSITIONS:
            places = evidence.said.get(token.word, [])[:_TRIED_OF_PREPOSITIONS]
            yield _Joint(at, _OF), [_Joint(place, _OF) for place in places]


def _verb(line: Line, at: int) -> _Joint:
    return _Joint(at, _WORD, line.word(at + 1) == "by")


def _joint(line: Line, at: int) -> _Joint | None:
    """Return the joint that a token is, or None."""
    token = line.tokens[at]
    ways = _JOINTS.get(token.word)
    if ways is None:
        return None
    before = line.word(at - 1)
    following = token.words[1] if len(token.words) > 1 else line.word(at + 1)
    if before in _NO_JOINT_BEHIND.get(token.word, ()):
        return None
    if token.word == "so" and following != "that":
        return _Joint(at, "cause") if before in {",", ";"} else None
    for kind, turned, needed in ways:
        if needed and following not in needed:
            continue
        if not needed and len(token.words) > 1:
            continue
        if kind == "than" and _is_number_next(line, at):
            return None
        passive = not needed and kind in {"cause", "time"} and following == "by"
        return _Joint(at, kind, turned != passive)
    return None


def _is_number_next(line: Line, at: int) -> bool:
    behind = line.tokens[at + 1 : at + 3]
    return any(token.kind is Kind.NUMBER for token in behind)


def _best(
    laid: Laid, joint: _Joint, others: Sequence[_Joint], sides: dict[_Joint, tuple[Side, Side]]
) -> tuple[float, float] | None:
    """Return how straight and how crossed a joint's sides are beside the one that fits best.

    `sides` keeps those of the evidence, where many words of a claim meet the same ones.
    """
    if not others:
        return None
    claim = laid.claim
    left, right = _sides(claim, joint)
    left = {at: weight for at, weight in left.items() if at in laid.said_at}
    right = {at: weight for at, weight in right.items() if at in laid.said_at}
    # What stands on both sides tells nothing: "after surgery than after chemotherapy".
    both = _keys(claim, left) & _keys(claim, right)
    left = {at: weight for at, weight in left.items() if not claim.keys[at] & both}
    right = {at: weight for at, weight in right.items() if not claim.keys[at] & both}
    if not left or not right:
        return None
    found: list[tuple[float, float]] = []
    for other in others:
        if other not in sides:
            sides[other] = _sides(laid.evidence, other)
        first, second = sides[other]
        turned = joint.turned != other.turned
        trust = 1.0
        if joint.kind == "than":
            opposed, trust = _degrees_differ(claim, joint.at, laid.evidence, other.at)
            turned ^= opposed
        if turned:
            first, second = second, first
        straight = _share(laid, left, first, second) * _share(laid, right, second, first)
        crossed = _share(laid, left, second, first) * _share(laid, right, first, second)
        found.append((trust * math.sqrt(straight), trust * math.sqrt(crossed)))
    return max(found, key=lambda each: each[0] - each[1], default=None)


def _keys(line: Line, side: Side) -> frozenset[str]:
    return frozenset(key for at in side for key in line.keys[at])


def _share(laid: Laid, side: Side, there: Side, not_there: Side) -> float:
    """Return how weighty the weightiest token of a side is that stands on one side and not both."""
    best = 0.0
    for at, weight in side.items():
        places = laid.said_at[at]
        if not any(place in not_there for place in places):
            best = max(best, weight * max((there.get(place, 0.0) for place in places), default=0.0))
    return best


def _sides(line: Line, joint: _Joint) -> tuple[Side, Side]:
    """Return what stands left and right of a joint, in the order of what it joins."""
    at = joint.at
    left, right = _side(line, joint, -1), _side(line, joint, 1)
    comes_first = line.tokens[at].word in _MAY_COME_FIRST and not left
    if joint.by_neighbours or not comes_first or line.word(at - 1) not in _OPENS:
        return left, right
    # "After surgery, chemotherapy is given": what is left of it elsewhere is behind the comma.
    comma = next((it for it in range(at + 1, len(line.tokens)) if line.word(it) == ","), None)
    if comma is None or line.sentences[comma] != line.sentences[at]:
        return left, right
    behind = _side(line, _Joint(comma, joint.kind, joint.turned), 1)
    before = {other: weight for other, weight in right.items() if other < comma}
    return (behind, before) if behind and before else (left, right)


def _side(line: Line, joint: _Joint, step: int) -> Side:
    found: Side = {}
    at = joint.at
    reach = _REACH_OF_WORDS if joint.by_neighbours else _REACH
    other = at + step
    while 0 <= other < len(line.tokens) and line.sentences[other] == line.sentences[at]:
        distance = abs(line.along[other] - line.along[at])
        word = line.tokens[other].word
        if distance >= reach or (word in BOUNDARIES if joint.by_neighbours else word in _ENDS):
            break
        if line.tells[other]:
            found[other] = math.exp(-distance / _FADES)
        other += step
    return found


def _degrees_differ(claim: Line, at: int, evidence: Line, there: int) -> tuple[bool, float]:
    """Return whether two comparisons say opposites ("more", "fewer"), and how sure that is."""
    own, given = _degrees(claim, at), _degrees(evidence, there)
    if not own or not given:
        return False, _NO_DEGREE
    if own & given:
        return False, _SAME_DEGREE
    for one, other in _OPPOSITES:
        if (own & one and given & other) or (own & other and given & one):
            return True, _OPPOSITE_DEGREE
    return False, _OTHER_DEGREE


def _degrees(line: Line, at: int) -> frozenset[str]:
    found: set[str] = set()
    for step in (-1, 1):
        for other in range(at + step, at + step * (_DEGREES_AROUND + 1), step):
            if not 0 <= other < len(line.tokens) or line.word(other) in {".", ";"}:
                break
            if line.sentences[other] == line.sentences[at]:
                found.update(_DEGREES.intersection(line.tokens[other].words))
    return frozenset(found)
