"""The slots of a question: what must agree before two questions can be the same (law 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Slot(StrEnum):
    """A kind of fact that a question holds. The value is the name in reasons."""

    CANCER = "cancer"
    STAGE = "stage"
    MARKER = "biomarker"
    LINE = "line of treatment"
    DRUG = "drug"
    TREATMENT = "treatment"
    TEST = "test"
    POPULATION = "patients"
    NUMBER = "number"
    NEGATION = "negation"
    DIRECTION = "direction"
    TIMING = "timing"
    EFFECT = "symptom or effect"
    ASKED = "what is asked"
    WORDING = "further words"


class Form(StrEnum):
    """How it is asked. Words thrown into a search box have no form."""

    OPEN = "what or how"
    YES_NO = "yes or no"
    NONE = "keywords"


_CARE = (Slot.DRUG, Slot.TREATMENT, Slot.TEST)
_TELLING = (Slot.ASKED, Slot.EFFECT, Slot.WORDING, Slot.DIRECTION, Slot.NEGATION)


@dataclass(frozen=True, slots=True)
class Slots:
    """What was read from a question.

    `values` has the values of each slot that is filled, as they are shown in reasons.
    `everyday` are those of the further words that are everyday wording of no weight, and `idle`
    those that turn no question whatever it asks.
    `order` is the order in which telling things were said, each with its slot; `orderless`
    says that they are compared, so that the order means nothing. `told_before` are the numbers and
    denials that only stand in sentences that don't ask.
    """

    values: Mapping[Slot, frozenset[str]]
    form: Form
    is_duty: bool
    order: tuple[tuple[Slot, str], ...]
    orderless: bool
    everyday: frozenset[str]
    idle: frozenset[str]
    told_before: Mapping[Slot, frozenset[str]]

    def of(self, slot: Slot) -> frozenset[str]:
        """Return the values of a slot, none when it is empty."""
        return self.values.get(slot, frozenset())

    def where_asked(self, slot: Slot) -> frozenset[str]:
        """Return the values of a slot without those that are only told before it is asked."""
        return self.of(slot) - self.told_before.get(slot, frozenset())

    @property
    def says_what_is_asked(self) -> bool:
        """Whether more was said than what it is about: a topic, an effect, a word of its own.

        "Do I need chemotherapy?" says it by its form; "chemotherapy" alone doesn't.
        """
        told_by_form = self.form is Form.YES_NO or (self.form is Form.NONE and self.is_duty)
        if told_by_form and any(self.of(slot) for slot in _CARE):
            return True
        return any(self.of(slot) for slot in _TELLING)


def slot_lexemes(slots: Slots) -> list[str]:
    """Return the marks under which the search index has a question's slots, one for each value."""
    return sorted(
        f"slot:{slot.name.lower()}:{value}" for slot, told in slots.values.items() for value in told
    )
