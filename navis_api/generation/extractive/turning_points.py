"""What statements turn on that isn't known of a patient, counted over what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from navis_api.generation.extractive.blocks import treatments_named
from navis_api.generation.extractive.choosing import Choosing
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.fitting import best
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.units import Unit, units_of
from navis_api.generation.personal.case import KIND
from navis_api.generation.personal.judgements import UNSETTLED, Standing, all_of
from navis_api.generation.personal.reading import PersonalReading
from navis_api.generation.personal.unknowns import Turning

# Of each section's blocks so many are read: far more than a section takes.
_BLOCKS = 25
_LONGEST_LIST = 100


def turning_points(
    found: Found,
    plan: Sequence[SectionPlan],
    choosing: Choosing,
    fitness: Fitness,
    reading: PersonalReading,
) -> Turning:
    """Count what the statements turn on that the core sections of a plan could take."""
    turning = Turning()
    blocks = (*found.exact, *found.wider, *found.narrower)
    fitting = chain.from_iterable(
        best(blocks, replace(choosing.wish(section), without=(), focus=0.0))[:_BLOCKS]
        for section in plan
        if section.core
    )
    read = {id(each.block): each.block for each in fitting}
    if any(section.aspect.key == "one_treatment" for section in plan):
        read |= {id(block): block for block in blocks if treatments_named(block)}
    for block in read.values():
        above = reading.of_headings(block.first.headings, block.first.cancer_ids)
        if above.standing is Standing.NO:
            continue
        if KIND in above.open_on:
            turning.kinds |= reading.case.kinds_in_words(block.first.cancer_ids)
        for passage in block.passages:
            for texts in _statements(units_of(passage, fitness, _LONGEST_LIST)):
                judged = all_of([above, *map(reading.of_statement, texts)])
                if judged.standing is not Standing.OPEN:
                    continue
                of_conditions = reading.turning_on(block.first.headings, texts)
                turning.add(
                    [pair for pair in of_conditions if pair[0] in judged.open_on],
                    judged.open_on - {UNSETTLED},
                )
    return turning


def _statements(units: Iterable[Unit | None]) -> Iterable[tuple[str, ...]]:
    """Yield each statement with the lead-in that it stands under, if there is one."""
    for unit in units:
        if unit is None:
            continue
        if not unit.is_list:
            yield (unit.text,)
            continue
        lead_in, *items = unit.quotes
        for item in items:
            yield (lead_in.text, item.text)
