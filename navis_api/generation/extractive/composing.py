"""Composing: choosing quotes for a section, none of them said before."""

from collections.abc import Iterator, Sequence

from navis_api.answers.models import ClaimStyle
from navis_api.generation.contract import DraftCitation, DraftClaim, DraftSection
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.relevance import relevant_part
from navis_api.generation.extractive.saying import Said
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.units import Quote, units_of

# A block that ranks lower than the best one by more than this is about something else.
_FAR_BEHIND = 3.5
# A source's own heading of this length is the best name for a kind of treatment.
_OWN_HEADING_CHARS = range(4, 41)


class Composer:
    """Composes one answer, and remembers what has been said in it."""

    def __init__(self, fitness: Fitness, written: Sequence[DraftSection]) -> None:
        self._fitness = fitness
        self._said = Said(written)

    def section(
        self, plan: SectionPlan, fits: Sequence[Fit], *, leaning: bool = True
    ) -> DraftSection | None:
        """Return the section that the blocks give, or None when they give nothing.

        Without `leaning`, sentences that lean on others are left out.
        """
        self._said.begin_section()
        taken = list(self._of_blocks(plan, fits, leaning=leaning))
        if not taken:
            return None
        # The best document's blocks stand first and in its order, those of others behind.
        best = taken[0][0].first.version_id
        # What is only mentioned stands as it fits: there is no order in it to keep.
        if not (plan.aspect.mentions and plan.aspect.each):
            taken.sort(key=lambda part: (part[0].first.version_id != best, part[0].order))
        quotes = [quote for _, part in taken for quote in part]
        heading = plan.heading
        if plan.one_of is not None and len(quotes[0].locator or "") in _OWN_HEADING_CHARS:
            heading = f"{quotes[0].locator}{plan.suffix}"
        return DraftSection(plan.aspect.kind, heading, tuple(map(_claim, quotes)))

    def _of_blocks(
        self, plan: SectionPlan, fits: Sequence[Fit], *, leaning: bool
    ) -> Iterator[tuple[Block, list[Quote]]]:
        room = plan.aspect.limit
        used = 0
        for fitting in fits[: plan.aspect.blocks * 2]:
            if fitting.score < fits[0].score - _FAR_BEHIND and not fitting.below:
                continue
            quotes = list(self._of_block(plan, fitting, room, leaning=leaning))
            # Bullets whose lead-in wasn't found say too little.
            if not quotes or quotes[0].style is ClaimStyle.BULLET:
                continue
            yield fitting.block, quotes
            used += 1
            room -= len(quotes)
            if used == plan.aspect.blocks or room <= 0:
                return

    def _of_block(
        self, plan: SectionPlan, fitting: Fit, room: int, *, leaning: bool
    ) -> Iterator[Quote]:
        """Yield a block's quotes in order; a list that begins within the room is never cut."""
        is_first = True
        begun = room
        # Whether the unit before was taken, so that one may lean on it.
        stands = False
        for passage in fitting.block.passages:
            for unit in units_of(passage, self._fitness):
                is_full = room <= 0 or begun - room >= plan.aspect.per_block
                if unit is not None and is_full and not (unit.leans and stands):
                    return
                if unit is None or (unit.leans and not (leaning and stands)):
                    stands = stands and unit is not None
                    continue
                part = relevant_part(unit, plan, fitting, is_first=is_first)
                quotes = self._said.take(part) if part is not None else ()
                yield from quotes
                room -= len(quotes)
                stands = bool(quotes)
                is_first = is_first and not stands


def _claim(quote: Quote) -> DraftClaim:
    citation = DraftCitation(
        source_version_id=quote.version_id,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        locator=quote.locator,
    )
    return DraftClaim(text=quote.text, style=quote.style, citations=(citation,))
