"""Plans for a value in blood that somebody was told who isn't said to have cancer.

Such a value may be raised by much else. What it means for who was treated isn't told to them.
"""

from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.vocabulary.understanding import ConceptKind

_ASKED_OF_A_VALUE = frozenset(
    {"biomarkers", "definition", "diagnosis", "screening", "symptoms", "coping", "prevention"}
)


def is_on_a_value_alone(asked: Asked) -> bool:
    """Whether a question is on a value in blood of somebody who isn't known to have the cancer."""
    if not asked.is_on_values or asked.cancer is None or asked.stage:
        return False
    if asked.was_treated or asked.is_diagnosed or asked.had_surgery or asked.wants_figures:
        return False
    narrow = (ConceptKind.STATE, ConceptKind.TREATMENT, ConceptKind.EFFECT)
    if any(map(asked.of_kind, narrow)):
        return False
    return {topic.key for topic in asked.of_kind(ConceptKind.TOPIC)} <= _ASKED_OF_A_VALUE


def of_value(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what a value may mean, and what is done where it is raised."""
    for marker in asked.markers:
        meaning = plan("value_meaning", core=True, asks_for=marker.label, marker=marker)
        yield meaning
        yield plan("value_next", core=True, marker=marker)
        mentions = plan("marker_mentions", core=True, marker=marker)
        mentions = mentions.with_aspect(without=meaning.aspect.without, skip=meaning.aspect.skip)
        yield replace(mentions, unless="value_meaning")
    if asked.wonders or asked.has("symptoms"):
        yield plan("symptoms")
