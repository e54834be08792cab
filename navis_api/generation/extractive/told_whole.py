"""A word of the question told with the whole item that it stands in, where no line says it all.

"This is called a colostomy" says nothing without what is done, and for whom, around it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.stated import Says
from navis_api.generation.extractive.telling import Telling

_NUMBER = re.compile(r"\b\d+\b")
# "How fast it grows", in a list, only names it.
_FEWEST_WORDS = 7
_EXPLAINS = 1.0
_OF_THAT_NUMBER = 1.0
_TESTS_OR_TRIALS = wanted(("clinical trial", "clinical trials", "questions"))


def of_whole_items(
    asked: Asked, plan: SectionPlanner, things: tuple[Telling, ...], *, core: bool
) -> Iterator[SectionPlan]:
    """Yield each of the things with all that its item says, where it isn't told yet."""
    if asked.cancer is None:
        return
    for thing in things:
        section = plan("told_whole", core=core, telling=(thing,))
        yield replace(section, if_unsaid=True, if_known=(thing,), about=(), things=())


def says_it_whole(plan: SectionPlan, asked: Asked) -> Says:
    """Return what tells how well an item says the plan's word: what it is, or that number of it."""
    names = wanted(plan.needs[0])
    numbers = {word for word in asked.said if word.isdigit()}
    written = "|".join(re.escape(name.strip()) for name in names)
    explains = re.compile(rf"\b(?:{written}) (?:\w+ ){{0,3}}(?:is|are|mean|means|refer|range)\b")

    def says(text: str, block: Block) -> float:
        if len(text.split()) < _FEWEST_WORDS:
            return 0.0
        spoken = readable_now(text)
        if not speaks_of(spoken, names) or speaks_of(block.leaf, _TESTS_OR_TRIALS):
            return 0.0
        share = 1.0 + _EXPLAINS * bool(explains.search(spoken))
        return share + _OF_THAT_NUMBER * bool(numbers.intersection(_NUMBER.findall(text)))

    return says
