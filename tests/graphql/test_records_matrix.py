"""Nobody but the patient gets at a record: through GraphQL, by its id, or as another viewer in SQL.

That each operation and field stands in the table is asked in `test_authorization_matrix`.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from joserfc.jwk import ECKey

from navis_api.db.sessions import Database
from navis_api.graphql.relay import global_id
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records.consents import service as consents
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.models import RecordState
from tests.db.rows import app_connection
from tests.graphql.client import PORTAL, Client
from tests.graphql.conftest import authorization
from tests.graphql.record_operations import (
    FOLLOW,
    NODES,
    OPERATIONS,
    OWNER,
    SUBSCRIPTIONS,
    VIEWERS,
    RecordCase,
    variables,
)
from tests.graphql.socket_client import open_socket
from tests.graphql.world import ASKER, OTHER
from tests.records.readers import MARKER, STAGE, finding_of
from tests.records.world import RecordWorld, content, file_of

CASES = {**OPERATIONS, **NODES}
KEYS = ("public key", "secret key")
SENT = content(500)
NAME = "Only mine.pdf"
OWNERS_VIEWER = Viewer(ViewerKind.PATIENT, ASKER)


@pytest.fixture
def records(database: Database, tmp_path: Path) -> RecordWorld:
    """The place that the endpoint keeps records in too."""
    return RecordWorld(database, tmp_path)


@pytest.fixture
async def record_id(records: RecordWorld) -> UUID:
    """A record of the asker's; the other patient has one of their own."""
    await records.announce(file_of(SENT), Viewer(ViewerKind.PATIENT, OTHER))
    return await records.uploaded(SENT, OWNERS_VIEWER, filename=NAME)


@pytest.fixture
async def finding_id(record_id: UUID, records: RecordWorld, owner: asyncpg.Connection) -> UUID:
    """A finding out of another record of the asker's; the other patient has one too."""
    await records.read(SENT, MARKER, viewer=Viewer(ViewerKind.PATIENT, OTHER))
    read_id = await records.read(SENT, STAGE, viewer=OWNERS_VIEWER)
    del record_id
    return await finding_of(owner, read_id)


@pytest.fixture
def headers(signing_key: ECKey, tokens: dict[str, str]) -> dict[str, str]:
    people = {
        "asker": ("patient", ASKER),
        "other": ("patient", OTHER),
        "reviewer": ("reviewer", "reviewer-1"),
        "editor": ("editor", "editor-1"),
        "administrator": ("admin", "administrator-1"),
        "partner": ("partner", "partner-1"),
        "namesake reviewer": ("reviewer", ASKER),
        "namesake partner": ("partner", ASKER),
    }
    keys = {name: tokens[name] for name in KEYS}
    return keys | {
        name: authorization(signing_key, role, subject) for name, (role, subject) in people.items()
    }


def shows(case: RecordCase, result: dict[str, Any], record_id: UUID) -> bool:
    assert "errors" not in result, result
    shown = case.shows(result["data"])
    if "records" in result["data"]:
        # A patient sees records, but not those of others.
        if "findings" in case.query:
            found = [node["findings"] for node in result["data"]["records"]["nodes"]]
            return STAGE.quote in str(found)
        ids = [node["id"] for node in result["data"]["records"]["nodes"]]
        return global_id("Record", record_id) in ids
    return shown


@pytest.mark.parametrize("name", CASES)
async def test_an_operation_on_records_is_for_those_in_the_table(
    client: Client,
    records: RecordWorld,
    owner: asyncpg.Connection,
    record_id: UUID,
    finding_id: UUID,
    headers: dict[str, str],
    name: str,
) -> None:
    case = CASES[name]
    given = variables(record_id, finding_id)
    if name == "findings of a record":
        read_id = await owner.fetchval("SELECT record_id FROM findings WHERE id = $1", finding_id)
        given["id"] = global_id("Record", str(read_id))
    # The patient comes last: what they do changes the record.
    for viewer in sorted(VIEWERS, key=lambda viewer: viewer in OWNER):
        result = await client.run(case.query, given, authorization=headers.get(viewer))
        if viewer in KEYS and (name in OPERATIONS or name == "findings of a list"):
            # Keys are kept from it before anything is executed, whatever its resolver says.
            assert "data" not in result, (viewer, result)
            assert {each["extensions"]["code"] for each in result["errors"]} == {"FORBIDDEN"}
        else:
            assert shows(case, result, record_id) is (viewer in case.allowed), (viewer, result)
        if viewer not in OWNER:
            assert NAME not in str(result), viewer
            assert STAGE.quote not in str(result), viewer
            assert (await records.row(record_id)).state is RecordState.SCANNING, viewer
            assert await owner.fetchval("SELECT bool_and(status = 'EXTRACTED') FROM findings")


