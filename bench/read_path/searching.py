"""The peers' search: the very statement that ours runs, as a function that they can call.

Ranking alike can't be asked of anybody who doesn't rank with the same statement. What our
own search reads from a text, and looks up to correct it, is stored beforehand: a peer gets
that for the look-up of a row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.data.database import Connection, Pool
from bench.data.peer_tables import ROLE
from navis_api.cancers.repository import load_catalogue
from navis_api.db.engine import create_app_engine
from navis_api.db.paging import PageRequest
from navis_api.db.published import Published, Row, Statement
from navis_api.db.sessions import Database
from navis_api.questions.search import search

PAGE = 10
_FIXED = {"size": str(PAGE + 1)}
_READ = {"lexemes": "searched.lexemes", "words": "searched.words"}
_PARAMETER = re.compile(r"\$(\d+)")


@dataclass(slots=True)
class _Recorder(Published):
    """Does as `Published` does, and keeps the last statement with what it was given."""

    under: Published
    statement: Statement | None = None
    values: Mapping[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        """Remember what the other remembers."""
        self.memory = self.under.memory

    async def fetch(self, statement: Statement, **values: object) -> list[Row]:
        """Pass it on."""
        self.statement, self.values = statement, values
        return await self.under.fetch(statement, **values)


async def prepare_searches(pool: Pool, address: str, texts: list[str]) -> None:
    """Let the peers search for these texts."""
    read: list[tuple[str, object, object]] = []
    statement: Statement | None = None
    published = Published(address, size=1, wait_s=30, command_timeout_s=60)
    engine = create_app_engine(address, pool_size=1, pool_wait_s=30, command_timeout_s=60)
    database = Database(engine, published)
    try:
        async with database.reading() as session:
            catalogue = await load_catalogue(session)
        for text in dict.fromkeys(texts):
            recorder = _Recorder(published)
            page = PageRequest(size=PAGE)
            await search(recorder, catalogue, text, cancer_ids=None, page=page)
            statement = recorder.statement
            read.append((text, recorder.values["lexemes"], recorder.values["words"]))
    finally:
        await database.close()
    if statement is not None:
        async with pool.acquire() as connection:
            await _store(connection, statement, read)


async def _store(
    connection: Connection, statement: Statement, read: list[tuple[str, object, object]]
) -> None:
    def value(found: re.Match[str]) -> str:
        name = statement.names[int(found[1]) - 1]
        return _READ.get(name) or _FIXED.get(name, "NULL")

    await connection.execute(
        "CREATE TABLE IF NOT EXISTS peers.searches"
        " (text text PRIMARY KEY, lexemes text[] NOT NULL, words text[] NOT NULL)"
    )
    await connection.execute("TRUNCATE peers.searches")
    await connection.executemany("INSERT INTO peers.searches VALUES ($1, $2, $3)", read)
    await connection.execute("ANALYZE peers.searches")
    # Planned once for all values, as our own connections have it.
    await connection.execute(
        f"""
        CREATE OR REPLACE FUNCTION peers.search_questions(text text)
        RETURNS SETOF peers.questions STABLE ROWS 11 LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan AS $search$
        #variable_conflict use_column
        DECLARE searched peers.searches;
        BEGIN
            SELECT * INTO searched FROM peers.searches s WHERE s.text = search_questions.text;
            RETURN QUERY SELECT hits.id, hits.cancer_id, hits.slug, hits.text, hits.answered_at
            FROM ({_PARAMETER.sub(value, statement.text)}) AS hits
            ORDER BY hits.score DESC, hits.id DESC;
        END $search$
        """
    )
    await connection.execute(f"GRANT SELECT ON peers.searches, published_questions TO {ROLE}")
