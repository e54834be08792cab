"""Queries on words as Postgres' search has them: what a text is made of, and how rare it is."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.sources.search.ranking import Lexeme

# Words that came since the corpus was counted are counted here: they are few and rare.
_LEXEMES = text(
    """
    SELECT t.number, u.lexeme, u.positions[1] AS place, coalesce(w.passages, (
        SELECT count(*) FROM (
            SELECT FROM passages p WHERE p.search @@ (
                '''' || replace(replace(u.lexeme, E'\\\\', E'\\\\\\\\'), '''', '''''') || ''''
            )::tsquery LIMIT 1000
        ) holding
    )) AS passages
    FROM unnest(CAST(:texts AS text[])) WITH ORDINALITY t(text, number),
        unnest(to_tsvector('english', t.text)) u
        LEFT JOIN corpus_words w ON w.lexeme = u.lexeme
    """
)
_PASSAGES = text(
    """
    SELECT CASE WHEN reltuples > 0 THEN reltuples::bigint ELSE (SELECT count(*) FROM passages) END
    FROM pg_class WHERE oid = 'passages'::regclass
    """
)


async def lexemes_of(session: AsyncSession, texts: Sequence[str]) -> tuple[list[list[Lexeme]], int]:
    """Return the lexemes of each text, and how many passages there are."""
    found: list[list[Lexeme]] = [[] for _ in texts]
    for row in await session.execute(_LEXEMES, {"texts": list(texts)}):
        found[int(row.number) - 1].append(Lexeme(row.lexeme, row.place, row.passages))
    return found, await session.scalar(_PASSAGES) or 0
