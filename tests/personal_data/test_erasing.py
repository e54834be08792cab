"""Erasing everything that is somebody's: what is gone, what stays, and what a receipt says."""

from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from navis_api.db.base import Base
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import InvalidInput
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.personal_data.erasing import service
from navis_api.personal_data.erasing.service import CONFIRMATION, FINISH_ERASURE
from navis_api.personal_data.erasing.tasks import ErasureTask
from navis_api.records.errors import PatientsOnly
from navis_api.records.models import RecordState
from navis_api.records.sealing.errors import KeyGone
from tests.audit.records import verified
from tests.db.rows import Rows, app_connection
from tests.personal_data.looking import everything, mentions
from tests.personal_data.person import SHARED_QUESTION, Person
from tests.records.world import NOON, NOWHERE, RecordWorld, content

# What of a row may be another one than before, when somebody came and went.
_GOES_ON = {
    "audit_events",
    "audit_head",
    "erasures",
    "pgqueuer",
    "pgqueuer_log",
    "published_changes",
    "search_words",
}


# What they have, by its id.
_IDS = """
    WITH theirs AS (SELECT id FROM questions WHERE position($1 IN text) > 0)
    SELECT id FROM theirs
    UNION SELECT id FROM generations WHERE question_id IN (SELECT id FROM theirs)
    UNION SELECT id FROM answers WHERE question_id IN (SELECT id FROM theirs)
    UNION SELECT r.id FROM answer_revisions r JOIN answers a ON a.id = r.answer_id
        WHERE a.question_id IN (SELECT id FROM theirs)
    UNION SELECT id FROM answer_feedback WHERE subject = $2
    UNION SELECT r.id FROM records r JOIN patients p ON p.id = r.patient_id WHERE p.subject = $2
    UNION SELECT f.id FROM findings f JOIN patients p ON p.id = f.patient_id WHERE p.subject = $2
    UNION SELECT q.id FROM personal_questions q JOIN patients p ON p.id = q.patient_id
        WHERE p.subject = $2
"""


async def finish_by_job(world: RecordWorld, owner: asyncpg.Connection) -> None:
    """Do what the queue holds of erasures, as a worker does: the job is gone when it is done."""
    job = ErasureTask(world.database, world.storage, clock=lambda: world.now)
    for id_, payload in await owner.fetch(
        "SELECT id, payload FROM pgqueuer WHERE entrypoint = $1", FINISH_ERASURE
    ):
        await job.run(payload)
        await owner.execute("DELETE FROM pgqueuer WHERE id = $1", id_)


