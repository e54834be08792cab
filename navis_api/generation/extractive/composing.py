"""Composing: choosing quotes for a section, none of them said before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from navis_api.answers.models import ClaimStyle
from navis_api.generation.contract import DraftCitation, DraftClaim, DraftSection
from navis_api.generation.extractive.blocks import Block, treatments_named
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.outlines import outline, stages_beside
from navis_api.generation.extractive.personal_units import PersonalUnit, UnitReader
from navis_api.generation.extractive.relevance import relevant_part, says_it_all
from navis_api.generation.extractive.saying import Said
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.units import LONGEST_LIST, Quote, Unit, units_of_all
from navis_api.generation.personal.judgements import Judgement, yes

# A block that ranks lower than the best one by more than this is about something else.
_FAR_BEHIND = 3.5
_LONGEST_READ = 100
_REACH_FOR_FACTS = 6
# How many claims more than of one block an answer has of a page's parts, which are lists at times.
_MORE_OF_PARTS = 12
_FEW_OF_PARTS = 6
# Where the first of a list's whole sentences has room, so many do: one of seven steps would pass
# for all.
_MOST_ITEMS = 8
# So many claims are begun of each stage that stands beside others: some would pass for all.
_OF_A_STAGE = 8
# "Stage II".
_NAME_WORDS = 2
# A source's own heading of this length is the best name for a kind of treatment.
_OWN_HEADING_CHARS = range(4, 41)


class Composer:
    """Composes one answer, and remembers what has been said in it.

    With a `reader` it is for one patient: what isn't said of them is left out, and claims name
    the facts that they rest on.
    """

    def __init__(
        self,
        fitness: Fitness,
        written: Sequence[DraftSection],
        reader: UnitReader | None = None,
    ) -> None:
        self._fitness = fitness
        self._said = Said(written)
        self._reader = reader
        # Of a long list of drugs few may be left for one patient.
        self._longest_list = LONGEST_LIST if reader is None else _LONGEST_READ
        self._facts: dict[Quote, frozenset[int]] = {}

    def section(
        self, plan: SectionPlan, fits: Sequence[Fit], *, leaning: bool = True
    ) -> DraftSection | None:
        """Return the section that the blocks give, or None when they give nothing.

        Without `leaning`, sentences that lean on others are left out.
        """
        self._said.begin_section(of_a_kind=bool(plan.suffix), for_others=plan.for_others)
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
        return DraftSection(plan.aspect.kind, heading, tuple(map(self._claim, quotes)))

    def of_points(
        self, plan: SectionPlan, parts: Sequence[Sequence[KeyPoint]]
    ) -> DraftSection | None:
        """Return the section that statements give which were chosen one by one, for each part."""
        self._said.begin_section()
        quotes: list[Quote] = []
        told = list(filter(None, parts))
        most = plan.aspect.limit if len(told) == 1 else plan.aspect.per_block
        for points in told:
            room = most
            for unit in _by_lists(points):
                fitting = Unit(unit.quotes[:room], unit.leans) if unit.is_list else unit
                # Of a list there has to be room for its lead-in and an item.
                if len(fitting.quotes) > room or len(fitting.quotes) < 1 + unit.is_list:
                    continue
                taken = self._said.take(fitting)
                quotes += taken
                room -= len(taken)
        if not quotes:
            return None
        return DraftSection(plan.aspect.kind, plan.heading, tuple(map(self._claim, quotes)))

    def _of_blocks(
        self, plan: SectionPlan, fits: Sequence[Fit], *, leaning: bool
    ) -> Iterator[tuple[Block, list[Quote]]]:
        room = plan.aspect.limit
        used = 0
        if parts := outline(fits, plan):
            told = list(self._of_parts(plan, parts, fits[0], leaning=leaning))
            yield from told
            claims = sum(len(quotes) for _, quotes in told)
            if claims > _FEW_OF_PARTS:
                return
            # What other pages tell stands behind, or in the place of parts that can't be quoted.
            room -= claims
            fits = [fitting for fitting in fits if fitting not in parts]
        # What rests on a patient's facts is looked for further behind: few blocks have any of it.
        reach = _REACH_FOR_FACTS if plan.rests_on else 2
        alone = len(fits) == 1
        has_lists = False
        done: list[Fit] = []
        for fitting in fits[: plan.aspect.blocks * reach]:
            if fitting in done:
                continue
            is_far = fitting.score < fits[0].score - _FAR_BEHIND and not fitting.below
            if is_far and not plan.rests_on:
                continue
            is_one_kind = bool(plan.aspect.apart and treatments_named(fitting.block))
            if is_one_kind and has_lists:
                # Each kind that the options name has a section of its own.
                continue
            stages = stages_beside(fitting, fits, plan)
            of_block = room if alone else min(room, plan.aspect.per_block)
            most = _OF_A_STAGE if stages else of_block
            told = list(self._of_each(plan, stages or [fitting], most, leaning=leaning))
            done += stages
            yield from told
            has_lists |= bool(told) and not is_one_kind
            used += bool(told)
            room -= sum(len(quotes) for _, quotes in told)
            if used == plan.aspect.blocks or room <= 0:
                return

    def _of_each(
        self, plan: SectionPlan, fits: Sequence[Fit], most: int, *, leaning: bool
    ) -> Iterator[tuple[Block, list[Quote]]]:
        for fitting in fits:
            mark = self._said.mark()
            quotes = list(self._of_block(plan, fitting, most, leaning=leaning))
            # Bullets whose lead-in wasn't found say too little, but for what a heading introduces.
            is_headed = plan.aspect.leaf_only and fitting.whole
            if not quotes or (quotes[0].style is ClaimStyle.BULLET and not is_headed):
                self._said.back_to(mark)
            else:
                yield fitting.block, quotes

    def _of_parts(
        self, plan: SectionPlan, parts: Sequence[Fit], best: Fit, *, leaning: bool
    ) -> Iterator[tuple[Block, list[Quote]]]:
        """Yield how each part of a page begins, and more of the one that fits best."""
        room = plan.aspect.limit + (_MORE_OF_PARTS if plan.core else 0)
        # Of parts side by side, none is left out for its long words.
        alike = replace(plan, core=True)
        for fitting in parts:
            is_best = fitting is best and len(fitting.block.first.headings) > 1
            most = plan.aspect.per_block if is_best else plan.aspect.per_part + (fitting is best)
            mark = self._said.mark()
            quotes = list(self._of_block(alike, fitting, min(most, room), leaning=leaning))
            is_item = bool(quotes) and quotes[0].style is ClaimStyle.BULLET
            if quotes and ((is_best and not is_item) or _stands(fitting.block, quotes[0])):
                quotes = quotes if is_best else _without_loose_items(quotes)
                yield fitting.block, quotes
                room -= len(quotes)
            else:
                self._said.back_to(mark)
            if room <= 0:
                return

    def _of_block(
        self, plan: SectionPlan, fitting: Fit, room: int, *, leaning: bool
    ) -> Iterator[Quote]:
        """Yield a block's quotes in order; a list that begins within the room is rarely cut."""
        is_first = True
        # So many items in a row were taken that no lead-in introduces.
        items = 0
        # Whether the unit before was taken, so that one may lean on it.
        stands = False
        # The unit before, where it wasn't wanted for itself.
        lent: Unit | None = None
        leaned_on = frozenset[int]()
        for passage, units in units_of_all(
            fitting.block.passages,
            self._fitness,
            self._longest_list,
            # What is said of one patient is told sentence by sentence.
            whole_items=self._reader is None,
        ):
            shadows: Mapping[int, Judgement] = {}
            if self._reader is not None:
                shadows = self._reader.shadows(passage)
            for unit in units:
                leans = unit is not None and self._leans(unit)
                goes_on = 0 < items < _MOST_ITEMS and unit is not None and _is_item(unit)
                if unit is not None and room <= 0 and not (goes_on or (leans and stands)):
                    return
                if unit is not None and leans and not stands and lent is not None:
                    borrowed = self._lent(lent, unit, plan, fitting)
                    yield from borrowed
                    room -= len(borrowed)
                    stands = bool(borrowed)
                lent = None
                if unit is None or (unit.leans and not leaning) or (leans and not stands):
                    stands = stands and unit is not None
                    continue
                part = relevant_part(unit, plan, fitting, is_first=is_first)
                if part is not None and self._reader is not None:
                    under = shadows.get(unit.quotes[0].start, yes())
                    read = self._reader.read(part, fitting.block, under, leaned_on)
                    part = self._personal_part(read, plan)
                    leaned_on = read.facts[-1] if read is not None else frozenset[int]()
                quotes = self._said.take(part) if part is not None else ()
                yield from quotes
                room -= len(quotes)
                stands = bool(quotes)
                items = items + 1 if stands and _is_item(unit) else 0
                lent = unit if part is None and not leans and leaning else None
                is_first = is_first and not stands

    def _lent(self, lent: Unit, unit: Unit, plan: SectionPlan, fitting: Fit) -> tuple[Quote, ...]:
        """Return the unit before one that names what is asked and leans on it: "This is called"."""
        is_named = plan.aspect.mentions and plan.aspect.each and self._reader is None
        return self._said.take(lent) if is_named and says_it_all(unit, plan, fitting) else ()

    def _leans(self, unit: Unit) -> bool:
        """Whether a unit can't stand without the one before it."""
        return unit.leans if self._reader is None else self._reader.leans(unit)

    def _personal_part(self, read: PersonalUnit | None, plan: SectionPlan) -> Unit | None:
        """Return the unit, if the section wants what rests on these facts, and remember them."""
        if read is None or (plan.rests_on and not read.rests_on(plan.rests_on)):
            return None
        self._facts.update(zip(read.unit.quotes, read.facts, strict=True))
        return read.unit

    def _claim(self, quote: Quote) -> DraftClaim:
        citation = DraftCitation(
            source_version_id=quote.version_id,
            quote=quote.text,
            start=quote.start,
            end=quote.end,
            locator=quote.locator,
        )
        facts = tuple(sorted(self._facts.get(quote, ())))
        return DraftClaim(quote.text, quote.style, (citation,), facts)


