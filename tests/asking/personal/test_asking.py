"""Asking for oneself: what comes before it, what it needs, and what is kept of it."""

from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import func, select

from navis_api.asking.asked import AskOutcome
from navis_api.asking.errors import ConsentRequired, IdempotencyConflict, UnknownCancer
from navis_api.asking.models import IdempotencyKey
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.db.engine import asyncpg_address
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from navis_api.generation.models import Generation, GenerationStatus
from navis_api.questions.models import Asking, Question
from navis_api.questions.safety.recognition import SafetyKind
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.findings.deciding import FindingDecision
from tests.asking.personal.world import PRIMARY, QUESTION, PersonalWorld
from tests.records.world import NOON, OTHER, PATIENT

MARKER = Finding(
    kind=FindingKind.TUMOR_MARKER,
    name="Alpha-fetoprotein",
    key="afp",
    quote="AFP 412 ng/mL",
    confidence=0.9,
    value="412",
    unit="ng/mL",
    page=1,
    start=30,
    end=43,
)


async def count(database: Database, *tables: type) -> list[int]:
    async with database.reading(SYSTEM_ROWS) as session:
        return [
            int(await session.scalar(select(func.count()).select_from(table)) or 0)
            for table in tables
        ]


async def test_without_consent_nothing_is_stored_and_nothing_asked(world: PersonalWorld) -> None:
    await world.confirmed(PRIMARY)
    with pytest.raises(ConsentRequired) as refused:
        await world.ask()
    assert refused.value.purposes == (ConsentPurpose.PERSONAL_ANSWERS,)
    assert await count(world.database, PersonalQuestion) == [0]


async def test_consent_that_was_taken_back_counts_no_longer(world: PersonalWorld) -> None:
    await world.allow()
    await world.take_back()
    with pytest.raises(ConsentRequired):
        await world.ask()
    assert await count(world.database, PersonalQuestion) == [0]


async def test_consent_to_something_else_is_none(world: PersonalWorld) -> None:
    await world.allow(ConsentPurpose.REVIEW, ConsentPurpose.EXTERNAL_PROCESSING)
    with pytest.raises(ConsentRequired):
        await world.ask()


@pytest.mark.parametrize(("engine", "is_remote"), [("llm", False), ("extractive", True)])
async def test_what_leaves_this_process_needs_its_own_consent(
    world: PersonalWorld, *, engine: str, is_remote: bool
) -> None:
    elsewhere = PersonalWorld(world.database, world.folder, engine=engine, is_remote=is_remote)
    await elsewhere.allow()
    with pytest.raises(ConsentRequired) as refused:
        await elsewhere.ask()
    assert refused.value.purposes == (ConsentPurpose.EXTERNAL_PROCESSING,)
    await elsewhere.allow(ConsentPurpose.EXTERNAL_PROCESSING)
    assert (await elsewhere.ask()).outcome is AskOutcome.GENERATING


async def test_another_patients_consent_is_not_mine(world: PersonalWorld) -> None:
    await world.allow(viewer=OTHER)
    with pytest.raises(ConsentRequired):
        await world.ask()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I have liver cancer and I want to kill myself", SafetyKind.CRISIS),
        ("How many mg of sorafenib should I take for my liver cancer?", SafetyKind.NO_DOSING),
        ("Which shares should I buy this week?", SafetyKind.OUT_OF_SCOPE),
        ("I am coughing up a lot of blood and can't breathe", SafetyKind.EMERGENCY),
    ],
)
@pytest.mark.parametrize("allowed", [False, True])
async def test_what_is_urgent_or_not_ours_comes_before_consent_and_is_not_kept(
    world: PersonalWorld, *, text: str, kind: SafetyKind, allowed: bool
) -> None:
    if allowed:
        await world.allow()
    asked = await world.ask(text)
    assert asked.outcome is AskOutcome.DECLINED
    assert kind in {notice.kind for notice in asked.safety_notices}
    assert asked.question_id is None
    assert await count(world.database, PersonalQuestion) == [0]


async def test_nothing_of_it_stands_in_the_tables_that_others_read(world: PersonalWorld) -> None:
    tables = (Question, Asking, Generation, IdempotencyKey)
    before = await count(world.database, *tables)
    await world.allow()
    await world.answered()
    assert await count(world.database, *tables, PersonalQuestion) == [*before, 1]


