"""Relevance: which part of a unit belongs into the section that is being composed."""

import re
from collections.abc import Sequence

from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.blocks import Block, apart, are_others, grade_of
from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.matching import (
    OF_A_STAGE,
    readable,
    readable_now,
    speaks_of,
    wanted,
)
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.units import Quote, Unit
from navis_api.sources.models import Audience

# What only goes with an answer has to be easier than this school grade, and so has what is quoted
# from texts for professionals.
_HARDEST_BESIDE = 14.0
_HARDEST_FOR_OTHERS = 18.0
# An item is about the drug that it begins with.
_FIRST_WORDS = 4
_TESTS = re.compile(r"\bfollowing tests\b|\btests and procedures (?:may|can|might|are|include)")
_SHORT_LIST = 10
_SHORT_ITEM_WORDS = 20
# Options of all stages stand under the one heading of these aspects.
_ALL_OPTIONS = frozenset({"options", "options_short"})


def relevant_part(unit: Unit, plan: SectionPlan, fitting: Fit, *, is_first: bool) -> Unit | None:
    """Return what of a unit the section wants; None for nothing.

    A unit that leans on the one before is taken with it, unless it is beside the point. The
    first that is taken of a block has to say for itself what the block's heading says.
    """
    if is_beside_the_point(unit, plan, fitting.block, is_first=is_first):
        return None
    if unit.leans:
        return unit
    each = plan.aspect.each
    needs = () if fitting.whole and not each else tuple(map(wanted, plan.needs))
    headings = fitting.block.leaf + fitting.block.path + fitting.block.title
    own = [need for need in needs if each or not speaks_of(headings, need)]
    has_whole = plan.whole_lists and _has_part(unit, own)
    part = _without_skipped(unit if has_whole else _meeting(unit, own), plan)
    if part is not None and plan.is_on_one_drug:
        part = _on_the_drug(part, wanted(plan.needs[0]))
    return part if part is not None and _is_about_the_asked(part, plan, fitting.block) else None


def says_it_all(unit: Unit, plan: SectionPlan, fitting: Fit) -> bool:
    """Whether a unit says all that the section needs, and belongs into it."""
    if unit.is_list or is_beside_the_point(unit, plan, fitting.block, is_first=False):
        return False
    if not _meets(unit.text, [wanted(need) for need in plan.needs]):
        return False
    return _speaks_of_things(unit, plan, fitting.block)


def is_beside_the_point(unit: Unit, plan: SectionPlan, block: Block, *, is_first: bool) -> bool:
    """Whether a unit is about other people or states, or about what the plan skips."""
    first = unit.quotes[0].text
    if plan.other_stages and _is_on_another_stage(unit, plan, block):
        return True
    if unit.is_list and are_others(apart(first), plan.welcome):
        return True
    said = first if unit.is_list else unit.text
    if speaks_of(readable_now(said), wanted(plan.aspect.skip)):
        return True
    hardest = _HARDEST_FOR_OTHERS if plan.core else _HARDEST_BESIDE
    is_plain = plan.core and block.first.audience is Audience.PATIENT
    # Of items side by side, none is left out for its long words.
    is_item = unit.quotes[0].style is ClaimStyle.BULLET
    if not (is_plain or is_item or unit.is_list) and grade_of(unit.text) > hardest:
        return True
    staged = (
        is_first and plan.aspect.key in _ALL_OPTIONS and _names_a_stage(block.first.headings[-1])
    )
    return staged and not unit.leans and not _names_a_stage(first)


def _is_on_another_stage(unit: Unit, plan: SectionPlan, block: Block) -> bool:
    """Whether a unit, or else its heading, names stages and none of those that are asked about."""
    for said in (readable_now(unit.text), block.leaf):
        if speaks_of(said, plan.stages):
            return False
        if speaks_of(said, plan.other_stages):
            return True
    return False


def _names_a_stage(text: str) -> bool:
    """Whether a text says for which stage or state of the disease it is."""
    return bool(apart(text)) or speaks_of(readable(text), OF_A_STAGE)


