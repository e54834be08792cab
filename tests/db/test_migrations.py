"""Migrations: from nothing to now and back, over data, by whoever may run them."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from alembic import command
from navis_api.app import migrations_check
from navis_api.db import embedded, migrations
from navis_api.db.engine import asyncpg_address, parse_address
from navis_api.db.migrations import (
    DatabaseNotMigrated,
    DatabaseOutOfReach,
    TablesDiffer,
    expected_head,
    migrate,
    require_migrated,
    require_no_drift,
)
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.jobs.queue import enqueue
from tests.conftest import app_database, at_database
from tests.db.rows import Rows, app_connection

STEPS = [
    script.revision for script in ScriptDirectory.from_config(migrations._config()).walk_revisions()
][::-1]

# Everything of the schema that a migration can make, as text that can be compared.
_SCHEMA = """
    SELECT 'column', table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
        || ' ' || coalesce(column_default, '') || coalesce(generation_expression, '')
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'without statistics', attrelid::regclass || '.' || attname
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attstattarget = 0 AND attnum > 0
        AND NOT attisdropped AND relkind = 'r'
    UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || conname || ' '
        || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'policy', tablename || ' ' || policyname || ' ' || roles::text || ' ' || cmd
        || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
    FROM pg_policies WHERE schemaname = 'public'
    UNION ALL SELECT 'function', pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'owner', c.oid::regclass || ' ' || pg_get_userbyid(relowner)
        || ' ' || coalesce(relacl::text, '') || relrowsecurity || relforcerowsecurity
    FROM pg_class c WHERE relnamespace = 'public'::regnamespace
    ORDER BY 1, 2
"""


async def _downgrade(address: str, revision: str) -> None:
    def run(connection: Connection) -> None:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    async with migrations._connected(address) as connection:
        await connection.run_sync(run)


async def _schema(address: str) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(asyncpg_address(address))
    try:
        return [(row[0], row[1]) for row in await connection.fetch(_SCHEMA)]
    finally:
        await connection.close()


async def fill(address: str) -> None:
    """Put rows into every table that the first migration makes."""
    connection = await asyncpg.connect(asyncpg_address(address))
    try:
        rows = Rows(connection)
        cancer = await rows.cancer("liver-cancer")
        await rows.insert("cancer_names", name="liver cancer", cancer_id=cancer)
        await rows.cancer("a-subtype", parent_id=cancer)
        question, draft = await rows.published("a-slug", cancer_id=cancer)
        await rows.asking(question, "patient-1")
        await rows.next_draft(draft.answer_id, number=2)
        own = await rows.question(status="AWAITING_REVIEW")
        await rows.draft(own)
        generation = await rows.generation(own)
        for sequence in (1, 2):
            await rows.event(generation, sequence)
        await rows.insert(
            "passages",
            id=uuid4(),
            version_id=draft.version_id,
            position=0,
            start=0,
            end=5,
            heading="A title",
            text="Ablat",
            cancer_ids=[cancer],
        )
        await rows.insert("search_words", word="liver", deletions=["iver"])
        await rows.insert("idempotency_keys", client="a", key="b", request_hash="c", result="{}")
    finally:
        await connection.close()


async def count_rows(address: str) -> dict[str, int]:
    connection = await asyncpg.connect(asyncpg_address(address))
    try:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return {
            row[0]: await connection.fetchval(f"SELECT count(*) FROM {row[0]}") for row in tables
        }
    finally:
        await connection.close()


async def test_an_empty_database_comes_up_to_date_and_stays_so(empty_url: str) -> None:
    with pytest.raises(DatabaseNotMigrated):
        await require_migrated(empty_url)
    await migrate(empty_url)
    await require_migrated(empty_url)
    before = await _schema(empty_url)
    await migrate(empty_url)
    assert await _schema(empty_url) == before


async def test_an_older_database_is_not_up_to_date(empty_url: str) -> None:
    for revision in STEPS[:-1]:
        await migrate(empty_url, revision=revision)
        with pytest.raises(DatabaseNotMigrated):
            await require_migrated(empty_url)


def test_there_is_one_line_of_migrations() -> None:
    scripts = ScriptDirectory.from_config(migrations._config())
    assert scripts.get_heads() == [STEPS[-1]]
    assert expected_head() == STEPS[-1]


async def test_the_migrations_make_what_the_code_declares(
    database_url: str, owner: asyncpg.Connection
) -> None:
    await require_no_drift(database_url)
    await owner.execute("ALTER TABLE questions ADD COLUMN forgotten text")
    with pytest.raises(TablesDiffer):
        await require_no_drift(database_url)


async def test_what_is_missing_in_the_database_is_drift_too(
    database_url: str, owner: asyncpg.Connection
) -> None:
    await owner.execute("DROP INDEX uq_generations_active")
    with pytest.raises(TablesDiffer):
        await require_no_drift(database_url)


async def test_down_to_nothing_and_up_again_gives_the_same(empty_url: str) -> None:
    await migrate(empty_url)
    before = await _schema(empty_url)
    await _downgrade(empty_url, "base")
    left = [line for kind, line in await _schema(empty_url) if "alembic_version" not in line]
    assert left == []
    await migrate(empty_url)
    assert await _schema(empty_url) == before


async def test_every_step_runs_on_a_database_full_of_data_both_ways(empty_url: str) -> None:
    await migrate(empty_url, revision=STEPS[0])
    await fill(empty_url)
    filled = await count_rows(empty_url)
    assert all(filled.values()), filled
    schemas = {STEPS[0]: await _schema(empty_url)}
    for revision in STEPS[1:]:
        await migrate(empty_url, revision=revision)
        schemas[revision] = await _schema(empty_url)
    await put_job(empty_url)
    for revision in STEPS[-2::-1]:
        await _downgrade(empty_url, revision)
        assert without_grants(await _schema(empty_url)) == without_grants(schemas[revision])
    assert await count_rows(empty_url) == filled
    await migrate(empty_url)
    assert filled.items() <= (await count_rows(empty_url)).items()
    assert await _schema(empty_url) == schemas[STEPS[-1]]
    await _downgrade(empty_url, "base")
    assert await count_rows(empty_url) == {"alembic_version": 0}


def without_grants(schema: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out the access lists, which say "none" in two ways."""
    return [line for line in schema if line[0] != "owner"]


