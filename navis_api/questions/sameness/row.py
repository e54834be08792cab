"""A question as a row of words and named things, and what stands beside each."""

from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.spoken import Spoken

Element = Spoken | Entity


@dataclass(frozen=True, slots=True)
class Row:
    """The words and named things of a question in its order; `silent` are words of no weight."""

    elements: Sequence[Element]
    silent: frozenset[str]

    def before(self, at: int) -> Element | None:
        """Return what stands right before a place."""
        return self.elements[at - 1] if at else None

    def following(self, at: int) -> Element | None:
        """Return what stands right behind a place."""
        return self.elements[at + 1] if at + 1 < len(self.elements) else None

    def tells(self, element: Element) -> bool:
        """Whether an element has weight."""
        return isinstance(element, Entity) or element.word not in self.silent

    def next_telling(self, at: int) -> Element | None:
        """Return the next element of weight behind a place."""
        return next((each for each in self.elements[at + 1 :] if self.tells(each)), None)


def row_of(words: Sequence[Spoken], entities: Sequence[Entity]) -> list[Element]:
    """Return the words and named things of a question in its order."""
    free = [
        word
        for word in words
        if not any(each.start < word.end and word.start < each.end for each in entities)
    ]
    return sorted([*free, *entities], key=lambda element: element.start)
