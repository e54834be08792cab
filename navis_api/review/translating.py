"""Translating an answer: handed in by one person, approved by another."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import translation_repository
from navis_api.answers.models import Answer, AnswerRevision, AnswerState
from navis_api.answers.repository import hold_publications
from navis_api.answers.states import LIVE
from navis_api.answers.translation import TranslationDraft, new_translation
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.cancers.catalogue import Catalogue
from navis_api.questions.models import Question
from navis_api.review import repository
from navis_api.review.acting import Acting, note
from navis_api.review.errors import RevisionUnknown, RoleNotAllowed
from navis_api.review.models import StaffRole
from navis_api.review.people import require_own_cancer
from navis_api.review.reasons import given_reason
from navis_api.review.translation_errors import (
    OwnTranslation,
    RevisionNotApproved,
    TranslationApproved,
    TranslationUnknown,
)

_TRANSLATORS = (StaffRole.REVIEWER, StaffRole.EDITOR)


async def hand_in(
    session: AsyncSession,
    answer_id: UUID,
    number: int,
    draft: TranslationDraft,
    *,
    acting: Acting,
    catalogue: Catalogue,
) -> AnswerTranslation:
    """Store a translation of a revision, for somebody else to approve.

    Raises RevisionUnknown, RoleNotAllowed, NotYourCancer, InvalidInput and, when it doesn't
    stand claim by claim beside the original, TranslationDiffers.
    """
    _require_role(acting, _TRANSLATORS)
    answer = await session.get(Answer, answer_id)
    revision = await repository.lock_revision(session, answer_id, number)
    if answer is None or revision is None:
        raise RevisionUnknown
    await _require_own_cancer(session, answer, acting, catalogue)
    translation = new_translation(
        revision,
        draft,
        translator=acting.member.name,
        subject=acting.member.subject,
        now=acting.now,
    )
    session.add(translation)
    await session.flush()
    await note(session, acting, "translation.hand_in", revision, language=draft.language.value)
    return translation


async def approve(
    session: AsyncSession, translation_id: UUID, *, acting: Acting, catalogue: Catalogue
) -> AnswerTranslation:
    """Approve a translation: from now on readers of its language get it.

    Raises TranslationUnknown, RoleNotAllowed, NotYourCancer, OwnTranslation,
    TranslationApproved and RevisionNotApproved.
    """
    translation, revision = await _hold(
        session, translation_id, acting, catalogue, (StaffRole.REVIEWER,)
    )
    member = acting.member
    if member.subject == translation.translator_subject or member.name == translation.translator:
        raise OwnTranslation
    if translation.approved_by is not None:
        raise TranslationApproved(translation.approved_by)
    if revision.state not in {*LIVE, AnswerState.APPROVED}:
        raise RevisionNotApproved
    translation.approved_by = member.name
    translation.approver_subject = member.subject
    translation.approver_credentials = member.credentials
    translation.approved_at = acting.now
    await session.flush()
    await note(
        session, acting, "translation.approve", revision, language=translation.language.value
    )
    return translation


async def withdraw(
    session: AsyncSession,
    translation_id: UUID,
    reason: str,
    *,
    acting: Acting,
    catalogue: Catalogue,
) -> AnswerTranslation:
    """Take a translation back: readers of its language get the original again.

    Raises TranslationUnknown, RoleNotAllowed, NotYourCancer, ReasonRequired and InvalidInput.
    """
    said = given_reason(reason)
    translation, revision = await _hold(session, translation_id, acting, catalogue, _TRANSLATORS)
    translation.withdrawn_at = acting.now
    translation.withdrawn_by = acting.member.subject
    translation.withdrawn_reason = said
    await session.flush()
    await note(
        session, acting, "translation.withdraw", revision, language=translation.language.value
    )
    return translation


async def _hold(
    session: AsyncSession,
    translation_id: UUID,
    acting: Acting,
    catalogue: Catalogue,
    roles: Sequence[StaffRole],
) -> tuple[AnswerTranslation, AnswerRevision]:
    """Return a translation that still stands, with its revision, both held."""
    _require_role(acting, roles)
    await hold_publications(session)
    translation = await translation_repository.lock(session, translation_id)
    if translation is None or translation.withdrawn_at is not None:
        raise TranslationUnknown
    found = await session.get_one(AnswerRevision, translation.revision_id)
    revision = await repository.lock_revision(session, found.answer_id, found.number)
    assert revision is not None, "a translation goes with its revision"
    answer = await session.get_one(Answer, revision.answer_id)
    await _require_own_cancer(session, answer, acting, catalogue)
    return translation, revision


def _require_role(acting: Acting, roles: Sequence[StaffRole]) -> None:
    if acting.member.role not in roles:
        raise RoleNotAllowed("translate", tuple(role.value.lower() for role in roles))


async def _require_own_cancer(
    session: AsyncSession, answer: Answer, acting: Acting, catalogue: Catalogue
) -> None:
    question = await session.get_one(Question, answer.question_id)
    require_own_cancer(acting.member, question.cancer_id, catalogue)
