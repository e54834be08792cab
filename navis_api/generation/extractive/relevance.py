"""Relevance: which part of a unit belongs into the section that is being composed."""

from collections.abc import Sequence

from navis_api.generation.extractive.blocks import Block, apart
from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.matching import readable, readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.units import Unit

_STAGES = wanted(["stage", "grade", "risk"])
# Options of all stages stand under this aspect's one heading.
_ALL_OPTIONS = "options"


def relevant_part(unit: Unit, plan: SectionPlan, fitting: Fit, *, is_first: bool) -> Unit | None:
    """Return what of a unit the section wants; None for nothing.

    A unit that leans on the one before is taken with it, unless it is beside the point. The
    first that is taken of a block has to say for itself what the block's heading says.
    """
    if _is_beside_the_point(unit, plan, fitting.block, is_first=is_first):
        return None
    if unit.leans:
        return unit
    each = plan.aspect.each
    needs = () if fitting.whole and not each else tuple(map(wanted, plan.needs))
    headings = fitting.block.leaf + fitting.block.path + fitting.block.title
    own = [need for need in needs if each or not speaks_of(headings, need)]
    part = _meeting(unit, own)
    return part if part is not None and _is_about_the_asked(part, plan, fitting.block) else None


def _is_beside_the_point(unit: Unit, plan: SectionPlan, block: Block, *, is_first: bool) -> bool:
    """Whether a unit is about other people or states, or about what the plan skips."""
    first = unit.quotes[0].text
    states = apart(first) if unit.is_list else frozenset[str]()
    if states and not states & plan.welcome:
        return True
    if not unit.is_list and speaks_of(readable_now(unit.text), wanted(plan.aspect.skip)):
        return True
    staged = (
        is_first and plan.aspect.key == _ALL_OPTIONS and _names_a_stage(block.first.headings[-1])
    )
    return staged and not unit.leans and not _names_a_stage(first)


def _names_a_stage(text: str) -> bool:
    """Whether a text says for which stage or state of the disease it is."""
    return bool(apart(text)) or speaks_of(readable(text), _STAGES)


def _meeting(unit: Unit, needs: Sequence[tuple[str, ...]]) -> Unit | None:
    """Return the unit if it meets each need; of a list whose lead-in doesn't, such bullets."""
    if not unit.is_list:
        return unit if _meets(unit.text, needs) else None
    if _meets(unit.quotes[0].text, needs):
        return unit
    bullets = tuple(quote for quote in unit.quotes[1:] if _meets(quote.text, needs))
    return Unit((unit.quotes[0], *bullets), unit.leans) if bullets else None


def _meets(text: str, needs: Sequence[tuple[str, ...]]) -> bool:
    spoken = readable_now(text)
    return all(speaks_of(spoken, need) for need in needs)


def _is_about_the_asked(unit: Unit, plan: SectionPlan, block: Block) -> bool:
    """Whether a unit on the words of a question is also on what is asked about them."""
    spoken = readable_now(unit.text) + block.leaf + block.path + block.title
    if not all(speaks_of(spoken, wanted(thing)) for thing in plan.things):
        return False
    if not plan.about:
        return True
    leaf_and_title = block.leaf + block.title
    if any(speaks_of(leaf_and_title, wanted(need)) for need in plan.needs):
        return True
    if plan.of_a_cancer and not block.first.cancer_ids:
        return False
    return speaks_of(readable_now(unit.text) + block.leaf, wanted(plan.about))
