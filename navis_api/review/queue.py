"""The queue: what waits for somebody, most urgent and oldest first, and who is at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.paging import Page, PageRequest
from navis_api.questions.models import Question
from navis_api.review import queue_repository, repository
from navis_api.review.acting import Acting, note
from navis_api.review.errors import NotWaiting
from navis_api.review.holding import is_taken, taken
from navis_api.review.models import ReviewItem, StaffRole
from navis_api.review.people import require_own_cancer


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue to list; what is None or False chooses nothing.

    `cancer_ids` are taken to the letter: whoever wants subtypes too gives them
    (`people.cancers_of` does). `free_for` leaves out what is claimed by others than that
    subject; `claimed_by` has only what that subject claimed.
    """

    cancer_ids: Sequence[UUID] | None = None
    states: Sequence[AnswerState] | None = None
    most_rank: int | None = None
    free_for: str | None = None
    claimed_by: str | None = None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A revision that waits. `claimed_by` is the name of whoever is at it now, if anybody is."""

    item: ReviewItem
    revision: AnswerRevision
    answer: Answer
    question: Question
    claimed_by: str | None

    @property
    def claimed_until(self) -> datetime | None:
        """Until when they are, where somebody is."""
        return self.item.claimed_until if self.claimed_by is not None else None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much waits, in all and by state, rank (`models.Rank`) and cancer (None: without one)."""

    total: int
    by_state: Mapping[AnswerState, int]
    by_rank: Mapping[int, int]
    by_cancer: Mapping[UUID | None, int]


async def list_waiting(
    session: AsyncSession, page: PageRequest, chosen: QueueFilter, *, now: datetime
) -> Page[QueueEntry]:
    """Return a page of the queue: by rank, then by how long it has waited."""
    rows = await queue_repository.page_of_items(
        session,
        page,
        cancer_ids=chosen.cancer_ids,
        states=chosen.states,
        most_rank=chosen.most_rank,
        free_for=chosen.free_for,
        claimed_by=chosen.claimed_by,
        now=now,
    )
    names = await _names(session, [item for item, *_ in rows.rows], now=now)
    entries = [
        QueueEntry(item, revision, answer, question, names.get(item.revision_id))
        for item, revision, answer, question in rows.rows
    ]
    return Page(entries, rows.cursors, rows.has_next, rows.has_previous)


async def entries_of(
    session: AsyncSession, revision_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, QueueEntry]:
    """Return those of these revisions that wait, by the revision's id."""
    rows = await queue_repository.list_items(session, revision_ids)
    names = await _names(session, [item for item, *_ in rows], now=now)
    return {
        item.revision_id: QueueEntry(item, revision, answer, question, names.get(item.revision_id))
        for item, revision, answer, question in rows
    }


async def _names(
    session: AsyncSession, items: Sequence[ReviewItem], *, now: datetime
) -> dict[UUID, str]:
    """Return who is at these items, by revision."""
    held = {
        item.revision_id: item.claimed_by
        for item in items
        if item.claimed_by and item.claimed_until and item.claimed_until > now
    }
    members = await repository.members_by_subject(session, sorted(set(held.values())))
    return {
        id_: members[subject].name if subject in members else "Somebody"
        for id_, subject in held.items()
    }


async def counts(session: AsyncSession, *, cancer_ids: Sequence[UUID] | None = None) -> QueueCounts:
    """Return how much waits, on all cancers or these."""
    by_state: dict[AnswerState, int] = {}
    by_rank: dict[int, int] = {}
    by_cancer: dict[UUID | None, int] = {}
    total = 0
    for state, rank, cancer_id, number in await queue_repository.count_items(session, cancer_ids):
        total += number
        by_state[state] = by_state.get(state, 0) + number
        by_rank[rank] = by_rank.get(rank, 0) + number
        by_cancer[cancer_id] = by_cancer.get(cancer_id, 0) + number
    return QueueCounts(total, by_state, by_rank, by_cancer)


async def claim(
    session: AsyncSession,
    revision_id: UUID,
    *,
    acting: Acting,
    catalogue: Catalogue,
    lease_s: float,
) -> QueueEntry:
    """Take a waiting revision for oneself for a while; claiming it again renews that.

    What somebody's lease on has run out may be taken over. Raises NotWaiting,
    ClaimedByAnother and, for a reviewer, NotYourCancer.
    """
    entry = await _require_waiting(session, revision_id, now=acting.now)
    require_own_cancer(acting.member, entry.question.cancer_id, catalogue)
    until = acting.now + timedelta(seconds=lease_s)
    mine = await queue_repository.claim_item(
        session, revision_id, acting.member.subject, until=until, now=acting.now
    )
    entry = await _require_waiting(session, revision_id, now=acting.now)
    if not mine:
        raise await taken(session, entry.item)
    await note(session, acting, "review.claim", entry.revision, until=until)
    return entry


async def release(session: AsyncSession, revision_id: UUID, *, acting: Acting) -> QueueEntry:
    """Let others at a revision that one has claimed; an administrator may for anybody.

    One that nobody is at stays so. Raises NotWaiting and ClaimedByAnother.
    """
    entry = await _require_waiting(session, revision_id, now=acting.now)
    rules = acting.member.role is StaffRole.ADMINISTRATOR
    if is_taken(entry.item, acting.member.subject, acting.now) and not rules:
        raise await taken(session, entry.item)
    await queue_repository.release_item(session, revision_id, seen=entry.item.claimed_by)
    await note(session, acting, "review.release", entry.revision)
    return await _require_waiting(session, revision_id, now=acting.now)


async def _require_waiting(
    session: AsyncSession, revision_id: UUID, *, now: datetime
) -> QueueEntry:
    entry = (await entries_of(session, [revision_id], now=now)).get(revision_id)
    if entry is None:
        raise NotWaiting
    return entry
