"""Decisions on generations: starting one, holding it, ending it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers import service as answers
from navis_api.answers.document import ContentSource
from navis_api.answers.drafts import DraftSection
from navis_api.generation import repository
from navis_api.generation.contract import Abstention, Closing, GenerationRequest
from navis_api.generation.errors import GenerationUnknown, LeaseLost, OthersWait
from navis_api.generation.keeping import (
    Commission,
    Event,
    Lease,
    ended_without_answer,
    progressed,
)
from navis_api.generation.models import (
    Generation,
    GenerationEventKind,
    GenerationEventRow,
    GenerationStatus,
)
from navis_api.jobs.queue import enqueue
from navis_api.kit.ids import new_id
from navis_api.questions import repository as questions
from navis_api.questions.models import Question, QuestionStatus
from navis_api.questions.safety.recognition import SafetyKind, safety_notices

GENERATE = "generate"
"""The task that writes an answer; its payload is the generation's id."""

AUTHORS = {"extractive": "Navis AI (extractive)", "llm": "Navis AI"}
"""Who stands as the author of an answer that an engine wrote."""

CANCELLED_MESSAGE = "The writing of this answer was cancelled."
FAILED_MESSAGE = (
    "The answer could not be written this time. Ask again in a while; your question is kept."
)


async def start(
    session: AsyncSession, question: Question, *, engine: str, now: datetime
) -> Generation:
    """Begin the writing of an answer: the row, its first event and its job, together (law 2)."""
    generation = Generation(
        id=new_id(),
        question_id=question.id,
        status=GenerationStatus.QUEUED,
        engine=engine,
        attempts=0,
        created_at=now,
    )
    session.add(generation)
    question.status = QuestionStatus.GENERATING
    await session.flush()
    await _add_events(session, generation, [progressed(GenerationStatus.QUEUED)], now=now)
    await _enqueue(session, generation.id)
    return generation


async def _enqueue(session: AsyncSession, generation_id: UUID) -> None:
    await enqueue(session, GENERATE, generation_id.bytes, dedupe_key=f"{GENERATE}:{generation_id}")


async def enqueue_abandoned(session: AsyncSession, *, since: datetime) -> int:
    """Give a job to each unfinished generation that nobody has held since a moment.

    A worker that is stopped hands its job back to nobody, and a queue can be
    emptied: the generation's own row is what says that there is work.
    """
    abandoned = await repository.list_abandoned(session, since=since)
    for generation_id in abandoned:
        await _enqueue(session, generation_id)
    return len(abandoned)


async def claim(
    session: AsyncSession, generation_id: UUID, *, lease_s: float, max_attempts: int, now: datetime
) -> Lease | None:
    """Take the right to write a generation; None when there is nothing left to do.

    Raises LeaseLost while somebody else holds it. One that has been tried
    `max_attempts` times ends as FAILED.
    """
    generation = await repository.lock(session, generation_id)
    if generation is None or generation.finished_at is not None:
        return None
    if generation.lease_expires_at is not None and generation.lease_expires_at > now:
        raise LeaseLost
    if generation.attempts >= max_attempts:
        await _fail(session, generation, "FAILED", FAILED_MESSAGE, now=now)
        return None
    lease = Lease(generation_id, uuid4())
    generation.attempts += 1
    generation.lease_token = lease.token
    generation.lease_expires_at = now + timedelta(seconds=lease_s)
    await session.flush()
    return lease


async def commission(session: AsyncSession, lease: Lease) -> Commission:
    """Return what is to be written, and what was told of it already."""
    generation = (await repository.get_many(session, [lease.generation_id]))[lease.generation_id]
    question = (await questions.get_many(session, [generation.question_id]))[generation.question_id]
    return Commission(
        request=GenerationRequest(
            text=question.text,
            cancer_id=question.cancer_id,
            locale=question.locale,
            generation_id=generation.id,
        ),
        engine=generation.engine,
        told=await repository.events_after(session, generation.id, 0),
    )


async def held(session: AsyncSession, lease: Lease) -> Generation:
    """Return the generation, locked. Raises LeaseLost when the lease is no longer ours."""
    generation = await repository.lock(session, lease.generation_id)
    if generation is None or generation.lease_token != lease.token:
        raise LeaseLost
    return generation


async def renew(session: AsyncSession, lease: Lease, *, lease_s: float, now: datetime) -> None:
    """Hold a generation for longer. Raises LeaseLost."""
    generation = await held(session, lease)
    generation.lease_expires_at = now + timedelta(seconds=lease_s)


async def release(session: AsyncSession, lease: Lease) -> None:
    """Let somebody else write the generation at once. Raises LeaseLost."""
    generation = await held(session, lease)
    generation.lease_token = None
    generation.lease_expires_at = None


async def hand_back(session: AsyncSession, lease: Lease) -> None:
    """Let somebody else go on: that this process ends is nobody's attempt. Raises LeaseLost."""
    generation = await held(session, lease)
    generation.attempts -= 1
    generation.lease_token = None
    generation.lease_expires_at = None


