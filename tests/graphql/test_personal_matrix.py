"""Nobody but the patient gets at a personal question: by any operation, list, id, or in SQL."""

from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from joserfc.jwk import ECKey

from navis_api.answers.drafts import DraftClaim, DraftSection
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.db.sessions import Database
from navis_api.generation.contract import Closing, Unknown
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records.extraction.findings import Finding, FindingKind
from tests.asking.personal.world import PersonalWorld
from tests.db.rows import app_connection
from tests.engines import Saying
from tests.graphql.client import Client
from tests.graphql.conftest import authorization
from tests.graphql.personal_operations import CANCEL, FOLLOW, OPERATIONS, READING, variables
from tests.graphql.record_operations import OWNER, VIEWERS
from tests.graphql.socket_client import open_socket
from tests.graphql.test_records_matrix import ROWS
from tests.graphql.world import ASKER, OTHER, World, sections

CANARY = "Zebrafish"
TEXT = f"Does liver cancer with {CANARY}question come back?"
OWNERS_VIEWER = Viewer(ViewerKind.PATIENT, ASKER)
PRIMARY = Finding(
    kind=FindingKind.PRIMARY_CANCER,
    name="Liver cancer",
    key="liver-cancer",
    quote=f"{CANARY}finding: liver cancer",
    confidence=0.9,
    page=1,
    start=0,
    end=10,
)
UNKNOWN = Unknown(
    kind=FindingKind.TUMOR_MARKER,
    name="Alpha-fetoprotein",
    key="afp",
    doctor_question=f"What is my {CANARY}unknown?",
    reason="It depends on it.",
)


def engine(world: World) -> Saying:
    """An engine whose answer has a planted word in each of its parts."""
    drafted = [
        DraftSection(
            section.kind,
            f"{CANARY}heading",
            tuple(
                DraftClaim(claim.text, claim.style, claim.citations, (1,))
                for claim in section.claims
            ),
        )
        for section in sections(world)
    ]
    closing = Closing(
        title=f"{CANARY}title",
        summary=f"{CANARY}summary",
        doctor_questions=(UNKNOWN.doctor_question,),
        next_steps=(f"{CANARY}step",),
        gaps=(f"{CANARY}gap",),
        unknowns=(UNKNOWN,),
    )
    return Saying(*drafted, closing)


@pytest.fixture
def personal(database: Database, tmp_path: Path) -> PersonalWorld:
    """The rooms that the endpoint keeps personal questions in too."""
    return PersonalWorld(database, tmp_path)


@pytest.fixture
async def asked_id(personal: PersonalWorld, world: World) -> UUID:
    """A question of the asker's whose answer is being waited for; the other has one too."""
    for viewer in (Viewer(ViewerKind.PATIENT, OTHER), OWNERS_VIEWER):
        await personal.allow(viewer=viewer)
        await personal.confirmed(PRIMARY, viewer=viewer)
    await personal.asked_id("Is liver cancer common?", Viewer(ViewerKind.PATIENT, OTHER))
    del world
    return await personal.asked_id(TEXT, OWNERS_VIEWER)


@pytest.fixture
async def question_id(asked_id: UUID, personal: PersonalWorld, world: World) -> UUID:
    """The same, with its answer."""
    await personal.task(engine(world)).run(asked_id.bytes)
    return asked_id


@pytest.fixture
def headers(signing_key: ECKey) -> dict[str, str]:
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
    return {
        name: authorization(signing_key, role, subject) for name, (role, subject) in people.items()
    }


async def row(personal: PersonalWorld, question_id: UUID) -> PersonalQuestion:
    found = await personal.row(question_id)
    assert found is not None
    return found


@pytest.mark.parametrize("name", READING)
async def test_reading_is_for_the_patient_alone(
    client: Client, question_id: UUID, headers: dict[str, str], name: str
) -> None:
    case = READING[name]
    for viewer in VIEWERS:
        result = await client.run(
            case.query, variables(question_id), authorization=headers.get(viewer)
        )
        assert "errors" not in result, (viewer, result)
        if viewer == "other" and name == "Viewer.personalQuestions":
            # They have one of their own, and see that.
            assert len(result["data"]["viewer"]["personalQuestions"]["nodes"]) == 1
        else:
            assert case.shows(result["data"]) is (viewer in OWNER), (viewer, result)
        if viewer not in OWNER:
            assert CANARY not in str(result), viewer


