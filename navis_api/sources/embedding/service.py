"""Decisions on the embedding of the corpus: who may work, when, and what is stored (law 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.errors import NavisError
from navis_api.jobs.queue import enqueue
from navis_api.sources.embedding import repository
from navis_api.sources.embedding.embedder import EmbedderFailed
from navis_api.sources.embedding.repository import Unembedded
from navis_api.sources.embedding.vectors import Vector

EMBED_PASSAGES = "embed-passages"
"""The job that gives every passage its vector. It has no payload."""

_FIRST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 600.0


@dataclass(frozen=True, slots=True)
class EmbeddingLease:
    """The right to embed with a model, for as long as it is renewed."""

    model: str
    token: UUID


class EmbeddingNotNow(NavisError):
    """Somebody else embeds with this model, or it failed a short while ago."""

    def __init__(self, after_s: float) -> None:
        super().__init__(
            "The corpus is being embedded by another process. `navis-api sources status` shows"
            " how far it is."
        )
        self.after_s = after_s


class EmbeddingLeaseLost(NavisError):
    """Another process has taken the work over: nothing may be stored any more."""

    def __init__(self) -> None:
        super().__init__("Another process has taken over the embedding of the corpus.")


async def request_embedding(session: AsyncSession) -> None:
    """Have a worker embed what is missing once the session's transaction has committed."""
    await enqueue(session, EMBED_PASSAGES, b"", dedupe_key=EMBED_PASSAGES)


async def request_missing(session: AsyncSession, model: str) -> bool:
    """Have a worker embed what is missing, if anything is; say whether."""
    if not await repository.is_missing_any(session, model):
        return False
    await request_embedding(session)
    return True


async def claim(
    session: AsyncSession, model: str, *, lease_s: float, heed_pause: bool, now: datetime
) -> EmbeddingLease:
    """Take the right to embed. Raises EmbeddingNotNow.

    Each claim counts as a failed attempt until a vector is stored, and so delays the next
    one: a model that kills its worker is tried less and less often.
    """
    run = await repository.lock_run(session, model, now=now)
    if run.lease_expires_at is not None and run.lease_expires_at > now:
        raise EmbeddingNotNow((run.lease_expires_at - now).total_seconds())
    if heed_pause and run.not_before is not None and run.not_before > now:
        raise EmbeddingNotNow((run.not_before - now).total_seconds())
    lease = EmbeddingLease(model, uuid4())
    run.attempts += 1
    run.not_before = now + timedelta(seconds=_pause_s(run.attempts))
    run.lease_token = lease.token
    run.lease_expires_at = now + timedelta(seconds=lease_s)
    run.updated_at = now
    return lease


def _pause_s(attempts: int) -> float:
    # Bounded before the power is taken: attempts have no bound.
    return min(_FIRST_PAUSE_S * 2 ** min(attempts - 1, 20), _LONGEST_PAUSE_S)


async def renew(
    session: AsyncSession, lease: EmbeddingLease, *, lease_s: float, now: datetime
) -> None:
    """Keep the right for another while. Raises EmbeddingLeaseLost."""
    await _change(session, lease, lease_expires_at=now + timedelta(seconds=lease_s))


async def store(
    session: AsyncSession,
    lease: EmbeddingLease,
    stored: str,
    passages: Sequence[Unembedded],
    vectors: Mapping[bytes, Vector],
    *,
    now: datetime,
) -> None:
    """Store the vectors of passages, by the digests of their texts. Raises EmbeddingLeaseLost."""
    await _progress(session, lease, now=now)
    await repository.add_vectors(session, stored, passages, vectors)


async def reuse(
    session: AsyncSession,
    lease: EmbeddingLease,
    stored: str,
    passages: Sequence[Unembedded],
    *,
    now: datetime,
) -> list[Unembedded]:
    """Give passages the vectors of equal texts; return those whose text is new.

    Raises EmbeddingLeaseLost.
    """
    done = await repository.copy_known(session, stored, passages)
    if done:
        await _progress(session, lease, now=now)
    return [each for each in passages if each.passage_id not in done]


async def finish(session: AsyncSession, lease: EmbeddingLease, *, now: datetime) -> None:
    """End the work when nothing is missing. Raises EmbeddingLeaseLost."""
    await _progress(session, lease, now=now)
    await repository.remove_orphans(session)
    await release(session, lease, now=now)


async def release(session: AsyncSession, lease: EmbeddingLease, *, now: datetime) -> None:
    """Let others try. Raises EmbeddingLeaseLost."""
    await _change(session, lease, lease_token=None, lease_expires_at=None, updated_at=now)


async def fail(
    session: AsyncSession, lease: EmbeddingLease, failure: EmbedderFailed, *, now: datetime
) -> float:
    """Let others try after a while, and return how many seconds. Raises EmbeddingLeaseLost."""
    run = await repository.lock_run(session, lease.model, now=now)
    if run.lease_token != lease.token:
        raise EmbeddingLeaseLost
    run.lease_token = run.lease_expires_at = None
    run.updated_at = now
    # It may have failed after some vectors were stored.
    run.attempts = max(run.attempts, 1)
    run.failure = str(failure)
    pause_s = max(_pause_s(run.attempts), failure.retry_after_s or 0.0)
    run.not_before = now + timedelta(seconds=pause_s)
    return pause_s


async def _progress(session: AsyncSession, lease: EmbeddingLease, *, now: datetime) -> None:
    await _change(session, lease, attempts=0, not_before=None, failure=None, updated_at=now)


async def _change(session: AsyncSession, lease: EmbeddingLease, **values: object) -> None:
    if not await repository.update_run(session, lease.model, lease.token, values):
        raise EmbeddingLeaseLost
