"""Whether two questions are the same: decided on their slots, never on likeness (law 5).

What slots leave open of what is asked is decided by reading both questions side by side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.sameness.left_to_reading import (
    SURE_READING,
    VERY_SURE_READING,
    sure_from,
)
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.side_by_side.reader import side_by_side
from navis_api.questions.sameness.slots import Form, Slot, Slots
from navis_api.questions.sameness.topics import (
    DONE,
    INVOLVES,
    LEAVE,
    WHAT_DIFFERS,
    WHICH_IS_BETTER,
)

SETTLING_SIMILARITY = 0.90
"""From this cosine on, an embedder may settle everyday words that only one question has.

High, since opposites score up to 0.96 (FACTS.md): it never settles anything but such words.
"""


class Sameness(StrEnum):
    """What was found of two questions."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    UNCERTAIN = "UNCERTAIN"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against, in plain words; `slot` is None for the whole."""

    slot: Slot | None
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a known question is the one that was asked, and why.

    `can_be_settled` says that nothing but everyday wording is left over. `sure_from` is the score
    of both questions read side by side that makes them the same, where whose question it is
    agrees, and only what is asked may not.
    """

    verdict: Sameness
    reasons: tuple[Reason, ...]
    can_be_settled: bool = False
    sure_from: float | None = None

    @property
    def same(self) -> bool:
        """Whether the known question's answer may be served."""
        return self.verdict is Sameness.SAME


_SAYS_LITTLE = frozenset({LEAVE, "definition", "when", "where", "why", "who", "amount"})
"""What is asked in so many words only with another: "what is", "can I", "when"."""

_COMPARED_HOW = frozenset({WHICH_IS_BETTER, WHAT_DIFFERS})
_KEPT_APART = tuple(slot for slot in Slot if slot is not Slot.WORDING)
_EITHER_WAY = frozenset(
    {
        "recurrence",
        "probability",
        "cost",
        "comparison",
        "eligibility",
        "effectiveness",
        "serious",
        "incidence",
        "accuracy",
        "painful",
        "growth",
    }
)
_INVOLVES = frozenset({INVOLVES})
_DESCRIBED = (Slot.TREATMENT, Slot.DRUG, Slot.TEST)
_LISTED_EITHER_WAY = frozenset({"prevention", "side effects", "late effects"})
"""The same of these, unless one effect or one means is asked about."""

_MAY_SWAP = frozenset(
    frozenset({first, second})
    for first, second in (
        (Slot.EFFECT, Slot.DRUG),
        (Slot.EFFECT, Slot.TREATMENT),
        (Slot.TEST, Slot.DRUG),
        (Slot.TEST, Slot.TREATMENT),
    )
)
"""Pairs of which only one can be what is asked about the other, in whichever order."""


_SYMPTOM_OF = {Slot.EFFECT, Slot.CANCER}


def decide(asked: Slots, known: Slots) -> Decision:
    """Return whether the asked question is the known one.

    SAME only when every slot is equal and nothing is left over; DIFFERENT when a slot
    differs; UNCERTAIN when only wording does.
    """
    apart = tuple(_differences(asked, known))
    if apart:
        return Decision(Sameness.DIFFERENT, apart, sure_from=sure_from(asked, known))
    doubts = tuple(_doubts(asked, known))
    if not doubts:
        agreed = tuple(
            Reason(slot, f"{slot.value}: {_list(told)} in both")
            for slot, told in asked.values.items()
        )
        return Decision(Sameness.SAME, agreed)
    only_words = [reason.slot for reason in doubts] == [Slot.WORDING]
    turned_round = any(reason.slot is Slot.DIRECTION for reason in doubts)
    left_over = asked.of(Slot.WORDING) ^ known.of(Slot.WORDING)
    everyday = left_over <= asked.everyday | known.everyday
    sure = sure_from(asked, known)
    return Decision(
        Sameness.UNCERTAIN,
        doubts,
        can_be_settled=only_words and everyday and _is_anchored(asked, left_over),
        sure_from=VERY_SURE_READING if turned_round and sure else sure,
    )


