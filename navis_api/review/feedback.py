"""What readers say of an answer: that it helps or doesn't, a problem with it, or harm.

Their words are for the staff's eyes: they stand in their own table and nowhere else, neither
in logs and errors nor in the audit record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import repository as answers
from navis_api.answers.document import content_from_json
from navis_api.answers.models import AnswerRevision
from navis_api.audit.service import record
from navis_api.db.paging import Page, PageRequest
from navis_api.errors import InvalidInput
from navis_api.identity.viewer import Viewer
from navis_api.jobs.queue import enqueue
from navis_api.kit.ids import new_id
from navis_api.review import feedback_repository as repository
from navis_api.review.acting import Acting
from navis_api.review.feedback_errors import (
    AnswerUnseen,
    FeedbackKeyUsed,
    FeedbackResolved,
    FeedbackUnknown,
)
from navis_api.review.feedback_repository import REPORTS
from navis_api.review.models import AnswerFeedback, FeedbackKind
from navis_api.review.placing import place

_log = structlog.get_logger(__name__)

RAISE_ALARM = "raise-alarm"
"""The job that tells people of a report of harm. Its payload is the feedback's id."""

MAX_FEEDBACK_CHARS = 2_000
MAX_IDEMPOTENCY_KEY_CHARS = 200
MAX_RESOLUTION_CHARS = 2_000

_OBJECT = "answer_feedback"


@dataclass(frozen=True, slots=True)
class FeedbackDraft:
    """What a reader says.

    `revision` is a number, None for the one that they see. A claim's place counts from 0, and
    both parts of it are given or neither.
    """

    answer_id: UUID
    kind: FeedbackKind
    revision: int | None = None
    section: int | None = None
    claim: int | None = None
    text: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class FeedbackCounts:
    """How often readers said what of an answer; a reader who is signed in has one opinion."""

    helpful: int = 0
    not_helpful: int = 0
    problem: int = 0
    harm: int = 0
    open_reports: int = 0


async def give(
    session: AsyncSession, draft: FeedbackDraft, *, viewer: Viewer, now: datetime
) -> AnswerFeedback:
    """Keep what a reader says, and return it. The session is the system's own.

    A report puts what readers are served of the answer into the queue: one of harm at its top,
    with an alarm; problems that several readers report before what is ordinary. The same again
    under the same idempotency key gives the first. Raises AnswerUnseen, FeedbackKeyUsed and
    InvalidInput.
    """
    text = _text(draft.text)
    _require_key(draft.idempotency_key)
    revision = await _revision_seen(session, draft, viewer)
    _require_place(draft, revision)
    client = viewer.client
    values = {
        "answer_id": draft.answer_id,
        "revision_id": revision.id,
        "kind": draft.kind,
        "section": draft.section,
        "claim": draft.claim,
        "text": text,
        "subject": viewer.subject,
    }
    target = await _hold_target(session, draft.answer_id) if draft.kind in REPORTS else None
    feedback = await repository.add(
        session,
        {
            **values,
            "id": new_id(),
            "client": client,
            "idempotency_key": draft.idempotency_key,
            "at": now,
        },
    )
    if feedback is None:
        assert draft.idempotency_key is not None, "only a key can be used already"
        first = await repository.require_by_key(session, client, draft.idempotency_key)
        if draft.revision is None:
            # Another revision may have become live between the two.
            del values["revision_id"]
        if any(getattr(first, name) != value for name, value in values.items()):
            raise FeedbackKeyUsed
        return first
    if target is not None:
        await place(session, target, now=now)
    if feedback.kind is FeedbackKind.HARM:
        await _alarm(session, feedback)
    return feedback


async def _alarm(session: AsyncSession, feedback: AnswerFeedback) -> None:
    _log.error(
        "feedback.harm_reported",
        feedback_id=str(feedback.id),
        answer_id=str(feedback.answer_id),
        revision_id=str(feedback.revision_id),
    )
    await enqueue(
        session, RAISE_ALARM, feedback.id.bytes, dedupe_key=f"{RAISE_ALARM}:{feedback.id}"
    )


async def _hold_target(session: AsyncSession, answer_id: UUID) -> AnswerRevision | None:
    await repository.hold_reports(session, answer_id)
    return await repository.lock_target(session, answer_id)


async def place_reported(session: AsyncSession, answer_id: UUID, *, now: datetime) -> None:
    """Put an answer with open reports where they belong in the queue, if it isn't there."""
    target = await _hold_target(session, answer_id)
    if target is not None:
        await place(session, target, now=now)


