"""A question as words in which every named thing stands as its kind: "how long is <care>".

So it reads alike whatever treatment it asks about, and of whatever cancer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.items import Item
from navis_api.questions.sameness.phrasing import Kind
from navis_api.questions.sameness.row import Element
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import stem


class Mask(StrEnum):
    """A kind of named thing that a question can ask about."""

    CARE = "<care>"
    TEST = "<test>"
    EFFECT = "<effect>"
    CONDITION = "<condition>"
    """An illness or a state beside the cancer."""
    CANCER = "<cancer>"
    THING = "<thing>"
    """What one does or has, of the things that phrases name: "flying", "sugar", "family"."""


_MASKS = {
    Slot.DRUG: Mask.CARE,
    Slot.TREATMENT: Mask.CARE,
    Slot.TEST: Mask.TEST,
    Slot.EFFECT: Mask.EFFECT,
    Slot.WORDING: Mask.CONDITION,
}
"""What isn't here, but for the cancer, says whose question it is: its stage, the patient. It's
left out."""

_SAID: dict[Kind | None, Mask] = {Kind.EFFECT: Mask.EFFECT, Kind.THING: Mask.THING}


@dataclass(frozen=True, slots=True)
class Masked:
    """A question's words by their stems and masks, and the named things behind the masks.

    `named` has each mask with what is written there and what it means, in the question's order;
    `cancers` are the cancers as they are written, `others` the people beside the patient,
    and `cancer_acts` says that a cancer does something, or has it done to it.
    """

    words: tuple[str, ...]
    named: tuple[tuple[Mask, str, str], ...]
    cancers: tuple[str, ...]
    others: frozenset[str]
    cancer_acts: bool


def masked(
    plain: str, row: Sequence[Element], items: Sequence[Item], others: frozenset[str]
) -> Masked:
    """Return the words of a plain text, given its row, its items and the others in it."""
    said = {item.at: item for item in items if item.kind in _SAID and item.places}
    within = {place for item in said.values() for place in item.places}
    words: list[str] = []
    named: list[tuple[Mask, str, str]] = []
    cancers: list[str] = []
    for at, element in enumerate(row):
        if at in said:
            mask, value = _SAID[said[at].kind], said[at].value
            words.append(mask if mask is Mask.EFFECT else value)
            named.append((mask, value, value))
        elif isinstance(element, Entity):
            written = plain[element.start : element.end]
            mask = _MASKS.get(element.slot)
            if mask is not None:
                words.append(mask)
                named.append((mask, written, min(element.values)))
            elif element.slot is Slot.CANCER:
                words.append(Mask.CANCER)
                cancers.append(written)
            elif element.slot is Slot.ASKED:
                words += sorted(element.values)
        elif at not in within and not element.word.isdigit():
            words.append(stem(element.word))
    acts = any(item.slot is Slot.CANCER and not item.attached for item in items)
    return Masked(tuple(words), tuple(named), tuple(cancers), others, acts)
