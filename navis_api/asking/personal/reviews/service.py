"""Reviewing personal answers: by reviewers of the cancer, while the patient consents to it.

What is sealed is opened only after its row was visible to the reviewer's own session. Which
cancer a question is about stands inside the seal: it is compared here, after that, and what
isn't the reviewer's is neither shown nor recorded as read.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.reviews import repository
from navis_api.asking.personal.reviews.errors import (
    PersonalAnswerDecided,
    PersonalReviewUnknown,
    WithdrawalReasonUnwanted,
    WithdrawalReasonWanted,
)
from navis_api.asking.personal.reviews.models import (
    PersonalDecision,
    PersonalReview,
    WithdrawalReason,
)
from navis_api.asking.personal.reviews.views import ReviewableAnswer, reviewable
from navis_api.asking.personal.sealed import asked_in
from navis_api.audit.detail import Detail
from navis_api.audit.service import record
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.paging import MAX_PAGE, Page, PageRequest
from navis_api.records.sealing.errors import KeyGone
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage
from navis_api.review.acting import Acting
from navis_api.review.errors import RoleNotAllowed
from navis_api.review.models import StaffRole
from navis_api.review.people import may_decide
from navis_api.review.periods import add_months


async def list_waiting(
    session: AsyncSession,
    storage: SealedStorage,
    page: PageRequest,
    *,
    cancer_ids: Sequence[UUID] | None,
    acting: Acting,
    catalogue: Catalogue,
) -> Page[ReviewableAnswer]:
    """Return a page of the answers that wait for a review, the oldest first.

    `cancer_ids`: only those about these; None: about any. Pages go forward only. Raises
    RoleNotAllowed, CursorInvalid and StorageUnavailable.
    """
    _require_reviewer(acting)
    desk = _Desk(storage, acting, catalogue, cancer_ids)
    shown: list[ReviewableAnswer] = []
    cursors: list[str] = []
    after = page.cursor
    while True:
        found = await repository.list_waiting(session, PageRequest(MAX_PAGE, cursor=after))
        for row, cursor in zip(found.rows, found.cursors, strict=True):
            opened = await desk.opened(row, None)
            if opened is None:
                continue
            if len(shown) == page.size:
                await _note_list(session, shown, acting)
                return Page(shown, cursors, has_next=True, has_previous=page.cursor is not None)
            shown.append(opened)
            cursors.append(cursor)
        if not found.has_next:
            break
        after = found.cursors[-1]
    await _note_list(session, shown, acting)
    return Page(shown, cursors, has_next=False, has_previous=page.cursor is not None)


async def read(
    session: AsyncSession,
    storage: SealedStorage,
    question_id: UUID,
    *,
    acting: Acting,
    catalogue: Catalogue,
) -> ReviewableAnswer | None:
    """Return an answer that the reviewer may review, decided on or not; None where they may not.

    Raises RoleNotAllowed and StorageUnavailable.
    """
    _require_reviewer(acting)
    row = await repository.get(session, question_id)
    if row is None:
        return None
    reviews = await repository.reviews_of(session, [row.id])
    opened = await _Desk(storage, acting, catalogue).opened(row, reviews.get(row.id))
    if opened is not None:
        await _note(session, acting, "personal_review.read", {"question": row.id})
    return opened


async def decide(
    session: AsyncSession,
    storage: SealedStorage,
    question_id: UUID,
    decision: PersonalDecision,
    reason: WithdrawalReason | None,
    *,
    acting: Acting,
    catalogue: Catalogue,
    review_months: int,
) -> ReviewableAnswer:
    """Approve an answer, or take it back from its patient for a reason; either is for good.

    `review_months`: for how long an approval is said to hold. Raises RoleNotAllowed,
    WithdrawalReasonWanted, WithdrawalReasonUnwanted, PersonalReviewUnknown,
    PersonalAnswerDecided and StorageUnavailable.
    """
    _require_reviewer(acting)
    if decision is PersonalDecision.REJECT and reason is None:
        raise WithdrawalReasonWanted
    if decision is PersonalDecision.APPROVE and reason is not None:
        raise WithdrawalReasonUnwanted
    row = await repository.get(session, question_id)
    if row is None or not await repository.hold(session, row):
        raise PersonalReviewUnknown
    member = acting.member
    review = PersonalReview(
        patient_id=row.patient_id,
        question_id=row.id,
        decision=decision,
        reason=reason,
        subject=member.subject,
        reviewer=member.name,
        credentials=member.credentials,
        at=acting.now,
        next_review_on=None
        if decision is PersonalDecision.REJECT
        else add_months(acting.now.date(), review_months),
    )
    opened = await _Desk(storage, acting, catalogue).opened(row, review)
    if opened is None:
        raise PersonalReviewUnknown
    if not await repository.add(session, review):
        raise PersonalAnswerDecided
    detail: dict[str, Detail] = {"question": row.id, "decision": decision.value}
    if reason is not None:
        detail["reason"] = reason.value
    await _note(session, acting, "personal_review.decide", detail)
    return opened


class _Desk:
    """Opens answers for one reviewer: those of their cancers, and with each patient's key once."""

    def __init__(
        self,
        storage: SealedStorage,
        acting: Acting,
        catalogue: Catalogue,
        cancer_ids: Sequence[UUID] | None = None,
    ) -> None:
        self._storage = storage
        self._acting = acting
        self._catalogue = catalogue
        self._cancer_ids = cancer_ids
        self._keys: dict[UUID, PatientKey] = {}

    async def opened(
        self, row: PersonalQuestion, review: PersonalReview | None
    ) -> ReviewableAnswer | None:
        """Return a row's answer; None where it is about another cancer, or erased by now."""
        key = self._keys.get(row.patient_id)
        if key is None:
            try:
                key = await self._storage.keys.open(row.patient_id)
            except KeyGone:
                return None
            self._keys[row.patient_id] = key
        asked = asked_in(row, key)
        if not may_decide(self._acting.member, asked.cancer_id, self._catalogue):
            return None
        if self._cancer_ids is not None and asked.cancer_id not in self._cancer_ids:
            return None
        return reviewable(row, asked, key, review)


def _require_reviewer(acting: Acting) -> None:
    # Patients were told that reviewers see it, who are qualified in cancer care, and nobody else.
    if acting.member.role is not StaffRole.REVIEWER:
        raise RoleNotAllowed("review_personal_answers", (StaffRole.REVIEWER.lower(),))


async def _note_list(
    session: AsyncSession, shown: Sequence[ReviewableAnswer], acting: Acting
) -> None:
    ids = [each.id for each in shown]
    await _note(session, acting, "personal_review.list", {"questions": ids})


async def _note(
    session: AsyncSession, acting: Acting, action: str, detail: dict[str, Detail]
) -> None:
    await record(session, acting.actor, action, detail=detail, origin=acting.origin, now=acting.now)
