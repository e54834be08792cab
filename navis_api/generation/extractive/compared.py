"""Two treatments held against each other, where a page says how they compare."""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.stated import Says
from navis_api.vocabulary.understanding import ConceptKind, same_names

_HELD_AGAINST = re.compile(
    r"\b(?:compared (?:with|to)|than (?:those|women|men|people|patients|after|with|in)"
    r"|as (?:well|long|likely|effective|good) as"
    r"|the same (?:chance|survival|risk|rate|length|overall)"
    r"|(?:no|little) difference|similar(?:ly)?|equal(?:ly)?|(?:better|worse|fewer|less|lower|higher"
    r"|more likely|less likely) than|choice (?:is )?between|choose between|versus"
    r"|instead of|rather than|whether you have)\b",
    re.IGNORECASE,
)
_ON_OUTCOMES = re.compile(
    r"\b(?:surviv\w+|live|lives|com(?:e|ing) back|recur\w*|d(?:ie|ying)|deaths?|cured?|control"
    r"|directly compared)\b",
    re.IGNORECASE,
)
_WEIGHS = re.compile(
    r"\b(?:choice (?:is )?between|choose between|selection of|decision between)\b", re.IGNORECASE
)
# "Series are small compared with surgery": of a third treatment.
_ON_ANOTHER = re.compile(r"\bseries\b|\bother side effects\b", re.IGNORECASE)
# A scan's rays are no treatment, and what screening leads to is none of the choice.
_ON_THE_HEALTHY = wanted(("screening", "prevention"))
# "Lumpectomy or mastectomy", "as good as", "better than".
_BETWEEN_TWO = frozenset({"or", "as", "than", "versus", "vs", "equally"})
_SPREAD = ("that has spread", "has spread to", "cancer spread to", "have spread to", "metastatic")


def compared_kinds(asked: Asked) -> list[tuple[str, ...]]:
    """Return how sources write each of the treatments that are held against each other."""
    kinds = asked.of_kind(ConceptKind.TREATMENT)
    if asked.compares and len(kinds) > 1:
        return [asked.looked_for(kind) for kind in kinds]
    if len(kinds) == 1 and not asked.of_kind(ConceptKind.EFFECT) and _holds_against(asked):
        named = [name for name in asked.specific if name in kinds[0].specific]
        return [same_names(name) for name in named] if len(named) > 1 else []
    return []


def _holds_against(asked: Asked) -> bool:
    return not _BETWEEN_TWO.isdisjoint(asked.said)


def of_comparison(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield how the treatments compare, where two are held against each other."""
    kinds = compared_kinds(asked)
    if asked.cancer is not None and len(kinds) > 1:
        yield replace(plan("compared"), needs=tuple(kinds[:2]))


def without_what_has_spread(asked: Asked, section: SectionPlan) -> SectionPlan:
    """Return a section of one of two treatments without what is for cancer that has spread."""
    if asked.stage or asked.of_kind(ConceptKind.STATE) or not compared_kinds(asked):
        return section
    return section.with_aspect(skip=(*section.aspect.skip, *_SPREAD))


def says_how_they_compare(plan: SectionPlan) -> Says:
    """Return what tells how well a statement holds the plan's treatments against each other."""
    first, second = map(wanted, plan.needs)

    def says(text: str, block: Block) -> float:
        spoken = readable_now(text)
        if speaks_of(block.title + spoken, _ON_THE_HEALTHY):
            return 0.0
        if not (speaks_of(spoken, first) and speaks_of(spoken, second)):
            return 0.0
        if text.rstrip().endswith("?") or _ON_ANOTHER.search(text):
            return 0.0
        told = _HELD_AGAINST.search(text) and _ON_OUTCOMES.search(text)
        return 2.0 if told else float(bool(_WEIGHS.search(text)))

    return says
