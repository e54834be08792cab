"""Sections of statements: where each looks, and what has to be said there."""

from collections.abc import Callable, Sequence

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.compared import says_how_they_compare
from navis_api.generation.extractive.effect_course import says_course
from navis_api.generation.extractive.effect_reasons import says_why
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.meanwhile import says_if_one_may
from navis_api.generation.extractive.passing_on import says_contagious, says_how
from navis_api.generation.extractive.relatives import says_of_relatives
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.stated import Says, stated
from navis_api.generation.extractive.told_whole import says_it_whole
from navis_api.sources.models import Audience


def _says_contagious(_: SectionPlan, __: Asked) -> Says:
    return says_contagious


def _says_of_relatives(_: SectionPlan, __: Asked) -> Says:
    return says_of_relatives


_SAYS: dict[str, Callable[[SectionPlan, Asked], Says]] = {
    "passed_on": lambda plan, _: says_how(plan),
    "contagious": _says_contagious,
    "meanwhile": lambda plan, _: says_if_one_may(plan),
    "effect_course": lambda plan, _: says_course(plan),
    "effect_reason": lambda plan, _: says_why(plan),
    "relatives": _says_of_relatives,
    "told_whole": says_it_whole,
    "compared": lambda plan, _: says_how_they_compare(plan),
}
OF_STATEMENTS = frozenset(_SAYS)
"""Sections that are composed of statements which say by themselves what is asked."""
_MOST_STATEMENTS = 3
_MOST = {"contagious": 1, "told_whole": 2, "compared": 2}
_WHOLE_ITEMS = frozenset({"told_whole", "meanwhile"})
# Of these, what pages say of another cancer holds for any.
_THE_SAME_ANYWHERE = frozenset({"passed_on", "contagious"})
# What may be done is told of each side effect, and the cancer's own page has no say in it.
_TOGETHER = frozenset({"meanwhile", "effect_course"})


def statements_for(
    plan: SectionPlan, asked: Asked, found: Found, fitness: Fitness
) -> list[KeyPoint]:
    """Return the statements of a section: of the cancer's own pages, or else of others."""
    key = plan.aspect.key
    says = _SAYS[key](plan, asked)
    own = (*found.exact, *(found.wider if asked.cancer else ()))
    pools: list[Sequence[Block]] = [own, found.general]
    if key == "compared":
        # Trials are told of to professionals alone, as a rule.
        pools = [own, found.narrower, found.others]
    elif plan.aspect.scope == "cancer":
        pools = [own]
    elif key in _TOGETHER:
        pools = [(*own, *found.general)]
    elif key in _THE_SAME_ANYWHERE:
        of_patients = filter(_is_for_patients, (*found.general, *found.narrower, *found.anywhere))
        pools = [(*own, *of_patients), found.anywhere, found.others]
    else:
        pools += [found.narrower]
    most = _MOST.get(key, _MOST_STATEMENTS)
    return stated(pools, says, fitness, most, whole_items=key in _WHOLE_ITEMS)


def _is_for_patients(block: Block) -> bool:
    return block.first.audience is Audience.PATIENT
