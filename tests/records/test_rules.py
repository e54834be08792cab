"""What the database holds of records, whoever writes to it."""

from itertools import product
from uuid import UUID

import asyncpg
import pytest

from navis_api.records.models import RecordState
from tests.db.rows import app_connection
from tests.records.world import PATIENT, RecordWorld, content, file_of

STATES = list(RecordState)
OF_PATIENTS = {
    ("UPLOADING", "SCANNING"),
    ("UPLOADING", "FAILED"),
    *((state.value, "DELETED") for state in STATES if state is not RecordState.DELETED),
}
OURS = OF_PATIENTS | {
    ("SCANNING", "EXTRACTING"),
    ("SCANNING", "READY"),
    ("SCANNING", "QUARANTINED"),
    ("SCANNING", "FAILED"),
    ("EXTRACTING", "READY"),
    ("EXTRACTING", "FAILED"),
    ("EXTRACTING", "QUARANTINED"),
    ("READY", "EXTRACTING"),
}
EMPTY = "filename_sealed = NULL, media_type = NULL, size_bytes = NULL, sha256 = NULL"
FULL = "filename_sealed = 'x', media_type = 'x', size_bytes = 1, sha256 = repeat('0', 64)"


@pytest.fixture
async def record_id(world: RecordWorld) -> UUID:
    return (await world.announce(file_of(content(10)))).record.id


def setting(state: str) -> str:
    failure = "'MALWARE'" if state in {"FAILED", "QUARANTINED"} else "NULL"
    rest = f", {EMPTY}" if state == "DELETED" else ""
    return f"UPDATE records SET state = '{state}', failure = {failure}{rest}"


@pytest.mark.parametrize("role", ["system", "patient"])
async def test_a_step_that_is_not_in_the_table_is_not_taken(
    database_url: str, owner: asyncpg.Connection, record_id: UUID, role: str
) -> None:
    allowed = OURS if role == "system" else OF_PATIENTS
    subject = PATIENT.subject or ""
    taken: set[tuple[str, str]] = set()
    async with app_connection(database_url, role=role, subject=subject) as connection:
        for before, after in product(STATES, STATES):
            if before is after:
                continue
            await owner.execute("ALTER TABLE records DISABLE TRIGGER USER")
            await owner.execute(f"UPDATE records SET {FULL}, state = 'UPLOADING', failure = NULL")
            await owner.execute(setting(before))
            await owner.execute("ALTER TABLE records ENABLE TRIGGER USER")
            try:
                changed = await connection.execute(setting(after))
            except (asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError):
                continue
            assert changed == "UPDATE 1"
            taken.add((before.value, after.value))
    assert taken == allowed
    assert record_id


@pytest.mark.parametrize(
    "change",
    [
        "failure = 'MALWARE'",
        "failure = 'my own words', state = 'FAILED'",
        "sha256 = 'x'",
        "size_bytes = 0",
        "size_bytes = 1, state = 'SCANNING'",
        "media_type = NULL",
        "filename_sealed = NULL",
        "lease_token = gen_random_uuid()",
        "state = 'DELETED'",
        "state = 'UNKNOWN'",
    ],
)
async def test_a_row_says_what_it_is(database_url: str, record_id: UUID, change: str) -> None:
    async with app_connection(database_url, role="system") as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(f"UPDATE records SET {change} WHERE id = $1", record_id)


async def test_a_record_begins_with_its_upload(database_url: str, record_id: UUID) -> None:
    async with app_connection(database_url, role="system") as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                "INSERT INTO records (patient_id, id, state, filename_sealed, media_type,"
                " size_bytes, sha256, created_at, updated_at) SELECT patient_id,"
                " gen_random_uuid(), 'READY', filename_sealed, media_type, size_bytes, sha256,"
                " created_at, updated_at FROM records WHERE id = $1",
                record_id,
            )
