"""Who sees and reviews a personal answer: reviewers of its cancer, while its patient consents."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from joserfc.jwk import ECKey

from navis_api.audit.service import SYSTEM_ACTOR
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.relay import global_id
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.personal_data.erasing.service import CONFIRMATION
from navis_api.records.consents.models import ConsentPurpose
from navis_api.review.models import StaffRole
from navis_api.review.people import StaffDraft, save_member
from tests.asking.personal.world import PersonalWorld
from tests.db.rows import app_connection
from tests.graphql import personal_operations
from tests.graphql.client import Client
from tests.graphql.conftest import authorization
from tests.graphql.personal_review_operations import APPROVE, READING, REJECT, variables
from tests.graphql.test_personal_matrix import CANARY, PRIMARY, TEXT, engine
from tests.graphql.world import ASKER, NOON, OTHER, World

PATIENT = Viewer(ViewerKind.PATIENT, ASKER)
LIVER, BREAST, ANY, FORMER = "reviewer-liver", "reviewer-breast", "reviewer-any", "reviewer-gone"
STAFF: dict[str, tuple[StaffRole, str | None, bool]] = {
    # Subject: role, the cancer that is theirs (None: all), whether they are on the staff still.
    LIVER: (StaffRole.REVIEWER, "liver-cancer", True),
    BREAST: (StaffRole.REVIEWER, "breast-cancer", True),
    ANY: (StaffRole.REVIEWER, None, True),
    FORMER: (StaffRole.REVIEWER, None, False),
    ASKER: (StaffRole.REVIEWER, None, True),
    "editor-1": (StaffRole.EDITOR, None, True),
    "administrator-1": (StaffRole.ADMINISTRATOR, None, True),
}
VIEWERS = {
    "anonymous": None,
    "asker": ("patient", ASKER),
    "other": ("patient", OTHER),
    "reviewer": ("reviewer", LIVER),
    "reviewer of all": ("reviewer", ANY),
    "reviewer of another cancer": ("reviewer", BREAST),
    "former reviewer": ("reviewer", FORMER),
    "reviewer who isn't on the staff": ("reviewer", "reviewer-nobody"),
    "editor": ("editor", "editor-1"),
    "administrator": ("admin", "administrator-1"),
    "editor with a reviewer's token": ("reviewer", "editor-1"),
    "reviewer with an editor's token": ("editor", LIVER),
    "partner": ("partner", "partner-1"),
    # On the staff as reviewers, and the patient themselves.
    "the patient as a reviewer": ("reviewer", ASKER),
    "namesake partner": ("partner", ASKER),
}
ALLOWED = frozenset({"reviewer", "reviewer of all"})
CONSENTS = ("none", "given", "revoked", "outdated", "given anew")
STANDING = frozenset({"given", "given anew"})
REVIEW = ConsentPurpose.REVIEW


@pytest.fixture
def personal(database: Database, tmp_path: Path) -> PersonalWorld:
    """The rooms that the endpoint keeps personal questions in too."""
    return PersonalWorld(database, tmp_path)


@pytest.fixture
async def staffed(database: Database, world: World) -> None:
    del world
    catalogue = await CatalogueKeeper(database).current()
    async with database.writing(SYSTEM_ROWS) as session:
        for subject, (role, cancer, active) in STAFF.items():
            draft = StaffDraft(
                subject=subject,
                role=role,
                name=f"Dr {subject}",
                credentials="Hepatologist",
                cancer_ids=(catalogue.by_slug[cancer].id,) if cancer else (),
                all_cancers=cancer is None,
                active=active,
            )
            await save_member(session, draft, actor=SYSTEM_ACTOR, catalogue=catalogue, now=NOON)


@pytest.fixture
async def question_id(personal: PersonalWorld, staffed: None, world: World) -> UUID:
    """A question of the asker's with its answer; what stands in both has a planted word."""
    del staffed
    await personal.allow(viewer=PATIENT)
    await personal.confirmed(PRIMARY, viewer=PATIENT)
    asked = await personal.asked_id(TEXT, PATIENT)
    await personal.task(engine(world)).run(asked.bytes)
    return asked


@pytest.fixture
def headers(signing_key: ECKey) -> dict[str, str | None]:
    return {
        name: authorization(signing_key, *person) if person else None
        for name, person in VIEWERS.items()
    }


