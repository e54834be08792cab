"""The job that embeds the corpus: batch by batch, each stored before the next."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import Clock
from navis_api.kit.tasks import stop_tasks
from navis_api.sources.embedding import repository, service
from navis_api.sources.embedding.embedder import (
    Embedder,
    EmbedderFailed,
    EmbeddingsInvalid,
    TextKind,
    stored_under,
)
from navis_api.sources.embedding.repository import Unembedded
from navis_api.sources.embedding.service import (
    EmbeddingLease,
    EmbeddingLeaseLost,
    EmbeddingNotNow,
)
from navis_api.sources.embedding.vectors import Vectors

_log = structlog.get_logger(__name__)

# A text that is embedded to learn how long the model's vectors are.
_PROBE = "cancer"


class EmbeddingTask:
    """Gives every passage the vector of one model. What is stored is never computed again.

    After `lease_s` of silence another process takes the work over.
    """

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        *,
        clock: Clock,
        batch_size: int,
        lease_s: float,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._clock = clock
        self._batch_size = batch_size
        self._lease_s = lease_s

    async def run(self, _payload: bytes) -> None:
        """Embed what is missing, as a worker does.

        Raises JobNotReady while another process does it, and after a failure.
        """
        try:
            await self.embed_missing(lambda _: None, heed_pause=True)
        except EmbeddingNotNow as early:
            raise JobNotReady(early.after_s) from None
        except EmbeddingLeaseLost:
            _log.info("embedding.lease_lost", model=self._embedder.model)
            raise JobNotReady(self._lease_s) from None
        except EmbedderFailed as failure:
            raise JobNotReady(failure.retry_after_s or 0) from None

    async def embed_missing(self, tell: Callable[[int], None], *, heed_pause: bool = False) -> None:
        """Embed what is missing; `tell` hears how many passages each batch has done.

        Without `heed_pause` a former failure doesn't delay it. Raises EmbeddingNotNow while
        another process does it, EmbeddingLeaseLost when one has taken it over, and
        EmbedderFailed with the time after which a worker tries again.
        """
        async with self._database.writing(SYSTEM_ROWS) as session:
            lease = await service.claim(
                session,
                self._embedder.model,
                lease_s=self._lease_s,
                heed_pause=heed_pause,
                now=self._clock(),
            )
        working = asyncio.create_task(self._work(lease, tell))
        holding = asyncio.create_task(self._hold(lease))
        try:
            await asyncio.wait({working, holding}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await holding
            await working
        except EmbedderFailed as failure:
            failure.retry_after_s = await self._pause(lease, failure)
            raise
        finally:
            await stop_tasks(working, holding)
            # After a loss, and after the end, there is nothing to give back.
            with suppress(EmbeddingLeaseLost):
                async with self._database.writing(SYSTEM_ROWS) as session:
                    await service.release(session, lease, now=self._clock())

    async def _hold(self, lease: EmbeddingLease) -> None:
        """Renew the lease until it is lost: raises EmbeddingLeaseLost."""
        while True:
            await asyncio.sleep(self._lease_s / 3)
            async with self._database.writing(SYSTEM_ROWS) as session:
                await service.renew(session, lease, lease_s=self._lease_s, now=self._clock())

    async def _work(self, lease: EmbeddingLease, tell: Callable[[int], None]) -> None:
        probe = await self._embedder.embed([_PROBE], kind=TextKind.PASSAGE)
        dimensions = probe.shape[1]
        stored = stored_under(lease.model, dimensions)
        after = None
        while True:
            async with self._database.reading(SYSTEM_ROWS) as session:
                passages = await repository.list_unembedded(
                    session, stored, after=after, limit=self._batch_size
                )
            if passages:
                await self._embed(lease, stored, dimensions, passages)
                tell(len(passages))
                after = passages[-1].passage_id
            elif after is None:
                async with self._database.writing(SYSTEM_ROWS) as session:
                    await service.finish(session, lease, now=self._clock())
                _log.info("embedding.finished", model=stored)
                return
            else:
                # Some may have come in behind us: only a look from the start shows that none did.
                after = None

    async def _embed(
        self, lease: EmbeddingLease, stored: str, dimensions: int, passages: list[Unembedded]
    ) -> None:
        async with self._database.writing(SYSTEM_ROWS) as session:
            new = await service.reuse(session, lease, stored, passages, now=self._clock())
        if not new:
            return
        texts = {each.digest: each.text for each in new}
        vectors = await self._embedder.embed(list(texts.values()), kind=TextKind.PASSAGE)
        _require_shape(vectors, count=len(texts), dimensions=dimensions)
        by_digest = dict(zip(texts, vectors, strict=True))
        async with self._database.writing(SYSTEM_ROWS) as session:
            await service.store(session, lease, stored, new, by_digest, now=self._clock())

    async def _pause(self, lease: EmbeddingLease, failure: EmbedderFailed) -> float:
        """Note the failure, and return how long everybody is to wait after it."""
        async with self._database.writing(SYSTEM_ROWS) as session:
            pause_s = await service.fail(session, lease, failure, now=self._clock())
        # The text of these errors quotes nothing of what was sent.
        _log.warning("embedding.failed", model=lease.model, reason=str(failure), again_s=pause_s)
        return pause_s


def _require_shape(vectors: Vectors, *, count: int, dimensions: int) -> None:
    if vectors.shape != (count, dimensions):
        raise EmbeddingsInvalid("the length of its vectors has changed")