async def put_job(address: str) -> None:
    database = app_database(address)
    async with database.writing(SYSTEM_ROWS) as session:
        await enqueue(session, "task", b"id", dedupe_key="key")
    await database.close()


async def migrate_in_a_process(address: str) -> None:
    """Migrate as `navis-api migrate` does; Alembic's context serves one at a time in a process."""
    code = "import asyncio, sys; from navis_api.db.migrations import migrate;"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code + "asyncio.run(migrate(sys.argv[1]))",
        address,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()


async def test_processes_that_migrate_at_once_do_not_collide(empty_url: str) -> None:
    await asyncio.gather(*(migrate_in_a_process(empty_url) for _ in range(3)))
    await require_migrated(empty_url)
    await require_no_drift(empty_url)


async def test_everything_belongs_to_the_owner_role(owner: asyncpg.Connection) -> None:
    belongings = await owner.fetch(
        "SELECT relname AS name, pg_get_userbyid(relowner) AS owner FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace"
        " UNION ALL SELECT proname, pg_get_userbyid(proowner) FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace"
        " UNION ALL SELECT typname, pg_get_userbyid(typowner) FROM pg_type"
        " WHERE typnamespace = 'public'::regnamespace"
    )
    assert len(belongings) > 40
    assert {row["name"]: row["owner"] for row in belongings if row["owner"] != "navis_owner"} == {}
    role = await owner.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'navis_owner'"
    )
    assert role is not None
    assert set(role.values()) == {False}


async def test_functions_that_act_as_the_owner_look_for_tables_in_our_schema_first(
    owner: asyncpg.Connection,
) -> None:
    functions = await owner.fetch(
        "SELECT proname, prosecdef, proconfig FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'navis%'"
    )
    acting = {row["proname"]: row["proconfig"] for row in functions if row["prosecdef"]}
    assert len(acting) >= 3
    assert {tuple(config or ()) for config in acting.values()} == {("search_path=public, pg_temp",)}


