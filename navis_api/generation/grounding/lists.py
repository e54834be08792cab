"""What stands in which item of a list: an item's facts are its own.

"39% for regional cancer" and "8% for cancer that has spread far" stand in one list, and a claim
that takes the figure of one and the words of the other finds all of its words there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from navis_api.generation.grounding.combinations import combined_otherwise, pairs
from navis_api.generation.grounding.figures import Figure
from navis_api.generation.grounding.numbers import equals_of
from navis_api.generation.grounding.parts import Part, says_something, stands
from navis_api.generation.grounding.passages import Passage, Window
from navis_api.generation.grounding.reading import Reading, Token
from navis_api.generation.grounding.roots import root
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_COORDINATES = frozenset({",", ";", "and", "or"})
_ARTICLES = frozenset({"a", "an", "the", "both", "either", "also", "your", "their"})
_PREPOSITIONS = frozenset(
    {"for", "in", "with", "to", "of", "on", "at", "by", "when", "if", "after", "before", "during"}
)
# What these introduce may be given together.
_TOGETHER = frozenset(
    {"combined", "combination", "combinations", "together", "with", "plus", "both", "more"}
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, read with its lead-in (`window`) and `alone`."""

    passage: Passage
    window: Window

    @property
    def alone(self) -> Reading:
        return self.passage.readings[self.window.first]

    @property
    def is_item(self) -> bool:
        return self.window.lead_clauses > 0

    @property
    def is_led_together(self) -> bool:
        """Whether its lead-in says that its items go together."""
        lead = (t for t in self.window.reading.tokens if t.clause < self.window.lead_clauses)
        return any(token.word in _TOGETHER for token in lead)


def mixes_items(everything: Part, passages: Sequence[Passage]) -> Reason | None:
    """Return how a sentence of a claim mixes what its evidence keeps apart, or None."""
    sentences = [
        _Sentence(passage, window)
        for passage in passages
        for window in passage.windows
        if window.sentences == 1
    ]
    alone = [each.alone for each in sentences]
    if combined_otherwise(everything.claim, alone) or _of_two_items(everything.claim, sentences):
        return Reason(ReasonKind.NAME_NOT_SAID, "combined otherwise")
    if _of_another_item(everything, sentences):
        return Reason(ReasonKind.NOT_SAID, "of another item")
    return None


def _of_two_items(claim: Reading, sentences: Sequence[_Sentence]) -> bool:
    """Whether a claim gives a drug with another one that is an item of its own, and no more."""
    for pair in pairs(claim):
        named = [each for each in sentences if any(key in each.alone.said for key in pair)]
        if any(all(key in each.alone.said for key in pair) for each in named):
            continue
        both = all(any(key in each.alone.said for each in named) for key in pair)
        if both and all(each.is_item and not each.is_led_together for each in named):
            return True
    return False


def _of_another_item(part: Part, sentences: Sequence[_Sentence]) -> bool:
    """Whether a part says of a drug or a figure of one item what only other items say.

    What the lead-in says is said of all items. A drug or a figure that any other sentence speaks
    of too is left to the others who look.
    """
    items = {at for at, each in enumerate(sentences) if each.is_item}
    own: set[int] = set()
    for says in _anchors(part) if items else ():
        said_in = {at for at, each in enumerate(sentences) if says(each.alone)}
        own |= said_in if said_in <= items else set()
    if not own:
        return False
    is_whole = all(_is_told(part, sentences[item].alone) for item in own)
    heads = {item: _heads(part, sentences[item].alone) for item in items - own}
    for at in part.needed:
        token = part.token(at)
        if any(stands(token, sentences[item].window.reading) for item in own):
            continue
        others = [item for item in heads if _says(sentences[item].alone, token)]
        if others and not any(
            _is_listed(part, at, heads[item], sentences[item].alone, is_whole=is_whole)
            for item in others
        ):
            return True
    return False


