"""The `llm` engine: a language model writes, and only what its quotes carry is told."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog

from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Abstention,
    DraftSection,
    GenerationPiece,
    GenerationRequest,
    PatientFact,
    Progress,
)
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.closing import abstention, abstention_on_what_was_sought
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.personal_answer import PersonalAnswer
from navis_api.generation.extractive.reading import read_question
from navis_api.generation.llm.checking import SectionChecker
from navis_api.generation.llm.drafting import drafted
from navis_api.generation.llm.errors import ModelsFailed
from navis_api.generation.llm.finding import PassageSearch, find_shown, has_texts
from navis_api.generation.llm.framing import framed
from navis_api.generation.llm.model_settings import models_of
from navis_api.generation.llm.output import WrittenAnswer
from navis_api.generation.llm.prompt import make_prompt
from navis_api.generation.llm.shown import ShownPassage
from navis_api.generation.models import GenerationStatus
from navis_api.language_models.errors import ModelFailed
from navis_api.language_models.language_model import LanguageModel
from navis_api.settings import Settings
from navis_api.sources.quotes import QuotedSpan, require_exact
from navis_api.sources.search.corpus import CorpusSearch

_log = structlog.get_logger(__name__)

# With fewer claims left, and others refused, nothing is told: the rest of what the model
# wanted to say is missing, and one sentence out of its context misleads.
_LEAST_CLAIMS = 2


@dataclass(slots=True)
class _Writing:
    """An answer in the making: what is asked, what was found, and what has been told."""

    request: GenerationRequest
    asked: Asked
    catalogue: Catalogue
    fitness: Fitness
    passages: tuple[ShownPassage, ...]
    told: list[DraftSection]
    patient: PersonalAnswer | None
    failures: list[ModelFailed] = field(default_factory=list[ModelFailed])
    answer: WrittenAnswer | None = None
    """What the last model that came to its end has written."""
    came_to_nothing: bool = False
    """Whether that model wrote an answer of which nothing could be told."""

    @property
    def facts(self) -> tuple[PatientFact, ...]:
        """The facts that a model is told: those that count for the cancer that is asked about."""
        return self.patient.case.facts if self.patient and self.patient.reading else ()


class LanguageModelEngine:
    """Answers in a language model's words, claim by claim held against quotes from the corpus.

    The models of `settings.llm_models` are asked in their order, until one comes to the end of
    an answer of which something could be told, or says that there is none. The next one goes on
    behind what was told.

    Without a `search` the corpus is searched by full text alone. Raises NoModelNamed and
    ModelUnusable where it is made.
    """

    name = "llm"

    def __init__(
        self,
        settings: Settings,
        database: Database,
        catalogue: CatalogueKeeper,
        search: PassageSearch | None = None,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._search = search or CorpusSearch(catalogue)
        self._models = models_of(settings)
        self._max_output_tokens = settings.llm_max_output_tokens
        self._max_passages = settings.llm_max_passages

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncGenerator[GenerationPiece]:
        """Yield progress, then sections in reading order and a Closing, or one Abstention.

        A section is yielded when it is complete and checked. Sections in `written` stand, and
        nothing in them is said again. Closing the iterator ends the call to the model. Raises
        ModelsFailed when no model came to an end, or nothing was told and one failed, and
        QuoteDiffers when a passage isn't what its source says (a damaged corpus).
        """
        yield Progress(GenerationStatus.RETRIEVING)
        writing = await self._begin(request, written)
        if writing.passages:
            yield Progress(GenerationStatus.DRAFTING)
        for model in self._models if writing.passages else ():
            async with aclosing(self._from(model, writing)) as sections:
                async for section in sections:
                    yield section
            if writing.answer is not None and not writing.came_to_nothing:
                break
        answer = writing.answer
        # A failure may pass, and then there may be an answer: it isn't the sources that lack one.
        if writing.passages and (answer is None or (not writing.told and writing.failures)):
            raise ModelsFailed(writing.failures)
        if answer is None or not writing.told:
            yield await self._abstained(writing)
            return
        yield Progress(GenerationStatus.CHECKING)
        for section in written:
            await self._require_exact(section)
        end = framed(writing.asked, request.text, answer, writing.told, writing.passages)
        patient = writing.patient
        yield patient.closing(end, writing.asked, writing.told) if patient else end

    async def _begin(self, request: GenerationRequest, written: Sequence[DraftSection]) -> _Writing:
        catalogue = await self._catalogue.current()
        cancer = catalogue.by_id.get(request.cancer_id) if request.cancer_id else None
        patient = PersonalAnswer(request, cancer, catalogue) if request.facts else None
        asked = read_question(request.text, patient.case.cancer if patient else cancer, catalogue)
        asked = patient.asked(asked) if patient else asked
        fitness = Fitness(asked, catalogue)
        async with self._database.reading() as session:
            passages = await find_shown(
                session,
                self._search,
                request.text,
                asked,
                catalogue,
                fitness,
                language=request.locale.split("-")[0],
                limit=self._max_passages,
                patient=patient,
            )
        return _Writing(request, asked, catalogue, fitness, passages, list(written), patient)

    async def _from(self, model: LanguageModel, writing: _Writing) -> AsyncGenerator[DraftSection]:
        """Yield what one model adds to the answer, and note how it ended."""
        prompt = make_prompt(
            writing.request.text,
            writing.asked.cancer,
            writing.passages,
            written=writing.told,
            locale=writing.request.locale,
            facts=writing.facts,
        )
        checker = SectionChecker(
            writing.passages,
            writing.told,
            question=writing.request.text,
            cancer=writing.asked.cancer,
            catalogue=writing.catalogue,
            fitness=writing.fitness,
            patient=writing.patient.reading if writing.patient else None,
        )
        waiting: list[DraftSection] = []
        told_before = len(writing.told)
        try:
            async with aclosing(
                drafted(model, prompt, max_output_tokens=self._max_output_tokens)
            ) as drafts:
                async for draft in drafts:
                    is_over = isinstance(draft, WrittenAnswer)
                    # A claim takes some fifty milliseconds, and other streams go on meanwhile.
                    section = None if is_over else await asyncio.to_thread(checker.checked, draft)
                    if section is not None:
                        waiting.append(section)
                    claims = sum(len(each.claims) for each in (*writing.told, *waiting))
                    if claims >= _LEAST_CLAIMS or (is_over and not checker.refused):
                        for ready in waiting:
                            await self._require_exact(ready)
                            writing.told.append(ready)
                            yield ready
                        waiting = []
                    if is_over:
                        _log.info("llm.written", model=model.name, claims_refused=checker.refused)
                        writing.answer = draft
                        writing.came_to_nothing = (
                            len(writing.told) == told_before
                            and draft.answerable
                            and (checker.refused > 0 or not writing.told)
                        )
        except ModelFailed as failed:
            _log.warning("llm.failed", model=model.name, fault=failed.fault.value)
            writing.failures.append(failed)

    async def _abstained(self, writing: _Writing) -> Abstention:
        if writing.came_to_nothing:
            return abstention_on_what_was_sought(writing.asked)
        async with self._database.reading() as session:
            covered = await has_texts(session, writing.asked, writing.catalogue, writing.fitness)
        return abstention(writing.asked, cancer_is_covered=covered)

    async def _require_exact(self, section: DraftSection) -> None:
        """Compare every quote of a section with its source before anybody reads it."""
        spans = [
            QuotedSpan(citation.source_version_id, citation.start, citation.end, citation.quote)
            for claim in section.claims
            for citation in claim.citations
        ]
        async with self._database.reading() as session:
            await require_exact(session, spans)
