"""Searching the corpus as answers are searched for."""

from collections.abc import Sequence

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.sources.embedding.embedder import Embedder
from navis_api.sources.search.corpus import CorpusSearch


class Searcher:
    """Finds the documents of a question, with the embedder that is set or on full text alone."""

    def __init__(
        self, database: Database, keeper: CatalogueKeeper, embedder: Embedder | None
    ) -> None:
        self._database = database
        self._search = CorpusSearch(keeper, embedder=embedder)

    async def find(self, query: str, limit: int) -> Sequence[str | None]:
        """Return the addresses of the best passages, best first."""
        async with self._database.reading() as session:
            found = await self._search.find(session, query, limit=limit)
        return [candidate.url for candidate in found]
