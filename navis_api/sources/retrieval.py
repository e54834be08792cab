"""Finding the passages that speak of what was asked: full text, filtered by cancer and audience."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.kit.text import words
from navis_api.sources import retrieval_repository as repository
from navis_api.sources.models import Audience

HEADING_JOINT = " > "
CHILD_HEADING = r"\m(child|children|childhood|pediatric|infant|infantile|adolescen\w*)\M"
"""Headings of texts on children's cancers, as Postgres matches them."""
_LETTERS = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with what is needed to judge and to quote it.

    `text` is the version's text from `start` to `end`; `headings` begin with the document's
    title. `rank` is Postgres's, comparable within one search only.
    """

    id: UUID
    version_id: UUID
    position: int
    start: int
    end: int
    headings: tuple[str, ...]
    text: str
    cancer_ids: frozenset[UUID]
    source_id: UUID
    title: str
    url: str | None
    audience: Audience
    rank: float


def any_of(phrases: Iterable[str]) -> str:
    """Return a tsquery that any of the phrases matches; empty when none has a letter."""
    return " | ".join(filter(None, map(_phrase, dict.fromkeys(phrases))))


def all_of(groups: Iterable[Iterable[str]]) -> str:
    """Return a tsquery that needs one phrase of each group."""
    return " & ".join(f"({query})" for query in map(any_of, groups) if query)


async def find_passages(
    session: AsyncSession,
    query: str,
    *,
    cancer_ids: Sequence[UUID] | None,
    limit: int,
    language: str = "en",
    with_children: bool = False,
) -> list[Candidate]:
    """Return up to `limit` passages that match, patients' pages first, best first.

    `cancer_ids` are the cancers a passage may be about (one is enough), an empty sequence
    asks for general texts, None for any. Texts headed as being about children are left out
    unless `with_children`. An empty query finds nothing.
    """
    if not query:
        return []
    rows = await repository.list_passages(
        session,
        query,
        cancer_ids=cancer_ids,
        language=language,
        without_heading=None if with_children else CHILD_HEADING,
        limit=limit,
    )
    return [candidate_of(row) for row in rows]


def candidate_of(row: Row[*tuple[Any, ...]]) -> Candidate:
    """Return a row of a search's query as what it stands for."""
    return Candidate(
        id=row.id,
        version_id=row.version_id,
        position=row.position,
        start=row.start,
        end=row.end,
        headings=tuple(row.heading.split(HEADING_JOINT)),
        text=row.text,
        cancer_ids=frozenset(row.cancer_ids),
        source_id=row.source_id,
        title=row.title,
        url=row.url,
        audience=row.audience,
        rank=row.rank,
    )


async def has_passages(session: AsyncSession, cancer_ids: Sequence[UUID]) -> bool:
    """Whether any current text is about one of these cancers."""
    return await repository.has_passages(session, cancer_ids)


def _phrase(phrase: str) -> str:
    letters = [part for word in words(phrase) for part in _LETTERS.findall(word)]
    # Postgres takes the number of "CA-125" for a negative one.
    letters[1:] = [f"({part} | '-{part}')" if part.isdigit() else part for part in letters[1:]]
    return " <-> ".join(letters) if len(letters) < 2 else f"({' <-> '.join(letters)})"  # noqa: PLR2004  (one word needs no brackets)
