"""An export has everything that is held of somebody and nothing of others.

When it isn't whole it never looks so.
"""

import base64
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from navis_api.answers.fixed_texts import PERSONAL_DISCLAIMER
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.identity.viewer import Viewer
from navis_api.personal_data.erasing import repository as erasing
from navis_api.personal_data.exporting import service
from navis_api.personal_data.exporting.documents import binary_entry
from navis_api.personal_data.exporting.errors import ContentsMissing, ExportCut
from navis_api.personal_data.exporting.files import RecordFile, open_file
from navis_api.personal_data.exporting.service import ContentsMode
from navis_api.records.consents import service as consents
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.texts import current_version
from navis_api.records.errors import RecordUnknown
from navis_api.records.sealing.errors import StorageUnavailable
from tests.asking.personal.world import PRIMARY, QUESTION, PersonalWorld, extractive
from tests.engines import Stumbling
from tests.fhir import Resource, extensions, of_type
from tests.personal_data.conftest import SUBJECT
from tests.personal_data.exporting.exports import SITE, begun, exported, exporter, resources
from tests.personal_data.person import NAME, SHARED_QUESTION, Person
from tests.records.readers import MARKER, READ, STAGE
from tests.records.world import PART, RecordWorld, content, file_of

# Where each kind of row is in a bundle. Erasing finds the kinds by their columns, so that a new
# table with a patient's data is missing here until somebody has said where it goes.
KINDS = {
    "records": "DocumentReference",
    "record_events": "DocumentReference",
    "record_uploads": "DocumentReference",
    "record_parts": "Binary",
    "findings": "Observation",
    "consents": "Consent",
    "questions": "Communication",
    "askings": "Communication",
    "personal_questions": "Communication",
    "personal_reviews": "Communication",
    "personal_events": "Communication",
    "answer_feedback": "Communication",
}
LEFT_OUT = {
    # What the app made up so that a question isn't asked twice; a worker removes it.
    "idempotency_keys",
}


async def allow(world: RecordWorld, viewer: Viewer) -> None:
    """Two consents, of which one is taken back."""
    acting = world.acting(viewer)
    for purpose in (ConsentPurpose.PERSONAL_ANSWERS, ConsentPurpose.REVIEW):
        async with world.database.writing(viewer.rows) as session:
            await consents.grant(session, world.storage, purpose, current_version(purpose), acting)
    async with world.database.writing(viewer.rows) as session:
        await consents.revoke(session, ConsentPurpose.REVIEW, acting)


def files(found: list[Resource]) -> dict[str, bytes]:
    """The file of each record, by the record's id."""
    return {
        each["securityContext"]["reference"].removeprefix("urn:uuid:"): base64.b64decode(
            each["data"], validate=True
        )
        for each in of_type(found, "Binary")
    }


def document(found: list[Resource], record_id: UUID) -> dict[str, Any]:
    return next(each for each in found if each["id"] == str(record_id))


async def test_everything_that_is_held_is_in_it(person: Person, owner: asyncpg.Connection) -> None:
    await person.live()
    async with person.world.database.reading(SYSTEM_ROWS) as session:
        held = await erasing.count_held(session, person.subject)
    assert set(held) == set(KINDS) | LEFT_OUT
    found = await resources(person.world, person.viewer)
    kinds = Counter(each["resourceType"] for each in found)
    assert kinds["Patient"] == 1
    assert kinds["DocumentReference"] == held["records"]
    assert kinds["Consent"] == held["consents"] == 2
    assert kinds["Communication"] == held["askings"] + held["answer_feedback"] + (
        held["personal_questions"] + 1
    )
    facts = ("Condition", "Observation", "MedicationStatement", "Procedure")
    assert sum(kinds[each] for each in facts) == held["findings"]
    assert kinds["OperationOutcome"] == 0
    states = {extensions(each)["state"] for each in of_type(found, "DocumentReference")}
    assert states == {
        row[0]
        for row in await owner.fetch(
            "SELECT state FROM records r JOIN patients p ON p.id = r.patient_id WHERE subject = $1",
            person.subject,
        )
    }
    came_to = sum(
        each["url"] == "urn:navis-api:came-to"
        for one in of_type(found, "DocumentReference")
        for each in one["extension"]
    )
    assert came_to == held["record_events"]
    (uploading,) = [each for each in found if "upload" in extensions(each)]
    assert extensions(uploading)["state"] == "UPLOADING"


