"""All queries on translations of answers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.translation_models import AnswerTranslation
from navis_api.kit.languages import Language


async def approved_by_revision(
    session: AsyncSession, revision_ids: Sequence[UUID], language: Language
) -> dict[UUID, AnswerTranslation]:
    """Return the translation of each revision that was approved last and still stands."""
    rows = await session.scalars(
        select(AnswerTranslation)
        .where(
            AnswerTranslation.revision_id.in_(revision_ids),
            AnswerTranslation.language == language,
            AnswerTranslation.approved_at.is_not(None),
            AnswerTranslation.withdrawn_at.is_(None),
        )
        .ext(distinct_on(AnswerTranslation.revision_id))
        .order_by(
            AnswerTranslation.revision_id,
            AnswerTranslation.approved_at.desc(),
            AnswerTranslation.id.desc(),
        )
    )
    return {row.revision_id: row for row in rows}


async def list_by_revision(
    session: AsyncSession, revision_ids: Sequence[UUID]
) -> dict[UUID, list[AnswerTranslation]]:
    """Return the translations of each revision, oldest first, as far as the viewer may see them."""
    rows = await session.scalars(
        select(AnswerTranslation)
        .where(AnswerTranslation.revision_id.in_(revision_ids))
        .order_by(AnswerTranslation.created_at, AnswerTranslation.id)
    )
    found: dict[UUID, list[AnswerTranslation]] = {each: [] for each in revision_ids}
    for row in rows:
        found[row.revision_id].append(row)
    return found


async def lock(session: AsyncSession, translation_id: UUID) -> AnswerTranslation | None:
    """Return a translation, held against other writers."""
    return await session.scalar(
        select(AnswerTranslation)
        .where(AnswerTranslation.id == translation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
