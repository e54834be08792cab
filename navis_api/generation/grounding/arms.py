"""Two arms of a comparison, of which a claim names one: it has to have that one's figure and side.

"33% of those who had both relapsed, compared with 46% of those who had radiation alone" has two
shares and two groups, and a claim that leaves the joint out may pair them otherwise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navis_api.generation.grounding.beside import Beside, nearest
from navis_api.generation.grounding.numbers import equals_of
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_JOINTS = frozenset({"than", "versus", "vs"})
_COMPARED = frozenset({"compared", "comparison"})
_OTHER_JOINTS = frozenset({"whereas", "while", "but", "times", "versus", "vs", "than", "compared"})
_COMPARATIVES = frozenset(
    {"more", "less", "fewer", "longer", "shorter", "higher", "lower", "better", "worse", "greater",
     "smaller", "larger", "earlier", "later", "younger", "older", "faster", "slower"}
)  # fmt: skip
_ENDS = frozenset({".", ";", "!", "?"})
_BESIDE_COMPARATIVE = 2
_ARM = 8
# What "any" of these lifts is a limit that the source sets.
_LIMITED = frozenset({"age", "ages", "stage", "stages", "dose", "size", "time", "point"})
_ANY = frozenset({"any", "all", "every", "each", "whatever", "regardless", "anytime"})


@dataclass(frozen=True, slots=True)
class _Arms:
    """The places of a sentence left and right of the joint of its comparison."""

    left: range
    right: range


def other_arm(beside: Sequence[Beside]) -> Reason | None:
    """Return how a claim gives one arm what its evidence says of the other, or None."""
    near = nearest(beside)
    if not near:
        return None
    part = near[0].part
    joined = any(not _OTHER_JOINTS.isdisjoint(part.token(at).words) for at in part.places)
    if not joined and all(map(_has_other_figure, near)):
        return Reason(ReasonKind.NUMBER_DIFFERS, "of the other arm")
    if not joined and all(map(_has_other_side, near)):
        return Reason(ReasonKind.DIRECTION_DIFFERS, "of the other arm")
    if _lifts_a_limit(near):
        return Reason(ReasonKind.STRONGER, "any")
    return None


def _arms(reading: Reading) -> Iterator[_Arms]:
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        word = token.word
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if following is None or (following.kind is Kind.NUMBER and word == "than"):
            continue
        compares = word in _COMPARED and following.word in {"with", "to"}
        if not at or not (word in _JOINTS or compares):
            continue
        end = at + 1
        while end < len(tokens) and tokens[end].word not in _ENDS:
            end += 1
        start = at
        while start > 0 and tokens[start - 1].word not in _ENDS:
            start -= 1
        yield _Arms(range(start, at), range(at + 1, end))


def _telling(reading: Reading, places: Sequence[int]) -> frozenset[str]:
    """Return what tells at some places, each by its own name, and "alone"."""
    return frozenset(
        token.keys[0]
        for token in (reading.tokens[at] for at in places)
        if token.keys and (token.kind in {Kind.TELLING, Kind.NAME} or token.word == "alone")
    )


def _has_other_figure(beside: Beside) -> bool:
    """Whether a number of a claim stands in one arm of a sentence, and its words in the other."""
    part, reading = beside.part, beside.reading
    said = _telling(part.claim, part.places)
    for arms in _arms(reading):
        left, right = _telling(reading, arms.left), _telling(reading, arms.right)
        only_right = right - left
        # Behind the joint stands what is compared, and not what comes of it.
        if not only_right or not left - right:
            continue
        places = [{other.place for other in equals_of(each, reading)} for each in part.figures]
        in_left = [each & set(arms.left) for each in places]
        in_right = [each & set(arms.right) for each in places]
        if any(in_left) and not any(in_right):
            if said & only_right and not _names_left(said, arms, reading):
                return True
        elif any(in_right) and not any(in_left) and not said & only_right:
            return True
    return False


def _names_left(said: frozenset[str], arms: _Arms, reading: Reading) -> bool:
    """Whether a claim names the left arm: what stands there before what is told of both."""
    names = [
        token.keys[0]
        for token in (reading.tokens[at] for at in arms.left)
        if token.keys and token.kind is Kind.NAME
    ]
    right = _telling(reading, arms.right)
    return any(name in said and name not in right for name in names)


def _has_other_side(beside: Beside) -> bool:
    """Whether a claim says "more" of the arm that has less: it names the right one only."""
    part, reading = beside.part, beside.reading
    words = {part.token(at).word for at in part.places}
    said = _telling(part.claim, part.places)
    for arms in _arms(reading):
        degrees = [at for at in arms.left if reading.tokens[at].word in _COMPARATIVES & words]
        if not degrees:
            continue
        apart = {at + step for at in degrees for step in range(-_BESIDE_COMPARATIVE, 2)}
        left = _telling(reading, [at for at in arms.left if at not in apart])
        right = _telling(reading, arms.right[:_ARM])
        if said & (right - left) and left - right and not said & (left - right):
            return True
    return False


def _lifts_a_limit(near: Sequence[Beside]) -> bool:
    """Whether a claim says "at any age" where its evidence names one."""
    part = near[0].part
    for at in part.places[1:]:
        token = part.token(at)
        if token.word not in _LIMITED or part.token(at - 1).word not in _ANY:
            continue
        if all(
            any(not _LIMITED.isdisjoint(other.words) for other in each.reading.tokens)
            and all(_ANY.isdisjoint(other.words) for other in each.reading.tokens)
            for each in near
        ):
            return True
    return False
