"""Grown-ups who had cancer as children: they ask for themselves, and treatment is long behind."""

import re
from collections.abc import Iterator, Sequence

from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.people_asked import CHILDRENS_CANCERS
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.vocabulary.understanding import Concept, ConceptKind

_MYSELF = r"\bi (?:have had|had|was|got|survived|am|'m|beat)\b|\bi'm\b"
_AS_A_CHILD = re.compile(
    r"\bas (?:a|an) (?:\w+ )?(?:child|kid|baby|infant|toddler|teen\w*|boy|girl)\b"
    r"|\bwhen i was (?:\w+ ){0,2}(?:child|kid|baby|toddler|teen\w*|little|small|young|\d{1,2})\b"
    r"|\b(?:in|during|since) (?:my )?childhood\b"
    r"|\bsurvivor of (?:a )?childhood\b|\bchildhood (?:\w+ ){0,2}survivor\b"
)
_LONG_AGO = re.compile(r"\b(?:[1-6]\d|several|many) years ago\b|\bdecades ago\b")
_IS_MYSELF = re.compile(_MYSELF)
_SPOKEN_TO_PARENTS = re.compile(r"\byour (?:\w+ )?child(?:ren)?(?:['’]s)?\b", re.IGNORECASE)
_ASKED_LATER = frozenset(
    {"definition", "follow_up", "symptoms", "side_effects", "screening", "diagnosis", "coping"}
)


def had_it_as_a_child(text: str, cancer: CatalogueEntry | None) -> bool:
    """Whether somebody asks for themselves who had the cancer as a child."""
    if _IS_MYSELF.search(text) is None:
        return False
    is_childrens = cancer is not None and cancer.slug in CHILDRENS_CANCERS
    return bool(_AS_A_CHILD.search(text) or (is_childrens and _LONG_AGO.search(text)))


def without_children(spoken: Sequence[Concept]) -> list[Concept]:
    """Return the concepts of who was a child then, and is none now."""
    return [concept for concept in spoken if concept.key != "child"]


def is_for_parents(text: str) -> bool:
    """Whether a text speaks to the parents of a child who has cancer."""
    return _SPOKEN_TO_PARENTS.search(text) is not None


def asks_what_comes_later(asked: Asked) -> bool:
    """Whether somebody who had cancer as a child asks what may come of it."""
    narrow = (ConceptKind.STATE, ConceptKind.TREATMENT, ConceptKind.EFFECT)
    if not asked.is_grown_up or any(map(asked.of_kind, narrow)):
        return False
    return {topic.key for topic in asked.of_kind(ConceptKind.TOPIC)} <= _ASKED_LATER


def of_later_life(plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield the late effects of treatment, second cancers, and the check-ups because of these."""
    label = "the late effects of treatment in childhood"
    yield plan("late_effects", core=True, asks_for=label)
    yield plan("second_cancers", core=True)
    yield plan("survivors_follow_up", core=True)
