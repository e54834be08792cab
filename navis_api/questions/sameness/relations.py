"""What relates the items of a question: before and after, without, and what causes what."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from navis_api.questions.sameness.items import Item
from navis_api.questions.sameness.phrasing import Kind
from navis_api.questions.sameness.slots import Slot

CARE = frozenset({Slot.DRUG, Slot.TREATMENT})
_THINGS = CARE | {Slot.TEST, Slot.EFFECT, Slot.WORDING}
_OBJECTS = _THINGS | {Slot.ASKED}
_DENIED = _OBJECTS | {Slot.MARKER, Slot.STAGE, Slot.POPULATION}
_BEGUN_OR_ENDED = frozenset({"start", "stop", "continue"})
"""What may stand behind its object: "When should screening start?"."""

_ASKING = frozenset({"when", "where", "why", "duration", "frequency"})
"""Topics that are words of asking, and no thing that something could be done to."""

_ORDERED = frozenset({"switch", "add"})


def timings(items: Sequence[Item]) -> Iterator[str]:
    """Yield when it is: "after surgery", "during chemotherapy", "stop tamoxifen"."""
    for item in items:
        if item.kind is Kind.DENIAL and item.value in _BEGUN_OR_ENDED:
            told = _next(items, item, _OBJECTS) or _previous(items, item, _OBJECTS)
            if told is not None and item.value == "stop" and told.value == "recurrence":
                continue
            yield f"{item.value} {told.value}" if told else item.value
    recovering = any(item.value in {"recovery", "recovery time"} for item in items)
    what_happens = any(item.value == "what happens" for item in items)
    eased = any(item.slot is Slot.EFFECT or item.value == "side effects" for item in items)
    for item in items:
        if item.kind is not Kind.TIMING:
            continue
        when = item.value.removesuffix("!")
        told = _next(items, item, _OBJECTS) or _only_care(items)
        if told is None and item.value.endswith("!"):
            told = _previous(items, item, _OBJECTS)
        if when == "during" and told is not None and told.slot in CARE and eased:
            continue
        if when == "during" and told is not None and what_happens and told.slot is not Slot.EFFECT:
            continue
        if when == "after" and recovering and (told is None or told.slot in CARE):
            continue
        yield f"{when} {told.value}" if told else when


def negations(items: Sequence[Item]) -> Iterator[str]:
    """Yield what is denied or left out: "not curable", "without surgery"."""
    for item in items:
        if item.kind is Kind.DENIAL and item.value not in _BEGUN_OR_ENDED:
            told = _next(items, item, _DENIED)
            if told is None and item.value == "avoid":
                continue
            yield f"{item.value} {told.value}" if told else item.value


def avoids_cancer(items: Sequence[Item]) -> bool:
    """Whether it is the cancer that is to be avoided: that asks how to prevent it.

    So does who asks how to stop it from coming back.
    """
    for item in items:
        if item.kind is not Kind.DENIAL:
            continue
        told = _next(items, item, _DENIED)
        if item.value == "avoid" and told is None:
            return True
        if item.value == "stop" and told is not None and told.value == "recurrence":
            return True
    return False


def directions(items: Sequence[Item]) -> Iterator[str]:
    """Yield what does something to what; nothing where the two can't be meant otherwise."""
    for item in items:
        if item.kind is Kind.LINK:
            yield from _direction(items, item)
    for before, item in pairwise(items):
        if item.value == "spread" and before.slot in CARE | {Slot.TEST}:
            led = [each for each in items if each.at < before.at]
            if not led or led[-1].kind is not Kind.TIMING:
                yield f"{before.value} > spread"
    if cancer_as_symptom(items):
        yield "the cancer acts"


def asks_for_causes(items: Sequence[Item]) -> bool:
    """Whether it is asked what causes something, and nothing is named that might."""
    for item in items:
        if item.kind is Kind.LINK and item.value == "cause" and _is_unfilled(*_sides(items, item)):
            return True
    return False


