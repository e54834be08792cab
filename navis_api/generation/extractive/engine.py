"""The extractive engine: answers made of sentences quoted to the letter. No model, no network."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Closing,
    DraftSection,
    GenerationPiece,
    GenerationRequest,
    Progress,
)
from navis_api.generation.extractive.closing import abstention, closing, urgent_steps
from navis_api.generation.extractive.coverage import gaps_of
from navis_api.generation.extractive.drafting import Drafting
from navis_api.generation.extractive.evidence import FoundEvidence
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.instead import (
    Instead,
    WholeAnswer,
    answered_instead,
    called_for,
)
from navis_api.generation.extractive.personal_answer import PersonalAnswer
from navis_api.generation.extractive.plan import make_plan
from navis_api.generation.extractive.reading import read_question
from navis_api.generation.extractive.searching import find_blocks, has_texts
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.unanswerable import unanswerable
from navis_api.generation.extractive.undescribed import undescribed
from navis_api.generation.grounding.sections import check_section
from navis_api.generation.models import GenerationStatus
from navis_api.sources.quotes import QuotedSpan, require_exact


class ExtractiveEngine:
    """Answers from the corpus alone; the same question over the same corpus, the same answer."""

    name = "extractive"

    def __init__(self, database: Database, catalogue: CatalogueKeeper) -> None:
        self._database = database
        self._catalogue = catalogue

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        """Yield progress, then sections in reading order and a Closing, or one Abstention.

        Sections in `written` stand: none of them, and none of their statements, is repeated.
        Raises QuoteDiffers when a passage isn't what its source says (a damaged corpus).
        """
        yield Progress(GenerationStatus.RETRIEVING)
        instead = called_for(request)
        whole = await self._instead(request, instead) if instead.is_called_for else None
        pieces = self._planned(request, written) if whole is None else _pieces(whole, written)
        async with aclosing(pieces):
            async for piece in pieces:
                if instead.urgent is not None and isinstance(piece, Closing):
                    # Perhaps it is urgent: then the next steps are those that can't wait.
                    yield replace(piece, next_steps=urgent_steps())
                else:
                    yield piece

    async def _instead(self, request: GenerationRequest, instead: Instead) -> WholeAnswer | None:
        catalogue = await self._catalogue.current()
        async with self._database.reading() as session:
            whole = await answered_instead(session, request, instead, catalogue)
        for section in whole.sections if whole else ():
            await self._require_exact(section)
        return whole

    async def _planned(
        self, request: GenerationRequest, written: Sequence[DraftSection]
    ) -> AsyncGenerator[GenerationPiece]:
        """Yield the pieces of an answer that goes by a plan."""
        catalogue = await self._catalogue.current()
        cancer = catalogue.by_id.get(request.cancer_id) if request.cancer_id else None
        patient = PersonalAnswer(request, cancer, catalogue) if request.facts else None
        cancer = patient.case.cancer if patient else cancer
        asked = read_question(request.text, cancer, catalogue)
        asked = patient.asked(asked) if patient else asked
        fitness = Fitness(asked, catalogue)
        plan = make_plan(asked)
        plan = patient.plan(plan, asked) if patient else plan
        kinds = patient.case.own_kinds if patient else ()
        async with self._database.reading() as session:
            language = request.locale.split("-")[0]
            found = await find_blocks(session, asked, plan, catalogue, fitness, language, kinds)
        if patient is not None:
            found = patient.only_theirs(found, plan, asked, fitness)
        if (no_answer := unanswerable(request.text, asked, found)) is not None:
            yield no_answer
            return
        asked = replace(asked, undescribed=undescribed(asked, plan, found))
        yield Progress(GenerationStatus.DRAFTING)
        sections = list(written)
        answered: set[SectionPlan] = set()
        waiting: list[DraftSection] = []
        evidence = FoundEvidence(found)
        reader = patient.reader if patient else None
        drafting = Drafting(asked, catalogue, found, fitness, written, reader)
        for section_plan, drafted in drafting.sections(plan):
            if drafted is not None:
                await self._require_exact(drafted)
                cited = evidence.of(drafted)
                checked = check_section(drafted, cited, cancer=cancer, catalogue=catalogue)
                drafting.withdraw(section_plan, drafted, checked.section)
                if checked.section is None:
                    continue
                waiting.append(checked.section)
            answered.add(section_plan)
            # What only goes with an answer waits until there is one.
            if not any(done.core for done in answered):
                continue
            for ready in waiting:
                sections.append(ready)
                yield ready
            waiting = []
        if not any(done.core for done in answered):
            async with self._database.reading() as session:
                covered = await has_texts(session, asked, catalogue, fitness)
            yield abstention(asked, cancer_is_covered=covered)
            return
        yield Progress(GenerationStatus.CHECKING)
        for section in written:
            await self._require_exact(section)
        end = closing(asked, gaps_of(asked, plan, answered, sections, evidence))
        yield patient.closing(end, asked, sections) if patient else end

    async def _require_exact(self, section: DraftSection) -> None:
        """Compare every quote of a section with its source. Raises QuoteDiffers."""
        spans = [
            QuotedSpan(citation.source_version_id, citation.start, citation.end, citation.quote)
            for claim in section.claims
            for citation in claim.citations
        ]
        async with self._database.reading() as session:
            await require_exact(session, spans)


async def _pieces(
    whole: WholeAnswer, written: Sequence[DraftSection]
) -> AsyncGenerator[GenerationPiece]:
    """Yield the pieces of an answer that is there as a whole, but for what is written already."""
    yield Progress(GenerationStatus.DRAFTING)
    done = {section.heading for section in written}
    for section in whole.sections:
        if section.heading not in done:
            yield section
    if isinstance(whole.end, Closing):
        yield Progress(GenerationStatus.CHECKING)
    yield whole.end