async def put_back(
    session: AsyncSession, lease: Lease, *, patience_s: float, now: datetime
) -> bool:
    """Let the generation wait for its engine: what was tried was nobody's attempt.

    False when it has waited for `patience_s` since it was asked for, and so ends as
    FAILED. Raises LeaseLost.
    """
    generation = await held(session, lease)
    if now - generation.created_at >= timedelta(seconds=patience_s):
        await _fail(session, generation, "FAILED", FAILED_MESSAGE, now=now)
        return False
    await hand_back(session, lease)
    return True


async def is_held(session: AsyncSession, lease: Lease) -> bool:
    """Whether the lease is still ours, without waiting for whoever writes."""
    return await repository.get_lease_token(session, lease.generation_id) == lease.token


async def advance(
    session: AsyncSession,
    lease: Lease,
    events: Sequence[Event],
    *,
    status: GenerationStatus | None = None,
    now: datetime,
) -> None:
    """Add events, and set how far the writing has come. Raises LeaseLost."""
    generation = await held(session, lease)
    if status is not None:
        generation.status = status
    await _add_events(session, generation, events, now=now)


async def complete(
    session: AsyncSession,
    lease: Lease,
    sections: Sequence[DraftSection],
    closing: Closing,
    *,
    sources: Mapping[UUID, ContentSource],
    now: datetime,
) -> None:
    """Store the answer as a revision that waits for review, and end the generation.

    Raises LeaseLost.
    """
    generation = await held(session, lease)
    question = await questions.lock(session, generation.question_id)
    revision = await answers.write_revision(
        session,
        question.id,
        sections,
        closing,
        author=AUTHORS.get(generation.engine, generation.engine),
        priority=_priority(question),
        sources=sources,
        now=now,
    )
    await publishing.submit(session, revision, now=now)
    if question.status is not QuestionStatus.ANSWERED:
        question.status = QuestionStatus.AWAITING_REVIEW
    generation.revision_id = revision.id
    _finish(generation, GenerationStatus.COMPLETED, now=now)
    await session.flush()
    done = Event(GenerationEventKind.COMPLETED, {"answerId": str(revision.answer_id)})
    await _add_events(session, generation, [done], now=now)


def _priority(question: Question) -> int:
    """Return how soon a reviewer should see an answer: what sounds urgent comes first."""
    notices = safety_notices(question.text, question.locale, names_cancer=True)
    urgent = any(notice.kind is SafetyKind.EMERGENCY for notice in notices)
    return answers.URGENT_PRIORITY if urgent else answers.ORDINARY_PRIORITY


async def abstain(
    session: AsyncSession, lease: Lease, abstention: Abstention, *, now: datetime
) -> None:
    """End a generation for which the sources say too little. Raises LeaseLost."""
    generation = await held(session, lease)
    await _fail(
        session,
        generation,
        "ABSTAINED",
        abstention.message,
        status=GenerationStatus.ABSTAINED,
        now=now,
    )


async def cancel(session: AsyncSession, generation_id: UUID, *, now: datetime) -> Generation:
    """Stop a generation; one that has ended stays as it is.

    Raises GenerationUnknown, and OthersWait when the question was asked more than once.
    """
    generation = await repository.lock(session, generation_id)
    if generation is None:
        raise GenerationUnknown
    if generation.finished_at is None:
        question = await questions.lock(session, generation.question_id)
        if question.times_asked > 1:
            raise OthersWait
        await _fail(
            session,
            generation,
            "CANCELLED",
            CANCELLED_MESSAGE,
            status=GenerationStatus.CANCELLED,
            now=now,
        )
    return generation


async def _fail(
    session: AsyncSession,
    generation: Generation,
    code: str,
    message: str,
    *,
    status: GenerationStatus = GenerationStatus.FAILED,
    now: datetime,
) -> None:
    question = await questions.lock(session, generation.question_id)
    if question.status is QuestionStatus.GENERATING:
        abstained = status is GenerationStatus.ABSTAINED
        question.status = QuestionStatus.DECLINED if abstained else QuestionStatus.FAILED
    generation.failure_code = code
    _finish(generation, status, now=now)
    await session.flush()
    # An abstention comes again until the sources say more.
    retryable = status is not GenerationStatus.ABSTAINED
    event = ended_without_answer(code, message, retryable=retryable)
    await _add_events(session, generation, [event], now=now)


def _finish(generation: Generation, status: GenerationStatus, *, now: datetime) -> None:
    generation.status = status
    generation.finished_at = now
    generation.lease_token = None
    generation.lease_expires_at = None


async def _add_events(
    session: AsyncSession, generation: Generation, events: Iterable[Event], *, now: datetime
) -> None:
    """Number the events on from the last one; the generation's row is locked or new."""
    last = await repository.last_sequence(session, generation.id)
    for number, event in enumerate(events, start=last + 1):
        session.add(
            GenerationEventRow(
                generation_id=generation.id,
                sequence=number,
                kind=event.kind,
                at=now,
                payload=event.payload,
            )
        )
        # In order: the database refuses an event before the one it follows.
        await session.flush()
