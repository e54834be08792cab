"""A question as a row of telling items: named things, phrases that mean something, other words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navis_api.questions.sameness.beside_cancer import (
    goes_to,
    is_attached,
    is_developed,
    is_possible_in_some,
    qualifies_cancer,
)
from navis_api.questions.sameness.beside_care import (
    begins_a_clause_of_time,
    chooses,
    ends_clause,
    gives_it,
    has_had,
    is_named_by_care,
    is_under_care,
    keeps_from,
)
from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.phrasing import NOTHING, NOTHING_FOLLOWS, Kind, Meaning, Phrasing
from navis_api.questions.sameness.row import Element, Row
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import stem

_GIVING = frozenset({"give", "gives", "gave", "given", "giving"})
_DEVELOPING = frozenset({"get", "gets", "develop", "develops"})
_GOING = frozenset(
    {"go", "goes", "went", "gone", "get", "gets", "move", "moves", "moved", "travel", "travels"}
    | {"traveled"}
)
_QUALIFYING = frozenset({"common", "main", "possible", "potential"})


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a question says. `slot` is None for what only relates other items.

    `attached` is said of a cancer that is only named as the one that it's about ("for
    colon cancer"), unlike one that does something or has something done to it. `places` are
    those of all elements that say it.
    """

    slot: Slot | None
    kind: Kind | None
    value: str
    at: int
    sentence: int
    attached: bool = True
    places: tuple[int, ...] = ()


def items_of(
    elements: Sequence[Element], phrasing: Phrasing, sentence_at: Sequence[tuple[int, int]]
) -> list[Item]:
    """Return what the elements say, in their order. What says nothing is left out."""
    return list(_Walk(elements, phrasing, sentence_at).items())


class _Walk:
    """One pass over the elements of a question."""

    def __init__(
        self,
        elements: Sequence[Element],
        phrasing: Phrasing,
        sentence_at: Sequence[tuple[int, int]],
    ) -> None:
        self._row = Row(elements, phrasing.silent)
        self._phrasing = phrasing
        words = (each.word for each in elements if not isinstance(each, Entity))
        self._said = frozenset(words) | {NOTHING_FOLLOWS, NOTHING}
        self._sentence_at = sentence_at
        self._taken: set[int] = set()
        self._telling: set[int] = set()

    def items(self) -> Iterator[Item]:
        for at, element in enumerate(self._row.elements):
            if at in self._taken:
                continue
            if isinstance(element, Entity):
                kind = Kind.TOPIC if element.slot is Slot.ASKED else None
                for value in sorted(element.values):
                    yield self._item(element.slot, kind, value, at)
                continue
            if is_named_by_care(self._row, element.word, at):
                continue
            said = self._phrasing.at(self._row.elements, at, said=self._said)
            if said is not None and self._taken.intersection(said.at):
                said = None
            alone = said is None or len(said.at) == 1
            special = meaning_beside(self._row, at, element.word, alone=alone)
            if special is not None:
                yield from self._meant(special, at, (at,))
            elif said is not None:
                self._taken.update(said.at)
                yield from self._meant(said.meaning, at, said.at)
            elif element.word not in self._phrasing.silent:
                self._telling.add(at)
                slot = Slot.NUMBER if element.word.isdigit() else Slot.WORDING
                yield self._item(slot, None, stem(element.word), at)

    def _meant(self, meaning: Meaning, at: int, places: tuple[int, ...]) -> Iterator[Item]:
        slots = {
            Kind.TOPIC: Slot.ASKED,
            Kind.EFFECT: Slot.EFFECT,
            Kind.THING: Slot.WORDING,
            Kind.STAGE: Slot.STAGE,
        }
        if meaning.kind in {Kind.PADDING, Kind.SILENT}:
            return
        if meaning.kind is Kind.LINK:
            self._telling.add(at)
        for value in meaning.value.split("+"):
            yield self._item(slots.get(meaning.kind), meaning.kind, value, at, places)

    def _item(
        self,
        slot: Slot | None,
        kind: Kind | None,
        value: str,
        at: int,
        places: tuple[int, ...] = (),
    ) -> Item:
        start = self._row.elements[at].start
        sentence = next(
            (number for begin, number in reversed(self._sentence_at) if begin <= start), 0
        )
        attached = slot is not Slot.CANCER or is_attached(self._row, at, self._telling)
        return Item(slot, kind, value, at, sentence, attached, places)


def meaning_beside(row: Row, at: int, word: str, *, alone: bool) -> Meaning | None:
    """Return the meaning of a word that depends on what stands beside it.

    `alone` says that no longer phrase begins with it.
    """
    return _of_care(row, at, word, alone=alone) or _of_cancer(row, at, word, alone=alone)


def _of_care(row: Row, at: int, word: str, *, alone: bool) -> Meaning | None:
    if is_under_care(row, at, word):
        return Meaning(Kind.TIMING, "during")
    if word == "had" and alone and has_had(row, at):
        return Meaning(Kind.TIMING, "had")
    if word == "different" and alone and ends_clause(row, at):
        return Meaning(Kind.THING, word)
    if word == "or" and chooses(row, at):
        return Meaning(Kind.TOPIC, "comparison")
    if word in _GIVING and gives_it(row, at):
        return Meaning(Kind.LINK, "cause")
    is_idle = (word == "when" and at and begins_a_clause_of_time(row, at)) or (
        word == "from" and keeps_from(row, at)
    )
    return Meaning(Kind.PADDING) if is_idle else None


def _of_cancer(row: Row, at: int, word: str, *, alone: bool) -> Meaning | None:
    if word == "early" and alone and qualifies_cancer(row, at):
        return Meaning(Kind.STAGE, word)
    if word in _QUALIFYING and qualifies_cancer(row, at):
        return Meaning(Kind.THING, word)
    if (word in _DEVELOPING and is_developed(row, at)) or (
        word == "possible" and is_possible_in_some(row, at)
    ):
        return Meaning(Kind.TOPIC, "getting it")
    if word in _GOING and goes_to(row, at):
        return Meaning(Kind.TOPIC, "spread")
    # Behind "people" or "someone" it only says whom is spoken of.
    if word == "who" and alone and not at:
        return Meaning(Kind.TOPIC, "who")
    return None
