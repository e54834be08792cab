"""What a patient consents to: to one text, from then until they take it back, and only by them."""

import hashlib
import re
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from navis_api.answers.reading import reading_grade
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.kit.languages import Language
from navis_api.records.consents import service, texts
from navis_api.records.consents.errors import ConsentVersionPassed
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.texts import ConsentText, ConsentVersion
from navis_api.records.consents.views import ConsentState, ConsentView
from navis_api.records.models import Patient
from tests.db.rows import app_connection
from tests.records.world import OTHER, PATIENT, RecordWorld, content

PERSONAL, REVIEW, EXTERNAL, READING = ConsentPurpose
LATER = timedelta(days=1)
# What was consented to stays to be read: a text that changes becomes a new version.
PUBLISHED = {
    (PERSONAL, 1): "eabf4d76c7e69a40",
    (REVIEW, 1): "1d986a6a61b9be62",
    (REVIEW, 2): "fb4fe189df40f239",
    (EXTERNAL, 1): "2c6567ecc1a8aa0e",
    (READING, 1): "0db20ca3aaef1240",
}


async def granted(
    world: RecordWorld,
    purpose: ConsentPurpose,
    version: int | None = None,
    viewer: Viewer = PATIENT,
) -> ConsentView:
    version = texts.current_version(purpose) if version is None else version
    async with world.database.writing(viewer.rows) as session:
        return await service.grant(session, world.storage, purpose, version, world.acting(viewer))


async def revoked(
    world: RecordWorld, purpose: ConsentPurpose, viewer: Viewer = PATIENT
) -> ConsentView:
    async with world.database.writing(viewer.rows) as session:
        return await service.revoke(session, purpose, world.acting(viewer))


async def states(world: RecordWorld, viewer: Viewer = PATIENT) -> list[ConsentState]:
    async with world.database.writing(viewer.rows) as session:
        views = await service.read_consents(session, world.acting(viewer))
    assert [view.purpose for view in views] == list(ConsentPurpose)
    return [view.state for view in views]


async def allowed(world: RecordWorld, purpose: ConsentPurpose, viewer: Viewer = PATIENT) -> bool:
    """What whoever uses it is told, asked in both ways."""
    async with world.database.reading(viewer.rows) as session:
        by_viewer = await service.has_consent(session, purpose)
    async with world.database.reading(SYSTEM_ROWS) as session:
        patient_id = await session.scalar(
            select(Patient.id).where(Patient.subject == viewer.subject)
        )
        by_id = patient_id is not None and await service.has_consent_of(
            session, patient_id, purpose
        )
    assert by_viewer is by_id
    return by_viewer


async def test_nothing_is_allowed_unless_it_was_and_each_purpose_by_itself(
    world: RecordWorld,
) -> None:
    assert await states(world) == [ConsentState.NOT_GRANTED] * 4
    assert not await allowed(world, PERSONAL)
    view = await granted(world, PERSONAL)
    assert (view.state, view.granted_at) == (ConsentState.GRANTED, world.now)
    assert [await allowed(world, each) for each in ConsentPurpose] == [True, False, False, False]
    assert [await allowed(world, each, OTHER) for each in ConsentPurpose] == [False] * 4


