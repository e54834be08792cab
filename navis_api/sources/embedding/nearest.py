"""The passages that are nearest in meaning: exact, in Postgres with pgvector or in this process."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.sources.embedding import nearest_repository as repository
from navis_api.sources.embedding.embedder import stored_under
from navis_api.sources.embedding.nearest_repository import Wanted
from navis_api.sources.embedding.vectors import Vector, Vectors

# Vectors that one statement fetches: at 1,536 dimensions 25 MB are on their way.
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage and the cosine of its vector and the query's, from -1 to 1."""

    passage_id: UUID
    similarity: float


class NearestPassages:
    """Finds passages by the vectors of one model. One for a process: it keeps vectors.

    With pgvector Postgres compares, and nothing is kept. Otherwise this process keeps all
    vectors of the model (4 bytes a dimension and passage) and compares itself; Postgres
    still says which passages may be found, so that what was withdrawn is gone at once.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._extension: str | None = None
        self._looked = False
        self._kept: _KeptVectors | None = None
        self._growing = asyncio.Lock()

    async def find(
        self,
        session: AsyncSession,
        vector: Vector,
        *,
        cancer_ids: Sequence[UUID] | None,
        limit: int,
        language: str = "en",
        without_heading: str | None = None,
    ) -> list[Neighbour]:
        """Return up to `limit` passages, nearest first.

        `vector` is a row of what the model's embedder gives for a query. The other arguments
        are those of `retrieval_repository.list_passages`. Passages that have no vector yet
        aren't found; a query of which the model knows nothing finds nothing.
        """
        if limit < 1 or not vector.any():
            return []
        wanted = Wanted(
            model=stored_under(self._model, len(vector)),
            cancer_ids=cancer_ids,
            language=language,
            without_heading=without_heading,
        )
        if not self._looked:
            self._extension = await repository.extension_schema(session)
            self._looked = True
        if self._extension is not None:
            return [
                Neighbour(passage_id, similarity)
                for passage_id, similarity in await repository.nearest_in_postgres(
                    session, self._extension, vector, wanted, limit=limit
                )
            ]
        return await self._nearest_here(session, vector, wanted, limit=limit)

    async def _nearest_here(
        self, session: AsyncSession, vector: Vector, wanted: Wanted, *, limit: int
    ) -> list[Neighbour]:
        numbers = await repository.numbers(session, wanted)
        if not len(numbers):
            return []
        kept = await self._keep(session, wanted.model, len(vector), numbers)
        best = await asyncio.to_thread(kept.nearest, vector, numbers, limit)
        passages = await repository.passages_of(session, [number for number, _ in best])
        return [
            Neighbour(passages[number], similarity)
            for number, similarity in best
            if number in passages
        ]

    async def _keep(
        self, session: AsyncSession, model: str, dimensions: int, wanted: NDArray[np.int64]
    ) -> "_KeptVectors":
        """Return vectors that hold all those wanted, having fetched what is missing."""
        kept = self._kept
        if kept is not None and kept.model == model and kept.holds(wanted):
            return kept
        async with self._growing:
            kept = self._kept
            if kept is None or kept.model != model:
                kept = _KeptVectors.none(model, dimensions)
            elif kept.holds(wanted):
                return kept
            there = await repository.all_numbers(session, model)
            kept = kept.only(there)
            # One copy at the end: the rows that are there already are never copied by chunk.
            fresh: list[Vectors] = []
            missing = np.setdiff1d(there, kept.numbers, assume_unique=True)
            found: list[NDArray[np.int64]] = []
            for at in range(0, len(missing), _CHUNK):
                numbers, vectors = await repository.vectors_of(
                    session, missing[at : at + _CHUNK], dimensions
                )
                found.append(numbers)
                fresh.append(vectors)
            self._kept = await asyncio.to_thread(kept.joined, found, fresh)
            return self._kept


@dataclass(frozen=True, slots=True, eq=False)
class _KeptVectors:
    """Vectors of one model by their numbers, which ascend."""

    model: str
    numbers: NDArray[np.int64]
    vectors: Vectors

    @classmethod
    def none(cls, model: str, dimensions: int) -> "_KeptVectors":
        return cls(model, np.empty(0, dtype=np.int64), np.empty((0, dimensions), dtype=np.float32))

    def holds(self, numbers: NDArray[np.int64]) -> bool:
        return bool(self._places(numbers)[1].all())

    def _places(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return where each number would stand here, and whether it does."""
        places = np.searchsorted(self.numbers, numbers)
        within = places < len(self.numbers)
        within[within] = self.numbers[places[within]] == numbers[within]
        return places, within

    def only(self, numbers: NDArray[np.int64]) -> "_KeptVectors":
        """Leave out what is gone in Postgres."""
        stays = np.isin(self.numbers, numbers, assume_unique=True)
        if stays.all():
            return self
        return _KeptVectors(self.model, self.numbers[stays], self.vectors[stays])

    def joined(
        self, numbers: Sequence[NDArray[np.int64]], vectors: Sequence[Vectors]
    ) -> "_KeptVectors":
        """Return these and further ones, in the order of their numbers."""
        every = np.concatenate([self.numbers, *numbers])
        rows = np.concatenate([self.vectors, *vectors])
        if (np.diff(every) > 0).all():
            return _KeptVectors(self.model, every, rows)
        order = np.argsort(every)
        return _KeptVectors(self.model, every[order], rows[order])

    def nearest(
        self, vector: Vector, numbers: NDArray[np.int64], limit: int
    ) -> list[tuple[int, float]]:
        """Return the best of these numbers with their similarity, best first."""
        # All are compared: that is one pass over memory, and picking rows first costs more.
        places, found = self._places(numbers)
        similarities = (self.vectors @ vector)[places[found]]
        candidates = numbers[found]
        if len(similarities) > limit:
            best = np.argpartition(-similarities, limit - 1)[:limit]
            similarities, candidates = similarities[best], candidates[best]
        order = np.lexsort((candidates, -similarities))
        return [(int(candidates[at]), float(similarities[at])) for at in order]
