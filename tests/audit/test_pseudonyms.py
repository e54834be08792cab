"""A patient stands in the record under an id of ours, and never under their provider's name."""

from uuid import UUID

import asyncpg
import pytest

from navis_api.audit.service import Actor, record
from navis_api.db.engine import asyncpg_address
from navis_api.db.migrations import migrate
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from navis_api.kit.ids import new_id
from tests.audit.records import NOON, verified
from tests.conftest import app_database
from tests.db.rows import app_connection

SUBJECT = "auth0|somebody"
PATIENT = Actor("PATIENT", SUBJECT)
AS_PATIENT = RowViewer("patient", SUBJECT)
BEFORE = "0018"
PLAIN = (
    "INSERT INTO audit_events (at, actor_kind, actor, action, detail)"
    " VALUES ($1, 'PATIENT', $2, 'record.read', '{}')"
)


async def known(owner: asyncpg.Connection, subject: str) -> UUID:
    id_ = new_id()
    await owner.execute("INSERT INTO patients (id, subject) VALUES ($1, $2)", id_, subject)
    return id_


@pytest.mark.parametrize("viewer", [AS_PATIENT, SYSTEM_ROWS], ids=["themselves", "our code"])
async def test_what_is_kept_of_a_patient_is_our_id(
    database: Database, owner: asyncpg.Connection, viewer: RowViewer
) -> None:
    patient_id = await known(owner, SUBJECT)
    await known(owner, "somebody-else")
    async with database.writing(viewer) as session:
        await record(session, PATIENT, "record.read", now=NOON)
    assert await owner.fetchval("SELECT actor FROM audit_events") == str(patient_id)
    assert SUBJECT not in str(await owner.fetch("SELECT * FROM audit_events"))
    assert (await verified(database)).whole


@pytest.mark.parametrize("viewer", [AS_PATIENT, SYSTEM_ROWS], ids=["themselves", "our code"])
async def test_of_whom_nothing_is_held_no_name_is_kept_either(
    database: Database, owner: asyncpg.Connection, viewer: RowViewer
) -> None:
    await known(owner, "somebody-else")
    async with database.writing(viewer) as session:
        await record(session, PATIENT, "consent.list", now=NOON)
    row = await owner.fetchrow("SELECT actor_kind, actor FROM audit_events")
    assert row is not None
    assert tuple(row.values()) == ("PATIENT", None)
    assert (await verified(database)).whole


async def test_in_sql_a_patient_cannot_give_another_id(
    database_url: str, owner: asyncpg.Connection
) -> None:
    own, other = await known(owner, SUBJECT), await known(owner, "somebody-else")
    async with app_connection(database_url, role="patient", subject=SUBJECT) as connection:
        for actor in ("somebody-else", str(own), str(other), None, ""):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(PLAIN, NOON, actor)
        await connection.execute(PLAIN, NOON, SUBJECT)
    actors = [row[0] for row in await owner.fetch("SELECT actor FROM audit_events")]
    assert actors == [str(own)]


@pytest.mark.parametrize("role", ["reviewer", "editor", "administrator", "partner", ""])
async def test_nobody_else_records_as_a_patient(
    database_url: str, owner: asyncpg.Connection, role: str
) -> None:
    """Not even under the subject that is a patient's too."""
    patient_id = await known(owner, SUBJECT)
    async with app_connection(database_url, role=role, subject=SUBJECT) as connection:
        for actor in (SUBJECT, str(patient_id)):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(PLAIN, NOON, actor)
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == 0


async def test_rows_from_before_stay_as_they_were_and_the_chain_goes_on(empty_url: str) -> None:
    await migrate(empty_url, revision=BEFORE)
    owner = await asyncpg.connect(asyncpg_address(empty_url))
    patient_id = await known(owner, SUBJECT)
    async with app_connection(empty_url, role="patient", subject=SUBJECT) as connection:
        await connection.execute(PLAIN, NOON, SUBJECT)
    await migrate(empty_url)
    database = app_database(empty_url)
    async with database.writing(AS_PATIENT) as session:
        await record(session, PATIENT, "record.read", now=NOON)
    actors = [row[0] for row in await owner.fetch("SELECT actor FROM audit_events ORDER BY 1")]
    await owner.close()
    assert sorted(actors) == sorted([SUBJECT, str(patient_id)])
    report = await verified(database)
    await database.close()
    assert report.whole
    assert report.rows == 2