async def test_taking_it_back_holds_at_once_and_the_past_stays(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    first = world.now
    await granted(world, REVIEW)
    world.now += LATER
    assert (await revoked(world, REVIEW)).state is ConsentState.REVOKED
    assert not await allowed(world, REVIEW)
    world.now += LATER
    assert (await granted(world, REVIEW)).granted_at == world.now
    assert await allowed(world, REVIEW)
    rows = await owner.fetch(
        "SELECT granted_at, revoked_at FROM consents ORDER BY granted_at, revoked_at"
    )
    assert [tuple(row) for row in rows] == [
        (first, first + LATER),
        (first + 2 * LATER, None),
    ]


async def test_saying_it_twice_is_saying_it_once(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    assert (await revoked(world, PERSONAL)).state is ConsentState.NOT_GRANTED
    given = await granted(world, PERSONAL)
    world.now += LATER
    assert await granted(world, PERSONAL) == given
    taken = await revoked(world, PERSONAL)
    world.now += LATER
    assert await revoked(world, PERSONAL) == taken
    assert await owner.fetchval("SELECT count(*) FROM consents") == 1
    actions = await owner.fetch("SELECT action, actor, detail::text FROM audit_events")
    assert [row[0] for row in actions] == ["consent.grant", "consent.revoke"]
    assert all("PERSONAL_ANSWERS" in row[2] for row in actions)


@pytest.mark.parametrize("version", [0, 2, -1, 2**31, 2**70])
async def test_only_the_text_of_now_can_be_consented_to(
    world: RecordWorld, owner: asyncpg.Connection, version: int
) -> None:
    with pytest.raises(ConsentVersionPassed):
        await granted(world, PERSONAL, version)
    assert await owner.fetchval("SELECT count(*) FROM consents") == 0
    assert await owner.fetchval("SELECT count(*) FROM patients") == 0


async def test_a_consent_to_an_older_text_does_not_count(
    world: RecordWorld, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await granted(world, PERSONAL)
    known = texts.versions()
    newer = ConsentVersion(2, known[PERSONAL][0].texts)
    moved_on = {**known, PERSONAL: (*known[PERSONAL], newer)}
    monkeypatch.setattr(texts, "versions", lambda: moved_on)
    assert await states(world) == [
        ConsentState.OUTDATED,
        ConsentState.NOT_GRANTED,
        ConsentState.NOT_GRANTED,
        ConsentState.NOT_GRANTED,
    ]
    assert not await allowed(world, PERSONAL)
    world.now += LATER
    assert (await granted(world, PERSONAL, 2)).granted_version == 2
    assert await allowed(world, PERSONAL)
    ended = await owner.fetch("SELECT version, revoked_at FROM consents ORDER BY version")
    assert [tuple(row) for row in ended] == [(1, world.now), (2, None)]
    # An older process beside ours, for as long as an update takes.
    monkeypatch.undo()
    assert not await allowed(world, PERSONAL)
    assert (await revoked(world, PERSONAL)).state is ConsentState.REVOKED


async def test_a_clock_that_is_behind_does_not_keep_a_consent_from_ending(
    world: RecordWorld,
) -> None:
    await granted(world, PERSONAL)
    world.now -= timedelta(seconds=2)
    assert (await revoked(world, PERSONAL)).state is ConsentState.REVOKED


async def test_who_consents_before_their_first_record_has_a_key_for_it(
    world: RecordWorld,
) -> None:
    await granted(world, PERSONAL)
    await world.uploaded(content(10))
    assert await allowed(world, PERSONAL)


@pytest.fixture
async def patient_id(world: RecordWorld, owner: asyncpg.Connection) -> UUID:
    await granted(world, PERSONAL)
    found = await owner.fetchval("SELECT id FROM patients")
    assert isinstance(found, UUID)
    return found


_GIVE = (
    "INSERT INTO consents (patient_id, id, purpose, version, granted_at)"
    " VALUES ($1, gen_random_uuid(), 'REVIEW', 1, now())"
)


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        ("system", ""),
        ("system", PATIENT.subject),
        ("reviewer", PATIENT.subject),
        ("administrator", "administrator-1"),
        ("patient", OTHER.subject),
        ("", ""),
    ],
)
async def test_nobody_consents_or_takes_back_for_a_patient_not_even_our_own_code(
    database_url: str, owner: asyncpg.Connection, patient_id: UUID, role: str, subject: str
) -> None:
    async with app_connection(database_url, role=role, subject=subject) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(_GIVE, patient_id)
        assert await connection.execute("UPDATE consents SET revoked_at = now()") == "UPDATE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM consents")
    rows = await owner.fetch("SELECT purpose, revoked_at FROM consents")
    assert [tuple(row) for row in rows] == [("PERSONAL_ANSWERS", None)]