async def consented(personal: PersonalWorld, owner: asyncpg.Connection, how: str) -> None:
    """Bring the patient's consent to a review into a state."""
    if how == "none":
        return
    await personal.allow(REVIEW, viewer=PATIENT)
    if how == "outdated":
        await owner.execute("ALTER TABLE consents DISABLE TRIGGER step")
        await owner.execute("UPDATE consents SET version = 1 WHERE purpose = 'REVIEW'")
        await owner.execute("ALTER TABLE consents ENABLE TRIGGER step")
    if how in {"revoked", "given anew"}:
        await personal.take_back(REVIEW, PATIENT)
    if how == "given anew":
        await personal.allow(REVIEW, viewer=PATIENT)


@pytest.mark.parametrize("how", CONSENTS)
async def test_reading_is_for_reviewers_of_the_cancer_while_the_consent_stands(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
    how: str,
) -> None:
    await consented(personal, owner, how)
    for name, case in READING.items():
        for viewer in VIEWERS:
            result = await client.run(
                case.query, variables(question_id), authorization=headers[viewer]
            )
            expected = viewer in ALLOWED and how in STANDING
            assert case.shows(result["data"]) is expected, (name, viewer, result)
            assert (CANARY in str(result)) is expected, (name, viewer)
            codes = {each["extensions"]["code"] for each in result.get("errors", ())}
            assert codes <= {"FORBIDDEN"}, (name, viewer, result)


@pytest.mark.parametrize("how", sorted(STANDING))
@pytest.mark.parametrize("viewer", sorted(ALLOWED))
async def test_reviewers_of_the_cancer_decide_once_while_the_consent_stands(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
    how: str,
    viewer: str,
) -> None:
    await consented(personal, owner, how)
    approved, rejected = [
        await client.run(case.query, variables(question_id), authorization=headers[viewer])
        for case in (APPROVE, REJECT)
    ]
    assert APPROVE.shows(approved["data"])
    assert CANARY in str(approved)
    errors = rejected["data"]["reviewPersonalAnswer"]["errors"]
    assert [each["__typename"] for each in errors] == ["PersonalAnswerDecided"]
    rows = await owner.fetch("SELECT decision FROM personal_reviews")
    assert [each["decision"] for each in rows] == ["APPROVE"]


@pytest.mark.parametrize("how", CONSENTS)
async def test_nobody_else_decides_and_nobody_at_all_without_it(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
    how: str,
) -> None:
    await consented(personal, owner, how)
    for viewer in set(VIEWERS) - (ALLOWED if how in STANDING else set()):
        for case in (APPROVE, REJECT):
            result = await client.run(
                case.query, variables(question_id), authorization=headers[viewer]
            )
            assert not case.shows(result["data"]), (viewer, result)
            assert CANARY not in str(result), viewer
    assert await owner.fetch("SELECT subject FROM personal_reviews") == []


