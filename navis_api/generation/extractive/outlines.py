"""Outlines: what a page tells under a heading for each stage, each test or each risk."""

from collections.abc import Sequence

from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.matching import OF_A_STAGE, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan

_FEWEST_PARTS = 3


def outline(fits: Sequence[Fit], plan: SectionPlan) -> list[Fit]:
    """Return the parts of the page that fits best, in its order; none where it has no such parts.

    What the page itself begins with is one of them. Parts stand under headings of their own, or
    together under one, that say what is looked for: the title alone doesn't. Who asks about one
    stage isn't told all.
    """
    if not plan.aspect.per_part or plan.stages or not fits:
        return []
    best = fits[0]
    needs = [*map(wanted, plan.needs), plan.leaf]
    without = wanted(plan.aspect.without)
    of_page = [
        fitting
        for fitting in fits
        if fitting.whole and fitting.block.first.version_id == best.block.first.version_id
    ]
    parts = [
        fitting
        for fitting in of_page
        if any(speaks_of(fitting.block.leaf + fitting.block.path, need) for need in needs)
        and len(fitting.block.first.headings) > 1
        and not speaks_of(fitting.block.path, without)
    ]
    if len(parts) < _FEWEST_PARTS:
        return []
    begins = [] if best in parts else [best]
    return sorted((*begins, *parts), key=lambda fitting: fitting.block.first.position)


def stages_beside(fitting: Fit, fits: Sequence[Fit], plan: SectionPlan) -> list[Fit]:
    """Return the parts that a page has beside one that is headed by a stage, in its order.

    Nothing where one stage is asked about, or there is no other part.
    """
    first = fitting.block.first
    if plan.stages or not speaks_of(fitting.block.leaf, OF_A_STAGE):
        return []
    beside = [
        each
        for each in fits
        if each.block.first.version_id == first.version_id
        and each.block.first.headings[:-1] == first.headings[:-1]
        and speaks_of(each.block.leaf, OF_A_STAGE)
    ]
    in_order = sorted(beside, key=lambda each: each.block.first.position)
    return in_order if len(in_order) > 1 else []