def settle_by_reading(decision: Decision, score: float) -> Decision:
    """Return the decision, settled by the score of both questions read side by side.

    What isn't left to reading stays as it was decided.
    """
    if decision.sure_from is None:
        return decision
    told = f"read side by side: {score:.1f}, of {decision.sure_from:.1f} that are sure"
    return _settled(decision, told, is_sure=score >= decision.sure_from)


def settle(decision: Decision, similarity: float) -> Decision:
    """Return the decision with leftover everyday words settled by an embedder's cosine.

    Whatever is no everyday wording stays as it was decided.
    """
    if not decision.can_be_settled:
        return decision
    told = f"similarity {similarity:.2f}, of {SETTLING_SIMILARITY:.2f} that settle everyday words"
    return _settled(decision, told, is_sure=similarity >= SETTLING_SIMILARITY)


def _settled(decision: Decision, told: str, *, is_sure: bool) -> Decision:
    """Return the decision with what was told of it, which settles it where that is sure."""
    reasons = (*decision.reasons, Reason(None, told))
    return Decision(Sameness.SAME, reasons) if is_sure else replace(decision, reasons=reasons)


def same_question(
    asked: str,
    known: str,
    catalogue: Catalogue,
    *,
    asked_cancer: CatalogueEntry | None = None,
    known_cancer: CatalogueEntry | None = None,
) -> Decision:
    """Read two texts as asking would, with the cancers that they name, and decide."""
    decision = decide(
        read_slots(asked, asked_cancer, catalogue), read_slots(known, known_cancer, catalogue)
    )
    if decision.same or decision.sure_from is None:
        return decision
    (score,) = readings(asked, [known])
    return settle_by_reading(decision, score)


def readings(asked: str, known: Sequence[str]) -> list[float]:
    """Return the score of a question read side by side with each known one: call it on a thread."""
    return side_by_side().scores(asked, known, enough=SURE_READING)


def _differences(asked: Slots, known: Slots) -> Iterator[Reason]:
    for slot in _KEPT_APART:
        here, there = asked.of(slot), known.of(slot)
        if slot is Slot.ASKED and asked.of(Slot.TIMING) and _is_keywords_of_leave(asked, known):
            # Keywords don't say whether one may: "driving during chemotherapy".
            here, there = here - {LEAVE, "safety"}, there - {LEAVE, "safety"}
        if slot is Slot.ASKED and "comparison" in here & there:
            here, there = _compared(here, there)
        if slot is Slot.ASKED and _describes(asked):
            here, there = _described(here, there)
        if here != there:
            yield Reason(slot, f"{slot.value}: {_list(here)} here, {_list(there)} there")


def _is_keywords_of_leave(asked: Slots, known: Slots) -> bool:
    forms = {asked.form, known.form}
    return Form.NONE in forms and Form.OPEN not in forms


