"""What is asked: the topics that a question's phrases name, brought to one form."""

from collections.abc import Sequence

from navis_api.questions.items import Item
from navis_api.questions.phrasing import Kind
from navis_api.questions.relations import (
    CARE,
    asks_for_causes,
    avoids_cancer,
    makes_side_effects,
    makes_symptoms,
)
from navis_api.questions.slots import Form, Slot

LEAVE = "whether one may"
"""The topic of "can I", "is it safe to": beside what it is that one may do."""

_IDLE_BESIDE = (
    ("cost", "amount"),
    ("duration", "lasting"),
    ("treatment", "use"),
    ("side effects", "use"),
    ("prevention", "coping"),
    ("foods to avoid", "diet"),
)
"""Topics that add nothing beside another: "how much does it cost" asks for the cost."""

_BESIDE_LEAVE = frozenset({"diet", "decision", "comparison"})
"""Topics beside which "can I" still asks for leave: "can I eat ..."."""


def topics_of(
    items: Sequence[Item], *, form: Form, about_leave: bool, asks_what: bool, asks_how: bool
) -> frozenset[str]:
    """Return the topics. What stands for another, or adds nothing beside it, is put right."""
    named = {item.value for item in items if item.slot is Slot.ASKED}
    if sum(item.value == "recurrence" for item in items) > 1:
        named.add("recurrence of a recurrence")
    if asks_for_causes(items):
        named.add("causes")
    if makes_symptoms(items):
        named.add("symptoms")
    if avoids_cancer(items):
        named.add("prevention")
    if makes_side_effects(items):
        named.add("side effects")
    named = _meant(named, form=form, asks_how=asks_how)
    effects = any(item.slot is Slot.EFFECT for item in items)
    named = _beside_effects(named, items) if effects else _renamed(named, "managing", "treatment")
    if any(item.value == "than" for item in items):
        named = named - {"effectiveness"}
    if asks_what and form is Form.OPEN and len(items) > 1:
        # "Which vaccines are safe" is "which vaccines can I have".
        named = named - {"safety"}
    if not named and _defines(items, form=form, asks_what=asks_what):
        named.add("definition")
    linked = any(item.kind is Kind.LINK for item in items)
    if about_leave and form is Form.YES_NO and named <= _BESIDE_LEAVE and not effects | linked:
        named.add(LEAVE)
    return frozenset(named)


def _beside_effects(named: set[str], items: Sequence[Item]) -> set[str]:
    """Return the topics of a question on a symptom: it is managed, and care has it or helps."""
    named = _renamed(named, "managing", "coping")
    if any(item.slot in CARE for item in items):
        named = _renamed(named, "effectiveness", "coping") - {"side effects"}
    return named


def _renamed(named: set[str], told: str, meant: str) -> set[str]:
    return (named - {told}) | {meant} if told in named else named


def _meant(named: set[str], *, form: Form, asks_how: bool) -> set[str]:
    """Return the topics that are meant: "safe" of a yes or no is leave, "work" has two senses."""
    if form is Form.YES_NO:
        named = named - {"safety"}
    named = _renamed(named, "working", "mechanism" if asks_how else "effectiveness")
    named = _joined(named, form)
    return named - {"types", "definition"} if len(named) > 1 else named


def _joined(named: set[str], form: Form) -> set[str]:
    """Return the topics with those that make one together as that one."""
    if {"duration", "recovery"} <= named:
        named = (named - {"duration", "recovery"}) | {"recovery time"}
    for beside, idle in _IDLE_BESIDE:
        if beside in named:
            named = named - {idle}
    if {"survival", "duration"} <= named or {"survival", "probability"} <= named:
        named = named - {"duration", "probability"}
    # Whether it will come back is asked for as a chance, since nobody can say yes or no.
    if named == {"recurrence"} and form is Form.YES_NO:
        named = named | {"probability"}
    if "cure" in named:
        named = named - {"probability"}
    return named


def _defines(items: Sequence[Item], *, form: Form, asks_what: bool) -> bool:
    told = {item.kind for item in items}
    if form is Form.YES_NO or told & {Kind.LINK, Kind.DENIAL, Kind.TIMING}:
        return False
    return asks_what or Kind.WEAK in told
