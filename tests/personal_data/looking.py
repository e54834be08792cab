"""Looking through every column of every table, for whoever must not be there any more."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg

Needle = str | UUID

_COLUMNS = """
    SELECT c.oid::regclass::text AS table, quote_ident(a.attname) AS column
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    AND c.relnamespace::regnamespace::text NOT LIKE 'pg_toast%'
    ORDER BY 1, a.attnum
"""


def forms(needle: Needle) -> set[str]:
    """How something stands in a column's text: as it is, or as bytes in hexadecimal digits."""
    if isinstance(needle, UUID):
        return {str(needle), needle.hex, str(needle).encode().hex()}
    return {needle, needle.encode().hex()}


async def mentions(owner: asyncpg.Connection, needles: Iterable[Needle]) -> set[str]:
    """The columns, as `table.column`, in which one of these occurs in any form."""
    wanted = [form for needle in needles for form in forms(needle)]
    found: set[str] = set()
    for table, column in await owner.fetch(_COLUMNS):
        is_there = await owner.fetchval(
            f"SELECT EXISTS (SELECT FROM {table} t, unnest($1::text[]) needle"
            f" WHERE position(lower(needle) IN lower(t.{column}::text)) > 0)",
            wanted,
        )
        if is_there:
            found.add(f"{table}.{column}")
    return found


async def everything(owner: asyncpg.Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in an order of its own."""
    tables = sorted({row[0] for row in await owner.fetch(_COLUMNS)})
    return {
        table: sorted((dict(row) for row in await owner.fetch(f"SELECT * FROM {table}")), key=str)
        for table in tables
    }
