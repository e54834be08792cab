"""When it is, and what is denied: before and after, while on, started or stopped, without."""

from collections.abc import Iterator, Sequence

from navis_api.questions.sameness.items import Item
from navis_api.questions.sameness.phrasing import Kind
from navis_api.questions.sameness.relations import CARE, THINGS, sides_of
from navis_api.questions.sameness.slots import Slot

_OBJECTS = THINGS | {Slot.ASKED}
_DENIED = _OBJECTS | {Slot.MARKER, Slot.STAGE, Slot.POPULATION}
_BEGUN_OR_ENDED = frozenset({"start", "stop", "continue"})
"""What may stand behind its object: "When should screening start?"."""

_ASKING = frozenset({"when", "where", "why", "duration", "frequency"})
"""Topics that are words of asking, and no thing that something could be done to."""

_WHOSE = frozenset({Slot.CANCER, Slot.STAGE, Slot.MARKER, Slot.POPULATION})
_HAD = "had"
_SOON = "soon"
_OF_CARE_ITSELF = frozenset(
    {"side effects", "late effects", "recovery", "recovery time", "mechanism", "effectiveness"}
    | {"definition", "treatment", "duration", "cost"}
)
"""What is asked of a treatment as such, so that it doesn't matter that one has had it."""


def timings(items: Sequence[Item]) -> Iterator[str]:
    """Yield when it is: "after surgery", "during chemotherapy", "stop tamoxifen"."""
    for item in items:
        if item.kind is Kind.DENIAL and item.value in _BEGUN_OR_ENDED:
            told = _begun_or_ended(items, item)
            stops_return = told is not None and (item.value, told.value) == ("stop", "recurrence")
            if not (stops_return or _eases(items, item)):
                yield f"{item.value} {told.value}" if told else item.value
    for item in items:
        if item.kind is Kind.TIMING:
            yield from _timing(items, item)


def _timing(items: Sequence[Item], item: Item) -> Iterator[str]:
    when = item.value.removesuffix("!")
    if when in {_HAD, _SOON} and any(each.value in _OF_CARE_ITSELF for each in items):
        # "I had chemo. How does it work?" asks about chemo, and so does who starts it soon.
        return
    told = _next(items, item, _OBJECTS) or _only_care(items)
    if _stands_behind_cancer(items, item, told):
        told = None
    if when == _HAD:
        when, told = "after", _had(items, item)
    if told is None and item.value.endswith("!"):
        told = _previous(items, item, _OBJECTS)
    if when == "during" and told is not None and _goes_without_saying(items, told):
        return
    if when == "after" and (
        _is_recovered_from(items, told) or _is_followed_up(items, told) or _recurs(items, told)
    ):
        return
    yield f"{when} {told.value}" if told else when


def _stands_behind_cancer(items: Sequence[Item], item: Item, told: Item | None) -> bool:
    """Whether the time is that of the cancer: "after lymphoma can I have children".

    In "after lymphoma treatment" it is that of what stands right behind the cancer.
    """
    if told is None:
        return False
    between = [each for each in items if item.at < each.at < told.at and each.slot is Slot.CANCER]
    if not between or any(item.at < each.at < between[0].at for each in items):
        return False
    return told.at > between[-1].at + 1 or told.slot is Slot.WORDING


def _had(items: Sequence[Item], item: Item) -> Item | None:
    """Return what somebody has had, where that is care: "lung surgery", not the cancer."""
    behind = [each for each in items if each.at > item.at and each.sentence == item.sentence]
    if behind and behind[0].slot is Slot.WORDING:
        return behind[0]
    told = next((each for each in behind if each.slot not in _WHOSE), None)
    return told if told is not None and told.slot in CARE else None


def _goes_without_saying(items: Sequence[Item], care: Item) -> bool:
    """Whether what is asked happens while one has care: its side effects, or what it does."""
    felt = any(item.slot is Slot.EFFECT or item.value == "side effects" for item in items)
    # How long it lasts meanwhile is one thing, and how long afterwards another.
    lasts = any(item.value in {"duration", "lasting"} for item in items)
    if care.slot in CARE and felt and not lasts:
        return True
    if any(item.value in {"recovery", "recovery time"} for item in items) and care.slot in CARE:
        return True
    if any(item.value == "what happens" for item in items) and care.slot is not Slot.EFFECT:
        return True
    return any(
        item.kind is Kind.LINK and item.value == "affect" and care in sides_of(items, item)[0]
        for item in items
    )


def _is_recovered_from(items: Sequence[Item], told: Item | None) -> bool:
    """Whether one recovers from it, which is always after it."""
    if not any(item.value in {"recovery", "recovery time"} for item in items):
        return False
    return told is None or any(each.slot in CARE for each in items if each.at >= told.at)


def _is_followed_up(items: Sequence[Item], told: Item | None) -> bool:
    """Whether it is the follow-up of a cancer, which is always after its treatment."""
    follows = any(item.value == "follow-up" for item in items)
    return follows and (told is None or told.value in {"treatment", "follow-up"})


def _recurs(items: Sequence[Item], told: Item | None) -> bool:
    """Whether the time is that of a cancer that comes back: always after its treatment."""
    asked = {item.value for item in items}
    likely = {"recurrence", "probability"} <= asked
    if told is not None and told.value == "recurrence":
        # "Treated after it comes back" is treated when it has come back.
        return "treatment" in asked
    return likely and told is not None and told.value == "treatment"


def eases_effect(items: Sequence[Item]) -> bool:
    """Whether a symptom is to be stopped: "how can I stop the hot flashes"."""
    return any(item.kind is Kind.DENIAL and _eases(items, item) for item in items)


def _eases(items: Sequence[Item], item: Item) -> bool:
    told = _next(items, item, _OBJECTS)
    timed = any(each.value in {"when", "duration", "wait before"} for each in items)
    is_stopped = item.value == "stop" and told is not None and told.slot is Slot.EFFECT
    return is_stopped and not timed


def _begun_or_ended(items: Sequence[Item], item: Item) -> Item | None:
    """Return what starts or stops: "when does nausea start after chemo" is of the nausea."""
    told = _next(items, item, _OBJECTS)
    between = [each for each in items if told is not None and item.at < each.at < told.at]
    if told is None or any(each.kind is Kind.TIMING for each in between):
        return _previous(items, item, _OBJECTS) or told
    return told


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
