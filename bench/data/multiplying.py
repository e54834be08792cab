"""More questions of the same kind: each seed's rows again, with other words and keys, in SQL.

The rows of one more question are a seed's own, column for column, with three words put in
the place of three others: in texts, in documents, and in what full-text search has of them.
So they are what publishing that question would have written; a test publishes some and
compares. Rows of the parts (`answer_sections`, `claims`, `citations`) are not among them:
nobody who reads a published answer reads them.
"""

import asyncio
from dataclasses import dataclass

from bench.data.database import Connection, Pool
from bench.data.plan import PLAN
from bench.data.seeds import PUBLISHED_AT
from bench.data.words import HOBBIES, OCCUPATIONS, PLACES
from navis_api.questions.sameness.spoken import stem

_AT_A_TIME = 10_000
_WRITERS = 2


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows belong to a question.

    `key` leads to it, as the `owner`'s id. `only` says which of its rows are made again.
    """

    name: str
    key: str
    owner: str
    only: str = "true"


TABLES = (
    Table("public.questions", "id", "question"),
    Table("public.answers", "id", "answer"),
    Table("public.answer_revisions", "id", "revision"),
    Table("public.published_changes", "answer_id", "answer"),
    Table("public.answer_history", "answer_id", "answer", only="t.public"),
    Table("peers.questions", "id", "question"),
    Table("peers.answers", "id", "answer"),
    Table("peers.sections", "answer_id", "answer"),
    Table("peers.citations", "answer_id", "answer"),
)


async def multiply(pool: Pool, *, questions: int) -> None:
    """Bring the database from its seeds to so many questions. The pool is a superuser's."""
    async with pool.acquire() as connection:
        await _prepare(connection)
        seeds: int = await connection.fetchval("SELECT count(*) FROM bench.seeds")
        indexes = await _without_indexes(connection)
        columns = {table.name: await _columns(connection, table) for table in TABLES}
    starts = iter(range(seeds, questions, _AT_A_TIME))

    async def write() -> None:
        async with pool.acquire() as connection:
            # Triggers and foreign keys are for writers who may be wrong.
            await connection.execute("SET session_replication_role = replica")
            await connection.execute("SET synchronous_commit = off")
            for start in starts:
                await _write(connection, columns, start, min(start + _AT_A_TIME, questions))

    await asyncio.gather(*(write() for _ in range(_WRITERS)))
    async with pool.acquire() as connection:
        await connection.execute(
            "SELECT setval('published_changes_sequence', (SELECT max(sequence) FROM"
            " published_changes))"
        )
        await connection.execute("SET maintenance_work_mem = '1GB'")
        for definition in indexes:
            await connection.execute(definition)
        for table in TABLES:
            await connection.execute(f"VACUUM (ANALYZE) {table.name}")


async def _prepare(connection: Connection) -> None:
    await connection.execute(
        "DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench;"
        "CREATE UNLOGGED TABLE bench.numbers (n bigint PRIMARY KEY);"
        + PLAN.replace(":published_at", f"'{PUBLISHED_AT.isoformat()}'")
    )
    for kind, words in (("occupation", OCCUPATIONS), ("place", PLACES), ("hobby", HOBBIES)):
        await connection.executemany(
            "INSERT INTO bench.words VALUES"
            " ($1, $2, $3, (ts_lexize('english_stem', lower($3)))[1], $4)",
            [(kind, number, word, stem(word.lower())) for number, word in enumerate(words)],
        )


async def _without_indexes(connection: Connection) -> list[str]:
    """Drop the indexes that no constraint needs; return the statements that make them."""
    rows = await connection.fetch(
        """
        SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
        FROM pg_index WHERE indrelid = ANY ($1::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        """,
        [table.name for table in TABLES],
    )
    for row in rows:
        await connection.execute(f"DROP INDEX {row['name']}")
    return [row["definition"] for row in rows]


async def _columns(connection: Connection, table: Table) -> dict[str, str]:
    """Return, for each column of a table, what it has in a row that is made."""
    rows = await connection.fetch(
        """
        SELECT attname AS name, atttypid::regtype::text AS type FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
        AND attidentity = '' AND attgenerated = ''
        """,
        table.name,
    )
    return {f'"{row["name"]}"': _made(row["name"], row["type"]) for row in rows}


def _made(name: str, kind: str) -> str:
    column = f't."{name}"'
    if name == "sequence":
        return "m.n + 1"
    if kind == "uuid":
        return (
            f"CASE {column} WHEN m.seed_question THEN m.question WHEN m.seed_answer THEN m.answer"
            f" WHEN m.seed_revision THEN m.revision ELSE {column} END"
        )
    if kind == "timestamp with time zone":
        return f"CASE {column} WHEN m.seed_at THEN m.at ELSE {column} END"
    if kind == "tsvector":
        return f"bench.told({column}::text, m.lexemes_find, m.lexemes_put)::tsvector"
    if kind in {"text", "character varying", "jsonb", "json", "text[]"}:
        return f"bench.told({column}::text, m.find, m.put)::{kind}"
    if kind == "bytea":
        message = f"A column of bytes can't be made in SQL: {name}"
        raise NotImplementedError(message)
    return column


async def _write(
    connection: Connection, columns: dict[str, dict[str, str]], start: int, end: int
) -> None:
    await connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS made AS SELECT * FROM bench.made WHERE false;"
        "TRUNCATE made;"
    )
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO bench.numbers SELECT generate_series($1::bigint, $2::bigint - 1)",
            start,
            end,
        )
        await connection.execute(
            "INSERT INTO made SELECT * FROM bench.made WHERE n >= $1::bigint AND n < $2::bigint",
            start,
            end,
        )
        for table in TABLES:
            made = columns[table.name]
            await connection.execute(
                f"INSERT INTO {table.name} ({', '.join(made)})"
                f" SELECT {', '.join(made.values())} FROM made m"
                f' JOIN {table.name} t ON t."{table.key}" = m.seed_{table.owner}'
                f" WHERE {table.only} ORDER BY m.n"
            )