def _meeting(unit: Unit, needs: Sequence[tuple[str, ...]]) -> Unit | None:
    """Return the unit if it meets each need; of a list, the bullets that do with its lead-in."""
    if not unit.is_list:
        return unit if _meets(unit.text, needs) else None
    if _meets(unit.quotes[0].text, needs):
        return unit
    lead_in = unit.quotes[0].text
    bullets = tuple(q for q in unit.quotes[1:] if _meets(f"{lead_in} {q.text}", needs))
    if is_of_tests(lead_in):
        # What is asked about is the test by its name, and not what its description mentions.
        bullets = tuple(q for q in bullets if _meets(f"{lead_in} {_label(q.text)}", needs))
    if bullets and _is_short(unit):
        # "Risk factors include:" with one of six would pass for all there are.
        return unit
    return Unit((unit.quotes[0], *bullets), unit.leans) if bullets else None


def is_of_tests(lead_in: str) -> bool:
    """Whether a list is of the tests that are done: each alone would pass for all of them."""
    return _TESTS.search(lead_in) is not None


def _is_short(unit: Unit) -> bool:
    """Whether a list is read at a glance, and none of its items is for some stages only."""
    items = unit.quotes[1:]
    return len(items) <= _SHORT_LIST and not any(
        len(item.text.split()) > _SHORT_ITEM_WORDS or _names_a_stage(item.text) for item in items
    )


def _label(text: str) -> str:
    return text.partition(":")[0]


def _has_part(unit: Unit, needs: Sequence[tuple[str, ...]]) -> bool:
    """Whether a list is on the first of the needs, and has an item that meets all others."""
    if not unit.is_list or not needs:
        return False
    lead_in, *items = unit.quotes
    is_on_it = _meets(lead_in.text, needs[:1])
    return is_on_it and any(_meets(item.text, needs[1:]) for item in items)


def _on_the_drug(unit: Unit, drug: tuple[str, ...]) -> Unit | None:
    """Return a list without the items that only name the drug beside another."""
    if not unit.is_list or speaks_of(readable_now(unit.quotes[0].text), drug):
        return unit
    bullets = tuple(
        quote
        for quote in unit.quotes[1:]
        if speaks_of(readable_now(" ".join(quote.text.split()[:_FIRST_WORDS])), drug)
    )
    return Unit((unit.quotes[0], *bullets), unit.leans) if bullets else None


def _without_skipped(unit: Unit | None, plan: SectionPlan) -> Unit | None:
    """Return a list without the bullets that the plan skips, and without what explains them."""
    if unit is None or not unit.is_list or not plan.aspect.skip:
        return unit
    skipped = wanted(plan.aspect.skip)
    kept: list[Quote] = []
    is_kept = True
    for quote in unit.quotes:
        if quote.style is not ClaimStyle.SENTENCE:
            is_kept = not speaks_of(readable_now(quote.text), skipped)
        if is_kept:
            kept.append(quote)
    return Unit(tuple(kept), unit.leans) if len(kept) > 1 else None


def _meets(text: str, needs: Sequence[tuple[str, ...]]) -> bool:
    spoken = readable_now(text)
    return all(speaks_of(spoken, need) for need in needs)


def _speaks_of_things(unit: Unit, plan: SectionPlan, block: Block) -> bool:
    spoken = readable_now(unit.text) + block.leaf + block.path + block.title
    return all(speaks_of(spoken, wanted(thing)) for thing in plan.things)


def _is_about_the_asked(unit: Unit, plan: SectionPlan, block: Block) -> bool:
    """Whether a unit on the words of a question is also on what is asked about them."""
    if not _speaks_of_things(unit, plan, block):
        return False
    leaf_and_title = block.leaf + block.title
    if any(speaks_of(leaf_and_title, wanted(need)) for need in plan.needs):
        return True
    if plan.is_on_words and plan.of_a_cancer and not block.first.cancer_ids:
        return False
    if not plan.about:
        return True
    return speaks_of(readable_now(unit.text) + block.leaf, wanted(plan.about))