async def test_a_database_out_of_reach_is_said_without_its_password() -> None:
    address = "postgresql://somebody:secret-1@127.0.0.1:1/navis"
    for attempt in (migrate, require_migrated, require_no_drift):
        with pytest.raises(DatabaseOutOfReach) as refused:
            await attempt(address)
        assert "secret-1" not in str(refused.value)


# A server of its own, on which no role of ours is there yet.


@pytest.fixture(scope="module")
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("new") / "server"
    with embedded.start(folder) as server:
        yield server.url


async def test_first_migrations_of_two_databases_at_once_and_by_an_ordinary_login(
    new_server: str,
) -> None:
    administrator = await asyncpg.connect(asyncpg_address(new_server))
    await administrator.execute("CREATE ROLE deployer LOGIN PASSWORD 'made-up' CREATEROLE CREATEDB")
    deployer_url = (
        parse_address(new_server)
        .set(drivername="postgresql", username="deployer", password="made-up", database="postgres")
        .render_as_string(hide_password=False)
    )
    deployer = await asyncpg.connect(deployer_url)
    addresses: list[str] = []
    for name in ("one", "two"):
        await deployer.execute(f"CREATE DATABASE {name}")
        addresses.append(at_database(deployer_url, name))
    await deployer.close()
    await asyncio.gather(*map(migrate_in_a_process, addresses))
    for address in addresses:
        await migrate(address)
        await require_migrated(address)
        await require_no_drift(address)
        await fill_as_app(address)
    roles = await administrator.fetch(
        "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles"
        " WHERE rolname LIKE 'navis%' ORDER BY 1"
    )
    await administrator.close()
    assert [tuple(row.values()) for row in roles] == [
        ("navis_app", False, False, False),
        ("navis_owner", False, False, False),
    ]


async def fill_as_app(address: str) -> None:
    async with app_connection(address, role="system") as connection:
        await Rows(connection).published("a-slug")
        assert await connection.fetchval("SELECT current_user") == "navis_app"
    async with app_connection(address) as connection:
        assert await connection.fetchval("SELECT count(*) FROM answer_revisions") == 1


async def test_code_goes_on_with_a_database_that_is_newer_and_not_with_an_older_one(
    empty_url: str,
) -> None:
    await migrate(empty_url)
    database = app_database(empty_url)
    owner = await asyncpg.connect(asyncpg_address(empty_url))
    try:
        is_migrated = migrations_check(database)
        await owner.execute("UPDATE alembic_version SET version_num = '9999'")
        await require_migrated(empty_url)
        await is_migrated()
        await owner.execute("UPDATE alembic_version SET version_num = $1", STEPS[-2])
        for check in (require_migrated(empty_url), is_migrated()):
            with pytest.raises(DatabaseNotMigrated):
                await check
    finally:
        await owner.close()
        await database.close()


async def test_consents_stay_as_they_are_when_one_more_may_be_given(empty_url: str) -> None:
    await migrate(empty_url, revision="0016")
    connection = await asyncpg.connect(asyncpg_address(empty_url))
    give = "INSERT INTO consents VALUES ($1, gen_random_uuid(), $2, 1, now(), NULL)"
    stored = "SELECT patient_id, id, purpose, version, granted_at FROM consents ORDER BY id"
    patient = uuid4()
    try:
        await connection.execute(
            "INSERT INTO patients (id, subject) VALUES ($1, 'patient-1')", patient
        )
        await connection.execute(give, patient, "EXTERNAL_PROCESSING")
        before = await connection.fetch(stored)
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(give, patient, "READING_BY_MODEL")
        await migrate(empty_url, revision="0022")
        assert await connection.fetch(stored) == before
        await connection.execute(give, patient, "READING_BY_MODEL")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(give, patient, "EVERYTHING")
        # The former version knows no such consent: it goes, and the others stay.
        await _downgrade(empty_url, "0016")
        assert await connection.fetch(stored) == before
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(give, patient, "READING_BY_MODEL")
        await migrate(empty_url)
        await connection.execute(give, patient, "READING_BY_MODEL")
    finally:
        await connection.close()
