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
from navis_api.questions.ranking import Hits, Match, ranked
from navis_api.questions.search import Search, search
from navis_api.questions.ways import WAYS

PAGE = 10
_ALL = {
    "way": "text",
    "lexemes": "text",
    "any_lexemes": "text",
    "words": "text",
    "things": "integer",
    "paired_lexemes": "text",
    "paired_word": "text",
    "paired_cancers": "text",
    "lexeme_list": "text[]",
}
_ANY = {"way": "text", "lexemes": "text[]", "words": "text[]", "paired_word": "text"}
_STORED: dict[Match, dict[str, str]] = {"all": _ALL, "any": _ANY}
"""What is stored of a search: the way it is asked, and the parameters of its statement."""
_COLUMNS = {f"{match}_{name}": kind for match, of in _STORED.items() for name, kind in of.items()}
_STATEMENTS = [Hits(match, backward=False, way=way) for match in _STORED for way in WAYS]
_PARAMETER = re.compile(r"\$(\d+)")


@dataclass(slots=True)
class _Recorder(Published):
    """Does as `Published` does, and keeps what each statement was given."""

    under: Published
    given: dict[Statement, Mapping[str, object]] = field(
        default_factory=dict[Statement, Mapping[str, object]]
    )

    def __post_init__(self) -> None:
        """Remember what the other remembers."""
        self.memory = self.under.memory

    async def fetch(self, statement: Statement, **values: object) -> list[Row]:
        """Pass it on."""
        self.given[statement] = values
        return await self.under.fetch(statement, **values)


async def prepare_searches(pool: Pool, address: str, texts: list[str]) -> None:
    """Let the peers search for these texts."""
    read: list[tuple[object, ...]] = []
    published = Published(address, size=1, wait_s=30, command_timeout_s=60)
    engine = create_app_engine(address, pool_size=1, pool_wait_s=30, command_timeout_s=60)
    database = Database(engine, published)
    try:
        async with database.reading() as session:
            catalogue = await load_catalogue(session)
        for text in dict.fromkeys(texts):
            recorder = _Recorder(published)
            page = PageRequest(size=PAGE)
            await search(recorder, catalogue, Search(text, None, page))
            stored = {
                f"{hits.match}_{name}": value
                for hits in _STATEMENTS
                if (given := recorder.given.get(ranked(hits))) is not None
                for name, value in {**given, "way": str(hits.way)}.items()
            }
            read.append((text, *(stored.get(name) for name in _COLUMNS)))
    finally:
        await database.close()
    async with pool.acquire() as connection:
        await _store(connection, read)


async def _store(connection: Connection, read: list[tuple[object, ...]]) -> None:
    columns = [f"{name} {kind}" for name, kind in _COLUMNS.items()]
    places = ", ".join(f"${number + 1}" for number in range(len(columns) + 1))
    await connection.execute("DROP TABLE IF EXISTS peers.searches")
    await connection.execute(
        f"CREATE TABLE peers.searches (text text PRIMARY KEY, {', '.join(columns)})"
    )
    await connection.executemany(f"INSERT INTO peers.searches VALUES ({places})", read)
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
            {_returned("all")}
            IF NOT FOUND THEN {_returned("any")} END IF;
        END $search$
        """
    )
    await connection.execute(f"GRANT SELECT ON peers.searches, published_questions TO {ROLE}")


def _returned(match: Match) -> str:
    """Return what the function returns these hits with: a statement for each way."""
    cases = "".join(
        f"WHEN '{hits.way}' THEN {_returned_by(hits)};"
        for hits in _STATEMENTS
        if hits.match == match
    )
    return f"CASE searched.{match}_way {cases} END CASE;"


def _returned_by(hits: Hits) -> str:
    statement = ranked(hits)

    def value(found: re.Match[str]) -> str:
        name = statement.names[int(found[1]) - 1]
        if name in _STORED[hits.match]:
            return f"searched.{hits.match}_{name}"
        return str(PAGE + 1) if name == "size" else "NULL"

    return f"""
        RETURN QUERY SELECT hits.id, hits.cancer_id, hits.slug, hits.text, hits.answered_at
        FROM ({_PARAMETER.sub(value, statement.text)}) AS hits
        ORDER BY hits.score DESC, hits.id DESC
    """
