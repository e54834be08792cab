"""Writing a personal answer: what `generation.keeping` asks of a place, over sealed rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.document import ContentSource
from navis_api.answers.drafts import DraftSection
from navis_api.asking.personal import repository
from navis_api.asking.personal.consents import NeededConsents
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.sealed import asked_in, event_in, sealed_answer, sealed_event
from navis_api.asking.personal.writing import written_answer
from navis_api.generation.contract import Abstention, Closing, GenerationRequest
from navis_api.generation.errors import LeaseLost
from navis_api.generation.keeping import (
    Commission,
    Event,
    Lease,
    ended_without_answer,
)
from navis_api.generation.models import GenerationEventKind, GenerationStatus
from navis_api.generation.service import FAILED_MESSAGE
from navis_api.jobs.worker import JobNotReady
from navis_api.records.sealing.errors import KeyGone, MasterKeyInvalid, StorageUnavailable
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_AGAIN_S: Final = 10.0

_CONSENT_GONE_MESSAGE: Final = (
    "The writing of this answer was stopped, because you no longer allow what it needs."
)


@dataclass(frozen=True, slots=True)
class PersonalLease(Lease):
    """The right to write a personal answer, with the key that its patient's words need."""

    patient_id: UUID
    key: PatientKey = field(repr=False)


class PersonalKeeping:
    """Personal questions, as the worker that answers one sees them.

    Whether the patient allows it is asked in every transaction that adds something, and with
    every renewal. Where they don't any more, that ends the writing, and nothing is added.
    """

    def __init__(self, storage: SealedStorage, consents: NeededConsents) -> None:
        self._storage = storage
        self._consents = consents

    async def claim(
        self,
        session: AsyncSession,
        generation_id: UUID,
        /,
        *,
        lease_s: float,
        max_attempts: int,
        now: datetime,
    ) -> PersonalLease | None:
        """Take the right to write an answer; None when there is nothing left to do.

        Raises LeaseLost while somebody else holds it, and JobNotReady without its patient's key.
        """
        row = await repository.lock(session, generation_id)
        if row is None or row.finished_at is not None:
            return None
        if row.lease_expires_at is not None and row.lease_expires_at > now:
            raise LeaseLost
        key = await self._key(row)
        if not await self._consents.stand(session, row.patient_id, row.engine):
            await _end_for_consent(session, row, key, now=now)
            return None
        if row.attempts >= max_attempts:
            await end_without_answer(
                session, row, key, GenerationStatus.FAILED, FAILED_MESSAGE, now=now
            )
            return None
        lease = PersonalLease(row.id, uuid4(), row.patient_id, key)
        row.attempts += 1
        row.lease_token = lease.token
        row.lease_expires_at = now + timedelta(seconds=lease_s)
        await session.flush()
        return lease

    async def commission(self, session: AsyncSession, lease: PersonalLease, /) -> Commission:
        """Return the question, with the facts that it was asked with. Raises LeaseLost."""
        row = await repository.get(session, lease.generation_id)
        if row is None:
            raise LeaseLost
        asked = asked_in(row, lease.key)
        told = await repository.list_events(session, row.patient_id, row.id, after=0)
        return Commission(
            request=GenerationRequest(
                text=asked.text,
                cancer_id=asked.cancer_id,
                locale=asked.locale,
                generation_id=row.id,
                facts=tuple(each.fact for each in asked.facts),
            ),
            engine=row.engine,
            told=[event_in(each, lease.key) for each in told],
        )

    async def is_held(self, session: AsyncSession, lease: PersonalLease, /) -> bool:
        """Whether the lease is still ours, without waiting for whoever writes."""
        row = await repository.get(session, lease.generation_id)
        return row is not None and row.lease_token == lease.token

    async def renew(
        self, session: AsyncSession, lease: PersonalLease, /, *, lease_s: float, now: datetime
    ) -> None:
        """Hold it for longer, or end it where the patient allows it no longer. Raises LeaseLost."""
        row = await self._allowed(session, lease, now=now)
        if row is not None:
            row.lease_expires_at = now + timedelta(seconds=lease_s)

    async def release(self, session: AsyncSession, lease: PersonalLease, /) -> None:
        """Let somebody else write it at once. Raises LeaseLost."""
        row = await _held(session, lease)
        row.lease_token = row.lease_expires_at = None

    async def hand_back(self, session: AsyncSession, lease: PersonalLease, /) -> None:
        """Let somebody else go on: that this process ends is nobody's attempt. Raises LeaseLost."""
        row = await _held(session, lease)
        row.attempts -= 1
        row.lease_token = row.lease_expires_at = None

    async def put_back(
        self, session: AsyncSession, lease: PersonalLease, /, *, patience_s: float, now: datetime
    ) -> bool:
        """Let it wait for its engine; False when it has waited too long, and has failed."""
        row = await _held(session, lease)
        if now - row.asked_at >= timedelta(seconds=patience_s):
            await end_without_answer(
                session, row, lease.key, GenerationStatus.FAILED, FAILED_MESSAGE, now=now
            )
            return False
        await self.hand_back(session, lease)
        return True

    async def advance(
        self,
        session: AsyncSession,
        lease: PersonalLease,
        events: Sequence[Event],
        /,
        *,
        status: GenerationStatus | None = None,
        now: datetime,
    ) -> None:
        """Add events, and set how far the writing has come. Raises LeaseLost."""
        row = await self._allowed(session, lease, now=now)
        if row is None:
            return
        if status is not None:
            row.status = status
        await add_events(session, row, lease.key, events, now=now)

    async def complete(
        self,
        session: AsyncSession,
        lease: PersonalLease,
        sections: Sequence[DraftSection],
        closing: Closing,
        /,
        *,
        sources: Mapping[UUID, ContentSource],
        now: datetime,
    ) -> None:
        """Store the answer, which is in no queue and waits for nobody, and end the writing.

        Raises LeaseLost, ClaimWithoutCitation, and QuoteDiffers where a quote isn't what its
        source says.
        """
        row = await self._allowed(session, lease, now=now)
        if row is None:
            return
        written = await written_answer(
            session,
            sections,
            closing,
            engine=row.engine,
            facts=asked_in(row, lease.key).facts,
            sources=sources,
        )
        row.answer_sealed = sealed_answer(row, written, lease.key)
        _finish(row, GenerationStatus.COMPLETED, now=now)
        await session.flush()
        done = Event(GenerationEventKind.COMPLETED, {"answerId": str(row.id)})
        await add_events(session, row, lease.key, [done], now=now)

    async def abstain(
        self,
        session: AsyncSession,
        lease: PersonalLease,
        abstention: Abstention,
        /,
        *,
        now: datetime,
    ) -> None:
        """End it without an answer: the sources say too little. Raises LeaseLost."""
        row = await self._allowed(session, lease, now=now)
        if row is not None:
            await end_without_answer(
                session, row, lease.key, GenerationStatus.ABSTAINED, abstention.message, now=now
            )

    async def _allowed(
        self, session: AsyncSession, lease: PersonalLease, *, now: datetime
    ) -> PersonalQuestion | None:
        """Return the row, locked; None where its patient allows this no longer, which ends it."""
        row = await _held(session, lease)
        if await self._consents.stand(session, row.patient_id, row.engine):
            return row
        await _end_for_consent(session, row, lease.key, now=now)
        return None

    async def _key(self, row: PersonalQuestion) -> PatientKey:
        try:
            return await self._storage.keys.open(row.patient_id)
        except (StorageUnavailable, KeyGone, MasterKeyInvalid) as away:
            # It may be this worker that looks in the wrong place. Where the key was destroyed,
            # the row goes too.
            failure = describe_failure(away)
            _log.warning("personal.key_missing", generation_id=str(row.id), failure=failure)
            raise JobNotReady(_AGAIN_S) from None


