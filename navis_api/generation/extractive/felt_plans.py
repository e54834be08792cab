"""Plans on what a cancer does to people that is treated itself: eating, swallowing, fluid."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.vocabulary.understanding import Concept

# What is done about an effect that the cancer has, as texts on the cancer call it.
_RELIEF: Mapping[str, tuple[str, ...]] = {
    "swallowing": (
        "stent", "stents", "feeding tube", "nutrients directly into a vein", "keep it open",
        "dilation", "dilated",
    ),
    "ascites": ("paracentesis", "drained", "drain", "peritoneovenous shunt"),
    "pleural_effusion": ("thoracentesis", "pleurodesis", "drained", "drain", "draining"),
    "breathing": ("stent", "thoracentesis", "laser therapy", "open the airway"),
    "urinary": ("catheter", "stent", "transurethral resection"),
}  # fmt: skip
_ASKING = frozenset(
    {
        "what", "what's", "whats", "why", "how", "when", "where", "who", "which", "is", "are",
        "does", "do", "did", "can", "will", "would", "could", "should", "may", "long", "meaning",
        "mean", "symptoms", "signs", "causes", "cause", "treatment",
    }
)  # fmt: skip
_LOSING_WEIGHT = frozenset({"weight", "appetite", "thin", "thinner", "skinny"})
_GAINING = frozenset({"gain", "gained", "gaining", "gains", "overweight"})
_WHEN_LOSING = (
    "ways to manage appetite loss", "ways to manage weight loss", "ways to prevent malnutrition",
)  # fmt: skip
_ON_GAINING = ("gain", "increased appetite")
_ON_LOSING = ("appetite loss", "weight loss", "malnutrition", "screening", "eating problem")
_WHEN_GAINING = ("ways to manage increased appetite", "ways to manage weight gain")


def of_relief(asked: Asked, plan: SectionPlanner, effect: Concept) -> Iterator[SectionPlan]:
    """Yield what is done about an effect that the cancer itself has, where help is asked for."""
    relief = _RELIEF.get(effect.key)
    if asked.cancer is not None and asked.wants_help and relief is not None:
        yield replace(plan("effect_relief", core=True, effect=effect), needs=(relief,))


def of_ways(asked: Asked, plan: SectionPlanner, effect: Concept) -> SectionPlan:
    """Return what the page on an effect advises, whole; of one thing of it, what is on that."""
    label = f"what may help with {asked.name_of(effect)}" if asked.wants_help else ""
    ways = plan("effect_ways", core=is_to_be_helped(asked), asks_for=label, effect=effect)
    is_on_one = asked.name_of(effect) != effect.label
    return ways.with_aspect(each=True) if is_on_one else ways


def is_to_be_helped(asked: Asked) -> bool:
    """Whether it is asked what helps, or only told what somebody feels, which asks for the same."""
    return asked.wants_help or asked.said.isdisjoint(_ASKING)


def of_eating(asked: Asked, plan: SectionPlanner, section: SectionPlan) -> Iterator[SectionPlan]:
    """Yield what to eat for who loses weight, or gains it, and the section on food for anybody.

    What is advised to the one would harm the other.
    """
    gains = bool(asked.said & _GAINING)
    if not gains and not asked.said & _LOSING_WEIGHT:
        yield section
        return
    others = _ON_LOSING if gains else _ON_GAINING
    helping = replace(plan("eating_help", core=True), leaf=_WHEN_GAINING if gains else _WHEN_LOSING)
    # Of food in general most is for who eats too little.
    rest = replace(section, unless="eating_help") if gains else section
    for each in (helping, rest):
        yield each.with_aspect(without=(*each.aspect.without, *others))
