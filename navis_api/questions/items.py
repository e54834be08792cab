"""A question as a row of telling items: named things, phrases that mean something, other words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navis_api.questions.entities import Entity
from navis_api.questions.phrasing import Kind, Meaning, Phrasing
from navis_api.questions.slots import Slot
from navis_api.questions.spoken import Spoken, stem

Element = Spoken | Entity

_CARE = frozenset({Slot.DRUG, Slot.TREATMENT})
_CHOSEN = _CARE | {Slot.TEST}
_UNDER_CARE = frozenset({"having", "taking", "getting", "receiving", "undergoing"})
_BEING = frozenset(
    {"i'm", "im", "am", "is", "are", "he's", "she's", "we're", "been", "be", "was", "while"}
    | {"when", "whilst", "keep", "mum", "mom", "dad", "mother", "father", "husband", "wife"}
)
_NOT_UNDER = frozenset({"effect", "effects", "impact", "information", "info", "advice", "depend"})
_NAMED_BY_CANCER = frozenset(
    {"treatment", "treatments", "therapy", "screening", "recurrence", "risk", "patients", "cells"}
    | {"symptoms", "survivors", "diagnosis", "care", "prevention", "research"}
)
_WHO_OR_IT = frozenset({"it", "you", "i", "he", "she", "they", "we", "someone", "the", "my", "a"})
_ASIDE = frozenset({Slot.STAGE, Slot.MARKER, Slot.POPULATION, Slot.LINE, Slot.CANCER})
_AUXILIARIES = frozenset(
    {"is", "are", "was", "were", "do", "does", "did", "can", "could", "will", "would", "may"}
    | {"might", "should", "has"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a question says. `slot` is None for what only relates other items.

    `attached` is said of a cancer that is only named as the one that it's about ("for
    colon cancer"), unlike one that does something or has something done to it.
    """

    slot: Slot | None
    kind: Kind | None
    value: str
    at: int
    sentence: int
    attached: bool = True


def row_of(words: Sequence[Spoken], entities: Sequence[Entity]) -> list[Element]:
    """Return the words and named things of a question in its order."""
    free = [
        word
        for word in words
        if not any(each.start < word.end and word.start < each.end for each in entities)
    ]
    return sorted([*free, *entities], key=lambda element: element.start)


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
        self._elements = elements
        self._phrasing = phrasing
        self._sentence_at = sentence_at
        self._taken: set[int] = set()
        self._telling: set[int] = set()

    def items(self) -> Iterator[Item]:
        for at, element in enumerate(self._elements):
            if at in self._taken:
                continue
            if isinstance(element, Entity):
                kind = Kind.TOPIC if element.slot is Slot.ASKED else None
                for value in sorted(element.values):
                    yield self._item(element.slot, kind, value, at)
                continue
            said = self._phrasing.at(self._elements, at)
            if said is not None and self._taken.intersection(said.at):
                said = None
            special = self._special(element.word, at, alone=said is None or len(said.at) == 1)
            if special is not None:
                yield from self._meant(special, at)
            elif said is not None:
                self._taken.update(said.at)
                yield from self._meant(said.meaning, at)
            else:
                self._telling.add(at)
                slot = Slot.NUMBER if element.word.isdigit() else Slot.WORDING
                yield self._item(slot, None, stem(element.word), at)

    def _special(self, word: str, at: int, *, alone: bool) -> Meaning | None:
        """Return the meaning of a word that depends on what stands beside it.

        `alone` says that no longer phrase begins with it.
        """
        if self._is_under_care(at, word):
            return Meaning(Kind.TIMING, "during")
        if word == "or" and self._chooses(at):
            return Meaning(Kind.TOPIC, "comparison")
        if word == "when" and at and self._begins_a_clause_of_time(at):
            return Meaning(Kind.PADDING)
        if word == "from" and self._keeps_from(at):
            return Meaning(Kind.PADDING)
        # Behind "people" or "someone" it only says whom is spoken of.
        if word == "who" and alone and not at:
            return Meaning(Kind.TOPIC, "who")
        return None

    def _meant(self, meaning: Meaning, at: int) -> Iterator[Item]:
        slots = {Kind.TOPIC: Slot.ASKED, Kind.EFFECT: Slot.EFFECT, Kind.THING: Slot.WORDING}
        if meaning.kind in {Kind.PADDING, Kind.SILENT}:
            return
        if meaning.kind is Kind.LINK:
            self._telling.add(at)
        for value in meaning.value.split("+"):
            yield self._item(slots.get(meaning.kind), meaning.kind, value, at)

    def _item(self, slot: Slot | None, kind: Kind | None, value: str, at: int) -> Item:
        start = self._elements[at].start
        sentence = next(
            (number for begin, number in reversed(self._sentence_at) if begin <= start), 0
        )
        attached = slot is not Slot.CANCER or self._is_attached(at)
        return Item(slot, kind, value, at, sentence, attached)

    def _is_attached(self, at: int) -> bool:
        following = self._elements[at + 1] if at + 1 < len(self._elements) else None
        if isinstance(following, Entity) and following.slot in _CHOSEN:
            return True
        if isinstance(following, Spoken) and following.word in _NAMED_BY_CANCER:
            return True
        for before in range(at - 1, -1, -1):
            element = self._elements[before]
            if isinstance(element, Entity):
                if element.slot in _ASIDE:
                    continue
                return True
            if element.word in _AUXILIARIES | {"to", "into"} or before in self._telling:
                return False
            if element.word not in {"a", "an", "the", "my", "your", "his", "her", "their"}:
                return True
        return True

    def _begins_a_clause_of_time(self, at: int) -> bool:
        """Whether this isn't asked but told: "when it comes back", "when myeloma is left"."""
        if at + 1 >= len(self._elements):
            return False
        following = self._elements[at + 1]
        if isinstance(following, Entity):
            return following.slot in _ASIDE
        return following.word in _WHO_OR_IT

    def _keeps_from(self, at: int) -> bool:
        """Whether something is kept from happening: "prevent it from coming back"."""
        following = self._elements[at + 1] if at + 1 < len(self._elements) else None
        if isinstance(following, Entity):
            return following.slot is Slot.ASKED
        return following is not None and following.word.endswith("ing")

    def _chooses(self, at: int) -> bool:
        """Whether "or" stands between two of a kind: "surgery or radiation"."""
        before = next((each for each in reversed(self._elements[:at]) if self._tells(each)), None)
        after = next((each for each in self._elements[at + 1 :] if self._tells(each)), None)
        if isinstance(before, Entity) and isinstance(after, Entity):
            return before.slot in _CHOSEN and after.slot in _CHOSEN
        return False

    def _tells(self, element: Element) -> bool:
        return isinstance(element, Entity) or element.word not in self._phrasing.silent

    def _is_under_care(self, at: int, word: str) -> bool:
        """Whether this says that a treatment is going on: "I'm having chemo", "on Keytruda"."""
        following = next(
            (
                each
                for each in self._elements[at + 1 :]
                if isinstance(each, Entity) or each.word not in self._phrasing.silent
            ),
            None,
        )
        if not isinstance(following, Entity) or following.slot not in _CARE:
            return False
        before = self._elements[at - 1] if at else None
        previous = before.word if isinstance(before, Spoken) else ""
        if word == "on":
            return previous not in _NOT_UNDER
        return word in _UNDER_CARE and previous in _BEING