@pytest.mark.parametrize("name", CASES)
async def test_an_invalid_token_does_nothing_at_all(
    client: Client, record_id: UUID, finding_id: UUID, tokens: dict[str, str], name: str
) -> None:
    for viewer in ("expired", "forged"):
        response = await client.send(
            CASES[name].query, variables(record_id, finding_id), authorization=tokens[viewer]
        )
        assert response.status_code == 401
        assert "data" not in response.json()


async def test_the_states_of_a_record_stream_to_its_patient_alone(
    url: str, record_id: UUID, headers: dict[str, str]
) -> None:
    for viewer in VIEWERS:
        async with open_socket(url, headers={"Origin": PORTAL}) as socket:
            token = headers.get(viewer)
            await socket.introduce({"authorization": token} if token else {})
            await socket.subscribe(FOLLOW, {"id": global_id("Record", record_id)})
            reply = await socket.receive()
        if viewer in KEYS:
            # Kept from it before anything is executed: an error of the operation.
            reply = {"payload": {"errors": reply["payload"]}, "was": reply["type"]}
            assert reply["was"] == "error"
        shown = "errors" not in reply["payload"]
        assert shown is (viewer in SUBSCRIPTIONS["Subscription.recordEvents"]), reply
        if not shown:
            codes = {each["extensions"]["code"] for each in reply["payload"]["errors"]}
            assert codes <= {"FORBIDDEN", "NOT_FOUND"}


TABLES = (
    "patients",
    "records",
    "record_uploads",
    "record_parts",
    "record_events",
    "findings",
    "consents",
)
ROWS = {
    "anonymous": ("", ""),
    "other": ("patient", OTHER),
    "reviewer": ("reviewer", "reviewer-1"),
    "editor": ("editor", "editor-1"),
    "administrator": ("administrator", "administrator-1"),
    "partner": ("partner", "partner-1"),
    "namesake": ("reviewer", ASKER),
    "no role": ("", ASKER),
    "unknown role": ("Patient", ASKER),
}


async def seen(address: str, role: str, subject: str, patient_id: UUID) -> dict[str, Any]:
    """How many rows of the patient's a viewer sees in each table, and can change or remove."""
    counts: dict[str, Any] = {}
    async with app_connection(address, role=role, subject=subject) as connection:
        for table in TABLES:
            key = "id" if table == "patients" else "patient_id"
            counts[table] = await connection.fetchval(
                f"SELECT count(*) FROM {table} WHERE {key} = $1", patient_id
            )
        changed = await connection.execute(
            "UPDATE records SET updated_at = updated_at WHERE patient_id = $1", patient_id
        )
        counts["changed"] = int(changed.split()[-1])
        removed = await connection.execute(
            "DELETE FROM record_parts WHERE patient_id = $1", patient_id
        )
        counts["removed"] = int(removed.split()[-1])
        changed = await connection.execute(
            "UPDATE findings SET decided_at = decided_at WHERE patient_id = $1", patient_id
        )
        counts["findings changed"] = int(changed.split()[-1])
        removed = await connection.execute("DELETE FROM findings WHERE patient_id = $1", patient_id)
        counts["findings removed"] = int(removed.split()[-1])
        changed = await connection.execute(
            "UPDATE consents SET revoked_at = now() WHERE patient_id = $1", patient_id
        )
        counts["consents ended"] = int(changed.split()[-1])
    return counts


@pytest.fixture
async def patient_id(records: RecordWorld, record_id: UUID, finding_id: UUID) -> UUID:
    await records.announce(file_of(SENT), OWNERS_VIEWER)
    async with records.database.writing(OWNERS_VIEWER.rows) as session:
        acting = records.acting(OWNERS_VIEWER)
        await consents.grant(session, records.storage, ConsentPurpose.REVIEW, 2, acting)
    del finding_id
    return (await records.row(record_id)).patient_id


async def test_by_sql_another_viewer_gets_nothing(database_url: str, patient_id: UUID) -> None:
    for viewer, (role, subject) in ROWS.items():
        counts = await seen(database_url, role, subject, patient_id)
        assert set(counts.values()) == {0}, viewer