async def add_events(
    session: AsyncSession,
    row: PersonalQuestion,
    key: PatientKey,
    events: Iterable[Event],
    *,
    now: datetime,
) -> None:
    """Number events on from the last one; the question's row is locked or new."""
    last = await repository.last_sequence(session, row.patient_id, row.id)
    for number, event in enumerate(events, start=last + 1):
        session.add(sealed_event(row, event, key, sequence=number, now=now))
        # In order: the database refuses an event before the one it follows.
        await session.flush()


async def end_without_answer(
    session: AsyncSession,
    row: PersonalQuestion,
    key: PatientKey,
    status: GenerationStatus,
    message: str,
    *,
    now: datetime,
) -> None:
    """End the writing of an answer; the status is the reason. The row is locked."""
    row.failure_code = status.value
    _finish(row, status, now=now)
    await session.flush()
    # An abstention comes again until the sources say more.
    retryable = status is not GenerationStatus.ABSTAINED
    event = ended_without_answer(status.value, message, retryable=retryable)
    await add_events(session, row, key, [event], now=now)


async def _end_for_consent(
    session: AsyncSession, row: PersonalQuestion, key: PatientKey, *, now: datetime
) -> None:
    await end_without_answer(
        session, row, key, GenerationStatus.CANCELLED, _CONSENT_GONE_MESSAGE, now=now
    )


async def _held(session: AsyncSession, lease: PersonalLease) -> PersonalQuestion:
    """Return the question, locked. Raises LeaseLost when the lease is no longer ours."""
    row = await repository.lock(session, lease.generation_id)
    if row is None or row.lease_token != lease.token:
        raise LeaseLost
    return row


def _finish(row: PersonalQuestion, status: GenerationStatus, *, now: datetime) -> None:
    row.status = status
    row.finished_at = now
    row.lease_token = row.lease_expires_at = None
