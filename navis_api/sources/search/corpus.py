"""Searching the whole corpus: a question as people type it, and the passages that speak of it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.service import CatalogueKeeper
from navis_api.sources.embedding.embedder import Embedder, EmbedderFailed, TextKind
from navis_api.sources.embedding.nearest import NearestPassages
from navis_api.sources.embedding.vectors import Vector
from navis_api.sources.names import repository as names_repository
from navis_api.sources.retrieval import Candidate, candidate_of
from navis_api.sources.search import lexemes_repository, repository
from navis_api.sources.search.question_reading import (
    LearnedOther,
    believed,
    read_question,
    runs_of_words,
)
from navis_api.sources.search.ranking import plan_search, texts_of

EMBEDDING_WITHIN_S = 2.0
"""A question's vector that takes longer than this is done without."""
_FUSED = 100
"""How far down each of the two lists is read."""
_MEANING_COUNTS = 0.5
"""What the best by meaning counts beside the best by words.

Scores are put on one scale and added (Bruch, Gai and Ingber, ACM TOIS 2023). Adding reciprocal
ranks was tried: beside a weak embedder it lost what the words alone had found.
"""

_log = structlog.get_logger(__name__)


class CorpusSearch:
    """Finds passages for questions: by their words, and by their meaning with an embedder.

    Without an embedder, and where it fails or is slow, words alone decide. One for a process.
    """

    def __init__(
        self,
        catalogue: CatalogueKeeper,
        *,
        embedder: Embedder | None = None,
        embedding_within_s: float = EMBEDDING_WITHIN_S,
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._nearest = NearestPassages(embedder.model) if embedder else None
        self._within_s = embedding_within_s

    async def find(
        self,
        session: AsyncSession,
        query: str,
        *,
        cancer_ids: Sequence[UUID] | None = None,
        limit: int,
        language: str = "en",
    ) -> list[Candidate]:
        """Return up to `limit` passages of the corpus, best first; patients' first of equals.

        `cancer_ids` are the cancers a passage may be about (one is enough), an empty sequence
        asks for general texts, None for any. A query without a word that the corpus holds
        finds nothing, unless the embedder knows what it means.
        """
        if self._embedder is None or self._nearest is None:
            return await self._by_words(
                session, query, cancer_ids=cancer_ids, limit=limit, language=language
            )
        # The vector is on its way while Postgres searches.
        asked = asyncio.create_task(self._vector(self._embedder, query))
        try:
            deep = max(limit, _FUSED)
            worded = await self._by_words(
                session, query, cancer_ids=cancer_ids, limit=deep, language=language
            )
            vector = await asked
        finally:
            asked.cancel()
        if vector is None:
            return worded[:limit]
        near = await self._nearest.find(
            session, vector, cancer_ids=cancer_ids, limit=deep, language=language
        )
        known = {candidate.id: candidate for candidate in worded}
        best = fused(
            [(candidate.id, candidate.rank) for candidate in worded],
            [(neighbour.passage_id, neighbour.similarity) for neighbour in near],
        )[:limit]
        missing = [id_ for id_ in best if id_ not in known]
        if missing:
            rows = await repository.passages_by_id(session, missing)
            known |= {row.id: candidate_of(row) for row in rows}
        return [known[id_] for id_ in best if id_ in known]

    async def _by_words(
        self,
        session: AsyncSession,
        query: str,
        *,
        cancer_ids: Sequence[UUID] | None,
        limit: int,
        language: str,
    ) -> list[Candidate]:
        found = await names_repository.learned_names(session, runs_of_words(query))
        learned = believed(query, [LearnedOther(*row) for row in found])
        reading = read_question(query, await self._catalogue.current(session), learned)
        lexemes, passages = await lexemes_repository.lexemes_of(session, texts_of(reading))
        plan = plan_search(reading, lexemes, passages)
        if not plan.bring:
            return []
        rows = await repository.ranked_passages(
            session, plan, cancer_ids=cancer_ids, language=language, limit=limit
        )
        return [candidate_of(row) for row in rows]

    async def _vector(self, embedder: Embedder, query: str) -> Vector | None:
        try:
            async with asyncio.timeout(self._within_s):
                return (await embedder.embed([query], kind=TextKind.QUERY))[0]
        except (EmbedderFailed, TimeoutError) as failed:
            _log.warning("search.without_embedder", failure=type(failed).__name__)
            return None


def fused(worded: Sequence[tuple[UUID, float]], near: Sequence[tuple[UUID, float]]) -> list[UUID]:
    """Return what two lists of scores hold, best first; the words' list counts more."""
    worth: dict[UUID, float] = {}
    for ranked, counts in ((worded, 1.0), (near, _MEANING_COUNTS)):
        scores = [score for _, score in ranked]
        least, most = min(scores, default=0.0), max(scores, default=0.0)
        for id_, score in ranked:
            on_scale = (score - least) / (most - least) if most > least else 1.0
            worth[id_] = worth.get(id_, 0.0) + counts * on_scale
    return sorted(worth, key=lambda id_: -worth[id_])
