"""Where generations are kept while they are written, as the worker that writes one sees it.

General ones are rows that many may follow (`service`); one patient's own are sealed
(`asking.personal`). Both are written by the same task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.document import ContentSource
from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import Abstention, Closing, GenerationRequest
from navis_api.generation.models import (
    GenerationEventKind,
    GenerationEventRow,
    GenerationStatus,
)


@dataclass(frozen=True, slots=True)
class Event:
    """An event to be added: its number and time are given when it is."""

    kind: GenerationEventKind
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event that was told, numbered from 1 without gaps, where it is no row as it is told."""

    sequence: int
    kind: GenerationEventKind
    at: datetime
    payload: dict[str, Any]


AnyEvent = GenerationEventRow | ToldEvent


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write a generation, until somebody else may take it over."""

    generation_id: UUID
    token: UUID


@dataclass(frozen=True, slots=True)
class Commission:
    """What is to be written, by which engine, and what was told of it already."""

    request: GenerationRequest
    engine: str
    told: Sequence[AnyEvent]


HeldLease = TypeVar("HeldLease", bound=Lease)


class Keeping(Protocol[HeldLease]):
    """What a worker does with a generation. Sessions act for our own code.

    Whatever takes a lease and writes raises LeaseLost when the lease is no longer ours.
    """

    async def claim(
        self,
        session: AsyncSession,
        generation_id: UUID,
        /,
        *,
        lease_s: float,
        max_attempts: int,
        now: datetime,
    ) -> HeldLease | None:
        """Take the right to write it; None when there is nothing left to do.

        Raises LeaseLost while somebody else holds it, and JobNotReady where it can't be begun
        yet.
        """
        ...

    async def commission(self, session: AsyncSession, lease: HeldLease, /) -> Commission:
        """Return what is to be written."""
        ...

    async def is_held(self, session: AsyncSession, lease: HeldLease, /) -> bool:
        """Whether the lease is still ours, without waiting for whoever writes."""
        ...

    async def renew(
        self, session: AsyncSession, lease: HeldLease, /, *, lease_s: float, now: datetime
    ) -> None:
        """Hold it for longer."""
        ...

    async def release(self, session: AsyncSession, lease: HeldLease, /) -> None:
        """Let somebody else write it at once."""
        ...

    async def hand_back(self, session: AsyncSession, lease: HeldLease, /) -> None:
        """Let somebody else go on: that this process ends is nobody's attempt."""
        ...

    async def put_back(
        self, session: AsyncSession, lease: HeldLease, /, *, patience_s: float, now: datetime
    ) -> bool:
        """Let it wait for its engine; False when it has waited too long, and has failed."""
        ...

    async def advance(
        self,
        session: AsyncSession,
        lease: HeldLease,
        events: Sequence[Event],
        /,
        *,
        status: GenerationStatus | None = None,
        now: datetime,
    ) -> None:
        """Add events, and set how far the writing has come."""
        ...

    async def complete(
        self,
        session: AsyncSession,
        lease: HeldLease,
        sections: Sequence[DraftSection],
        closing: Closing,
        /,
        *,
        sources: Mapping[UUID, ContentSource],
        now: datetime,
    ) -> None:
        """Store the answer, and end the generation."""
        ...

    async def abstain(
        self, session: AsyncSession, lease: HeldLease, abstention: Abstention, /, *, now: datetime
    ) -> None:
        """End it without an answer."""
        ...


def progressed(status: GenerationStatus) -> Event:
    """Return the event that says how far the writing has come."""
    return Event(GenerationEventKind.PROGRESSED, {"status": status.value})


def ended_without_answer(code: str, message: str, *, retryable: bool) -> Event:
    """Return the event that says why there is no answer, in words for the asker."""
    return Event(
        GenerationEventKind.FAILED, {"code": code, "message": message, "retryable": retryable}
    )
