"""Answered questions that may be the one that is asked: found widely, decided elsewhere.

The same question has the same slots, so those that have all of them are looked at first: an
index finds them. The others are only suggestions, and come from a part of the questions
about the cancer where there are very many, so that asking costs the same at any number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.questions.index_terms import any_lexeme, search_groups
from navis_api.questions.published_repository import (
    COLUMNS,
    PUBLISHED,
    PublishedQuestion,
    question_of,
)
from navis_api.questions.sameness.slots import Slots, slot_lexemes
from navis_api.questions.search import MAX_SEARCH_CHARS

MAX_CANDIDATES = 8
"""So many are decided upon. The right one shares most slots, so it is among the first."""

_MAX_ALIKE = 400
"""Questions with every slot of which the best are decided upon."""

_MAX_RANKED = 2_000
"""Questions with anything in common of which the best are suggested."""

_search = PUBLISHED.c.search


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the marks of every slot, all else that a text speaks of, and where."""

    of_slots: Sequence[ColumnElement[Any]]
    of_text: Sequence[ColumnElement[Any]]
    where: Sequence[ColumnElement[bool]]

    @property
    def everything(self) -> list[ColumnElement[Any]]:
        """All that a question may share."""
        return [*self.of_text, *self.of_slots]


def sought(
    catalogue: Catalogue, text: str, slots: Slots, *, cancer_ids: Sequence[UUID], locale: str
) -> Sought:
    """Return what to look for.

    `cancer_ids` are the cancers that the text may be about; without any, it is looked for
    among the questions on no cancer in particular.
    """
    cancer = PUBLISHED.c.cancer_id
    about = cancer.in_(cancer_ids) if cancer_ids else cancer.is_(None)
    return Sought(
        of_slots=[any_lexeme([lexeme]) for lexeme in slot_lexemes(slots)],
        of_text=search_groups(catalogue, text[:MAX_SEARCH_CHARS]),
        where=[about, PUBLISHED.c.locale == locale],
    )


async def list_alike(session: AsyncSession, wanted: Sought) -> list[PublishedQuestion]:
    """Return answered questions with every slot of a text, best first. One statement."""
    if not wanted.of_slots:
        return []
    every = [_search.op("@@")(slot) for slot in wanted.of_slots]
    return await _best(session, wanted, every, pool=_MAX_ALIKE)


async def list_candidates(session: AsyncSession, wanted: Sought) -> list[PublishedQuestion]:
    """Return answered questions that share words, concepts or slots with a text, best first.

    One statement.
    """
    if not wanted.everything:
        return []
    hits = [_search.op("@@")(group) for group in wanted.everything]
    return await _best(session, wanted, [or_(*hits)], pool=_MAX_RANKED)


async def _best(
    session: AsyncSession, wanted: Sought, having: Sequence[ColumnElement[bool]], *, pool: int
) -> list[PublishedQuestion]:
    """Return what shares most with what is wanted, of so many that have this."""
    groups = wanted.everything
    found = select(*COLUMNS, _search).where(*wanted.where, *having).limit(pool).subquery("found")
    whole = groups[0]
    for group in groups[1:]:
        whole = whole.op("||")(group)
    hits = [found.c.search.op("@@")(group) for group in groups]
    shared = sum((cast(hit, Integer) for hit in hits), start=cast(literal(0), Integer))
    rank = shared + func.ts_rank(found.c.search, whole, 1)
    rows = await session.execute(
        select(*(found.c[each.name] for each in COLUMNS))
        .order_by(rank.desc(), found.c.id.desc())
        .limit(MAX_CANDIDATES)
    )
    return [question_of(tuple(row)) for row in rows]