async def test_the_facts_are_those_that_were_confirmed(world: PersonalWorld) -> None:
    await world.allow()
    primary, _ = await world.confirmed(PRIMARY, MARKER)
    rejected = await world.has_read(PRIMARY)
    await world.decide(FindingDecision.REJECT, rejected)
    await world.has_read(MARKER)
    asked = (await world.entry(await world.asked_id())).asked
    assert {each.fact.kind for each in asked.facts} == {
        FindingKind.PRIMARY_CANCER,
        FindingKind.TUMOR_MARKER,
    }
    by_kind = {each.fact.kind: each for each in asked.facts}
    assert by_kind[FindingKind.PRIMARY_CANCER].finding_ids == (primary,)
    assert sorted(each.fact.number for each in asked.facts) == [1, 2]


async def test_a_patient_without_facts_gets_an_answer_too(world: PersonalWorld) -> None:
    await world.allow()
    entry = await world.answered()
    assert entry.asked.facts == ()
    assert entry.row.status is GenerationStatus.COMPLETED
    assert entry.answer is not None
    assert entry.answer.document["sections"]


async def test_the_cancer_is_the_patients_where_the_question_names_none(
    world: PersonalWorld,
) -> None:
    await world.allow()
    await world.confirmed(PRIMARY)
    asked = (await world.entry(await world.asked_id("What surgery is there?"))).asked
    named = (await world.entry(await world.asked_id("What surgery for breast cancer?"))).asked
    assert asked.cancer_id is not None
    assert named.cancer_id not in {None, asked.cancer_id}


async def test_without_any_cancer_it_is_asked_for(world: PersonalWorld) -> None:
    await world.allow()
    await world.has_read(PRIMARY)
    with pytest.raises(UnknownCancer):
        await world.ask("What surgery is there?")
    assert await count(world.database, PersonalQuestion) == [0]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"text": "  "}, InvalidInput),
        ({"text": "x" * 1_001}, InvalidInput),
        ({"cancer": "no-such-cancer"}, UnknownCancer),
        ({"locale": "xx"}, InvalidInput),
        ({"key": "k" * 201}, InvalidInput),
        ({"key": ""}, InvalidInput),
    ],
)
async def test_bad_input_changes_nothing(
    world: PersonalWorld, changed: dict[str, str], kind: type[Exception]
) -> None:
    await world.allow()
    with pytest.raises(kind):
        await world.ask(**{"text": QUESTION, **changed})  # pyright: ignore[reportArgumentType]
    assert await count(world.database, PersonalQuestion) == [0]


async def test_the_same_key_gives_the_first_question_and_makes_no_second(
    world: PersonalWorld, sample_database_url: str
) -> None:
    await world.allow()
    first = await world.ask(key="a key in words")
    again = await world.ask(key="a key in words")
    assert again == first
    with pytest.raises(IdempotencyConflict):
        await world.ask("What is liver cancer?", key="a key in words")
    assert await count(world.database, PersonalQuestion) == [1]
    owner = await asyncpg.connect(asyncpg_address(sample_database_url))
    stored = await owner.fetchval("SELECT idempotency_hash FROM personal_questions")
    await owner.close()
    assert b"words" not in stored


async def test_two_patients_may_use_the_same_key(world: PersonalWorld) -> None:
    await world.allow()
    await world.allow(viewer=OTHER)
    first = await world.ask(key="key-1")
    other = await world.ask("What is liver cancer?", key="key-1", viewer=OTHER)
    assert other.question_id != first.question_id


async def test_a_key_is_free_again_when_its_time_is_over(world: PersonalWorld) -> None:
    await world.allow()
    first = await world.ask(key="key-1", now=NOON)
    later = await world.ask("What is liver cancer?", key="key-1", now=NOON + timedelta(days=2))
    assert later.question_id != first.question_id


async def test_reviewed_questions_that_are_near_come_along(world: PersonalWorld) -> None:
    await world.allow()
    async with world.database.reading(SYSTEM_ROWS) as session:
        reviewed = (
            await session.scalars(select(Question).where(Question.slug.is_not(None)).limit(1))
        ).one()
    asked = await world.ask(reviewed.text)
    assert asked.outcome is AskOutcome.GENERATING
    assert asked.suggestion_ids[0] == reviewed.id
    assert asked.question_id != reviewed.id


async def test_deleting_a_question_removes_it_and_its_events(
    world: PersonalWorld, sample_database_url: str
) -> None:
    await world.allow()
    entry = await world.answered()
    async with world.database.writing(PATIENT.rows) as session:
        await world.asking.delete(session, entry.row.id, world.records.acting())
    owner = await asyncpg.connect(asyncpg_address(sample_database_url))
    left = [
        await owner.fetchval(f"SELECT count(*) FROM {table}")
        for table in ("personal_questions", "personal_events")
    ]
    await owner.close()
    assert left == [0, 0]