@pytest.mark.parametrize("name", [*OPERATIONS, "Mutation.cancelGeneration"])
async def test_changing_is_for_the_patient_alone(
    client: Client, personal: PersonalWorld, asked_id: UUID, headers: dict[str, str], name: str
) -> None:
    case = {**OPERATIONS, "Mutation.cancelGeneration": CANCEL}[name]
    before = await row(personal, asked_id)
    for viewer in sorted(VIEWERS, key=lambda viewer: viewer in OWNER):
        result = await client.run(
            case.query, variables(asked_id), authorization=headers.get(viewer)
        )
        assert case.shows(result["data"]) is (viewer in OWNER), (viewer, result)
        if viewer not in OWNER:
            assert (await row(personal, asked_id)).status is before.status
    after = await personal.row(asked_id)
    assert after is None or after.status is not before.status


@pytest.mark.parametrize("name", [*READING, *OPERATIONS, "Mutation.cancelGeneration"])
async def test_an_invalid_token_does_nothing_at_all(
    client: Client,
    personal: PersonalWorld,
    asked_id: UUID,
    tokens: dict[str, str],
    name: str,
) -> None:
    case = {**READING, **OPERATIONS, "Mutation.cancelGeneration": CANCEL}[name]
    for viewer in ("expired", "forged"):
        response = await client.send(case.query, variables(asked_id), authorization=tokens[viewer])
        assert response.status_code == 401
        assert "data" not in response.json()
    assert (await row(personal, asked_id)).finished_at is None


async def test_the_events_stream_to_the_patient_alone(
    url: str, question_id: UUID, headers: dict[str, str]
) -> None:
    for viewer in VIEWERS:
        async with open_socket(url) as socket:
            token = headers.get(viewer)
            await socket.introduce({"authorization": token} if token else {})
            await socket.subscribe(FOLLOW, variables(question_id))
            reply = await socket.receive()
        assert ("errors" not in reply["payload"]) is (viewer in OWNER), (viewer, reply)
        if viewer not in OWNER:
            codes = {each["extensions"]["code"] for each in reply["payload"]["errors"]}
            assert codes == {"NOT_FOUND"}


LISTS = (
    "{ questions { nodes { text answer { title } } } }",
    "{ questions(answered: false) { nodes { text answer { title } } } }",
    '{ cancer(slug: "liver-cancer") { questions { nodes { text } } answeredQuestionCount } }',
    f'{{ searchQuestions(text: "liver cancer {CANARY}question") {{ nodes {{ text }} }} }}',
    "{ changes(first: 100) { nodes { slug answer { title } question { text } } } }",
)
STAFF_LISTS = (
    "{ reviewQueue(first: 100) { nodes { title summary question { text } } } }",
    "{ stuckReviews { answer { title } } }",
    "{ openFeedback(first: 100) { nodes { __typename } } }",
)


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_no_list_of_questions_or_answers_shows_it(
    client: Client, question_id: UUID, headers: dict[str, str], viewer: str
) -> None:
    del question_id
    for query in (*LISTS, *STAFF_LISTS):
        result = await client.run(query, authorization=headers.get(viewer))
        assert "data" in result or query in STAFF_LISTS, result
        found = str(result).replace(query, "")
        assert f"{CANARY}title" not in found
        assert TEXT not in found


TABLES = ("personal_questions", "personal_events")


async def seen(address: str, role: str, subject: str, patient_id: UUID) -> dict[str, Any]:
    """How many rows of the patient's a viewer sees in each table, and can change or remove."""
    counts: dict[str, Any] = {}
    async with app_connection(address, role=role, subject=subject) as connection:
        for table in TABLES:
            counts[table] = await connection.fetchval(
                f"SELECT count(*) FROM {table} WHERE patient_id = $1", patient_id
            )
        for done, statement in (
            ("changed", "UPDATE personal_questions SET attempts = attempts"),
            ("removed", "DELETE FROM personal_questions"),
        ):
            result = await connection.execute(f"{statement} WHERE patient_id = $1", patient_id)
            counts[done] = int(result.split()[-1])
    return counts


@pytest.fixture
async def patient_id(question_id: UUID, personal: PersonalWorld) -> UUID:
    return (await row(personal, question_id)).patient_id


async def test_by_sql_another_viewer_gets_nothing(database_url: str, patient_id: UUID) -> None:
    for viewer, (role, subject) in ROWS.items():
        assert set((await seen(database_url, role, subject, patient_id)).values()) == {0}, viewer


