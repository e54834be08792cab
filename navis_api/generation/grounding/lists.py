"""What stands in which item of a list: an item's facts are its own.

"39% for regional cancer" and "8% for cancer that has spread far" stand in one list, and a claim
that takes the figure of one and the words of the other finds all of its words there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from navis_api.generation.grounding.figures import Figure
from navis_api.generation.grounding.numbers import equals_of
from navis_api.generation.grounding.parts import Part, stands
from navis_api.generation.grounding.passages import Passage, Window
from navis_api.generation.grounding.reading import Reading, Token
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_TREATMENTS = ("drug:", "regimen:")
_JOINS = frozenset({"with", "plus"})
# "Compared with dexamethasone", "patients treated with it": these give nothing together.
_BEFORE_OTHERS = frozenset({"compared", "treated", "patients", "people", "treatment", "therapy"})
_BESIDE_JOINS = frozenset(
    {"combined", "together", "along", "in", "combination", "given", "used", "the", "drug", "and",
     "is", "are", "be", "may", "can", "was", "were"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, read with its lead-in (`window`) and `alone`."""

    passage: Passage
    window: Window

    @property
    def alone(self) -> Reading:
        return self.passage.readings[self.window.first]


def mixes_items(everything: Part, passages: Sequence[Passage]) -> Reason | None:
    """Return how a sentence of a claim mixes what its evidence keeps apart, or None."""
    sentences = [
        _Sentence(passage, window)
        for passage in passages
        for window in passage.windows
        if window.sentences == 1
    ]
    if _combined_otherwise(everything.claim, [each.alone for each in sentences]):
        return Reason(ReasonKind.NAME_NOT_SAID, "combined otherwise")
    if _of_another_item(everything, sentences):
        return Reason(ReasonKind.NOT_SAID, "of another item")
    return None


def _combined_otherwise(claim: Reading, evidence: Sequence[Reading]) -> bool:
    """Whether a claim gives a drug with one that its evidence gives with others only."""
    claimed = list(_pairs(claim))
    if not claimed:
        return False
    groups = [group for sentence in evidence for group in _groups(sentence)]
    return any(
        not any({one, other} <= drugs for drugs, _ in groups)
        and any(combined and len({one, other} & drugs) == 1 for drugs, combined in groups)
        for one, other in claimed
    )


def _pairs(reading: Reading) -> Iterator[tuple[str, str]]:
    """Give each two drugs of which one is given with the other: "A combined with B"."""
    for at, following in pairwise(_treatments(reading)):
        between = {token.word for token in reading.tokens[at + 1 : following]}
        if between & _JOINS and between <= _JOINS | _BESIDE_JOINS:
            yield reading.tokens[at].keys[0], reading.tokens[following].keys[0]


def _groups(reading: Reading) -> list[tuple[set[str], bool]]:
    """Return the drugs that stand together, and whether they are combined.

    "A with B, C with D, or E" is A and B, then C, D and E: another "with" begins another group.
    """
    places = _treatments(reading)
    groups: list[tuple[set[str], bool]] = []
    drugs: set[str] = set()
    combined = False
    for at, following in pairwise([*places, len(reading.tokens)]):
        between = [token.word for token in reading.tokens[at + 1 : following]]
        joins = following < len(reading.tokens) and _joins(between)
        if joins and combined:
            groups.append((drugs, combined))
            drugs, combined = set[str](), False
        drugs |= {reading.tokens[at].keys[0], *reading.tokens[at].implied}
        combined = combined or joins
    return [*groups, (drugs, combined)] if drugs else groups


def _of_another_item(part: Part, sentences: Sequence[_Sentence]) -> bool:
    """Whether a part says of a drug or a figure of one item what only other items say.

    What the lead-in says is said of all items. A drug or a figure that any other sentence speaks
    of too is left to the others who look.
    """
    items = {at for at, each in enumerate(sentences) if each.window.lead_clauses}
    own: set[int] = set()
    for says in _anchors(part) if items else ():
        said_in = {at for at, each in enumerate(sentences) if says(each.alone)}
        own |= said_in if said_in <= items else set()
    if not own:
        return False
    behind_or = min((at for at in part.places if part.token(at).word == "or"), default=None)
    for at in part.needed:
        if behind_or is not None and at > behind_or:
            break
        token = part.token(at)
        if any(stands(token, sentences[item].window.reading) for item in own):
            continue
        if any(stands(token, sentences[item].alone) for item in items - own):
            return True
    return False


def _anchors(part: Part) -> Iterator[Callable[[Reading], bool]]:
    """Give what tells whether a sentence has each drug and figure of a part."""
    for at in part.places:
        if _is_treatment(part.token(at)):
            yield partial(stands, part.token(at))
    for figure in part.figures:
        yield partial(_has, figure)


def _has(figure: Figure, reading: Reading) -> bool:
    return bool(equals_of(figure, reading))


def _joins(between: Sequence[str]) -> bool:
    """Whether the words between two drugs give one with the other."""
    return any(
        word in _JOINS and (at == 0 or between[at - 1] not in _BEFORE_OTHERS)
        for at, word in enumerate(between)
    )


def _treatments(reading: Reading) -> list[int]:
    return [at for at, token in enumerate(reading.tokens) if _is_treatment(token)]


def _is_treatment(token: Token) -> bool:
    return token.kind is Kind.NAME and token.keys[0].startswith(_TREATMENTS)
