"""Profiles out of real records: by whom they are read, and what never gets into them."""

from uuid import UUID

import asyncpg
import pytest

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records import jobs
from navis_api.records.extraction.sandbox import ExtractionSandbox
from navis_api.records.findings import reading
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.deciding import Decided, FindingDecision, decide
from navis_api.records.findings.views import FindingView
from navis_api.records.profile.facts import NO_PROFILE, Profile
from navis_api.records.profile.service import read_profile, read_profile_of
from tests.records.readers import DENIED, MARKER, READ, STAGE, extraction
from tests.records.world import OTHER, PATIENT, RecordWorld, content

CONFIRM, CORRECT, REJECT = FindingDecision
PLANTED = "Zephyrine"
BIOPSY = b"""PATHOLOGY REPORT
Diagnosis: Left breast, core biopsy: invasive ductal carcinoma of the breast, grade 2.
Estrogen receptor: positive (95%). HER2: negative (IHC 1+).
Pathologic stage: IIA.
"""
LETTER = b"""ONCOLOGY LETTER
Dear Dr. Zephyrine, your patient has breast cancer, stage IIIC.
The tumor is ER positive and HER2 positive. She completed adjuvant tamoxifen.
"""


async def profile_of(world: RecordWorld, viewer: Viewer = PATIENT) -> Profile:
    async with world.database.writing(viewer.rows) as session:
        return await read_profile(session, world.storage, world.acting(viewer))


async def views_of(world: RecordWorld, record_id: UUID) -> list[FindingView]:
    async with world.database.writing(PATIENT.rows) as session:
        found = await reading.read_of_records(session, world.storage, [record_id], world.acting())
    return found.get(record_id, [])


async def decided(world: RecordWorld, *decisions: Decided) -> None:
    async with world.database.writing(PATIENT.rows) as session:
        await decide(session, world.storage, decisions, world.acting())


async def upload(world: RecordWorld, text: bytes) -> UUID:
    """A record that the real reader read."""
    record_id = await world.scanned(text, media_type="text/plain")
    row = await world.row(record_id)
    await extraction(world, ExtractionSandbox()).run(jobs.payload_of(row))
    return record_id


async def confirm_all(world: RecordWorld, record_id: UUID) -> None:
    views = await views_of(world, record_id)
    await decided(world, *(Decided(each.id, CONFIRM) for each in views))


async def test_two_records_of_one_patient_make_one_profile(world: RecordWorld) -> None:
    for text in (BIOPSY, LETTER):
        await confirm_all(world, await upload(world, text))
    profile = await profile_of(world)
    facts = {(fact.key, fact.value): fact for fact in profile.facts}
    # The same in both is one fact of two findings.
    assert len(facts["breast-cancer", None].finding_ids) == 2
    assert len(facts["er", "positive, 95%"].finding_ids) == 2
    assert {(each.kind.value, each.name) for each in profile.contradictions} == {
        ("STAGE_GROUP", "stage group"),
        ("TUMOR_MARKER", "HER2"),
    }
    assert {fact.key for fact in profile.facts if fact.disputed} == {"group", "her2"}
    generated = profile.for_generation()
    assert {fact.value for fact in generated if fact.key == "group"} == {"IIA", "IIIC"}
    (drug,) = [fact for fact in generated if fact.key == "tamoxifen"]
    assert (drug.line, drug.observed_on, drug.disputed) == ("adjuvant", None, False)
    assert PLANTED not in str(generated)


async def test_what_nobody_confirmed_and_what_was_rejected_is_in_no_profile(
    world: RecordWorld,
) -> None:
    record_id = await upload(world, BIOPSY)
    assert (await profile_of(world)).facts == ()
    views = await views_of(world, record_id)
    await decided(world, *(Decided(each.id, REJECT) for each in views))
    assert await profile_of(world) == NO_PROFILE
    (stage,) = [each for each in views if each.read.key == "group"]
    await decided(world, Decided(stage.id, CONFIRM))
    assert [fact.value for fact in (await profile_of(world)).for_generation()] == ["IIA"]


async def test_a_name_in_a_correction_reaches_the_patient_and_nobody_else(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    record_id = await world.read(content(10), *READ)
    stage, marker, drug, denied = await views_of(world, record_id)
    mine = f"IIIB, {PLANTED} said on 3 May"
    await decided(
        world,
        Decided(stage.id, CORRECT, Correction(value=mine)),
        Decided(marker.id, CORRECT, Correction(unit=f"ng/mL {PLANTED}")),
        Decided(drug.id, CORRECT, Correction(value=PLANTED)),
        Decided(denied.id, CONFIRM),
    )
    profile = await profile_of(world)
    assert mine in {fact.value for fact in profile.facts}
    assert {fact.is_readable for fact in profile.facts} == {False}
    assert profile.for_generation() == ()
    noted = await owner.fetch("SELECT action || detail::text FROM audit_events")
    assert PLANTED not in str(noted)


async def test_a_profile_is_its_patients_alone(world: RecordWorld) -> None:
    record_id = await world.read(content(10), STAGE, DENIED)
    await world.read(content(10), MARKER, viewer=OTHER)
    await confirm_all(world, record_id)
    own = await profile_of(world)
    assert own.facts
    patient_id = (await world.row(record_id)).patient_id
    async with world.database.reading(SYSTEM_ROWS) as session:
        assert await read_profile_of(session, world.storage, patient_id) == own
        # Our own code is never taken for a patient.
        assert await read_profile(session, world.storage, world.acting()) == NO_PROFILE
    assert (
        await profile_of(world, OTHER) == NO_PROFILE or not (await profile_of(world, OTHER)).facts
    )
    for viewer in (
        OTHER,
        Viewer(ViewerKind.REVIEWER, PATIENT.subject),
        Viewer(ViewerKind.ADMINISTRATOR, "administrator-1"),
        Viewer(ViewerKind.ANONYMOUS),
    ):
        async with world.database.reading(viewer.rows) as session:
            assert await read_profile_of(session, world.storage, patient_id) == NO_PROFILE


@pytest.mark.parametrize("state", ["EXTRACTING", "DELETED"])
async def test_a_record_that_is_not_ready_has_no_part_in_it(
    world: RecordWorld, owner: asyncpg.Connection, state: str
) -> None:
    record_id = await world.read(content(10), STAGE)
    await confirm_all(world, record_id)
    if state == "DELETED":
        await world.delete(record_id)
    else:
        await owner.execute("UPDATE records SET state = 'EXTRACTING' WHERE id = $1", record_id)
    assert await profile_of(world) == NO_PROFILE


async def test_reading_it_is_recorded_without_a_word_of_it(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    record_id = await world.read(content(10), STAGE, MARKER)
    await confirm_all(world, record_id)
    await profile_of(world)
    await profile_of(world, OTHER)
    rows = await owner.fetch(
        "SELECT actor, detail::text FROM audit_events WHERE action = 'profile.read'"
    )
    assert len(rows) == 1
    assert "IIIC" not in rows[0][1]