def _is_unfilled(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Whether no cause is named: "what causes ...", or "liver cancer causes"."""
    return not left or (
        not right and all(item.slot is Slot.CANCER and item.attached for item in left)
    )


def makes_symptoms(items: Sequence[Item]) -> bool:
    """Whether it is asked if the cancer makes a symptom: the same as if that is one of its."""
    return any(item.kind is Kind.LINK and _is_symptom(item, *_sides(items, item)) for item in items)


def makes_side_effects(items: Sequence[Item]) -> bool:
    """Whether it is asked what care does to one: "how will radiation affect me"."""
    for item in items:
        if item.kind is Kind.LINK and item.value == "affect":
            left, right = _sides(items, item)
            if left and not right and all(each.slot in CARE for each in left):
                return True
    return False


def cancer_as_symptom(items: Sequence[Item]) -> bool:
    """Whether it is asked if the cancer is a symptom, or a risk factor, of something."""
    acting = [item.at for item in items if item.slot is Slot.CANCER and not item.attached]
    topics = [item.at for item in items if item.value in {"symptoms", "risk factors"}]
    return bool(acting and topics) and min(acting) < min(topics)


def _is_symptom(link: Item, left: Sequence[Item], right: Sequence[Item]) -> bool:
    if link.value == "caused by":
        left, right = right, left
    return (
        link.value in {"cause", "caused by"}
        and bool(left and right)
        and all(item.slot is Slot.CANCER for item in left)
        and all(item.slot in {Slot.EFFECT, Slot.WORDING} for item in right)
    )


def _direction(items: Sequence[Item], link: Item) -> Iterator[str]:
    left, right = _sides(items, link)
    if link.value in _ORDERED:
        yield " > ".join([link.value, *(each.value for each in right)])
        return
    if _is_symptom(link, left, right) or _adds_nothing(items, link, left, right):
        return
    value = link.value
    if value == "caused by":
        value, left, right = "cause", right, left
    if value == "cause":
        if any(each.slot in CARE for each in left):
            left = [each for each in left if each.value != "treatment"]
        if link.value == "cause" and _is_unfilled(left, right):
            return
        done_by_care = left and all(each.slot in CARE for each in left)
        if done_by_care and right and all(each.slot is Slot.EFFECT for each in right):
            return
    yield f"{_names(left)} > {value} > {_names(right)}"


def _adds_nothing(
    items: Sequence[Item], link: Item, left: Sequence[Item], right: Sequence[Item]
) -> bool:
    """Whether a link only names again what is asked.

    "Side effects from radiation" are those of radiation, "how will it affect me" asks for
    them, and "What symptoms does it cause?" asks for the symptoms.
    """
    if link.value == "caused by":
        if left and all(item.slot is Slot.STAGE for item in left):
            # "Brain metastases from melanoma" are those of melanoma.
            return all(item.slot is Slot.CANCER for item in right)
        return not left and bool(right) and all(item.slot in CARE for item in right)
    if link.value == "affect":
        return not right and bool(left) and all(item.slot in CARE for item in left)
    asks_symptoms = any(item.value == "symptoms" and item.at < link.at for item in items)
    return asks_symptoms and not right and all(item.slot is Slot.CANCER for item in left)


def _sides(items: Sequence[Item], link: Item) -> tuple[list[Item], list[Item]]:
    same = [item for item in items if item.sentence == link.sentence]
    return (
        _side([item for item in same if item.at < link.at]),
        _side([item for item in same if item.at > link.at]),
    )


def _side(items: Sequence[Item]) -> list[Item]:
    """Return what takes part on one side: a stage or the cancer only where nothing else does."""
    things = [item for item in items if _takes_part(item)]
    things = things or [item for item in items if item.slot is Slot.MARKER]
    stages = [item for item in items if item.slot in {Slot.STAGE, Slot.LINE}]
    return things or stages or [item for item in items if item.slot is Slot.CANCER]


def _takes_part(item: Item) -> bool:
    if item.slot is Slot.CANCER:
        return not item.attached
    return item.slot in _THINGS or item.value in {"treatment", "benefits", "risks"}


def _names(items: Sequence[Item]) -> str:
    return " + ".join(dict.fromkeys(item.value for item in items)) or "?"


def _next(items: Sequence[Item], item: Item, slots: frozenset[Slot]) -> Item | None:
    return next(
        (
            each
            for each in items
            if each.at > item.at and each.sentence == item.sentence and each.slot in slots
        ),
        None,
    )


def _previous(items: Sequence[Item], item: Item, slots: frozenset[Slot]) -> Item | None:
    before = [
        each
        for each in items
        if each.at < item.at and each.slot in slots and each.value not in _ASKING
    ]
    return before[-1] if before else None


def _only_care(items: Sequence[Item]) -> Item | None:
    care = [item for item in items if item.slot in CARE]
    return care[0] if len(care) == 1 else None