async def test_nothing_that_a_reviewer_sees_says_whose_it_is(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    (patient,) = await owner.fetch("SELECT id FROM patients WHERE subject = $1", ASKER)
    finding_ids = [row[0] for row in await owner.fetch("SELECT id FROM findings")]
    for case in (*READING.values(), APPROVE):
        result = await client.run(
            case.query, variables(question_id), authorization=headers["reviewer"]
        )
        assert "errors" not in result
        said = str(result)
        assert TEXT in said
        assert f"{CANARY}title" in said
        for kept in (ASKER, patient["id"], global_id("Patient", patient["id"])):
            assert str(kept) not in said
        # What the record says to the letter isn't shown, and neither is which finding it was.
        assert f"{CANARY}finding" not in said
        assert not [id_ for id_ in finding_ids if global_id("Finding", id_) in said]


async def test_no_other_way_to_a_personal_question_opens_with_the_consent(
    client: Client,
    personal: PersonalWorld,
    question_id: UUID,
    headers: dict[str, str | None],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    cases = {**personal_operations.READING, "cancelling": personal_operations.CANCEL}
    cases.update(personal_operations.OPERATIONS)
    for name, case in cases.items():
        for viewer in set(VIEWERS) - {"asker"}:
            result = await client.run(
                case.query,
                personal_operations.variables(question_id),
                authorization=headers[viewer],
            )
            assert not case.shows(result["data"]), (name, viewer, result)
            assert CANARY not in str(result)


async def test_an_approval_is_shown_to_the_patient_and_stays_when_the_consent_ends(
    client: Client, personal: PersonalWorld, question_id: UUID, headers: dict[str, str | None]
) -> None:
    query = (
        "query ($answer: ID!) { node(id: $answer) { ... on Answer { reviewed state scope body"
        " review { reviewer credentials reviewedAt nextReviewOn }"
        " question { status withdrawal { reason } } } } }"
    )
    own = {"answer": global_id("Answer", question_id)}
    before = (await client.data(query, own, authorization=headers["asker"]))["node"]
    assert before["reviewed"] is False
    assert before["review"] is None
    assert before["question"]["status"] == "AWAITING_REVIEW"

    await personal.allow(REVIEW, viewer=PATIENT)
    await client.data(APPROVE.query, variables(question_id), authorization=headers["reviewer"])
    await personal.take_back(REVIEW, PATIENT)

    shown = (await client.data(query, own, authorization=headers["asker"]))["node"]
    assert shown["reviewed"] is True
    assert shown["state"] == "APPROVED"
    assert shown["scope"] == "PERSONAL"
    assert shown["review"] == {
        "reviewer": f"Dr {LIVER}",
        "credentials": "Hepatologist",
        "reviewedAt": "2026-11-21T12:00:00+00:00",
        "nextReviewOn": "2027-11-21",
    }
    assert f"Dr {LIVER}" in shown["body"]
    assert shown["question"] == {"status": "ANSWERED", "withdrawal": None}
    for case in READING.values():
        seen = await client.run(
            case.query, variables(question_id), authorization=headers["reviewer"]
        )
        assert not case.shows(seen["data"])


async def test_what_is_rejected_is_taken_back_from_the_patient_with_the_reason(
    client: Client, personal: PersonalWorld, question_id: UUID, headers: dict[str, str | None]
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    rejected = await client.data(
        REJECT.query, variables(question_id), authorization=headers["reviewer"]
    )
    assert rejected["reviewPersonalAnswer"]["review"]["reason"] == "FACTS_MISREAD"

    query = (
        "query ($question: ID!, $answer: ID!, $generation: ID!) {"
        " question: node(id: $question) { ... on Question { text status answer { title }"
        " withdrawal { reason message reviewer credentials withdrawnAt } } }"
        " answer: node(id: $answer) { id }"
        " generation: node(id: $generation) { ... on Generation { status answer { title }"
        " events { __typename sequence ... on AnswerTextAdded { text }"
        " ... on GenerationCompleted { answer { title } }"
        " ... on GenerationFailed { code message retryable } } } } }"
    )
    for language in ("en", "es"):
        response = await client.send(
            query,
            personal_operations.variables(question_id),
            authorization=headers["asker"],
            accept_language=language,
        )
        data = response.json()["data"]
        asked = data["question"]
        assert asked["text"] == TEXT
        assert asked["status"] == "DECLINED"
        assert asked["answer"] is None
        message = asked["withdrawal"].pop("message")
        assert ("A reviewer took this answer back." in message) is (language == "en")
        assert ("Un revisor ha retirado esta respuesta." in message) is (language == "es")
        assert asked["withdrawal"] == {
            "reason": "FACTS_MISREAD",
            "reviewer": f"Dr {LIVER}",
            "credentials": "Hepatologist",
            "withdrawnAt": "2026-11-21T12:00:00+00:00",
        }
        assert data["answer"] is None
        writing = data["generation"]
        assert writing["status"] == "FAILED"
        assert writing["answer"] is None
        assert [each["__typename"] for each in writing["events"]][-1] == "GenerationFailed"
        assert writing["events"][-1]["code"] == "WITHDRAWN"
        # The question is theirs; of the answer nothing is left to be read.
        assert CANARY not in str({**data, "question": None})


@pytest.mark.parametrize(
    ("decision", "path"),
    [
        ("REJECT", ["input", "reason"]),
        ("APPROVE, reason: UNSAFE", ["input", "reason"]),
    ],
)
async def test_a_decision_comes_with_its_reason_or_changes_nothing(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
    decision: str,
    path: list[str],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    query = APPROVE.query.replace("decision: APPROVE", f"decision: {decision}")
    result = await client.data(query, variables(question_id), authorization=headers["reviewer"])
    (error,) = result["reviewPersonalAnswer"]["errors"]
    assert error["__typename"] == "InvalidInput"
    assert error["path"] == path
    assert await owner.fetchval("SELECT count(*) FROM personal_reviews") == 0


async def test_reading_and_deciding_are_recorded_with_ids_and_without_words(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    before = await owner.fetchval("SELECT max(sequence) FROM audit_events")
    for case in (*READING.values(), REJECT):
        # Who may not see it has read nothing.
        for viewer in ("reviewer of another cancer", "reviewer"):
            await client.run(case.query, variables(question_id), authorization=headers[viewer])
    rows = await owner.fetch(
        "SELECT actor_kind, actor, action, detail::text AS detail FROM audit_events"
        " WHERE sequence > $1 ORDER BY sequence",
        before,
    )
    of_this = [row for row in rows if str(question_id) in row["detail"]]
    assert {row["actor"] for row in of_this} == {LIVER}
    assert {row["actor_kind"] for row in of_this} == {"REVIEWER"}
    assert [row["action"] for row in of_this] == [
        "personal_review.list",
        "personal_review.list",
        "personal_review.read",
        "personal_review.read",
        "personal_review.decide",
    ]
    assert "FACTS_MISREAD" in of_this[-1]["detail"]
    assert CANARY not in str(rows)


async def test_pages_have_each_answer_once_and_only_those_of_the_reviewers_cancers(
    client: Client,
    personal: PersonalWorld,
    question_id: UUID,
    world: World,
    headers: dict[str, str | None],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    wanted = [question_id]
    for text in ("Is breast cancer rare?", "Is liver cancer rare?", "Is liver cancer common?"):
        asked = await personal.asked_id(text, PATIENT)
        await personal.task(engine(world)).run(asked.bytes)
        if "liver" in text:
            wanted.append(asked)
    query = (
        "query ($after: String) { personalReviewQueue(first: 1, after: $after) {"
        " nodes { id } pageInfo { hasNextPage endCursor } } }"
    )
    found: list[str] = []
    after, more = None, True
    while more:
        page = (await client.data(query, {"after": after}, authorization=headers["reviewer"]))[
            "personalReviewQueue"
        ]
        found += [node["id"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert len(found) <= len(wanted)
    assert found == [global_id("PersonalReview", id_) for id_ in wanted]

    # What is decided waits for nobody.
    await client.data(APPROVE.query, variables(question_id), authorization=headers["reviewer"])
    rest = await client.data(
        "{ personalReviewQueue { nodes { id } } }", authorization=headers["reviewer"]
    )
    assert [node["id"] for node in rest["personalReviewQueue"]["nodes"]] == found[1:]
    none = await client.data(
        '{ personalReviewQueue(cancer: "breast-cancer") { nodes { id } } }',
        authorization=headers["reviewer"],
    )
    assert none["personalReviewQueue"]["nodes"] == []


ROWS = {
    "anonymous": ("", ""),
    "other": ("patient", OTHER),
    "reviewer": ("reviewer", LIVER),
    "former reviewer": ("reviewer", FORMER),
    "reviewer who isn't on the staff": ("reviewer", "reviewer-nobody"),
    "editor": ("editor", "editor-1"),
    "editor as reviewer": ("reviewer", "editor-1"),
    "reviewer as editor": ("editor", LIVER),
    "administrator": ("administrator", "administrator-1"),
    "partner": ("partner", "partner-1"),
    "the patient as a reviewer": ("reviewer", ASKER),
    "unknown role": ("Reviewer", LIVER),
}
TABLES = ("patients", "consents", "records", "findings", "personal_events")


async def seen(address: str, role: str, subject: str) -> dict[str, Any]:
    """How many rows a viewer sees in each table, and can change or remove."""
    counts: dict[str, Any] = {}
    async with app_connection(address, role=role, subject=subject) as connection:
        for table in (*TABLES, "personal_questions", "personal_reviews"):
            counts[table] = await connection.fetchval(f"SELECT count(*) FROM {table}")
        for done, statement in (
            ("changed", "UPDATE personal_questions SET attempts = attempts"),
            ("removed", "DELETE FROM personal_questions"),
        ):
            counts[done] = int((await connection.execute(statement)).split()[-1])
    return counts


@pytest.mark.parametrize("how", CONSENTS)
async def test_by_sql_a_reviewer_sees_the_answer_while_the_consent_stands_and_nothing_else(
    database_url: str,
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
    how: str,
) -> None:
    # So that there is a review to be seen, whatever becomes of the consent.
    await personal.allow(REVIEW, viewer=PATIENT)
    await client.data(APPROVE.query, variables(question_id), authorization=headers["reviewer"])
    await personal.take_back(REVIEW, PATIENT)
    await consented(personal, owner, how)
    for viewer, (role, subject) in ROWS.items():
        counts = await seen(database_url, role, subject)
        # Patients see what is their own of these tables.
        if viewer == "other":
            assert set(counts.values()) == {0}
            continue
        expected = int(viewer == "reviewer" and how in STANDING)
        assert counts.pop("personal_questions") == expected, viewer
        assert counts.pop("personal_reviews") == expected, viewer
        assert set(counts.values()) == {0}, viewer


@pytest.mark.parametrize("table", ["personal_questions", "personal_reviews"])
async def test_the_check_above_would_see_a_policy_that_forgets_the_consent(
    database_url: str,
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
    table: str,
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    await client.data(APPROVE.query, variables(question_id), authorization=headers["reviewer"])
    await personal.take_back(REVIEW, PATIENT)
    await owner.execute(f"ALTER POLICY reviewed ON {table} USING (navis_reviews_personally())")
    assert (await seen(database_url, "reviewer", LIVER))[table] == 1


ADD = (
    "INSERT INTO personal_reviews (patient_id, question_id, decision, subject, reviewer,"
    " credentials, at, next_review_on) SELECT patient_id, id, 'APPROVE', $1, $2, 'Hepatologist',"
    " now(), current_date FROM personal_questions"
)


async def test_by_sql_nobody_reviews_without_consent_or_as_somebody_else(
    database_url: str, personal: PersonalWorld, owner: asyncpg.Connection, question_id: UUID
) -> None:
    """Each attempt names the row itself, so that it isn't only hidden."""
    patient_id = await owner.fetchval("SELECT patient_id FROM personal_questions")
    add = ADD.replace("SELECT patient_id, id,", "SELECT $3::uuid, $4::uuid,").replace(
        " FROM personal_questions", ""
    )

    async def attempt(role: str, subject: str, said: str, name: str) -> None:
        async with app_connection(database_url, role=role, subject=subject) as connection:
            await connection.execute(add, said, name, patient_id, question_id)

    people = {**ROWS, "system": ("system", ""), "patient": ("patient", ASKER)}
    for role, subject in people.values():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attempt(role, subject, subject, f"Dr {subject}")
    await personal.allow(REVIEW, viewer=PATIENT)
    for viewer, (role, subject) in people.items():
        if viewer != "reviewer":
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await attempt(role, subject, subject, f"Dr {subject}")
    for said, name in ((ANY, f"Dr {ANY}"), (LIVER, f"Dr {ANY}")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attempt("reviewer", LIVER, said, name)
    assert await owner.fetchval("SELECT count(*) FROM personal_reviews") == 0
    await attempt("reviewer", LIVER, LIVER, f"Dr {LIVER}")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE personal_reviews SET reviewer = 'Somebody'",
        "DELETE FROM personal_reviews",
        "UPDATE personal_reviews SET decision = 'REJECT', reason = 'UNSAFE', next_review_on = NULL",
    ],
)
async def test_a_review_is_neither_changed_nor_taken_back(
    database_url: str,
    client: Client,
    personal: PersonalWorld,
    question_id: UUID,
    headers: dict[str, str | None],
    change: str,
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    await client.data(APPROVE.query, variables(question_id), authorization=headers["reviewer"])
    for role, subject in (("reviewer", LIVER), ("patient", ASKER), ("system", "")):
        async with app_connection(database_url, role=role, subject=subject) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change)


async def test_a_decision_and_the_end_of_the_consent_wait_for_each_other(
    database_url: str, personal: PersonalWorld, owner: asyncpg.Connection, question_id: UUID
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    patient_id = await owner.fetchval("SELECT patient_id FROM personal_questions")
    hold = "SELECT navis_hold_for_review($1, $2, 2)"
    async with (
        app_connection(database_url, role="reviewer", subject=LIVER) as connection,
        connection.transaction(),
    ):
        assert await connection.fetchval(hold, patient_id, question_id) is True
        # Only once the decision is over can the patient end what allowed it.
        with pytest.raises(asyncpg.LockNotAvailableError):
            await owner.execute(
                "SELECT FROM consents WHERE purpose = 'REVIEW' FOR NO KEY UPDATE NOWAIT"
            )
    await personal.take_back(REVIEW, PATIENT)
    async with app_connection(database_url, role="reviewer", subject=LIVER) as connection:
        assert await connection.fetchval(hold, patient_id, question_id) is False


async def test_reviews_go_with_their_question(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    await client.data(REJECT.query, variables(question_id), authorization=headers["reviewer"])
    assert await owner.fetchval("SELECT count(*) FROM personal_reviews") == 1
    case = personal_operations.OPERATIONS["Mutation.deletePersonalQuestion"]
    await client.data(
        case.query, personal_operations.variables(question_id), authorization=headers["asker"]
    )
    assert await owner.fetchval("SELECT count(*) FROM personal_reviews") == 0


async def test_erasing_takes_the_review_with_it_and_leaves_nothing_to_see(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    await client.data(APPROVE.query, variables(question_id), authorization=headers["reviewer"])
    erased = await client.data(
        "mutation ($input: EraseMyDataInput!) { eraseMyData(input: $input) {"
        " receipt { id } errors { __typename } } }",
        {"input": {"confirmation": CONFIRMATION}},
        authorization=headers["asker"],
    )
    assert erased["eraseMyData"]["errors"] == []
    assert await owner.fetchval("SELECT count(*) FROM personal_reviews") == 0
    for case in READING.values():
        result = await client.run(
            case.query, variables(question_id), authorization=headers["reviewer"]
        )
        assert not case.shows(result["data"])


async def test_an_answer_whose_key_is_gone_keeps_nobody_from_the_others(
    client: Client,
    personal: PersonalWorld,
    question_id: UUID,
    world: World,
    headers: dict[str, str | None],
    owner: asyncpg.Connection,
) -> None:
    """As while an erasure is under way: the rows were seen, and the key isn't there any more."""
    other = Viewer(ViewerKind.PATIENT, OTHER)
    await personal.allow(ConsentPurpose.PERSONAL_ANSWERS, REVIEW, viewer=other)
    await personal.confirmed(PRIMARY, viewer=other)
    theirs = await personal.asked_id("Is liver cancer rare?", other)
    await personal.task(engine(world)).run(theirs.bytes)
    await personal.allow(REVIEW, viewer=PATIENT)
    (patient,) = await owner.fetch("SELECT id FROM patients WHERE subject = $1", ASKER)
    await personal.storage.keys.destroy(patient["id"])
    queue = await client.data(
        "{ personalReviewQueue { nodes { id } } }", authorization=headers["reviewer"]
    )
    assert [node["id"] for node in queue["personalReviewQueue"]["nodes"]] == [
        global_id("PersonalReview", theirs)
    ]
    for case in (READING["node"], APPROVE):
        result = await client.run(
            case.query, variables(question_id), authorization=headers["reviewer"]
        )
        assert "errors" not in result
        assert not case.shows(result["data"])


async def test_two_who_decide_at_once_are_one_decision(
    client: Client,
    personal: PersonalWorld,
    owner: asyncpg.Connection,
    question_id: UUID,
    headers: dict[str, str | None],
) -> None:
    await personal.allow(REVIEW, viewer=PATIENT)
    results = await asyncio.gather(
        client.data(APPROVE.query, variables(question_id), authorization=headers["reviewer"]),
        client.data(REJECT.query, variables(question_id), authorization=headers["reviewer of all"]),
    )
    errors = [each["reviewPersonalAnswer"]["errors"] for each in results]
    assert sorted(len(each) for each in errors) == [0, 1]
    (refused,) = [error for each in errors for error in each]
    assert refused["__typename"] == "PersonalAnswerDecided"
    assert await owner.fetchval("SELECT count(*) FROM personal_reviews") == 1
