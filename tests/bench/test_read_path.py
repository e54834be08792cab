"""The queries that are measured: valid on our schema, and answered alike by the peers' tables."""

from typing import Any

import orjson
import pytest

from bench.data.database import Pool
from bench.data.templates import cancers
from bench.read_path.equality import difference
from bench.read_path.peers.pass_through import STATEMENTS
from bench.read_path.queries import QUERIES, Query
from bench.read_path.searching import prepare_searches
from bench.read_path.variables import full_texts, loose_texts, search_texts
from tests.bench.conftest import CANCERS
from tests.graphql.client import Client


async def _asked(pool: Pool, query: Query) -> list[tuple[dict[str, Any], Any]]:
    """Return variables of ours, each with the one that the peers' statement takes."""
    if query.name == "Q1":
        rows = await pool.fetch("SELECT slug FROM answers ORDER BY id LIMIT 9")
        return [({"slug": row["slug"]}, row["slug"]) for row in rows]
    if query.name == "Q2":
        return [({"slug": each.slug}, each.slug) for each in cancers(CANCERS)]
    if query.name == "Q3":
        return [({"after": None}, 0)]
    topics = ("surgery", "chemotherapy", "clinical trial", "second opinion")
    return [({"text": text}, text) for text in (*topics, *loose_texts()[:4])]


@pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])
async def test_the_peers_tables_give_what_we_give(
    query: Query, pool: Pool, client: Client, bench_address: str
) -> None:
    asked = await _asked(pool, query)
    if query.name == "Q4":
        await prepare_searches(pool, bench_address, [text for _, text in asked])
    for variables, argument in asked:
        mine = await client.data(query.ours, variables)
        theirs = orjson.loads(await pool.fetchval(STATEMENTS[query.name], argument))
        assert difference(mine, theirs["data"]) is None
        assert len(orjson.dumps(mine)) > 1_000


def test_there_are_as_many_searches_as_there_are_said_to_be() -> None:
    texts = search_texts()
    assert len(texts) == len(set(texts)) == 169
    full = full_texts()
    assert len(full) == len(set(full)) == 169
    assert (full[0::3], full[2::3]) == (texts[0::3], texts[2::3])


def test_a_difference_is_found_wherever_it_is() -> None:
    mine = {"a": [{"b": 1.0, "c": True}], "d": None}
    assert difference(mine, {"a": [{"b": 1, "c": True}], "d": None}) is None
    assert difference(mine, {"a": [{"b": 1, "c": 1}], "d": None}) == "data.a[0].c"
    assert difference(mine, {"a": [{"b": 1, "c": True}], "d": 0}) == "data.d"
    assert difference(mine, {"a": [], "d": None}) == "data.a"
    assert difference(mine, {"a": [{"b": 1, "c": True}]}) == "data"
