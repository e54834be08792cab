"""Statements that say by themselves what is asked, wherever they stand, with what they lean on.

Headings don't tell whether a virus passes on or a numbness goes away: one sentence on the page
does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.units import Quote, Unit, units_of_all

_MOST_LEANING = 4
# What says it so much less well is left out beside what says it best.
_FAR_BEHIND = 1.0

Says = Callable[[str, Block], float]
"""How well a text, in a block, says what is asked: 0 where it doesn't."""


def stated(
    pools: Iterable[Sequence[Block]],
    says: Says,
    fitness: Fitness,
    most: int,
    *,
    whole_items: bool = False,
) -> list[KeyPoint]:
    """Return the statements of the first pool that has any, those first that say it best.

    With `whole_items`, an item of a list is told with all the sentences that explain it.
    """
    for blocks in pools:
        found = [
            point
            for block in blocks
            for point in _in_block(block, says, fitness, whole_items=whole_items)
        ]
        if found:
            found.sort(key=lambda point: (-point.share, point.block.order))
            near = [point for point in found if point.share >= found[0].share - _FAR_BEHIND]
            return list(_unlike(near))[:most]
    return []


def _in_block(
    block: Block, says: Says, fitness: Fitness, *, whole_items: bool
) -> Iterator[KeyPoint]:
    for _, units in units_of_all(block.passages, fitness, whole_items=whole_items):
        group: list[Unit] = []
        for unit in units:
            # An item of a list has its own line, however it begins.
            leans = unit is not None and unit.leans and not _is_item(unit)
            if unit is None or (leans and (not group or len(group) == _MOST_LEANING)):
                group = []
                continue
            group = [*group, unit] if leans else [unit]
            if unit.is_list:
                yield from _of_list(unit, block, says)
            elif share := _share(unit, block, says):
                quotes = tuple(quote for each in group for quote in each.quotes)
                yield KeyPoint(block, Unit(quotes, leans=False), share)


def _is_item(unit: Unit) -> bool:
    return unit.quotes[0].style is ClaimStyle.BULLET


def _share(unit: Unit, block: Block, says: Says) -> float:
    if unit.quotes[0].style is not ClaimStyle.SENTENCE and not _is_told_whole(unit.quotes[0]):
        return 0.0
    return says(unit.text, block)


def _is_told_whole(quote: Quote) -> bool:
    """Whether an item without a lead-in reads as a sentence."""
    return quote.text[:1].isupper() and quote.text.rstrip()[-1:] in ".!"


def _of_list(unit: Unit, block: Block, says: Says) -> Iterator[KeyPoint]:
    """Yield the items of a list that say it, each below its lead-in."""
    lead_in = unit.quotes[0]
    item: list[Quote] = []
    for quote in (*unit.quotes[1:], None):
        if quote is not None and quote.style is ClaimStyle.SENTENCE and item:
            item.append(quote)
            continue
        text = " ".join(each.text for each in item)
        if item and (share := says(text, block)):
            yield KeyPoint(block, Unit((lead_in, *item), leans=False), share)
        item = [quote] if quote is not None else []


def _unlike(points: Iterable[KeyPoint]) -> Iterator[KeyPoint]:
    """Leave out what stands in a statement before it."""
    said: set[str] = set()
    for point in points:
        texts = {quote.text for quote in point.unit.quotes if quote.style is not ClaimStyle.LEAD_IN}
        if not texts <= said:
            said |= texts
            yield point