def _compared(here: frozenset[str], there: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what two comparisons ask; who leaves open what for, asks for either."""
    if _COMPARED_HOW.isdisjoint(here) or _COMPARED_HOW.isdisjoint(there):
        return here - _COMPARED_HOW, there - _COMPARED_HOW
    return here, there


def _describes(asked: Slots) -> bool:
    """Whether care or a test is all that is asked about, so that it can be described."""
    return any(asked.of(slot) for slot in _DESCRIBED) and not asked.of(Slot.EFFECT)


def _described(
    here: frozenset[str], there: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what two questions ask; what it involves is what it is, and how it is done."""
    if here and there and here | there <= DONE:
        return DONE, DONE
    for told, other in ((here, there), (there, here)):
        if told == _INVOLVES and other and other <= DONE | {"definition"}:
            return told, told
    return here, there


def _doubts(asked: Slots, known: Slots) -> Iterator[Reason]:
    here, there = asked.of(Slot.WORDING), known.of(Slot.WORDING)
    if here != there and not _is_idle(asked, known):
        text = f"further words: {_list(here - there)} here, {_list(there - here)} there"
        yield Reason(Slot.WORDING, text)
    if not asked.says_what_is_asked:
        yield Reason(Slot.ASKED, "what is asked: not clear")
    if {asked.form, known.form} == {Form.OPEN, Form.YES_NO} and not _either_way(asked):
        text = f"asked as {asked.form.value} here, as {known.form.value} there"
        yield Reason(Slot.ASKED, text)
    compares = "comparison" in asked.of(Slot.ASKED)
    dutiful = asked if asked.is_duty else known
    if not compares and asked.is_duty != known.is_duty and dutiful.form is not Form.OPEN:
        yield Reason(Slot.ASKED, "one asks whether it should be, the other doesn't")
    swapped = _swapped(asked, known)
    if swapped:
        yield Reason(
            Slot.DIRECTION, f"order: {swapped[0]} and {swapped[1]} are the other way round"
        )


def _is_idle(asked: Slots, known: Slots) -> bool:
    """Whether the words that only one has turn nothing, since slots say what is asked."""
    left_over = asked.of(Slot.WORDING) ^ known.of(Slot.WORDING)
    return left_over <= asked.idle | known.idle and bool(asked.of(Slot.ASKED) - _SAYS_LITTLE)


def _is_anchored(asked: Slots, left_over: frozenset[str]) -> bool:
    """Whether a slot says what is asked, so that a word left over can't be all there is to it.

    "Can I delay tamoxifen" has nothing but its verb; an adverb ("basically") is never all.
    """
    topics = asked.of(Slot.ASKED)
    adverbs = all(word.endswith("ly") for word in left_over)
    return bool(topics - _SAYS_LITTLE) or (bool(topics) and adverbs)


def _either_way(asked: Slots) -> bool:
    """Whether "how" and "can it" ask for the same: how to prevent it, how likely it is."""
    topics = asked.of(Slot.ASKED)
    if topics and topics <= _LISTED_EITHER_WAY:
        means = (Slot.DRUG, Slot.TREATMENT) if "prevention" in topics else ()
        return not any(asked.of(slot) for slot in (Slot.WORDING, Slot.EFFECT, *means))
    return bool(topics) and topics <= _EITHER_WAY | _COMPARED_HOW


def _swapped(asked: Slots, known: Slots) -> tuple[str, str] | None:
    """Return two telling things that stand in another order, where that may mean something."""
    if asked.orderless and known.orderless:
        return None
    place = {told: at for at, told in reversed(list(enumerate(known.order)))}
    related = [
        {part for side in relation.split(" > ") for part in side.split(" + ")}
        for relation in asked.of(Slot.DIRECTION)
    ]
    told = [each for each in dict.fromkeys(asked.order) if each in place]
    for first, second in combinations(told, 2):
        slots = {first[0], second[0]}
        may_swap = frozenset(slots) in _MAY_SWAP
        # A topic only matters beside a word: "new side effects of chemo", "of new chemo".
        may_swap |= Slot.ASKED in slots and Slot.WORDING not in slots
        may_swap |= not {"painful", "definition"}.isdisjoint({first[1], second[1]})
        # Of a symptom and the cancer, only one can be the other's; the topic says which.
        may_swap |= "symptoms" in asked.of(Slot.ASKED) and {first[0], second[0]} == _SYMPTOM_OF
        # What does something to what is compared as such, however it is worded.
        is_told = any({first[1], second[1]} <= parts for parts in related)
        if place[first] > place[second] and not may_swap and not is_told:
            return first[1], second[1]
    return None


def _list(values: frozenset[str]) -> str:
    return ", ".join(sorted(values)) or "none"
