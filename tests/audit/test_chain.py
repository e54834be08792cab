"""The digest in Python is the database's, and heads are written so that they can be read."""

import json
import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from navis_api.audit import repository
from navis_api.audit.chain import BEGINNING, Head, digest
from navis_api.audit.json_form import json_form
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from tests.audit.records import NOON

# Letters of one to four bytes, what JSON escapes, what the digest puts between columns, and
# what Unicode could write in two ways.
LETTERS = "aZ09 ,:-'\"\\/{}[]\t\n\r\b\f\x01\x1f\x7fäß\u0301é\u2028中\U0001f9e0"


def text_of(seed: random.Random) -> str:
    return "".join(seed.choice(LETTERS) for _ in range(seed.randrange(12)))


def value_of(seed: random.Random, depth: int = 0) -> Any:
    match seed.randrange(9 if depth < 3 else 7):
        case 0:
            return None
        case 1:
            return seed.random() < 0.5
        case 2:
            return seed.randrange(-(10**25), 10**25)
        case 3:
            return seed.choice([0.5, 1.1, -2.25, 1e-7, 123456.789])
        case 4 | 5 | 6:
            return text_of(seed)
        case 7:
            return [value_of(seed, depth + 1) for _ in range(seed.randrange(4))]
        case _:
            return {text_of(seed): value_of(seed, depth + 1) for _ in range(seed.randrange(5))}


@pytest.fixture
async def varied(owner: asyncpg.Connection) -> asyncpg.Connection:
    """A record of rows with all that the columns can hold."""
    for number in range(300):
        seed = random.Random(number)
        detail = {text_of(seed): value_of(seed) for _ in range(seed.randrange(6))}
        await owner.execute(
            "INSERT INTO audit_events (at, actor_kind, actor, action, object_type, object_id,"
            " detail, origin, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            NOON + timedelta(microseconds=seed.randrange(10**15)),
            "SYSTEM",
            seed.choice([None, text_of(seed)]),
            "x" + text_of(seed),
            *(seed.choice([None, text_of(seed)]) for _ in range(2)),
            json.dumps(detail),
            *(seed.choice([None, text_of(seed)]) for _ in range(2)),
        )
    return owner


async def test_the_digest_in_python_is_the_databases(
    varied: asyncpg.Connection, database: Database
) -> None:
    theirs = dict(await varied.fetch("SELECT sequence, navis_audit_digest(e) FROM audit_events e"))
    ours: dict[int, bytes] = {}
    async with database.reading(SYSTEM_ROWS) as session:
        async for batch in repository.read_record(session):
            ours |= {row.sequence: digest(row) for row in batch.rows}
    assert len(ours) == 300
    assert ours == theirs


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
async def test_the_digest_does_not_depend_on_the_sessions_settings(
    varied: asyncpg.Connection, zone: str
) -> None:
    await varied.execute(
        f"SET TimeZone = '{zone}'; SET DateStyle = 'German'; SET bytea_output = 'escape'"
    )
    assert (
        await varied.fetchval(
            "SELECT count(*) FROM audit_events e WHERE hash = navis_audit_digest(e)"
        )
        == 300
    )


async def test_json_is_written_as_postgres_prints_it(varied: asyncpg.Connection) -> None:
    for row in await varied.fetch("SELECT detail::text FROM audit_events"):
        assert json_form(json.loads(row[0], parse_float=Decimal)) == row[0]


async def test_json_that_came_in_any_form_is_written_in_the_one(
    varied: asyncpg.Connection,
) -> None:
    loose = '{"bb":1.10, "a": [1,2,\n{"z":"\\u00e4\\/"}], "é":0.00, "a":{"b":null}}'
    printed = await varied.fetchval("SELECT $1::text::jsonb::text", loose)
    assert json_form(json.loads(loose, parse_float=Decimal)) == printed


async def test_the_beginning_is_the_migrations(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval("SELECT hash FROM audit_head") == BEGINNING.hash


def test_a_head_is_read_as_it_is_written() -> None:
    head = Head(10_000, bytes(range(32)))
    assert Head.parse(str(head)) == head
    assert Head.parse(f" {str(head).upper()}\n") == head


@pytest.mark.parametrize(
    "written", ["", "1", "1:", f"x:{'0' * 64}", f"1:{'0' * 63}", f"1:{'0' * 65}", f"-1:{'0' * 64}"]
)
def test_what_is_no_head_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        Head.parse(written)