def _is_item(unit: Unit) -> bool:
    return not unit.is_list and unit.quotes[0].style is ClaimStyle.BULLET


def _stands(block: Block, quote: Quote) -> bool:
    """Whether a quote says by itself what part of a page it is from: its first, or named so."""
    before = block.first.text[: max(0, quote.start - block.first.start)]
    begins = quote.start < block.first.end and not before.strip(" -*\n")
    if begins and quote.style is not ClaimStyle.BULLET:
        return True
    return speaks_of(readable_now(quote.text), wanted([" ".join(block.leaf.split()[:_NAME_WORDS])]))


def _without_loose_items(quotes: Sequence[Quote]) -> list[Quote]:
    """Return quotes up to the first item that no lead-in completes, for others stand beside it."""
    kept: list[Quote] = []
    is_listed = False
    for quote in quotes:
        is_listed |= quote.style is ClaimStyle.LEAD_IN
        if kept and quote.style is ClaimStyle.BULLET and not is_listed:
            break
        kept.append(quote)
    return kept


def _by_lists(points: Sequence[KeyPoint]) -> list[Unit]:
    """Return the units of points, those under one lead-in together and in their order."""
    units: list[Unit] = []
    at: dict[Quote, int] = {}
    for point in points:
        lead_in = point.unit.quotes[0]
        if point.unit.is_list and lead_in in at:
            items = (*units[at[lead_in]].quotes[1:], *point.unit.quotes[1:])
            in_order = sorted(items, key=lambda quote: quote.start)
            units[at[lead_in]] = Unit((lead_in, *in_order), point.unit.leans)
            continue
        at[lead_in] = len(units)
        units.append(point.unit)
    return units
