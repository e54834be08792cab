"""What relates the items of a question: what causes, affects or follows what."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.items import Item
from navis_api.questions.sameness.phrasing import Kind
from navis_api.questions.sameness.row import Element
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import Spoken

CARE = frozenset({Slot.DRUG, Slot.TREATMENT})
THINGS = CARE | {Slot.TEST, Slot.EFFECT, Slot.WORDING}
_EASED = frozenset({"treatment", "coping", "managing"})
_ORDERED = frozenset({"switch", "add"})


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
        if (
            item.kind is Kind.LINK
            and item.value == "cause"
            and _is_unfilled(*sides_of(items, item))
        ):
            return True
    return False


def _is_unfilled(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Whether no cause is named: "what causes ...", or "liver cancer causes"."""
    return not left or (
        not right and all(item.slot is Slot.CANCER and item.attached for item in left)
    )


def makes_symptoms(items: Sequence[Item]) -> bool:
    """Whether it is asked if the cancer makes a symptom: the same as if that is one of its."""
    return any(
        item.kind is Kind.LINK and _is_symptom(item, *sides_of(items, item)) for item in items
    )


def makes_side_effects(items: Sequence[Item]) -> bool:
    """Whether it is asked what care does to one: "how will radiation affect me"."""
    for item in items:
        if item.kind is Kind.LINK and item.value == "affect":
            left, right = sides_of(items, item)
            if left and not right and all(each.slot in CARE for each in left):
                return True
    return False


def cancer_as_symptom(items: Sequence[Item]) -> bool:
    """Whether it is asked if the cancer is a symptom, or a risk factor, of something."""
    acting = [item.at for item in items if item.slot is Slot.CANCER and not item.attached]
    topics = [
        item.at for item in items if item.value in {"symptoms", "early symptoms", "risk factors"}
    ]
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
    left, right = sides_of(items, link)
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
        if any(each.slot is Slot.EFFECT for each in right):
            right = [each for each in right if each.value != "treatment"]
        if not left and right and all(each.slot in CARE for each in right):
            # An operation "because of cancer" is one for it.
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
        if _names_where_it_began(items, link):
            return True
        felt = [item for item in left if item.value not in _EASED]
        if felt and right and all(item.slot is Slot.EFFECT for item in felt):
            # "Bone pain from metastatic cancer" is that of the cancer, when it is to be eased.
            eased = any(item.value in _EASED for item in items)
            return eased and all(
                item.slot in {Slot.CANCER, Slot.STAGE} or item.value in _EASED for item in right
            )
        if left and all(item.slot is Slot.STAGE for item in left):
            # "Brain metastases from melanoma" are those of melanoma.
            return all(item.slot is Slot.CANCER for item in right)
        return not left and bool(right) and all(item.slot in CARE for item in right)
    if link.value == "affect":
        return not right and bool(left) and all(item.slot in CARE for item in left)
    asks_symptoms = any(item.value == "symptoms" and item.at < link.at for item in items)
    return asks_symptoms and not right and all(item.slot is Slot.CANCER for item in left)


def _names_where_it_began(items: Sequence[Item], link: Item) -> bool:
    """Whether it is only said of which cancer the metastases are: "bone metastases from it"."""
    before = [item for item in items if item.at < link.at]
    behind = [item for item in items if item.at > link.at]
    if not before or not behind:
        return False
    spread = before[-1].slot is Slot.STAGE and before[-1].value.startswith("metastatic")
    return spread and behind[0].slot is Slot.CANCER


def sides_of(items: Sequence[Item], link: Item) -> tuple[list[Item], list[Item]]:
    """Return what a link of a question relates: what stands before it, and what behind."""
    same = [item for item in items if item.sentence == link.sentence]
    return (
        _side([item for item in same if item.at < link.at]),
        _side([item for item in same if item.at > link.at]),
    )


def _side(items: Sequence[Item]) -> list[Item]:
    """Return what takes part on one side: a stage or the cancer only where nothing else does."""
    things = [item for item in items if _takes_part(item)]
    if any(item.slot is Slot.EFFECT for item in things):
        # What a rash is like ("this awful rash") is compared as words of its own.
        things = [item for item in things if item.slot is not Slot.WORDING or item.kind]
    things = things or [item for item in items if item.slot is Slot.MARKER]
    stages = [item for item in items if item.slot in {Slot.STAGE, Slot.LINE}]
    return things or stages or [item for item in items if item.slot is Slot.CANCER]


def _takes_part(item: Item) -> bool:
    if item.slot is Slot.CANCER:
        return not item.attached
    return item.slot in THINGS or item.value in {"treatment", "benefits", "risks"}


def _names(items: Sequence[Item]) -> str:
    return " + ".join(dict.fromkeys(item.value for item in items)) or "?"


_TREATING = frozenset({"treat", "treats", "treating"})
_BEHIND_TREATING = frozenset({"of", "for", "the", "my", "your", "a", "an"})
_BEFORE_TREATED = frozenset(
    {"is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "get", "gets", "got"}
)
_BEFORE_WHAT_ACTS = frozenset({"can", "could", "does", "will", "would", "may", "might", "if", "by"})
_OF = frozenset({"of", "for"})
_TOLD_BEFORE = frozenset({"it", "it's", "this", "that", "they", "they're"})


def what_is_treated(row: Sequence[Element]) -> frozenset[str]:
    """Return of what it is told that it is treated: the cancer, or something else.

    "Does treating diabetes lower the risk of cancer" isn't what treating the cancer does.
    """
    told = list[str]()
    for at, element in enumerate(row):
        treated = _treated(row, at, element.word) if isinstance(element, Spoken) else None
        if isinstance(treated, Spoken) and treated.word in _TOLD_BEFORE:
            continue
        if treated is not None:
            is_cancer = isinstance(treated, Entity) and treated.slot is Slot.CANCER
            told.append("the cancer is treated" if is_cancer else "something else is treated")
    return frozenset(told)


def _treated(row: Sequence[Element], at: int, word: str) -> Element | None:
    """Return the element beside a word of treating that names what is treated."""
    if word == "treated":
        return _first_but(reversed(row[:at]), _BEFORE_TREATED)
    names_it = word in _TREATING or (
        word == "treatment"
        and _is_word(row[at - 1 : at], _BEFORE_WHAT_ACTS)
        and _is_word(row[at + 1 : at + 2], _OF)
    )
    return _first_but(row[at + 1 :], _BEHIND_TREATING) if names_it else None


def _is_word(elements: Sequence[Element], words: frozenset[str]) -> bool:
    return any(isinstance(each, Spoken) and each.word in words for each in elements)


def _first_but(elements: Iterable[Element], words: frozenset[str]) -> Element | None:
    return next(
        (each for each in elements if isinstance(each, Entity) or each.word not in words), None
    )
