"""What "it" is, where something is told and then only asked what that is, or what it causes.

"They say my uncle has lymphedema. What is that?" asks what lymphedema is, whatever else was told.
Only where a single thing was told can "it" be nothing else.
"""

import re
from collections.abc import Callable

from navis_api.questions.sameness.learned.masking import Mask, Masked
from navis_api.questions.sameness.slots import Slot, Slots

Reader = Callable[[str], tuple[Slots, Masked]]

_IT = "(?:it|that|this|they|those|these)"
_POLITELY = (
    r"(?:(?:can|could|would) (?:you|someone|anyone) )?(?:please )?(?:explain |tell (?:me|us) )?"
)
_IN_THE_END = "(?: exactly| then| about| all about| anyway| please| actually| though)*"
_WHAT_IT_IS = (
    rf"(?:and |so |but )?{_POLITELY}(?:"
    rf"what(?: exactly| actually| on earth)?(?:'s| is| are|'re) {_IT}"
    rf"|what {_IT} (?:is|are|means?)"
    rf"|what (?:does|do|did|would) {_IT} (?:actually |really |even )?mean"
    rf"|(?:what|which) (?:sort|kind|type) of (?:an? )?[\w-]+ (?:is|are) {_IT}"
    r"|what(?:'s| is) that (?:document|word|thing|disease|illness|operation|procedure|test)"
    rf"){_IN_THE_END}"
)
_WHETHER_IT_CAUSES = (
    rf"(?:and |so |but )?(?:can|could|does|do|did|will|would|might|may|has|have) {_IT}"
    r"(?: all| really| actually| ever| possibly)*(?: have)?"
    r" (?:cause[ds]?|given?|gave|le(?:a)?d to|br(?:ing|ought) on)"
    r"(?: me| him| her| you| us| them| people)? (?P<what>[^?.!,;:]{3,60})"
)
_ASKED = re.compile(
    rf"(?P<told>.*\w)\W+(?:(?P<is>{_WHAT_IT_IS})|(?P<causes>{_WHETHER_IT_CAUSES}))[\s?.!]*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 1_000
"""A longer text is a story, of which "it" may be anything."""

_ENDED = re.compile(r"[.,;:!?-]\s*$")
_MORE_THAN_A_NAME = (
    *(Slot.STAGE, Slot.LINE, Slot.NUMBER, Slot.MARKER),
    *(Slot.NEGATION, Slot.TIMING, Slot.DIRECTION, Slot.ASKED),
)
"""What says of which kind a thing is, or what became of it: then "it" may be that."""

_NAMING = frozenset(
    {"call", "clinic", "consultant", "doctor", "hospital", "lab", "leaflet", "letter", "mention"}
    | {"name", "note", "nurs", "paper", "report", "said", "say", "sheet", "surgeon", "talk", "term"}
    | {"thing", "told", "us", "warn", "word", "writ", "written"}
)
"""Stems of words with which a thing is only named: "they warned us about it"."""


def asked_of_it(plain: str, read: Reader) -> str | None:
    """Return the question with the thing in the place of "it", or None where it isn't clear."""
    if len(plain) > _LONGEST:
        return None
    found = _ASKED.fullmatch(plain)
    if found is None or not _ENDED.search(plain[: found.start("is" if found["is"] else "causes")]):
        return None
    slots, told = read(found["told"])
    things = {written for _, written, _ in told.named} | set(told.cancers)
    if len(things) != 1 or any(slots.of(slot) for slot in _MORE_THAN_A_NAME):
        return None
    (thing,) = things
    if found["is"]:
        further = slots.of(Slot.WORDING) - slots.idle
        return f"What is {thing}?" if further <= _NAMING else None
    causing = {mask for mask, *_ in told.named} <= {Mask.THING, Mask.CARE}
    if not causing or slots.of(Slot.POPULATION) or slots.of(Slot.CANCER):
        return None
    return f"Can {thing} cause {found['what']}?"
