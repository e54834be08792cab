"""What is told where somebody is dying: what eases it, and who helps, and nothing on treatment.

What is felt then is told of as sources tell it of the end of life. What else they say of it, its
causes and its outlook, is about people who are to get well.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.kit.text import fold
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts

AT_THE_END = (
    "end of life", "end-of-life", "last days", "last hours", "last weeks", "final days", "dying",
    "hospice",
)  # fmt: skip
"""How sources write of the last days: "death" alone stands in figures and causes."""
# What relatives see, in their words, by what sources call it.
_SEEN = {
    "breathing": re.compile(r"\b(?:breath\w*|rattl\w*|gasp\w*|gurgl\w*|wheez\w*)\b"),
    "nutrition": re.compile(r"\b(?:eat\w*|drink\w*|food|fluids?|thirst\w*|swallow\w*|feed\w*)\b"),
    "delirium": re.compile(r"\b(?:confus\w+|restless\w*|agitat\w+|deliri\w+|hallucinat\w+)\b"),
    "pain": re.compile(r"\b(?:pain\w*|hurt\w*|agony)\b"),
}
_OF_DAILY_LIFE = frozenset({"nutrition", "family", "telling_children", "coping"})
_ASKED_THEN = _OF_DAILY_LIFE | {"palliative"}
_HELPED_AT_HOME = frozenset({"delirium", "mouth", "nausea", "constipation", "sleep"})
_WHAT_IS_TOLD = "what you describe at the end of life"
# Above a page or a part of it that is no more than one list of treatments.
_ON_RELIEF_ALONE = 0.33


def _seen(text: str) -> list[Concept]:
    return [concepts()[key] for key, said in _SEEN.items() if said.search(fold(text))]


def asked_of_the_dying(asked: Asked, text: str) -> Asked:
    """Return the question as one of the last days: not how it will go, nor which treatment."""
    said = [
        each
        for each in asked.concepts
        if each.kind is ConceptKind.EFFECT or each.key in _ASKED_THEN
    ]
    return replace(
        asked,
        concepts=tuple(dict.fromkeys((concepts()["palliative"], *said, *_seen(text)))),
        required=(),
        circumstances=(*asked.required, *asked.circumstances),
        is_dying=True,
        wants_figures=False,
    )


def of_the_dying(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what sources tell of each thing at the end of life, what may help, and who does."""
    named = [each for each in asked.concepts if each.key != "palliative"]
    if not named and asked.circumstances:
        told = plan("at_the_end", core=True, asks_for=_WHAT_IS_TOLD, topic=concepts()["palliative"])
        said = tuple(phrase for thing in asked.circumstances for phrase in thing.phrases)
        yield replace(told, needs=(AT_THE_END, said), heading="At the end of life")
    for concept in named:
        label = f"{asked.name_of(concept)} at the end of life"
        needs = (AT_THE_END, asked.looked_for(concept))
        told = replace(plan("at_the_end", core=True, asks_for=label, topic=concept), needs=needs)
        headed = replace(told, aspect=told.aspect._replace(each=False, heading_only=True))
        yield headed
        yield replace(told, unless="at_the_end")
        if concept.key in _HELPED_AT_HOME:
            yield plan("effect_help", core=True, effect=concept)
    comfort = plan("comfort", core=True)
    yield replace(
        comfort,
        needs=(AT_THE_END,),
        leaf=AT_THE_END,
        aspect=comfort.aspect._replace(
            heading="Care at the end of life", scope="general", focus=_ON_RELIEF_ALONE
        ),
        heading="Care at the end of life",
    )
