"""What is asked: the topics that a question's phrases name, brought to one form."""

from collections.abc import Sequence
from itertools import pairwise

from navis_api.questions.sameness.items import Item
from navis_api.questions.sameness.phrasing import Kind
from navis_api.questions.sameness.relations import (
    CARE,
    asks_for_causes,
    makes_side_effects,
    makes_symptoms,
)
from navis_api.questions.sameness.slots import Form, Slot
from navis_api.questions.sameness.timing import avoids_cancer, eases_effect

LEAVE = "whether one may"
"""The topic of "can I", "is it safe to": beside what it is that one may do."""

WHAT_ELSE = "what, with "
"""Begins the topic of a "what" that asks neither for a topic nor what something is."""

WHICH_IS_BETTER = "which is better"
WHAT_DIFFERS = "what differs"
"""What a comparison may ask for beside "comparison"; "lumpectomy or mastectomy" leaves it open."""

WHICH_ARE_SAFE = "which are safe"
"""The topic of a "what" of which nothing else is asked than that it be safe."""

INVOLVES = "what it involves"
"""The topic of "What does it involve?": what it is, and how it is done."""

DONE = frozenset({"how it is done", "administration"})
"""How care is given."""

_IDLE_BESIDE = (
    ("cost", "amount"),
    ("painful", "amount"),
    ("duration", "lasting"),
    ("treatment", "use"),
    ("when", "use"),
    ("when", "safety"),
    ("why", "use"),
    ("frequency", "use"),
    ("side effects", "use"),
    ("prevention", "coping"),
    ("foods to avoid", "diet"),
    ("staging", "use"),
    ("diagnosis", "use"),
    ("screening", "use"),
    ("untreated", "what happens"),
    ("second opinion", "decision"),
    ("comparison", "effectiveness"),
    ("comparison", "why"),
    ("survival", "what happens"),
    ("recovery", "what happens"),
    ("follow-up", "what happens"),
    ("follow-up", "treatment"),
)
"""Topics that add nothing beside another: "how much does it cost" asks for the cost."""

_LASTING = frozenset({"duration", "recovery time"})
"""What is asked of the care that is named, so that "treatment" is no other care."""

_BESIDE_LEAVE = frozenset({"diet", "decision", "comparison"})
"""Topics beside which "can I" still asks for leave: "can I eat ..."."""


def topics_of(
    items: Sequence[Item],
    *,
    form: Form,
    about_leave: bool,
    asks_what: bool,
    besides: frozenset[str] | None,
    asks_how: bool,
    asks_whether_there_is: bool,
) -> frozenset[str]:
    """Return the topics. What stands for another, or adds nothing beside it, is put right."""
    named = _named(items)
    if asks_whether_there_is and not named:
        named |= _looked_for(items)
    named = (
        _of_how(_done_and_told(named, items), items) if asks_how else _done_and_told(named, items)
    )
    timed = any(item.kind is Kind.TIMING for item in items)
    named = _meant(named, items, form=form, asks_how=asks_how, timed=timed)
    effects = any(item.slot is Slot.EFFECT for item in items)
    named = (
        _beside_effects(named, items, form) if effects else _renamed(named, "managing", "treatment")
    )
    if any(item.value == "than" for item in items):
        named = named - {"effectiveness"}
    if asks_what and form is Form.OPEN and len(items) > 1:
        # "Which vaccines are safe" asks what one may have, and not what a vaccine is.
        named = (named - {"safety"}) or ({WHICH_ARE_SAFE} if "safety" in named else set())
    if not named and _defines(items, form=form, asks_what=besides is not None):
        named.add(f"{WHAT_ELSE}{', '.join(sorted(besides))}" if besides else "definition")
    linked = any(item.kind is Kind.LINK for item in items)
    if linked and any(item.slot is Slot.WORDING for item in items):
        # "Does eating red meat cause it" is "does red meat cause it".
        named.discard("diet")
    if about_leave and form is Form.YES_NO and named <= _BESIDE_LEAVE and not effects | linked:
        named.add(LEAVE)
        if any(item.slot in {Slot.WORDING, Slot.DRUG} for item in items):
            # "Can I eat grapefruit" is "can I have grapefruit".
            named.discard("diet")
    return frozenset(named)


def _named(items: Sequence[Item]) -> set[str]:
    """Return the topics that phrases name, and those that relations make."""
    named = {item.value for item in items if item.slot is Slot.ASKED}
    if {"recurrence", "probability"} <= named and _is_after_treatment(items):
        named.discard("treatment")
    made = {
        "recurrence of a recurrence": sum(item.value == "recurrence" for item in items) > 1,
        "causes": asks_for_causes(items),
        "symptoms": makes_symptoms(items),
        "prevention": avoids_cancer(items),
        "coping": eases_effect(items),
        "side effects": makes_side_effects(items),
    }
    return named | {topic for topic, is_made in made.items() if is_made}


def _is_after_treatment(items: Sequence[Item]) -> bool:
    """Whether treatment is only told as over: how likely a recurrence is, is asked of then."""
    treated = [at for at, item in enumerate(items) if item.value == "treatment"]
    return bool(treated) and all(
        at and items[at - 1].kind is Kind.TIMING and items[at - 1].value.startswith("after")
        for at in treated
    )


def _of_how(named: set[str], items: Sequence[Item]) -> set[str]:
    """Return the topics of a question that asks how."""
    if "second opinion" in named:
        # How one gets it isn't how one gets cancer.
        named = named - {"causes"}
    if makes_symptoms(items):
        # "How does leukemia cause anemia" doesn't ask whether it does.
        named = (named - {"symptoms"}) | {"why"}
    if not named and any(item.value == "cause" for item in items):
        # How smoking causes it is why it does.
        return {"why"}
    linked = any(item.kind is Kind.LINK for item in items)
    if not (named or linked) and any(item.slot in {Slot.TEST, Slot.TREATMENT} for item in items):
        return {"how it is done"}
    return _renamed(named, "deadly", "mechanism") if _kills(items) else named


