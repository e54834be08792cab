"""Whether care, or the cancer, is asked about for somebody who has a symptom or an illness.

"Can I have chemo with anemia?" names the same as "Can chemo cause anemia?" and asks about the
other thing: there the anemia was before the chemo. So what one has beside it is told apart.
"""

from collections.abc import Sequence
from itertools import takewhile

from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.items import Item
from navis_api.questions.sameness.relations import CARE
from navis_api.questions.sameness.row import Element, Row
from navis_api.questions.sameness.slots import Slot

BESIDE = "with"
"""Begins what is told of somebody who has an effect already: "with anemia"."""

PREVENTING = "prevented by"
"""Begins what is told of care that is to prevent an effect: "prevented by scalp cooling"."""

_ASKED_OF = CARE | {Slot.TEST, Slot.CANCER}
_HAVING = frozenset({"with", "having", "despite", "alongside", "given"})
_WHO_HAVE = frozenset({"have", "has", "had", "get", "gets", "got", "suffer", "suffers"})
_FOR = frozenset({"for", "against"})
_SUPPOSING = frozenset({"if", "when", "although", "though", "because", "while", "whilst", "who"})
_PEOPLE = frozenset(
    {"people", "person", "patients", "patient", "someone", "somebody", "anyone", "anybody", "those"}
    | {"women", "woman", "men", "man", "adults", "children", "child", "everyone", "everybody"}
)
_OF_CARE = frozenset(
    {"safe", "safely", "ok", "okay", "fine", "work", "works", "working", "effective", "treatment"}
    | {"treated", "therapy", "used", "given", "recommended", "allowed", "still", "possible", "it"}
    | {"diagnosed", "start", "screened", "dangerous", "prevented"}
)
"""Words of what is asked about, behind which "with anemia" says of whom."""

_ATTACHING = frozenset(
    {"from", "on", "during", "after", "of", "because", "since", "in", "following", "having"}
    | {"getting", "taking", "my", "the", "to", "through", "with"}
)
"""Words that make an effect one of the care behind them: "on chemo, when I get anemia"."""

_PREVENTED = "prevention"
_MEANS = frozenset({"by", "with", "using", "through"})
_COPED_WITH = frozenset({"coping", "doing", "managing", "serious", "painful", "duration", "when"})
"""Topics that ask about the effect itself, however it is said that one has it."""


def beside_effects(row: Row, items: Sequence[Item], topics: frozenset[str]) -> frozenset[str]:
    """Return the effects that somebody has beside the care or the cancer that is asked about."""
    if not any(isinstance(each, Entity) and each.slot in _ASKED_OF for each in row.elements):
        return frozenset()
    return frozenset(
        f"{BESIDE} {item.value}"
        for item in items
        if item.slot is Slot.EFFECT and _is_beside(row, item.at, topics)
    )


def care_that_prevents(row: Row, items: Sequence[Item]) -> frozenset[str]:
    """Return the care of which it is asked if it prevents an effect, not one of its own.

    "Can scalp cooling prevent it?" and "Can it be prevented with scalp cooling?", unlike "Can
    hair loss from chemo be prevented?".
    """
    if not any(item.slot is Slot.EFFECT for item in items):
        return frozenset()
    places = [item.at for item in items if item.value == _PREVENTED]
    care = [item for item in items if item.slot in CARE]
    return frozenset(
        f"{PREVENTING} {item.value}"
        for item in care
        for at in places
        if (item.at < at and _first_of(items, item, at))
        or (item.at > at and _says_means(row.before(item.at)))
    )


def _first_of(items: Sequence[Item], care: Item, prevented: int) -> bool:
    """Whether no effect stands before the prevention: then it's the care that does it."""
    effects = [item for item in items if item.slot is Slot.EFFECT]
    return not any(each.at < prevented for each in effects) and care.at < prevented


def _says_means(element: Element | None) -> bool:
    return element is not None and _says(element, _MEANS)


def _is_beside(row: Row, at: int, topics: frozenset[str]) -> bool:
    before = list(row.elements[:at])
    told = _weighty(row, before)
    if told and _says(told[-1], _HAVING):
        led = _weighty(row, before[: before.index(told[-1])])
        whom = led[-1] if led else None
        return _is_people(before, told[-1]) or (whom is not None and _is_asked_of(whom))
    if told and _says(told[-1], _FOR):
        led = _weighty(row, before[: before.index(told[-1])])
        named = [each for each in led if not _says(each, _OF_CARE)]
        return bool(named) and isinstance(named[-1], Entity) and named[-1].slot in CARE
    return _is_supposed(row, at, copes=not topics.isdisjoint(_COPED_WITH))


def _weighty(row: Row, elements: Sequence[Element]) -> list[Element]:
    """Return the elements that tell something; so do people, and words of being allowed."""
    return [
        each
        for each in elements
        if row.tells(each) or _says(each, _OF_CARE) or _says(each, _PEOPLE)
    ]


def _is_asked_of(element: Element) -> bool:
    if isinstance(element, Entity):
        return element.slot in _ASKED_OF
    return element.word in _OF_CARE


def _is_people(before: Sequence[Element], having: Element) -> bool:
    """Whether it is said of people: "people with anemia"."""
    at = before.index(having)
    return bool(at) and _says(before[at - 1], _PEOPLE)


def _is_supposed(row: Row, at: int, *, copes: bool) -> bool:
    """Whether it is told as what one has, for whom something else is asked: "if I have anemia".

    `copes` says that it may well be the effect that is asked about: "on chemo, if I get anemia".
    """
    behind_care = list(
        takewhile(
            lambda each: not (isinstance(each, Entity) and each.slot in _ASKED_OF),
            reversed(row.elements[:at]),
        )
    )
    if not any(_says(each, _SUPPOSING) for each in behind_care):
        return False
    if not any(_says(each, _WHO_HAVE) for each in behind_care):
        return False
    named_before = at - len(behind_care)
    if named_before:
        led = row.before(named_before - 1)
        return not (copes and led is not None and _says(led, _ATTACHING))
    beyond = list(
        takewhile(
            lambda each: not (isinstance(each, Entity) and each.slot in _ASKED_OF),
            row.elements[at + 1 :],
        )
    )
    named_behind = at + 1 + len(beyond) < len(row.elements)
    return named_behind and not copes and any(_says(each, _ASKS) for each in beyond)


_ASKS = frozenset({"can", "could", "should", "will", "would", "is", "do", "does", "may"})


def _says(element: Element, words: frozenset[str]) -> bool:
    return not isinstance(element, Entity) and element.word in words
