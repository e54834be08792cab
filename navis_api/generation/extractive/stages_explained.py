"""Saying how a page groups stages: "Stages III and IV are treated as advanced cancers"."""

from collections.abc import Sequence

from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.matching import speaks_of
from navis_api.generation.extractive.stage_groups import says_the_group
from navis_api.generation.extractive.units import Unit, units_of


def who_says_the_group(
    blocks: Sequence[Block], stages: Sequence[str], fitness: Fitness
) -> list[KeyPoint]:
    """Return the statements that say in which group the stages are treated.

    Where no treatment is told of by that group, there are none.
    """
    used = {
        block.first.version_id for block in blocks if block.stages and speaks_of(block.leaf, stages)
    }
    return [
        KeyPoint(block, Unit(unit.quotes, leans=False), 1.0)
        for block in blocks
        if block.first.version_id in used
        for passage in block.passages
        for unit in units_of(passage, fitness)
        if unit is not None and says_the_group(unit.quotes[0].text, stages)
    ]
