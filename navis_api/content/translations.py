"""Translations in a bundle: taken in with their approval, and given out again."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import translation_repository
from navis_api.answers.models import AnswerRevision
from navis_api.answers.translation import TranslatedSection, TranslationDraft, new_translation
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.content.bundle import BundleTranslatedSection, BundleTranslation
from navis_api.content.errors import BundleInvalid
from navis_api.kit.languages import ORIGINAL, Language


async def import_translations(
    session: AsyncSession,
    revision: AnswerRevision,
    translations: Sequence[BundleTranslation],
    *,
    now: datetime,
) -> bool:
    """Store the translations of a live revision that aren't there yet; say whether any was new.

    Raises InvalidInput for one that doesn't stand beside its original, and BundleInvalid.
    """
    changed = False
    for each in translations:
        if each.reviewer == each.translator:
            raise BundleInvalid(each.title, "is approved by its own translator")
        served = await translation_repository.approved_by_revision(
            session, [revision.id], each.language
        )
        before = served.get(revision.id)
        if before is not None and translation_part(before) == each:
            continue
        stored = new_translation(
            revision, _draft(each), translator=each.translator, subject=None, now=now
        )
        session.add(stored)
        await session.flush()
        # The review took place elsewhere: here it is taken step by step, as any is.
        stored.approved_by = each.reviewer
        stored.approver_credentials = each.credentials
        stored.approved_at = datetime.combine(each.reviewed_on, time(), UTC)
        if before is not None:
            before.withdrawn_at = now
            before.withdrawn_reason = "Another was imported."
        await session.flush()
        changed = True
    return changed


def _draft(translation: BundleTranslation) -> TranslationDraft:
    return TranslationDraft(
        language=translation.language,
        question=translation.question,
        title=translation.title,
        summary=translation.summary,
        sections=tuple(
            TranslatedSection(each.heading, each.claims) for each in translation.sections
        ),
        doctor_questions=translation.doctor_questions,
        next_steps=translation.next_steps,
        gaps=translation.gaps,
    )


async def served_translations(
    session: AsyncSession, revision: AnswerRevision
) -> tuple[BundleTranslation, ...]:
    """Return what readers are served of a revision in each language that it is translated into."""
    served = [
        await translation_repository.approved_by_revision(session, [revision.id], language)
        for language in sorted(set(Language) - {ORIGINAL})
    ]
    return tuple(translation_part(found) for each in served for found in each.values())


def translation_part(translation: AnswerTranslation) -> BundleTranslation:
    """Return an approved translation as a bundle has it."""
    assert translation.approved_at is not None, "only what is approved is given out"
    return BundleTranslation(
        language=translation.language,
        question=translation.question,
        title=translation.title,
        summary=translation.summary,
        sections=tuple(
            BundleTranslatedSection(heading=each["heading"], claims=tuple(each["claims"]))
            for each in translation.sections
        ),
        doctor_questions=tuple(translation.doctor_questions),
        next_steps=tuple(translation.next_steps),
        gaps=tuple(translation.gaps),
        translator=translation.translator,
        reviewer=translation.approved_by or "",
        credentials=translation.approver_credentials or "",
        reviewed_on=translation.approved_at.date(),
    )