async def _revision_seen(
    session: AsyncSession, draft: FeedbackDraft, viewer: Viewer
) -> AnswerRevision:
    """Return the revision that the feedback is on.

    It is one that the viewer sees or, of an answer that they see, one that was public: they
    may have had it before them since. Raises AnswerUnseen.
    """
    await repository.see_as(session, viewer.rows)
    view = (await answers.views_by_answer(session, [draft.answer_id])).get(draft.answer_id)
    await repository.see_as_system(session)
    if view is None:
        raise AnswerUnseen
    if draft.revision in (None, view.revision.number):
        return view.revision
    earlier = await repository.was_public(session, draft.answer_id, draft.revision)
    if earlier is None:
        raise AnswerUnseen
    return earlier


def _text(given: str | None) -> str | None:
    """Return the text as it is kept. Raises InvalidInput, which doesn't quote it."""
    path = ("input", "text")
    text = (given or "").strip()
    if len(text) > MAX_FEEDBACK_CHARS:
        raise InvalidInput(f"Say it in {MAX_FEEDBACK_CHARS} characters or fewer.", path=path)
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidInput("The text has characters that are none. Write it anew.", path=path)
    return text or None


def _require_key(key: str | None) -> None:
    if key is not None and not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY_CHARS:
        raise InvalidInput(
            f"An idempotency key has 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters; a random UUID"
            " is a good one.",
            path=("input", "idempotencyKey"),
        )


def _require_place(draft: FeedbackDraft, revision: AnswerRevision) -> None:
    if draft.section is None and draft.claim is None:
        return
    if draft.section is None or draft.claim is None:
        raise InvalidInput("Name a claim by its section and its place.", path=("input", "claim"))
    sections = content_from_json(revision.content).sections
    if not (
        0 <= draft.section < len(sections)
        and 0 <= draft.claim < len(sections[draft.section].claims)
    ):
        raise InvalidInput("This revision has no such claim.", path=("input", "claim"))


async def count(session: AsyncSession, answer_ids: Sequence[UUID]) -> Mapping[UUID, FeedbackCounts]:
    """Return what was said of each answer, in numbers. The session is one of the staff's."""
    numbers: dict[UUID, dict[str, int]] = {answer_id: {} for answer_id in answer_ids}
    for answer_id, kind, number, unresolved in await repository.count_by_kind(session, answer_ids):
        counted = numbers[answer_id]
        counted[kind.value.lower()] = number
        if kind in REPORTS:
            counted["open_reports"] = counted.get("open_reports", 0) + unresolved
    return {answer_id: FeedbackCounts(**counted) for answer_id, counted in numbers.items()}


async def read_open(
    session: AsyncSession,
    page: PageRequest,
    *,
    acting: Acting,
    kinds: Sequence[FeedbackKind] = REPORTS,
    answer_id: UUID | None = None,
) -> Page[AnswerFeedback]:
    """Return a page of what nobody has dealt with, harm first, then oldest first.

    It is recorded who read what, so the session is the member's own and one that writes.
    """
    found = await repository.page_of_open(session, page, kinds=kinds, answer_id=answer_id)
    if found.rows:
        await record(
            session,
            acting.actor,
            "feedback.read",
            object_type=_OBJECT,
            detail={"ids": [each.id for each in found.rows]},
            origin=acting.origin,
            now=acting.now,
        )
    return found


async def resolve(
    session: AsyncSession, feedback_id: UUID, resolution: str, *, acting: Acting
) -> AnswerFeedback:
    """Say what became of feedback, and return it; the queue forgets it where nothing else waits.

    `resolution` is for the staff. The session is the member's own. Raises FeedbackUnknown,
    FeedbackResolved and InvalidInput.
    """
    said = resolution.strip()
    if not 1 <= len(said) <= MAX_RESOLUTION_CHARS:
        raise InvalidInput(
            f"Say what came of it, in {MAX_RESOLUTION_CHARS} characters or fewer.",
            path=("input", "resolution"),
        )
    known = await repository.get(session, feedback_id)
    if known is None:
        raise FeedbackUnknown
    # In the order of those who give feedback: reports of the answer, its revision, the row.
    target = await _hold_target(session, known.answer_id)
    feedback = await repository.lock(session, feedback_id)
    if feedback is None:
        raise FeedbackUnknown
    if feedback.resolved_at is not None and feedback.resolved_by is not None:
        raise FeedbackResolved(feedback.resolved_by, feedback.resolved_at)
    feedback.resolved_at = acting.now
    feedback.resolved_by = acting.member.subject
    feedback.resolution = said
    await session.flush()
    if target is not None and feedback.kind in REPORTS:
        await place(session, target, now=acting.now)
    await record(
        session,
        acting.actor,
        "feedback.resolve",
        object_type=_OBJECT,
        object_id=feedback.id,
        detail={"answer_id": feedback.answer_id, "kind": feedback.kind.value},
        origin=acting.origin,
        now=acting.now,
    )
    return feedback