async def test_no_row_mentions_the_patient_but_receipt_and_audit(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    patient_id = await person.live()
    theirs = [row[0] for row in await owner.fetch(_IDS, person.mark, person.subject)]
    before = await mentions(owner, [person.subject, person.mark, patient_id, *theirs])
    # What is looked for is found where it is held: the look itself is no empty one.
    assert {
        "patients.subject",
        "records.patient_id",
        "findings.patient_id",
        "record_parts.patient_id",
        "consents.patient_id",
        "personal_questions.patient_id",
        "personal_events.patient_id",
        "askings.subject",
        "answer_feedback.text",
        "answer_feedback.client",
        "idempotency_keys.client",
        "questions.text",
        "answers.question_id",
        "answer_revisions.answer_id",
        "generation_events.generation_id",
        "review_items.revision_id",
        "record_events.record_id",
        "pgqueuer.payload",
        "audit_events.actor",
    } <= before

    erasure = await person.erased()
    await finish_by_job(world, owner)

    assert erasure.pseudonym == patient_id
    assert await mentions(owner, [person.subject, person.mark]) == set()
    assert await mentions(owner, [patient_id]) == {
        "audit_events.actor",
        "audit_events.object_id",
        "erasures.pseudonym",
    }
    assert {name.partition(".")[0] for name in await mentions(owner, theirs)} == {"audit_events"}
    assert await world.objects() == []
    with pytest.raises(KeyGone):
        await world.storage.keys.open(patient_id)
    assert (await verified(world.database)).whole


async def test_what_is_others_stays_as_it_was(
    world: RecordWorld, owner: asyncpg.Connection, person: Person, other: Person
) -> None:
    other_id = await other.live()
    kept = await world.objects()
    before = await everything(owner)
    await person.live()
    await person.erased()
    after = await everything(owner)
    for table in before.keys() - _GOES_ON:
        assert without_counts(after[table]) == without_counts(before[table]), table
    jobs = [row["payload"] for row in before["pgqueuer"]]
    assert [job["payload"] for job in after["pgqueuer"] if job["payload"] in jobs] == jobs
    assert await world.objects() == kept
    await world.storage.keys.open(other_id)


def without_counts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out how often a question was asked: that is no trace of anybody."""
    return [{name: row[name] for name in row if name != "times_asked"} for row in rows]


async def test_every_table_of_patients_goes_with_them(owner: asyncpg.Connection) -> None:
    """Whatever table is added: its rows are removed with the patient's, by the database."""
    names = {table.name for table in Base.metadata.sorted_tables if "patient_id" in table.c}
    assert len(names) >= 5
    for name in names:
        leads = await owner.fetch(
            "WITH RECURSIVE up(at) AS (SELECT $1::text::regclass::oid UNION"
            " SELECT c.confrelid FROM pg_constraint c JOIN up ON c.conrelid = up.at"
            " WHERE c.contype = 'f' AND c.confdeltype = 'c')"
            " SELECT at::regclass::text FROM up",
            name,
        )
        assert "patients" in {row[0] for row in leads}, name


async def test_what_is_public_stays_and_forgets_who_asked(
    owner: asyncpg.Connection, person: Person
) -> None:
    rows = Rows(owner)
    public, _ = await rows.published("once-asked")
    retracted, draft = await rows.published("taken-back")
    async with owner.transaction():
        await owner.execute(
            "UPDATE answer_revisions SET state = 'RETRACTED' WHERE id = $1", draft.revision_id
        )
        await owner.execute(
            "UPDATE questions SET status = 'AWAITING_REVIEW', answered_at = NULL WHERE id = $1",
            retracted,
        )
    anonymous = await rows.question(status="AWAITING_REVIEW", asked_anonymously=True)
    alone = await rows.question(status="DECLINED")
    for question_id in (public, retracted, anonymous, alone):
        await rows.asking(question_id, person.subject)

    erasure = await person.erased()

    left = {row[0] for row in await owner.fetch("SELECT id FROM questions")}
    assert {public, retracted, anonymous} <= left
    assert alone not in left
    assert await mentions(owner, [person.subject]) == set()
    assert erasure.removed == {"askings": 4, "questions": 1}


async def test_a_question_that_others_ask_too_stays_theirs(
    owner: asyncpg.Connection, person: Person, other: Person
) -> None:
    question_id = await other.question(SHARED_QUESTION)
    assert await person.question(SHARED_QUESTION) == question_id
    await person.erased()
    asked_by = await owner.fetch("SELECT subject FROM askings WHERE question_id = $1", question_id)
    assert [row[0] for row in asked_by] == [other.subject]
    await other.erased()
    assert await owner.fetchval("SELECT count(*) FROM questions WHERE id = $1", question_id) == 0


async def test_the_receipt_says_what_was_removed_and_names_nobody(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    await person.live()
    counts = {
        table: await owner.fetchval(f"SELECT count(*) FROM {table}")
        for table in ("records", "findings", "record_parts", "record_uploads")
    }
    erasure = await person.erased()
    assert counts.items() <= erasure.removed.items()
    assert {"askings": 3, "answer_feedback": 1, "idempotency_keys": 1}.items() <= (
        erasure.removed.items()
    )
    assert erasure.removed["questions"] == 3
    assert erasure.erased_at == erasure.key_destroyed_at == erasure.objects_removed_at == world.now
    row = await owner.fetchrow("SELECT * FROM erasures")
    assert row is not None
    assert person.subject not in str(row)


async def test_a_second_time_is_harmless(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    await person.live()
    first = await person.erased()
    before = await everything(owner)
    second = await person.erased()
    assert second.id != first.id
    assert second.removed == {}
    after = await everything(owner)
    for table in before.keys() - _GOES_ON:
        assert after[table] == before[table], table
    assert await mentions(owner, [person.subject]) == set()
    del world


async def test_the_same_person_starts_anew_under_another_id(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    former = await person.live()
    await person.erased()
    record_id = await world.uploaded(content(50), person.viewer)
    row = await world.row(record_id)
    assert row.patient_id != former
    await world.storage.keys.open(row.patient_id)
    question_id = await person.question(f"What surgery would {person.mark} have for liver cancer?")
    assert await owner.fetchval("SELECT count(*) FROM askings WHERE question_id = $1", question_id)
    await finish_by_job(world, owner)
    assert (await world.row(record_id)).state is RecordState.SCANNING
    assert len(await world.objects()) == 1


async def test_cut_off_before_the_end_of_its_transaction_nothing_is_done(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    patient_id = await person.live()
    objects, before = await world.objects(), await everything(owner)
    subject, request = service.requested_by_patient(
        person.viewer, CONFIRMATION, now=world.now, origin=NOWHERE
    )

    async def cut_off() -> None:
        async with world.database.writing(SYSTEM_ROWS) as session:
            await service.erase(session, subject, request)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await cut_off()
    assert await everything(owner) == before
    assert await world.objects() == objects
    await world.storage.keys.open(patient_id)


async def test_cut_off_after_its_transaction_it_is_finished_by_the_job(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    patient_id = await person.live()
    erasure = await person.rows_erased()
    assert erasure.key_destroyed_at is None
    assert await world.objects()
    await world.storage.keys.open(patient_id)
    await finish_by_job(world, owner)
    assert await world.objects() == []
    with pytest.raises(KeyGone):
        await world.storage.keys.open(patient_id)
    row = await owner.fetchrow("SELECT key_destroyed_at, objects_removed_at FROM erasures")
    assert row is not None
    assert None not in tuple(row.values())


async def test_every_act_of_it_is_recorded_once(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    patient_id = await person.live()
    await person.erased()
    await finish_by_job(world, owner)
    rows = await owner.fetch(
        "SELECT actor_kind, actor, action FROM audit_events WHERE object_type = 'patient'"
        " ORDER BY sequence"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("PATIENT", str(patient_id), "patient.erase"),
        ("SYSTEM", None, "patient.destroy_key"),
        ("SYSTEM", None, "patient.remove_objects"),
    ]


async def test_nothing_of_it_is_in_a_log(
    world: RecordWorld, owner: asyncpg.Connection, person: Person
) -> None:
    await person.live()
    with capture_logs() as logs:
        await person.erased()
        await finish_by_job(world, owner)
    assert [each["event"] for each in logs] == ["erasure.finished"]
    assert person.subject not in str(logs)
    assert person.mark not in str(logs)


@pytest.mark.parametrize("kind", [kind for kind in ViewerKind if kind is not ViewerKind.PATIENT])
def test_only_a_patient_asks_for_it(kind: ViewerKind) -> None:
    viewer = Viewer(kind, None if kind is ViewerKind.ANONYMOUS else "somebody")
    with pytest.raises(PatientsOnly):
        service.requested_by_patient(viewer, CONFIRMATION, now=NOON, origin=NOWHERE)


@pytest.mark.parametrize("said", ["", "yes", "erase my data", f" {CONFIRMATION}", "\0", "\ud800"])
def test_it_is_not_done_by_mistake(person: Person, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        service.requested_by_patient(person.viewer, said, now=NOON, origin=NOWHERE)
    assert CONFIRMATION in refused.value.message
    assert refused.value.path == ("input", "confirmation")


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM erasures",
        "UPDATE erasures SET removed = '{\"records\": 1}'",
        "UPDATE erasures SET erased_at = now()",
        "UPDATE erasures SET key_destroyed_at = now()",
        "UPDATE erasures SET key_destroyed_at = NULL",
        "UPDATE erasures SET key_destroyed_at = NULL, settled_at = now()",
        "UPDATE erasures SET pseudonym = gen_random_uuid()",
    ],
)
async def test_a_receipt_stands(
    sample_database_url: str, owner: asyncpg.Connection, person: Person, change: str
) -> None:
    await person.erased()
    before = await owner.fetch("SELECT * FROM erasures")
    async with app_connection(sample_database_url, role="system") as connection:
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError)):
            await connection.execute(change)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(change)
    assert await owner.fetch("SELECT * FROM erasures") == before


@pytest.mark.parametrize("role", ["", "patient", "partner", "reviewer", "editor", "administrator"])
async def test_receipts_are_in_nobodys_list(
    sample_database_url: str, owner: asyncpg.Connection, person: Person, role: str
) -> None:
    await person.erased()
    assert await owner.fetchval("SELECT count(*) FROM erasures") == 1
    async with app_connection(sample_database_url, role=role, subject=person.subject) as seen:
        assert await seen.fetchval("SELECT count(*) FROM erasures") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await seen.execute(
                "INSERT INTO erasures (id, pseudonym, erased_by, erased_at, removed)"
                " VALUES (gen_random_uuid(), gen_random_uuid(), 'PATIENT', now(), '{}')"
            )
        changed = await seen.execute("UPDATE erasures SET settled_at = now()")
        assert changed == "UPDATE 0"
        removed = await seen.execute("DELETE FROM answer_feedback")
        assert removed == "DELETE 0"