async def test_by_sql_the_patient_gets_their_own(database_url: str, patient_id: UUID) -> None:
    counts = await seen(database_url, "patient", ASKER, patient_id)
    assert counts == {
        "patients": 1,
        "records": 3,
        "record_uploads": 1,
        "record_parts": 2,
        "record_events": 7,
        "findings": 1,
        "changed": 3,
        "removed": 2,
        "findings changed": 1,
        "findings removed": 1,
        "consents": 1,
        "consents ended": 1,
    }


@pytest.mark.parametrize("table", TABLES)
async def test_the_checks_above_would_see_a_broken_policy(
    database_url: str, owner: asyncpg.Connection, patient_id: UUID, table: str
) -> None:
    await owner.execute(f"ALTER POLICY seen ON {table} USING (true)")
    for role, subject in ROWS.values():
        assert (await seen(database_url, role, subject, patient_id))[table] > 0


async def test_by_sql_nobody_adds_to_what_is_another_patients(
    database_url: str, patient_id: UUID, record_id: UUID
) -> None:
    ids = (patient_id, record_id)
    finding = (
        "INSERT INTO findings (patient_id, record_id, id, number, status, content_sealed,"
        " extracted_at) VALUES ($1, $2, gen_random_uuid(), 0, 'EXTRACTED', 'x', now())"
    )
    statements: list[tuple[str, tuple[UUID, ...]]] = [
        (finding, ids),
        ("INSERT INTO record_parts VALUES ($1, $2, 9, gen_random_uuid(), 0, 1)", ids),
        ("INSERT INTO record_uploads VALUES ($1, $2, 'x', now(), 0, 0)", ids),
        ("INSERT INTO record_events VALUES ($1, $2, 9, 'READY', NULL, now())", ids),
        (
            "INSERT INTO consents VALUES ($1, $2, 'EXTERNAL_PROCESSING', 1, now(), NULL)",
            ids,
        ),
        ("INSERT INTO patients (id, subject) VALUES (gen_random_uuid(), 'patient-9')", ()),
    ]
    for role, subject in ROWS.values():
        async with app_connection(database_url, role=role, subject=subject) as connection:
            for statement, values in statements:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement, *values)


async def test_steps_that_are_ours_are_not_a_patients_to_take(
    database_url: str, record_id: UUID
) -> None:
    async with app_connection(database_url, role="patient", subject=ASKER) as connection:
        for state in ("READY", "EXTRACTING"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "UPDATE records SET state = $1 WHERE id = $2", state, record_id
                )
        for change in ("state = 'UPLOADING'", "size_bytes = 1, state = 'READY'"):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(f"UPDATE records SET {change} WHERE id = $1", record_id)
        removed = await connection.execute("DELETE FROM records WHERE id = $1", record_id)
        assert removed == "DELETE 0"


async def test_every_reading_is_recorded(
    client: Client,
    owner: asyncpg.Connection,
    record_id: UUID,
    finding_id: UUID,
    headers: dict[str, str],
) -> None:
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    await owner.execute("DELETE FROM audit_events")
    await owner.execute("UPDATE audit_head SET sequence = 0")
    await owner.execute("ALTER TABLE audit_events ENABLE TRIGGER USER")
    given = variables(record_id, finding_id)
    for name in ("Query.records", "node", "node of a finding", "findings of a list"):
        for viewer in ("asker", "other", "administrator"):
            await client.run(CASES[name].query, given, authorization=headers[viewer])
    await client.run(
        OPERATIONS["Mutation.confirmFindings"].query, given, authorization=headers["asker"]
    )
    # Patients stand there under our ids for them, which lead to their subjects while they are here.
    rows = await owner.fetch(
        "SELECT action, p.subject, object_id, detail::text FROM audit_events"
        " LEFT JOIN patients p ON p.id::text = actor ORDER BY sequence"
    )
    of_asker = [(row[0], row[2]) for row in rows if row[1] == ASKER]
    read_id = await owner.fetchval("SELECT record_id FROM findings WHERE id = $1", finding_id)
    assert of_asker == [
        ("record.list", None),
        ("record.read", str(record_id)),
        ("finding.read", str(read_id)),
        ("record.list", None),
        ("finding.list", None),
        ("finding.decide", None),
    ]
    assert str(record_id) in rows[0][3]
    noted = {row[0]: row[3] for row in rows if row[1] == ASKER}
    assert str(read_id) in noted["finding.list"]
    for action in ("finding.read", "finding.decide"):
        assert str(finding_id) in noted[action]
    assert [row[0] for row in rows if row[1] == OTHER] == [
        "record.list",
        "record.list",
        "finding.list",
    ]
    assert {row[1] for row in rows} == {ASKER, OTHER}