async def test_by_sql_the_patient_gets_their_own(database_url: str, patient_id: UUID) -> None:
    assert await seen(database_url, "patient", ASKER, patient_id) == {
        "personal_questions": 1,
        "personal_events": 4,
        "changed": 1,
        "removed": 1,
    }


@pytest.mark.parametrize("table", TABLES)
async def test_the_checks_above_would_see_a_broken_policy(
    database_url: str, owner: asyncpg.Connection, patient_id: UUID, table: str
) -> None:
    await owner.execute(f"ALTER POLICY seen ON {table} USING (true)")
    for role, subject in ROWS.values():
        assert (await seen(database_url, role, subject, patient_id))[table] > 0


ADD = (
    "INSERT INTO personal_questions (patient_id, id, status, engine, asked_sealed, asked_at)"
    " VALUES ($1, gen_random_uuid(), 'QUEUED', 'extractive', 'x', now())"
)
ADD_EVENT = (
    "INSERT INTO personal_events (patient_id, question_id, sequence, kind, at, payload_sealed)"
    " VALUES ($1, $2, 1, 'PROGRESSED', now(), 'x')"
)


async def test_by_sql_nobody_adds_to_what_is_another_patients(
    database_url: str, patient_id: UUID, question_id: UUID
) -> None:
    for role, subject in ROWS.values():
        async with app_connection(database_url, role=role, subject=subject) as connection:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(ADD, patient_id)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(ADD_EVENT, patient_id, question_id)


async def test_our_own_code_asks_for_nobody(database_url: str, patient_id: UUID) -> None:
    async with app_connection(database_url, role="system", subject="") as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(ADD, patient_id)


async def test_without_consent_the_database_takes_neither_question_nor_answer(
    database_url: str,
    owner: asyncpg.Connection,
    personal: PersonalWorld,
    asked_id: UUID,
) -> None:
    mine = (await row(personal, asked_id)).patient_id
    async with app_connection(database_url, role="patient", subject=ASKER) as connection:
        await connection.execute(ADD, mine)
    await owner.execute("UPDATE consents SET revoked_at = granted_at WHERE patient_id = $1", mine)
    async with app_connection(database_url, role="patient", subject=ASKER) as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(ADD, mine)
    async with app_connection(database_url, role="system", subject="") as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                "UPDATE personal_questions SET status = 'COMPLETED', answer_sealed = 'x',"
                " finished_at = now() WHERE id = $1",
                asked_id,
            )


@pytest.mark.parametrize(
    "change",
    [
        "answer_sealed = 'x', status = 'COMPLETED', finished_at = now()",
        "status = 'FAILED', finished_at = now()",
        "status = 'DRAFTING'",
        "attempts = attempts + 1",
        "asked_sealed = 'x'",
        "engine = 'llm'",
    ],
)
async def test_by_sql_a_patient_only_stops_their_own(
    database_url: str, asked_id: UUID, change: str
) -> None:
    async with app_connection(database_url, role="patient", subject=ASKER) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                f"UPDATE personal_questions SET {change} WHERE id = $1", asked_id
            )


@pytest.mark.parametrize(
    "change", ["status = 'QUEUED', finished_at = NULL, answer_sealed = NULL", "answer_sealed = 'x'"]
)
async def test_an_answer_stays_as_it_was_written(
    database_url: str, question_id: UUID, change: str
) -> None:
    async with app_connection(database_url, role="system", subject="") as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                f"UPDATE personal_questions SET {change} WHERE id = $1", question_id
            )


async def test_every_reading_is_recorded(
    client: Client, owner: asyncpg.Connection, question_id: UUID, headers: dict[str, str]
) -> None:
    before = await owner.fetchval("SELECT max(sequence) FROM audit_events")
    for name in ("node of an answer", "Viewer.personalQuestions"):
        for viewer in ("asker", "administrator"):
            await client.run(
                READING[name].query, variables(question_id), authorization=headers[viewer]
            )
    rows = await owner.fetch(
        "SELECT action, detail::text FROM audit_events WHERE sequence > $1 ORDER BY sequence",
        before,
    )
    actions = [each[0] for each in rows]
    assert "personal_question.read" in actions
    assert "personal_question.list" in actions
    assert "finding.list" in actions
    noted = {each[0]: each[1] for each in rows}
    for action in ("personal_question.read", "personal_question.list"):
        assert str(question_id) in noted[action]