async def test_what_somebody_wrote_is_in_it_and_nothing_of_others(
    person: Person, other: Person
) -> None:
    await person.live()
    await other.live()
    bundle = await exported(person.world, person.viewer)
    words = bundle.decode()
    assert NAME in words
    assert f"My liver cancer came back says {person.mark}" in words
    assert SHARED_QUESTION in words
    assert f"It harmed {person.mark}" in words
    assert person.subject in words
    assert other.mark not in words
    assert other.subject not in words
    assert str(await other.patient_id()) not in words


async def test_personal_questions_have_their_answers_and_facts(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = PersonalWorld(person.world.database, person.world.folder)
    await world.allow(viewer=person.viewer)
    (finding_id,) = await world.confirmed(PRIMARY, viewer=person.viewer)
    entry = await world.answered(viewer=person.viewer)
    waiting = await world.asked_id("What surgery is there for me?", person.viewer)
    assert entry.answer is not None
    monkeypatch.setattr(service, "_ANSWERS_AT_A_TIME", 1)
    found = of_type(await resources(person.world, person.viewer), "Communication")
    asked, answer, unanswered = found
    assert (asked["id"], unanswered["id"]) == (str(entry.row.id), str(waiting))
    assert asked["payload"][0]["contentString"] == QUESTION
    assert str(finding_id) in str(extensions(asked)["fact"])
    assert answer["inResponseTo"] == [{"reference": f"urn:uuid:{entry.row.id}"}]
    words = answer["payload"][0]["contentString"]
    claims = [claim for section in entry.answer.content.sections for claim in section.claims]
    assert claims
    assert all(claim.text in words for claim in claims)
    assert entry.answer.revision.doctor_questions[0] in words
    assert PERSONAL_DISCLAIMER.text in words


async def test_an_answer_has_what_a_reviewer_decided_and_one_taken_back_was_in_error(
    person: Person,
) -> None:
    world = PersonalWorld(person.world.database, person.world.folder)
    await world.allow(viewer=person.viewer)
    await world.confirmed(PRIMARY, viewer=person.viewer)
    approved = await world.answered(viewer=person.viewer)
    taken_back = await world.answered("What surgery is there for me?", person.viewer)
    await person.reviewed(approved.row.id, "APPROVE", until=date(2027, 11, 21))
    await person.reviewed(taken_back.row.id, "REJECT", reason="UNSAFE")
    answers = [
        each
        for each in of_type(await resources(person.world, person.viewer), "Communication")
        if "inResponseTo" in each
    ]
    assert [each["status"] for each in answers] == ["completed", "entered-in-error"]
    kept, withdrawn = (str(extensions(each)["review"]) for each in answers)
    assert "Dr Sample" in kept
    assert "2027-11-21" in kept
    assert "Dr Sample" in answers[0]["payload"][0]["contentString"]
    assert "UNSAFE" in withdrawn
    assert taken_back.answer is not None
    assert taken_back.answer.revision.summary in answers[1]["payload"][0]["contentString"]


async def test_of_an_answer_that_was_stopped_there_is_what_was_told_of_it(
    person: Person,
) -> None:
    world = PersonalWorld(person.world.database, person.world.folder)
    await world.allow(viewer=person.viewer)
    await world.confirmed(PRIMARY, viewer=person.viewer)
    question_id = await world.asked_id(viewer=person.viewer)
    engine = Stumbling(extractive(world.database), after_sections=1, attempts=1)
    with pytest.raises(RuntimeError, match="stumbled"):
        await world.task(engine).run(question_id.bytes)
    acting = person.world.acting(person.viewer)
    async with world.database.writing(person.viewer.rows) as session:
        await world.asking.cancel(session, question_id, acting)
    told = await world.events(question_id, person.viewer)
    words = [each.payload["text"] for each in told if "text" in each.payload]
    assert words
    communications = of_type(await resources(person.world, person.viewer), "Communication")
    (stopped,) = [each for each in communications if each["status"] == "stopped"]
    assert "".join(words) in stopped["payload"][0]["contentString"]
    assert stopped["inResponseTo"] == [{"reference": f"urn:uuid:{question_id}"}]


async def test_a_personal_question_that_does_not_open_is_named(
    person: Person, owner: asyncpg.Connection
) -> None:
    world = PersonalWorld(person.world.database, person.world.folder)
    await world.allow(viewer=person.viewer)
    await world.confirmed(PRIMARY, viewer=person.viewer)
    broken = await world.asked_id(viewer=person.viewer)
    await world.asked_id("What surgery is there for me?", person.viewer)
    await owner.execute("ALTER TABLE personal_questions DISABLE TRIGGER USER")
    await owner.execute(
        "UPDATE personal_questions SET asked_sealed = '\\x00' WHERE id = $1", broken
    )
    found = await resources(person.world, person.viewer)
    (outcome,) = of_type(found, "OperationOutcome")
    assert str(broken) in str(outcome)
    assert len(of_type(found, "Communication")) == 1


async def test_the_acts_in_it_are_those_on_what_is_theirs(
    person: Person, other: Person, owner: asyncpg.Connection
) -> None:
    await person.live()
    await other.live()
    found = of_type(await resources(person.world, person.viewer), "AuditEvent")
    patient_id = await person.patient_id()
    rows = await owner.fetch(
        "SELECT action FROM audit_events WHERE actor = $1 OR object_id = $1 OR object_id IN"
        " (SELECT id::text FROM records WHERE patient_id = $2) ORDER BY sequence",
        str(patient_id),
        patient_id,
    )
    shown = [each["subtype"][0]["code"] for each in found]
    assert shown == [row[0] for row in rows]
    assert shown[-1] == "patient.export"
    assert {"record.create", "finding.decide", "consent.revoke"} <= set(shown)


async def test_the_acts_are_found_however_many_rows_lie_between(
    person: Person, other: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await allow(person.world, person.viewer)
    await other.upload()
    await allow(person.world, person.viewer)
    whole = of_type(await resources(person.world, person.viewer), "AuditEvent")
    monkeypatch.setattr(service, "_ACTS_AT_A_TIME", 3)
    monkeypatch.setattr(service, "_A_PAGE", 1)
    again = of_type(await resources(person.world, person.viewer), "AuditEvent")
    assert again[:-1] == whole
    assert again[-1]["subtype"][0]["code"] == "patient.export"


async def test_questions_and_feedback_are_found_page_by_page(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person.talk()
    whole = of_type(await resources(person.world, person.viewer), "Communication")
    monkeypatch.setattr(service, "_A_PAGE", 1)
    assert of_type(await resources(person.world, person.viewer), "Communication") == whole
    assert len(whole) == 4


async def test_it_is_noted_before_its_first_byte(person: Person, owner: asyncpg.Connection) -> None:
    await allow(person.world, person.viewer)
    await begun(person.world, person.viewer, ContentsMode.SEPARATE)
    row = await owner.fetchrow("SELECT * FROM audit_events ORDER BY sequence DESC LIMIT 1")
    assert row is not None
    patient_id = str(await person.patient_id())
    assert (row["action"], row["actor"], row["object_id"]) == (
        "patient.export",
        patient_id,
        patient_id,
    )
    assert json.loads(row["detail"]) == {"contents": "separate", "records": 0}


@pytest.mark.parametrize("size", [1, PART - 1, PART, 2 * PART, 3 * PART + 1, 4 * PART + 2])
async def test_files_are_in_it_to_the_byte(person: Person, size: int) -> None:
    sent = content(size, seed=size)
    record_id = await person.world.scanned(sent, person.viewer)
    found = await resources(person.world, person.viewer)
    assert files(found) == {str(record_id): sent}
    attachment = document(found, record_id)["content"][0]["attachment"]
    (binary,) = of_type(found, "Binary")
    assert attachment["url"] == f"urn:uuid:{binary['id']}"
    assert attachment["size"] == size


async def test_a_file_in_pieces_of_any_size_is_the_same_file(person: Person) -> None:
    sent = content(50)
    record_id = await person.world.scanned(sent, person.viewer)
    record = await person.world.row(record_id)

    async def cut(sizes: tuple[int, ...]) -> AsyncIterator[bytes]:
        at = 0
        while at < len(sent):
            for size in sizes:
                yield sent[at : at + size]
                at += size

    for sizes in ((1,), (2,), (1, 2), (4, 1, 1), (3,), (5, 7), (50,)):
        told = b"".join([piece async for piece in binary_entry(record, cut(sizes))])
        assert base64.b64decode(json.loads(told)["resource"]["data"], validate=True) == sent


async def test_separate_files_are_left_at_an_address_each(person: Person) -> None:
    record_id = await person.world.read(content(100), *READ, viewer=person.viewer)
    found = await resources(person.world, person.viewer, ContentsMode.SEPARATE)
    assert of_type(found, "Binary") == []
    attachment = document(found, record_id)["content"][0]["attachment"]
    assert attachment["url"] == f"{SITE}{record_id}"


async def test_of_somebody_without_a_row_there_is_what_they_asked(person: Person) -> None:
    await person.question(SHARED_QUESTION)
    found = await resources(person.world, person.viewer)
    assert [each["resourceType"] for each in found] == ["Patient", "Communication"]
    assert found[0]["identifier"] == [{"system": "urn:navis-api:subject", "value": SUBJECT}]
    assert await person.patient_id() is None


async def test_of_somebody_unknown_there_is_nothing_but_their_name(person: Person) -> None:
    (only,) = await resources(person.world, person.viewer)
    assert only["resourceType"] == "Patient"


async def test_consents_have_their_words_and_their_end(person: Person) -> None:
    await allow(person.world, person.viewer)
    found = of_type(await resources(person.world, person.viewer), "Consent")
    by_purpose = {extensions(each)["purpose"]: each for each in found}
    stands, ended = by_purpose["PERSONAL_ANSWERS"], by_purpose["REVIEW"]
    assert (stands["status"], ended["status"]) == ("active", "inactive")
    assert "end" not in stands["provision"]["period"]
    assert ended["provision"]["period"]["end"]
    assert b"What is used" in base64.b64decode(stands["sourceAttachment"]["data"])


def objects_of(world: RecordWorld, record_id: UUID) -> list[Path]:
    return sorted((world.folder / "objects").rglob(f"{record_id}/*"))


@pytest.mark.parametrize("damage", ["missing", "changed", "cut"])
async def test_a_damaged_file_is_named_and_the_rest_is_given(
    person: Person, owner: asyncpg.Connection, damage: str
) -> None:
    world = person.world
    before = await world.scanned(content(10), person.viewer)
    record_id = await world.read(content(3 * PART), STAGE, viewer=person.viewer)
    after = await world.scanned(content(20), person.viewer)
    # The last of its parts, so that what comes before it is as it should be.
    part_id = await owner.fetchval(
        "SELECT id FROM record_parts WHERE record_id = $1 ORDER BY number DESC LIMIT 1", record_id
    )
    (path,) = [each for each in objects_of(world, record_id) if each.name == str(part_id)]
    match damage:
        case "missing":
            path.unlink()
        case "changed":
            path.write_bytes(path.read_bytes()[:-1] + b"\0")
        case _:
            path.write_bytes(path.read_bytes()[:-100])
    found = await resources(world, person.viewer)
    assert set(files(found)) == {str(before), str(after)}
    assert "url" not in document(found, record_id)["content"][0]["attachment"]
    (outcome,) = of_type(found, "OperationOutcome")
    assert str(record_id) in str(outcome)
    assert outcome["issue"][0]["details"]["coding"][0]["code"] == "contents"
    # What was read from it is there.
    assert len(of_type(found, "Observation")) == 1


async def test_a_file_whose_parts_nobody_knows_any_more_is_named_too(
    person: Person, owner: asyncpg.Connection
) -> None:
    record_id = await person.world.read(content(10), viewer=person.viewer)
    await owner.execute("DELETE FROM record_parts WHERE record_id = $1", record_id)
    found = await resources(person.world, person.viewer)
    (outcome,) = of_type(found, "OperationOutcome")
    assert str(record_id) in str(outcome)


async def test_a_finding_and_a_name_that_do_not_open_are_named(
    person: Person, owner: asyncpg.Connection
) -> None:
    record_id = await person.world.read(content(10), STAGE, MARKER, viewer=person.viewer)
    broken = await owner.fetchval(
        "UPDATE findings SET content_sealed = '\\x00' WHERE record_id = $1 AND number = 0"
        " RETURNING id",
        record_id,
    )
    await owner.execute("UPDATE records SET filename_sealed = '\\x00' WHERE id = $1", record_id)
    found = await resources(person.world, person.viewer)
    outcomes = of_type(found, "OperationOutcome")
    named = {each["issue"][0]["details"]["coding"][0]["code"]: str(each) for each in outcomes}
    assert set(named) == {"finding", "filename"}
    assert str(broken) in named["finding"]
    assert "title" not in document(found, record_id)["content"][0]["attachment"]
    assert len(of_type(found, "Observation")) == 1
    assert set(files(found)) == {str(record_id)}


async def test_without_the_key_the_rest_is_given(person: Person) -> None:
    record_id = await person.world.read(content(10), STAGE, viewer=person.viewer)
    await person.question(SHARED_QUESTION)
    patient_id = await person.patient_id()
    assert patient_id is not None
    await person.world.storage.keys.destroy(patient_id)
    found = await resources(person.world, person.viewer)
    assert files(found) == {}
    assert len(of_type(found, "OperationOutcome")) == 3
    assert document(found, record_id)["status"] == "current"
    assert len(of_type(found, "Communication")) == 1


async def until(pieces: AsyncIterator[bytes], said: str) -> bytes:
    """What is given until something is said."""
    given = b""
    async for piece in pieces:
        given += piece
        if said.encode() in piece:
            return given
    raise AssertionError(f"{said} wasn't said")


async def gather(pieces: AsyncIterator[bytes], given: list[bytes]) -> None:
    """Put what is given into a list, as far as it goes."""
    async for piece in pieces:
        given.append(piece)  # noqa: PERF401 - what came before a failure is kept


async def test_what_is_deleted_meanwhile_is_left_out(person: Person) -> None:
    world = person.world
    first = await world.scanned(content(10), person.viewer)
    second = await world.scanned(content(20), person.viewer)
    export = await begun(world, person.viewer)
    pieces = exporter(world).bundle(export, ContentsMode.INLINE)
    given = await until(pieces, str(first))
    await world.delete(second, person.viewer)
    given += b"".join([piece async for piece in pieces])
    found = [each["resource"] for each in json.loads(given)["entry"]]
    assert set(files(found)) == {str(first)}
    assert document(found, second)["status"] == "entered-in-error"
    assert of_type(found, "OperationOutcome") == []


async def test_deleted_while_its_file_is_looked_at_it_is_no_damage(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = person.world
    record_id = await world.scanned(content(3 * PART), person.viewer)
    export = await begun(world, person.viewer)
    get, opened = world.storage.objects.get, list[str]()

    async def slow(key: str) -> bytes:
        opened.append(key)
        if len(opened) == 2:
            await world.delete(record_id, person.viewer)
            await world.storage.remove_all_of(export.holder.id)
        return await get(key)

    monkeypatch.setattr(world.storage.objects, "get", slow)
    given = b"".join([each async for each in exporter(world).bundle(export, ContentsMode.INLINE)])
    found = [each["resource"] for each in json.loads(given)["entry"]]
    assert len(opened) == 2
    assert document(found, record_id)["status"] == "entered-in-error"
    assert of_type(found, "OperationOutcome") == of_type(found, "Binary") == []


async def test_what_is_erased_meanwhile_never_looks_whole(person: Person) -> None:
    world = person.world
    first = await world.scanned(content(10), person.viewer)
    await world.scanned(content(20), person.viewer)
    export = await begun(world, person.viewer)
    pieces = exporter(world).bundle(export, ContentsMode.INLINE)
    given = [await until(pieces, str(first))]
    await person.erased()
    with pytest.raises(ExportCut):
        await gather(pieces, given)
    with pytest.raises(json.JSONDecodeError):
        json.loads(b"".join(given))


async def test_a_storage_that_goes_away_cuts_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = person.world
    await world.scanned(content(3 * PART), person.viewer)
    export = await begun(world, person.viewer)
    get, opened = world.storage.objects.get, list[str]()

    async def away(key: str) -> bytes:
        opened.append(key)
        # The file was looked at, and its beginning is given.
        if len(opened) == 5:
            raise StorageUnavailable
        return await get(key)

    monkeypatch.setattr(world.storage.objects, "get", away)
    given: list[bytes] = []
    with pytest.raises(ExportCut):
        await gather(exporter(world).bundle(export, ContentsMode.INLINE), given)
    assert b'"data":"' in b"".join(given)
    with pytest.raises(json.JSONDecodeError):
        json.loads(b"".join(given))


async def opened(world: RecordWorld, record_id: UUID, viewer: Viewer) -> RecordFile:
    return await open_file(world.database, world.storage, record_id, viewer, world.acting(viewer))


async def test_a_file_by_itself_is_the_file_and_its_reading_is_noted(
    person: Person, owner: asyncpg.Connection
) -> None:
    sent = content(2 * PART + 7)
    record_id = await person.world.scanned(sent, person.viewer, filename=NAME)
    file = await opened(person.world, record_id, person.viewer)
    assert (file.filename, file.media_type) == (NAME, "application/pdf")
    noted = await owner.fetchrow("SELECT * FROM audit_events ORDER BY sequence DESC LIMIT 1")
    assert noted is not None
    assert (noted["action"], noted["object_id"]) == ("record.download", str(record_id))
    assert b"".join([piece async for piece in file.pieces]) == sent


async def test_there_is_no_file_of_what_is_not_theirs_or_has_none(
    person: Person, other: Person, owner: asyncpg.Connection
) -> None:
    world = person.world
    theirs = await world.scanned(content(10), other.viewer)
    deleted = await world.uploaded(content(10), person.viewer)
    await world.delete(deleted, person.viewer)
    for record_id in (theirs, deleted):
        with pytest.raises(RecordUnknown):
            await opened(world, record_id, person.viewer)
    uploading = (await world.announce(file_of(content(40)), person.viewer)).record.id
    damaged = await world.scanned(content(30), person.viewer)
    (path,) = objects_of(world, damaged)
    path.write_bytes(b"\0" * 100)
    for record_id in (uploading, damaged):
        with pytest.raises(ContentsMissing):
            await opened(world, record_id, person.viewer)
    count = "SELECT count(*) FROM audit_events WHERE action = 'record.download'"
    assert await owner.fetchval(count) == 1


async def test_a_file_that_breaks_off_raises(person: Person) -> None:
    record_id = await person.world.scanned(content(3 * PART), person.viewer)
    file = await opened(person.world, record_id, person.viewer)
    assert await anext(file.pieces) == content(3 * PART)[:PART]
    await person.erased()
    with pytest.raises(ExportCut):
        await gather(file.pieces, [])
