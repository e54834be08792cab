"""What a patient decides on findings: all of it or nothing, and nobody else decides."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import asyncpg
import pytest

from navis_api.errors import InvalidInput, UserFault
from navis_api.kit.ids import new_id
from navis_api.records.extraction.findings import Assertion, TreatmentStatus
from navis_api.records.findings import reading
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.deciding import (
    MAX_DECISIONS,
    Decided,
    FindingDecision,
    decide,
)
from navis_api.records.findings.errors import FindingNotReady, FindingUnknown
from navis_api.records.findings.models import FindingStatus
from navis_api.records.findings.views import FindingView
from navis_api.records.sealing.errors import SealBroken
from tests.db.rows import app_connection
from tests.records.readers import DENIED, DRUG, MARKER, READ, STAGE
from tests.records.world import NOON, OTHER, PATIENT, RecordWorld, content

SENT = content(10)
CONFIRM, CORRECT, REJECT = FindingDecision
TODAY = NOON.date()


@pytest.fixture
async def record_id(world: RecordWorld) -> UUID:
    return await world.read(SENT, *READ)


async def shown(world: RecordWorld, record_id: UUID) -> list[FindingView]:
    async with world.database.writing(PATIENT.rows) as session:
        found = await reading.read_of_records(session, world.storage, [record_id], world.acting())
    return found[record_id]


async def decided(world: RecordWorld, *decisions: Decided) -> list[FindingView]:
    async with world.database.writing(PATIENT.rows) as session:
        return await decide(session, world.storage, decisions, world.acting())


async def test_each_finding_is_confirmed_corrected_or_rejected(
    world: RecordWorld, record_id: UUID
) -> None:
    stage, marker, drug, denied = await shown(world, record_id)
    correction = Correction(value=" 41.2 ", observed_on=date(2026, 3, 1))
    views = await decided(
        world,
        Decided(drug.id, REJECT),
        Decided(marker.id, CORRECT, correction),
        Decided(stage.id, CONFIRM),
    )
    assert [view.id for view in views] == [drug.id, marker.id, stage.id]
    now = {view.read.key: view for view in await shown(world, record_id)}
    assert [now[each.key].status.value for each in READ] == [
        "CONFIRMED",
        "CORRECTED",
        "REJECTED",
        "EXTRACTED",
    ]
    corrected = now[MARKER.key]
    # What was read stands as it was read, and what is right beside it.
    assert corrected.read == MARKER
    assert corrected.correction == Correction(value="41.2", observed_on=date(2026, 3, 1))
    assert corrected.correction is not None
    assert corrected.correction.applied_to(MARKER).value == "41.2"
    assert corrected.correction.applied_to(MARKER).unit == MARKER.unit
    assert now[DENIED.key].read.assertion is Assertion.ABSENT
    assert denied.status is FindingStatus.EXTRACTED


async def test_a_decision_may_be_changed_for_another(world: RecordWorld, record_id: UUID) -> None:
    stage = (await shown(world, record_id))[0]
    for decision in (CORRECT, REJECT, CORRECT, CONFIRM, CONFIRM):
        correction = Correction(value="IIIB") if decision is CORRECT else None
        (view,) = await decided(world, Decided(stage.id, decision, correction))
        assert view.correction == correction
    assert view.status is FindingStatus.CONFIRMED


async def refused(
    world: RecordWorld, record_id: UUID, decisions: Sequence[Decided]
) -> tuple[type[UserFault], tuple[str, ...]]:
    before = await shown(world, record_id)
    with pytest.raises(UserFault) as fault:
        await decided(world, *decisions)
    assert await shown(world, record_id) == before
    return type(fault.value), fault.value.path


@pytest.mark.parametrize(
    ("correction", "field"),
    [
        (Correction(), None),
        (Correction(value=""), "value"),
        (Correction(value="x" * 201), "value"),
        (Correction(value="two\nlines"), "value"),
        (Correction(unit="\ud800"), "unit"),
        (Correction(unit="x" * 41), "unit"),
        (Correction(observed_on=TODAY + timedelta(days=2)), "observedOn"),
        (Correction(observed_on=date(1899, 12, 31)), "observedOn"),
        (Correction(treatment_status=TreatmentStatus.CURRENT), "treatmentStatus"),
    ],
)
async def test_a_correction_that_cannot_be_changes_nothing(
    world: RecordWorld, record_id: UUID, correction: Correction, field: str | None
) -> None:
    stage, marker, *_ = await shown(world, record_id)
    path = ("input", "findings", "1", "correction", *([field] if field else []))
    decisions = [Decided(stage.id, CONFIRM), Decided(marker.id, CORRECT, correction)]
    assert await refused(world, record_id, decisions) == (InvalidInput, path)


async def test_bad_input_changes_nothing(world: RecordWorld, record_id: UUID) -> None:
    stage, marker, *_ = await shown(world, record_id)
    good = Decided(stage.id, CONFIRM)
    place = ("input", "findings", "1")
    for second, error, field in (
        (Decided(new_id(), CONFIRM), FindingUnknown, "id"),
        (Decided(stage.id, REJECT), InvalidInput, "id"),
        (Decided(marker.id, CORRECT), InvalidInput, "correction"),
        (Decided(marker.id, CONFIRM, Correction(value="1")), InvalidInput, "correction"),
    ):
        assert await refused(world, record_id, [good, second]) == (error, (*place, field))
    for decisions in ([], [Decided(new_id(), CONFIRM)] * (MAX_DECISIONS + 1)):
        assert (await refused(world, record_id, decisions))[0] is InvalidInput


async def test_somebody_elses_finding_is_unknown(world: RecordWorld, record_id: UUID) -> None:
    theirs = await world.read(SENT, DRUG, viewer=OTHER)
    async with world.database.writing(OTHER.rows) as session:
        found = await reading.read_of_records(
            session, world.storage, [theirs, record_id], world.acting(OTHER)
        )
    assert list(found) == [theirs]
    stage = (await shown(world, record_id))[0]
    decisions = [Decided(stage.id, CONFIRM), Decided(found[theirs][0].id, REJECT)]
    assert (await refused(world, record_id, decisions))[0] is FindingUnknown


async def test_while_a_record_is_read_again_nothing_is_decided(
    world: RecordWorld, record_id: UUID, owner: asyncpg.Connection
) -> None:
    stage = (await shown(world, record_id))[0]
    await owner.execute("UPDATE records SET state = 'EXTRACTING'")
    assert (await refused(world, record_id, [Decided(stage.id, CONFIRM)]))[0] is FindingNotReady


async def test_what_is_sealed_is_bound_to_its_finding(
    world: RecordWorld, record_id: UUID, owner: asyncpg.Connection
) -> None:
    first, second, *_ = await shown(world, record_id)
    await decided(world, Decided(first.id, CORRECT, Correction(value="IIIB")))
    rows = await owner.fetch("SELECT content_sealed, correction_sealed FROM findings")
    for sealed in (text for row in rows for text in row if text is not None):
        for word in (b"IIIC", b"IIIB", b"AFP", b"STAGE", b"PRESENT"):
            assert word not in sealed
    # A correction isn't a finding, and one finding's isn't another's.
    for column in ("content_sealed", "correction_sealed"):
        await owner.execute(
            f"UPDATE findings SET content_sealed = (SELECT {column} FROM findings WHERE id = $1)"
            " WHERE id = $2",
            first.id,
            second.id,
        )
        with pytest.raises(SealBroken):
            await shown(world, record_id)


STATUSES = [status.value for status in FindingStatus]


def setting(status: str) -> str:
    correction = "'x'" if status == "CORRECTED" else "NULL"
    at = "NULL" if status == "EXTRACTED" else "now()"
    return (
        f"UPDATE findings SET status = '{status}', correction_sealed = {correction},"
        f" decided_at = {at}"
    )


@pytest.mark.parametrize("role", ["system", "patient"])
async def test_only_the_patient_decides_and_never_takes_it_back_to_none(
    database_url: str, owner: asyncpg.Connection, record_id: UUID, role: str
) -> None:
    taken: set[tuple[str, str]] = set()
    async with app_connection(database_url, role=role, subject=PATIENT.subject or "") as connection:
        for before, after in product(STATUSES, STATUSES):
            if before == after:
                continue
            await owner.execute("ALTER TABLE findings DISABLE TRIGGER USER")
            await owner.execute(setting(before))
            await owner.execute("ALTER TABLE findings ENABLE TRIGGER USER")
            try:
                changed = await connection.execute(setting(after))
            except (asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError):
                continue
            assert changed == f"UPDATE {len(READ)}"
            taken.add((before, after))
    steps = {(a, b) for a, b in product(STATUSES, STATUSES) if b not in {a, "EXTRACTED"}}
    assert taken == (steps if role == "patient" else set())
    assert record_id


async def test_what_was_read_stays_as_it_was_read(
    database_url: str, owner: asyncpg.Connection, record_id: UUID
) -> None:
    for role, subject in (("system", ""), ("patient", PATIENT.subject or "")):
        async with app_connection(database_url, role=role, subject=subject) as connection:
            for column, value in (
                ("content_sealed", "'x'"),
                ("record_id", "gen_random_uuid()"),
                ("number", "9"),
                ("extracted_at", "now()"),
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(f"UPDATE findings SET {column} = {value}")
            # Nor does one come to a record that isn't being read.
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(
                    "INSERT INTO findings (patient_id, record_id, id, number, status,"
                    " content_sealed, extracted_at) SELECT patient_id, record_id,"
                    " gen_random_uuid(), 9, 'EXTRACTED', 'x', now() FROM findings LIMIT 1"
                )
    assert await owner.fetchval("SELECT count(*) FROM findings") == len(READ)
    assert record_id


async def test_a_finding_says_what_it_is(
    database_url: str, record_id: UUID, world: RecordWorld
) -> None:
    async with app_connection(
        database_url, role="patient", subject=PATIENT.subject or ""
    ) as connection:
        for change in (
            "status = 'CORRECTED', decided_at = now()",
            "status = 'CONFIRMED'",
            "status = 'CONFIRMED', decided_at = now(), correction_sealed = 'x'",
            "status = 'UNKNOWN', decided_at = now()",
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(f"UPDATE findings SET {change}")
    views = await shown(world, record_id)
    assert {view.read.key for view in views} == {each.key for each in READ}
    assert {view.status for view in views} == {FindingStatus.EXTRACTED}
    assert STAGE in [view.read for view in views]
