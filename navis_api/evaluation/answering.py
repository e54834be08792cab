"""Having a question answered as asking would, without storing anything."""

import time
from collections.abc import Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.errors import NavisError
from navis_api.evaluation.answers import Result, Written
from navis_api.evaluation.cases import AnswerQuestion, SafetyLabel
from navis_api.evaluation.naming import cancers_named
from navis_api.generation.contract import Abstention, Closing, Engine, GenerationRequest
from navis_api.questions.safety.recognition import safety_notices
from navis_api.questions.subject import cancers_meant, cancers_of_question, lacks_cancer
from navis_api.sources.quotes import QuoteDiffers, QuotedSpan, require_exact

_REFUSALS = frozenset({SafetyLabel.CRISIS, SafetyLabel.NO_DOSING, SafetyLabel.OUT_OF_SCOPE})


class Answerer:
    """Answers questions with one engine."""

    def __init__(self, database: Database, catalogue: Catalogue, engine: Engine) -> None:
        self._database = database
        self._catalogue = catalogue
        self._engine = engine

    async def write(self, question: AnswerQuestion) -> Written:
        """Return what comes of a question, with the time it takes."""
        began = time.perf_counter()
        result, sections = await self._outcome(question)
        seconds = time.perf_counter() - began
        exact = await self._exact_quotes(sections) if result is Result.ANSWERED else 0
        return Written(result, seconds, tuple(sections), exact)

    async def _outcome(self, question: AnswerQuestion) -> tuple[Result, list[DraftSection]]:
        found = cancers_of_question(question.text, self._catalogue)
        notices = safety_notices(question.text, names_cancer=bool(found))
        if {SafetyLabel(notice.kind.value) for notice in notices} & _REFUSALS:
            return Result.REFUSED, []
        cancers = cancers_named(question.cancer, self._catalogue) or (
            cancers_meant(question.text, self._catalogue)
        )
        if lacks_cancer(question.text, cancers, self._catalogue):
            return Result.ASKED_CANCER, []
        sections: list[DraftSection] = []
        cancer_id = cancers[0].id if len(cancers) == 1 else None
        request = GenerationRequest(text=question.text, cancer_id=cancer_id)
        try:
            async for piece in self._engine.write(request):
                match piece:
                    case DraftSection():
                        sections.append(piece)
                    case Closing():
                        return Result.ANSWERED, sections
                    case Abstention():
                        return Result.ABSTAINED, []
                    case _:
                        pass
        except NavisError:
            return Result.FAILED, []
        return Result.FAILED, []

    async def _exact_quotes(self, sections: Sequence[DraftSection]) -> int:
        exact = 0
        async with self._database.reading() as session:
            for section in sections:
                for claim in section.claims:
                    for quoted in claim.citations:
                        span = QuotedSpan(
                            quoted.source_version_id, quoted.start, quoted.end, quoted.quote
                        )
                        try:
                            await require_exact(session, [span])
                        except QuoteDiffers:
                            continue
                        exact += 1
        return exact
