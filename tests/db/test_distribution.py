"""Whether patients' tables could be spread over servers by patient, as Citus does it.

Citus isn't here: what is looked at is what it requires of a schema. The rows of a patient lie
together; so whatever has to be unique, and whatever refers to something, does so within one
patient. `patients` itself is a table of which each server has a copy. What stands in the way
is named here and in docs/decisions/0047: nothing else does, and no more may come unnoticed.
"""

import asyncpg
import pytest

import navis_api.app
import navis_api.worker  # noqa: F401 - with both come all tables
from navis_api.db.base import Base

BY_PATIENT = sorted(
    name for name, table in Base.metadata.tables.items() if "patient_id" in table.columns
)
COPIED = "patients"

# What can only be checked by looking at all servers.
IN_THE_WAY = {"uq_record_uploads_token_hash"}

# Citus lets none be on a spread table unless `citus.enable_unsafe_triggers` is on, and then
# they may do nothing but change their own row, and rows of the same patient beside it.
TRIGGERS = {
    "consents.step",
    "findings.step",
    "personal_events.sequence",
    "personal_questions.gone",
    "personal_questions.step",
    "personal_reviews.step",
    "records.gone",
    "records.step",
    "records.taken",
}

_UNIQUE = """
SELECT c.relname, array(
    SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid ORDER BY a.attnum
) AS columns
FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
WHERE x.indrelid = $1::text::regclass AND x.indisunique
"""
_REFERENCES = """
SELECT k.conname, k.conrelid::regclass::text AS source, k.confrelid::regclass::text AS target,
    array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS place (number, rank)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = place.number ORDER BY rank)
        AS columns,
    array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS place (number, rank)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = place.number ORDER BY rank)
        AS referred
FROM pg_constraint k WHERE k.contype = 'f'
"""


def test_what_is_a_patients_says_whose_it_is() -> None:
    assert {"records", "findings", "consents", "personal_questions"} <= set(BY_PATIENT)


async def test_what_is_unique_is_so_within_a_patient(owner: asyncpg.Connection) -> None:
    found = {
        row["relname"]
        for table in BY_PATIENT
        for row in await owner.fetch(_UNIQUE, table)
        if "patient_id" not in row["columns"]
    }
    assert found == IN_THE_WAY


@pytest.mark.parametrize("table", BY_PATIENT)
async def test_postgres_itself_takes_the_table_spread_by_patient(
    owner: asyncpg.Connection, table: str
) -> None:
    """Partitions have the same rule for what is unique, and here they are tried."""
    spread = f"CREATE TABLE spread (LIKE {table} INCLUDING ALL) PARTITION BY HASH (patient_id)"
    unique = {row["relname"] for row in await owner.fetch(_UNIQUE, table)}
    if unique & IN_THE_WAY:
        with pytest.raises(asyncpg.FeatureNotSupportedError, match="must include all"):
            await owner.execute(spread)
        return
    await owner.execute(spread)
    await owner.execute(
        "CREATE TABLE part PARTITION OF spread FOR VALUES WITH (MODULUS 1, REMAINDER 0)"
    )


async def test_what_refers_to_something_refers_to_the_same_patients(
    owner: asyncpg.Connection,
) -> None:
    seen = 0
    for row in await owner.fetch(_REFERENCES):
        spread = {row["source"], row["target"]} & set(BY_PATIENT)
        assert row["source"] != COPIED, "what is copied may not refer to what isn't"
        if not spread:
            assert row["target"] != COPIED or row["source"] in BY_PATIENT
            continue
        seen += 1
        # From elsewhere nothing may refer to a row that lies on another server.
        assert row["source"] in BY_PATIENT, row["conname"]
        if row["target"] == COPIED:
            continue
        assert row["target"] in BY_PATIENT, row["conname"]
        place = row["columns"].index("patient_id")
        assert row["referred"][place] == "patient_id", row["conname"]
    assert seen >= len(BY_PATIENT)


async def test_no_number_is_given_out_by_one_server(owner: asyncpg.Connection) -> None:
    counted = await owner.fetch(
        "SELECT attrelid::regclass::text FROM pg_attribute a"
        " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        " WHERE attrelid = ANY ($1::text[]::regclass[]) AND attnum > 0"
        " AND (attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%')",
        BY_PATIENT,
    )
    assert counted == []


async def test_triggers_are_known(owner: asyncpg.Connection) -> None:
    found = await owner.fetch(
        "SELECT tgrelid::regclass::text || '.' || tgname AS name FROM pg_trigger"
        " WHERE tgrelid = ANY ($1::text[]::regclass[]) AND NOT tgisinternal",
        BY_PATIENT,
    )
    assert {row["name"] for row in found} == TRIGGERS
