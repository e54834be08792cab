"""Which statements of a block are said of a patient, and on which of their facts each rests."""

from collections.abc import Mapping
from dataclasses import dataclass

from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.units import LONGEST_LIST, Quote, Unit
from navis_api.generation.personal.contexts import is_conditional
from navis_api.generation.personal.extent import SUBSTAGE
from navis_api.generation.personal.judgements import (
    UNSETTLED,
    Judgement,
    Standing,
    all_of,
    yes,
)
from navis_api.generation.personal.paragraphs import goes_on, stands_under
from navis_api.generation.personal.reading import PersonalReading
from navis_api.sources.retrieval import Candidate


@dataclass(frozen=True, slots=True)
class PersonalUnit:
    """A unit without what isn't said of the patient; the facts of each of its quotes."""

    unit: Unit
    facts: tuple[frozenset[int], ...]

    def rests_on(self, facts: frozenset[int]) -> bool:
        """Whether any of its quotes rests on one of the facts."""
        return any(facts & each for each in self.facts)


class UnitReader:
    """Reads the units of blocks for one patient."""

    def __init__(self, reading: PersonalReading) -> None:
        self._reading = reading
        self._of_cancer = frozenset(reading.case.of_cancer)

    def may_hold(self, block: Block) -> bool:
        """Whether what stands in a block may be said of the patient, by its headings."""
        return self.of_block(block).standing is Standing.YES

    def of_block(self, block: Block) -> Judgement:
        """Say whether what stands in a block is said of the patient, by its headings.

        Which kind of the cancer a block is about its section says, so that may be open.
        """
        return self._reading.of_place(block.first.headings, block.first.cancer_ids)

    def shadows(self, passage: Candidate) -> Mapping[int, Judgement]:
        """Return what sentences stand under in their paragraphs, by where in the document."""
        under = stands_under(passage.text, self._reading)
        return {passage.start + start: judged for start, judged in under.items()}

    def leans(self, unit: Unit) -> bool:
        """Whether a unit has its sense from the one before, which may be left out here."""
        return unit.leans or goes_on(unit.quotes[0].text)

    def read(
        self, unit: Unit, block: Block, under: Judgement, leaned_on: frozenset[int]
    ) -> PersonalUnit | None:
        """Return what of a unit is said of the patient; None for nothing.

        It stands `under` what its paragraph named before, and is theirs only if that is. What
        leans on the sentence before rests on what that `leaned_on` too.
        """
        if under.standing is not Standing.YES:
            return None
        above = self.of_block(block)
        kept: list[tuple[Quote, frozenset[int]]] = []
        # A dropped item takes along the sentences that go on from it.
        is_dropped = False
        of_items: Judgement | None = None
        for at, quote in enumerate(unit.quotes):
            if is_dropped and quote.style is ClaimStyle.SENTENCE:
                continue
            own = self._reading.of_statement(quote.text)
            introduces = quote.text.endswith(":") or (not at and unit.is_list)
            headed = [above] if introduces or of_items is None else [above, of_items]
            judged = all_of([*headed, own])
            is_dropped = not self._may_stand(judged, own, quote)
            if introduces:
                # What an item introduces stands under it, and all of a list under its lead-in.
                of_items = judged if is_dropped else self._said(judged)
                above = self._said(judged) if not at and unit.is_list else above
            if is_dropped and not at:
                return None
            if not is_dropped:
                leaning = leaned_on if self.leans(unit) else frozenset[int]()
                kept.append((quote, self._rests_on(judged, under, block) | leaning))
        if unit.is_list and len(kept) == 1:
            return None
        if sum(quote.style is ClaimStyle.BULLET for quote, _ in kept) > LONGEST_LIST:
            return None
        quotes, facts = zip(*kept, strict=True)
        return PersonalUnit(Unit(tuple(quotes), unit.leans), tuple(facts))

    def _rests_on(self, judged: Judgement, under: Judgement, block: Block) -> frozenset[int]:
        """Return the facts that a statement rests on; for want of others which cancer it is."""
        own = judged.facts if judged.standing is Standing.YES else frozenset[int]()
        if judged.open_on == frozenset({SUBSTAGE}):
            own = frozenset(self._reading.case.extent.stages.values())
        own |= under.facts
        return own or (self._of_cancer if block.first.cancer_ids else own)

    def _said(self, judged: Judgement) -> Judgement:
        """Return what holds of the items below words that say themselves for whom they are."""
        if judged.standing is not Standing.OPEN:
            return judged
        is_theirs = judged.open_on == frozenset({SUBSTAGE})
        return yes(*self._reading.case.extent.stages.values()) if is_theirs else yes()

    def _may_stand(self, judged: Judgement, own: Judgement, quote: Quote) -> bool:
        """Whether a statement holds, or says by itself for whom it does where that is open."""
        if judged.standing is Standing.YES:
            return True
        return (
            judged.standing is Standing.OPEN
            and own.standing is Standing.OPEN
            and UNSETTLED not in own.open_on
            and judged.open_on <= own.open_on
            and (judged.open_on <= {SUBSTAGE} or is_conditional(quote.text))
        )