async def test_our_own_code_is_never_taken_for_the_viewer(
    world: RecordWorld, patient_id: UUID
) -> None:
    async with world.database.reading(SYSTEM_ROWS) as session:
        assert not await service.has_consent(session, PERSONAL)
        assert await service.has_consent_of(session, patient_id, PERSONAL)
    namesake = Viewer(ViewerKind.REVIEWER, PATIENT.subject)
    async with world.database.reading(namesake.rows) as session:
        assert not await service.has_consent(session, PERSONAL)
        assert not await service.has_consent_of(session, patient_id, PERSONAL)


async def test_the_past_is_not_rewritten_by_anybody(
    world: RecordWorld, database_url: str, owner: asyncpg.Connection, patient_id: UUID
) -> None:
    changes = (
        "granted_at = granted_at - interval '1 day'",
        "version = 2",
        "purpose = 'REVIEW'",
        "id = gen_random_uuid(), revoked_at = now()",
        "revoked_at = granted_at - interval '1 day'",
    )
    async with app_connection(
        database_url, role="patient", subject=PATIENT.subject or ""
    ) as connection:
        for change in changes:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(f"UPDATE consents SET {change}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM consents")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                "INSERT INTO consents VALUES ($1, gen_random_uuid(), 'REVIEW', 1, now(), now())",
                patient_id,
            )
    # Neither by whoever owns the tables.
    for change in changes:
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(f"UPDATE consents SET {change}")
    await revoked(world, PERSONAL)
    for change in ("revoked_at = NULL", "revoked_at = revoked_at + interval '1 day'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(f"UPDATE consents SET {change}")


async def test_two_grants_at_once_are_one(
    world: RecordWorld, owner: asyncpg.Connection, patient_id: UUID
) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await owner.execute(_GIVE.replace("'REVIEW'", "'PERSONAL_ANSWERS'"), patient_id)
    await granted(world, PERSONAL)
    assert await owner.fetchval("SELECT count(*) FROM consents") == 1


async def test_consents_go_with_their_patient(owner: asyncpg.Connection, patient_id: UUID) -> None:
    await owner.execute("DELETE FROM patients WHERE id = $1", patient_id)
    assert await owner.fetchval("SELECT count(*) FROM consents") == 0


def _digest(version: ConsentVersion) -> str:
    told = [
        (language.value, text.title, *text.paragraphs) for language, text in version.texts.items()
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def test_a_text_that_people_consented_to_is_not_changed() -> None:
    written = {
        (purpose, version.number): _digest(version)
        for purpose, history in texts.versions().items()
        for version in history
    }
    assert written == PUBLISHED
    for purpose, history in texts.versions().items():
        assert [version.number for version in history] == list(range(1, len(history) + 1))
        assert texts.current_version(purpose) == len(history)


_SPANISH_VOWELS = re.compile(r"[aeoáéíóú]|[iuü]+(?![aeoáéó])")


def _spanish_ease(text: ConsentText) -> float:
    """How easily Spanish is read: Szigriszt Pazos' perspicuity, on the INFLESZ scale.

    Barrio-Cantalejo and others (2008): above 55 is normal to read, what most people take in.
    """
    whole = " ".join(text.paragraphs)
    words = re.findall(r"[^\W\d_]+", whole)
    syllables = sum(max(1, len(_SPANISH_VOWELS.findall(word.lower()))) for word in words)
    sentences = len(re.findall(r"[.?!](?:\s|$)", whole))
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_texts_are_whole_and_plain(purpose: ConsentPurpose) -> None:
    english = texts.current_text(purpose, Language.ENGLISH)
    spanish = texts.current_text(purpose, Language.SPANISH)
    grade = reading_grade(english.paragraphs)
    assert grade is not None
    assert grade <= 8
    assert _spanish_ease(spanish) >= 55
    starts = ("What is used:", "Who sees it:", "How long:", "How to take it back:")
    for paragraph, start in zip(english.paragraphs, starts, strict=True):
        assert paragraph.startswith(start)
    inicios = ("Qué se usa:", "Quién lo ve:", "Cuánto tiempo:", "Cómo retirarlo:")
    for paragraph, start in zip(spanish.paragraphs, inicios, strict=True):
        assert paragraph.startswith(start)
