"""What the learned reader sees in a question: its words, their order, and what the rules read."""

from collections.abc import Iterator
from itertools import pairwise

from navis_api.questions.sameness.learned.masking import Masked
from navis_api.questions.sameness.slots import Slot, Slots

_READ = (Slot.TIMING, Slot.NEGATION, Slot.DIRECTION)


def features(masked: Masked, slots: Slots) -> set[str]:
    """Return the names of all that a question shows. A name says what it is before its colon."""
    return set(_of_words(masked.words)) | set(_of_slots(slots)) | {_of_masks(masked)}


def _of_words(words: tuple[str, ...]) -> Iterator[str]:
    for word in words:
        yield f"word:{word}"
    for first, second in pairwise(("^", *words, "$")):
        yield f"pair:{first} {second}"
    for first, second in zip(words, words[2:], strict=False):
        yield f"skip:{first} {second}"


def _of_slots(slots: Slots) -> Iterator[str]:
    asked = sorted(slots.of(Slot.ASKED))
    for topic in asked:
        yield f"topic:{topic}"
    yield f"topics:{'+'.join(asked)}"
    yield f"form:{slots.form.value}"
    for slot in _READ:
        for told in slots.of(slot):
            yield f"{slot.value}:{told.split(' ')[0]}"


def _of_masks(masked: Masked) -> str:
    return f"named:{' '.join(sorted(mask for mask, *_ in masked.named))}"
