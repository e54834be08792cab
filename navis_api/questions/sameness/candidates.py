"""Answered questions that may be the one that is asked: found widely, decided elsewhere.

The same question has the same slots, so those that have all of them are looked at first: an
index finds them. The others are only suggestions, and come from a part of the questions
about the cancer where there are very many, so that asking costs the same at any number.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.questions.published_repository import (
    COLUMNS,
    PUBLISHED,
    PublishedQuestion,
    question_of,
)
from navis_api.questions.sameness.slots import Slots, slot_lexemes
from navis_api.questions.search import MAX_SEARCH_CHARS, any_lexeme, search_groups

MAX_CANDIDATES = 8
"""So many are decided upon. The right one shares most slots, so it is among the first."""

_MAX_ALIKE = 400
"""Questions with every slot of which the best are decided upon."""

_MAX_RANKED = 2_000
"""Questions with anything in common of which the best are suggested."""

_search = PUBLISHED.c.search


async def list_alike(
    session: AsyncSession,
    catalogue: Catalogue,
    text: str,
    slots: Slots,
    *,
    cancer_ids: Sequence[UUID],
    locale: str,
    limit: int = MAX_CANDIDATES,
) -> list[PublishedQuestion]:
    """Return answered questions with every slot of a text, best first.

    One statement. `cancer_ids` are the cancers that it may be about; without any, it is
    looked for among the questions on no cancer in particular.
    """
    lexemes = slot_lexemes(slots)
    if not lexemes:
        return []
    every = [_search.op("@@")(any_lexeme([lexeme])) for lexeme in lexemes]
    groups = _groups(catalogue, text, slots)
    return await _best(
        session,
        groups,
        [*_about(cancer_ids, locale), *every],
        pool=_MAX_ALIKE,
        limit=limit,
    )


async def list_candidates(
    session: AsyncSession,
    catalogue: Catalogue,
    text: str,
    slots: Slots,
    *,
    cancer_ids: Sequence[UUID],
    locale: str,
    limit: int = MAX_CANDIDATES,
) -> list[PublishedQuestion]:
    """Return answered questions that share words, concepts or slots with a text, best first.

    One statement; see `list_alike` for its arguments.
    """
    groups = _groups(catalogue, text, slots)
    if not groups:
        return []
    hits = [_search.op("@@")(group) for group in groups]
    return await _best(
        session,
        groups,
        [*_about(cancer_ids, locale), or_(*hits)],
        pool=_MAX_RANKED,
        limit=limit,
    )


def _groups(catalogue: Catalogue, text: str, slots: Slots) -> list[ColumnElement[Any]]:
    groups = search_groups(catalogue, text[:MAX_SEARCH_CHARS])
    return groups + [any_lexeme([lexeme]) for lexeme in slot_lexemes(slots)]


def _about(cancer_ids: Sequence[UUID], locale: str) -> list[ColumnElement[bool]]:
    cancer = PUBLISHED.c.cancer_id
    about = cancer.in_(cancer_ids) if cancer_ids else cancer.is_(None)
    return [about, PUBLISHED.c.locale == locale]


async def _best(
    session: AsyncSession,
    groups: Sequence[ColumnElement[Any]],
    where: Sequence[ColumnElement[bool]],
    *,
    pool: int,
    limit: int,
) -> list[PublishedQuestion]:
    """Return what shares most with the groups, of so many that fulfil the conditions."""
    found = select(*COLUMNS, _search).where(*where).limit(pool).subquery("found")
    whole = groups[0]
    for group in groups[1:]:
        whole = whole.op("||")(group)
    hits = [found.c.search.op("@@")(group) for group in groups]
    shared = sum((cast(hit, Integer) for hit in hits), start=cast(literal(0), Integer))
    rank = shared + func.ts_rank(found.c.search, whole, 1)
    rows = await session.execute(
        select(*(found.c[each.name] for each in COLUMNS))
        .order_by(rank.desc(), found.c.id.desc())
        .limit(limit)
    )
    return [question_of(tuple(row)) for row in rows]