_OF_THE_MIND = frozenset(
    {"anger", "anxiety", "body image", "depression", "hallucinations", "irritability", "loneliness"}
    | {"low mood", "mood swings", "needle fear", "nightmares", "panic attacks", "scan anxiety"}
    | {"post-traumatic stress", "spiritual distress"}
)
"""What one can live with by oneself, and be treated for: that is two questions."""

_TREATED_OR_WHEN = frozenset({Slot.EFFECT, Slot.CANCER, Slot.ASKED})
_IS_DONE = frozenset({"prevention", "diagnosis", "screening", "coping", "recurrence", "staging"})
"""Topics beside which "what is done" asks for no treatment: "what is done to prevent it"."""


def _done_and_told(named: set[str], items: Sequence[Item]) -> set[str]:
    """Return the topics with "what is done" and "how do you know" as what they ask for."""
    effects = any(item.slot is Slot.EFFECT for item in items)
    care = any(item.slot in CARE for item in items)
    if "doing" in named:
        done = "coping" if effects else "treatment"
        named = named - {"doing"} if named & _IS_DONE else _renamed(named, "doing", done)
    if any(item.slot is Slot.STAGE and item.value.startswith("metastatic to") for item in items):
        named = _renamed(named, "telling", "symptoms")
    if "why" in named and effects:
        # "Why does it cause fatigue" asks why, and not for the symptoms.
        named = named - {"symptoms"}
    return _renamed(named, "harm", "side effects") if care else named


def _kills(items: Sequence[Item]) -> bool:
    """Whether it is care that kills the cancer: "How does chemo kill it?" of a cancer."""
    told = [item for item in items if item.slot in CARE or item.slot is Slot.CANCER]
    killing = [item.at for item in items if item.value == "deadly"]
    if not killing or len(told) < 2:  # noqa: PLR2004  (care and the cancer)
        return False
    return told[0].slot in CARE and told[0].at < killing[0] < told[-1].at


def _looked_for(items: Sequence[Item]) -> set[str]:
    """Return what is meant by "is there a vaccine against it", "is there a test for it"."""
    told = [item for item in items if item.slot is not None]
    if [item.slot for item in told] == [Slot.TEST, Slot.CANCER] and told[1].attached:
        return {"diagnosis"}
    if [item.slot for item in told] == [Slot.WORDING, Slot.CANCER] and told[0].value == "vaccine":
        return {"prevention"}
    return set()


def _beside_effects(named: set[str], items: Sequence[Item], form: Form) -> set[str]:
    """Return the topics of a question on a symptom: it is managed, and care has it or helps."""
    named = _renamed(named, "managing", "coping")
    told = [item for item in items if item.slot in {Slot.EFFECT, Slot.ASKED}]
    if form is Form.YES_NO and told[0].slot is Slot.EFFECT and "coping" in named:
        # "Does fatigue help with it" asks what fatigue does.
        named = named | {"help of an effect"}
    if any(item.slot in CARE for item in items):
        named = _renamed(named, "effectiveness", "coping") - {"side effects"}
    if form is not Form.YES_NO and _is_effect_treated(items):
        # Of a symptom "how is it treated" and "what helps with it" ask for the same.
        named = _renamed(named, "treatment", "coping")
    return named


def _is_effect_treated(items: Sequence[Item]) -> bool:
    """Whether the treatment that is asked for is a symptom's: both stand side by side."""
    asked_in = {item.sentence for item in items if item.value == "treatment"}
    if any(
        item.kind is Kind.LINK and item.value != "caused by" and item.sentence in asked_in
        for item in items
    ):
        return False
    told = [item for item in items if item.slot in _TREATED_OR_WHEN or item.kind is Kind.TIMING]
    return any(
        (first.slot is Slot.EFFECT and second.value == "treatment")
        or (first.value == "treatment" and second.slot is Slot.EFFECT)
        for first, second in pairwise(told)
    ) and not any(item.value in _OF_THE_MIND for item in told)


def _renamed(named: set[str], told: str, meant: str) -> set[str]:
    return (named - {told}) | {meant} if told in named else named


def _meant(
    named: set[str], items: Sequence[Item], *, form: Form, asks_how: bool, timed: bool
) -> set[str]:
    """Return the topics that are meant: "safe" of a yes or no is leave, "work" has two senses."""
    # Of treatment itself nobody asks whether one may: only of something meanwhile.
    of_treatment = "treatment" in named and not timed
    if form is Form.YES_NO and "clinical trials" not in named and not of_treatment:
        named = named - {"safety"}
    named = _renamed(named, "working", "mechanism" if asks_how else "effectiveness")
    named = _joined(named, form)
    if form is Form.OPEN and named == {"use"} and not asks_how:
        # What it is used for is why it is used.
        named = {"why"}
    if not named.isdisjoint(_LASTING) and not timed and any(item.slot in CARE for item in items):
        # "Duration of treatment with BCG" is that of BCG.
        named = named - {"treatment"}
    return named - {"types", "definition"} if len(named) > 1 else named


def _joined(named: set[str], form: Form) -> set[str]:
    """Return the topics with those that make one together as that one."""
    if {"duration", "recovery"} <= named:
        named = (named - {"duration", "recovery"}) | {"recovery time"}
    for beside, idle in _IDLE_BESIDE:
        if beside in named:
            named = named - {idle}
    if "survival" in named:
        # Whether it is likely isn't whether it is possible.
        named = named - ({"duration"} if form is Form.YES_NO else {"duration", "probability"})
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
