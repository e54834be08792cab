"""A question as a row of telling items: named things, phrases that mean something, other words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.phrasing import Kind, Meaning, Phrasing
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import Spoken, stem

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
_GIVING = frozenset({"give", "gives", "gave", "giving"})
_RECEIVERS = frozenset({"me", "you", "someone", "people", "him", "her", "us", "them", "patients"})
_WHO_GIVES = frozenset({"to", "please", "not", "and", "who", "what"})
_DEVELOPING = frozenset({"get", "gets", "develop", "develops"})
_GOING = frozenset(
    {"go", "goes", "went", "gone", "move", "moves", "moved", "travel", "travels", "traveled"}
)
_KEEPING = frozenset(
    {"keep", "keeps", "stop", "stops", "prevent", "prevents", "prevented", "protect", "protects"}
)
_WHO_OR_IT = frozenset({"it", "you", "i", "he", "she", "they", "we", "someone", "the", "my", "a"})
_OF_TREATMENT = frozenset({"option", "options", "choices", "plan", "plans"})
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
            if self._is_named_by_care(element.word, at):
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
            elif element.word not in self._phrasing.silent:
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
        if word in _GIVING and self._gives_it(at):
            return Meaning(Kind.LINK, "cause")
        if word in _DEVELOPING and self._is_developed(at):
            return Meaning(Kind.TOPIC, "getting it")
        if word == "possible" and self._is_possible_in_some(at):
            return Meaning(Kind.TOPIC, "getting it")
        if word in _GOING and self._goes_to(at):
            return Meaning(Kind.TOPIC, "spread")
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

    def _is_named_by_care(self, word: str, at: int) -> bool:
        """Whether "treatment" only stands behind one that is named: "BCG treatment"."""
        before = self._elements[at - 1] if at else None
        following = self._elements[at + 1] if at + 1 < len(self._elements) else None
        return (
            word in {"treatment", "treatments"}
            and isinstance(before, Entity)
            and before.slot in _CARE
            and not (isinstance(following, Spoken) and following.word in _OF_TREATMENT)
        )

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
        before, following = self._elements[at - 1], self._elements[at + 1]
        if isinstance(before, Spoken) and before.word in {"happen", "happens"}:
            return True
        if isinstance(following, Entity):
            return following.slot in _ASIDE
        return following.word in _WHO_OR_IT

    def _gives_it(self, at: int) -> bool:
        """Whether something gives one something: "Can smoking give you cancer?"."""
        before = self._elements[at - 1] if at else None
        if before is None or at + 1 >= len(self._elements):
            return False
        told = isinstance(before, Entity) or (
            before.word not in self._phrasing.silent and before.word not in _WHO_GIVES
        )
        receiver = self._elements[at + 1]
        return told and isinstance(receiver, Spoken) and receiver.word in _RECEIVERS

    def _is_developed(self, at: int) -> bool:
        """Whether it is asked if some people get it: "Can children get melanoma?"."""
        before = self._elements[at - 1] if at else None
        following = self._elements[at + 1] if at + 1 < len(self._elements) else None
        return (
            isinstance(before, Entity)
            and before.slot is Slot.POPULATION
            and isinstance(following, Entity)
            and following.slot is Slot.CANCER
        )

    def _is_possible_in_some(self, at: int) -> bool:
        """Whether it is asked so: "Is melanoma possible in children?"."""
        around = self._elements[max(at - 1, 0) : at + 3]
        if len(around) < 4:  # noqa: PLR2004  (the cancer, "possible", "in", the people)
            return False
        before, _, _, whom = around
        return (
            isinstance(before, Entity)
            and before.slot is Slot.CANCER
            and isinstance(whom, Entity)
            and whom.slot is Slot.POPULATION
        )

    def _goes_to(self, at: int) -> bool:
        """Whether the cancer goes somewhere: "Does it go to the brain?" of a cancer."""
        before = self._elements[at - 1] if at else None
        following = self._elements[at + 1] if at + 1 < len(self._elements) else None
        return (
            isinstance(before, Entity)
            and before.slot is Slot.CANCER
            and isinstance(following, Spoken)
            and following.word in {"to", "into", "through"}
        )

    def _keeps_from(self, at: int) -> bool:
        """Whether something is kept from happening: "prevent it from coming back"."""
        said = {each.word for each in self._elements[:at] if isinstance(each, Spoken)}
        if _KEEPING.isdisjoint(said):
            return False
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