def _is_listed(part: Part, at: int, heads: Sequence[int], item: Reading, *, is_whole: bool) -> bool:
    """Whether a word of another item only lists that item: "surgery, A, and radiation therapy".

    All figures and drugs of the item have to be there. `heads` are the places where its head
    stands, `is_whole` tells that the items with the part's own drugs and figures are told whole.
    """
    run = _run(part, item)
    if at in run:
        heads = run
    elif not heads or not _has_its_anchors(part, item):
        return False
    if at not in heads:
        # "Surgery of the lungs, and A": what stands behind a head is said of it.
        anchors = [place for place in part.places if part.token(place).is_treatment]
        anchors += [figure.place for figure in part.figures]
        nearest = max((place for place in (*heads, *anchors) if place < at), default=None)
        return is_whole and nearest in heads
    before = [part.token(place).word for place in part.places if place < at and place not in heads]
    left = next((word for word in reversed(before) if word not in _ARTICLES), "")
    if left not in _COORDINATES and not _goes_on_listing(part, at, item):
        return False
    return is_whole or left not in _PREPOSITIONS


def _run(part: Part, item: Reading) -> Sequence[int]:
    """Return the places where a part tells an item from its first word to its last."""
    wanted = [set(token.keys) for token in item.tokens if says_something(token)]
    content = part.content
    for first in range(len(content) - len(wanted) + 1):
        places = content[first : first + len(wanted)]
        if all(
            not keys.isdisjoint(part.token(at).keys)
            for keys, at in zip(wanted, places, strict=True)
        ):
            return range(places[0], places[-1] + 1) if places else ()
    return ()


def _goes_on_listing(part: Part, at: int, item: Reading) -> bool:
    """Whether another item stands behind what a part says of this one, from a place on."""
    for token in (part.token(place) for place in part.places if place > at):
        if token.word in _COORDINATES:
            return True
        if token.kind is not Kind.FUNCTION and not stands(token, item):
            return False
    return False


def _heads(part: Part, item: Reading) -> Sequence[int]:
    """Return where a part has what an item is: "radiation therapy" of "… to the brain"."""
    head: list[Token] = []
    for token in item.tokens:
        is_end = token.kind in {Kind.FUNCTION, Kind.STOP}
        if is_end and (head or token.kind is Kind.STOP):
            break
        if token.kind is Kind.NUMBER:
            break
        if not is_end and token.tells:
            head.append(token)
    found = [
        [at for at in part.needed if not set(part.token(at).keys).isdisjoint(token.keys)]
        for token in head
    ]
    return [at for places in found for at in places] if found and found[-1] else []


def _has_its_anchors(part: Part, item: Reading) -> bool:
    """Whether a part has all figures and drugs of an item."""
    drugs = [token for token in item.tokens if token.is_treatment]
    return all(any(key in part.claim.said for key in drug.keys) for drug in drugs) and all(
        any(figure.equals(own) for own in part.claim.figures) for figure in item.figures
    )


def _is_told(part: Part, item: Reading) -> bool:
    """Whether a part has all that an item says."""
    return _has_its_anchors(part, item) and all(
        stands(token, part.claim)
        for token in item.tokens
        if token.tells and token.kind is not Kind.NUMBER
    )


def _says(item: Reading, token: Token) -> bool:
    """Whether an item has a word itself; what is near in meaning any item may have."""
    roots = {root(word) for own in item.tokens for word in own.words}
    return stands(token, item) and any(root(word) in roots for word in token.words)


def _anchors(part: Part) -> Iterator[Callable[[Reading], bool]]:
    """Give what tells whether a sentence has each drug and figure of a part."""
    for at in part.places:
        if part.token(at).is_treatment:
            yield partial(stands, part.token(at))
    for figure in part.figures:
        yield partial(_has, figure)


def _has(figure: Figure, reading: Reading) -> bool:
    return bool(equals_of(figure, reading))
