"""Answered questions that may be the one that is asked: found widely, decided elsewhere."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.questions.models import Question, QuestionStatus
from navis_api.questions.sameness.slots import Slots, slot_lexemes
from navis_api.questions.search import MAX_SEARCH_CHARS, any_lexeme, search_groups

MAX_CANDIDATES = 8
"""So many are decided upon. The right one shares most slots, so it is among the first."""


async def list_candidates(
    session: AsyncSession,
    catalogue: Catalogue,
    text: str,
    slots: Slots,
    *,
    cancer_ids: Sequence[UUID],
    locale: str,
    limit: int = MAX_CANDIDATES,
) -> list[Question]:
    """Return answered questions that share words, concepts or slots with a text, best first.

    One statement. `cancer_ids` are the cancers that it may be about; without any, it is
    looked for among the questions on no cancer in particular.
    """
    groups = search_groups(catalogue, text[:MAX_SEARCH_CHARS])
    groups += [any_lexeme([lexeme]) for lexeme in slot_lexemes(slots)]
    if not groups:
        return []
    hits = [Question.search.op("@@")(group) for group in groups]
    whole = groups[0]
    for group in groups[1:]:
        whole = whole.op("||")(group)
    shared = sum((cast(hit, Integer) for hit in hits), start=cast(literal(0), Integer))
    about = Question.cancer_id.in_(cancer_ids) if cancer_ids else Question.cancer_id.is_(None)
    found = await session.scalars(
        select(Question)
        .where(
            Question.status == QuestionStatus.ANSWERED,
            Question.locale == locale,
            about,
            or_(*hits),
        )
        .order_by((shared + func.ts_rank(Question.search, whole, 1)).desc(), Question.id.desc())
        .limit(limit)
    )
    return list(found)
