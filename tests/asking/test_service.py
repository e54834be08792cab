import asyncio
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import event, text

from navis_api.asking.asked import AskOutcome, AskQuestion
from navis_api.asking.errors import ConsentRequired, IdempotencyConflict, UnknownCancer
from navis_api.asking.tasks import forget_idempotency_keys
from navis_api.db.engine import asyncpg_address
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.questions.models import Question
from tests.generation.world import NEW_QUESTION, NOON, ask, asking_service

REVIEWED = "What can be done when liver cancer comes back after treatment?"
PATIENT = Viewer(ViewerKind.PATIENT, "patient-1")


async def count(database: Database, table: str) -> int:
    async with database.reading(SYSTEM_ROWS) as session:
        return await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@pytest.mark.parametrize(
    "wording",
    [
        REVIEWED,
        REVIEWED.upper(),
        "  what can be   done when liver cancer comes back after treatment",
        "What can be done, when liver cancer comes back - after treatment???",
        "\u201cWhat can be done when liver cancer comes back after treatment?\u201d",
    ],
)
async def test_the_same_question_gets_the_reviewed_answer(
    sample_database: Database, wording: str
) -> None:
    asked = await ask(sample_database, wording)

    assert asked.outcome is AskOutcome.REVIEWED_ANSWER
    assert asked.generation_id is None
    assert await count(sample_database, "generations") == 0
    assert await count(sample_database, "pgqueuer") == 0


async def test_a_reviewed_answer_takes_one_look_up_in_one_index(
    sample_database: Database, sample_database_url: str
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "questions" in statement:
            statements.append(statement)

    engine = sample_database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await ask(sample_database, REVIEWED)
    event.remove(engine, "before_cursor_execute", note)

    assert len(statements) == 1
    owner = await asyncpg.connect(asyncpg_address(sample_database_url))
    await owner.execute("SET enable_seqscan = off")
    plan = await owner.fetch(
        "EXPLAIN SELECT * FROM questions WHERE match_key = 'x' AND locale = 'en'"
        " AND cancer_id = gen_random_uuid()"
    )
    await owner.close()
    assert "uq_questions_match_key" in "\n".join(row[0] for row in plan)


async def test_a_new_question_is_stored_with_its_generation_and_its_job(
    sample_database: Database,
) -> None:
    asked = await ask(sample_database)

    assert asked.outcome is AskOutcome.GENERATING
    assert await count(sample_database, "generations") == 1
    assert await count(sample_database, "pgqueuer") == 1


async def test_what_is_rolled_back_leaves_no_job(sample_database: Database) -> None:
    class Interrupted(Exception):
        pass

    before = await count(sample_database, "questions")

    async def ask_and_stumble() -> None:
        async with sample_database.writing(SYSTEM_ROWS) as session:
            await asking_service(sample_database).ask(
                session, AskQuestion(text=NEW_QUESTION), viewer=PATIENT, now=NOON
            )
            raise Interrupted

    with pytest.raises(Interrupted):
        await ask_and_stumble()

    assert await count(sample_database, "questions") == before
    assert await count(sample_database, "generations") == 0
    assert await count(sample_database, "pgqueuer") == 0


async def test_fifty_who_ask_at_once_share_one_generation(sample_database: Database) -> None:
    asked = await asyncio.gather(*(ask(sample_database) for _ in range(50)))

    assert len({each.generation_id for each in asked}) == 1
    assert len({each.question_id for each in asked}) == 1
    assert await count(sample_database, "generations") == 1
    assert await count(sample_database, "pgqueuer") == 1


async def test_the_cancer_is_found_in_the_text_or_named(sample_database: Database) -> None:
    found = await ask(sample_database, "HCC came back, what now?")
    named = await ask(sample_database, "It came back, what now?", cancer="hepatocellular-carcinoma")
    mistyped = await ask(sample_database, "What are the symptoms of pancreatic cencer?")

    for asked in (found, named, mistyped):
        assert asked.outcome is AskOutcome.GENERATING


@pytest.mark.parametrize(
    ("wording", "cancer"),
    [
        ("It came back, what now?", None),
        ("Is it breast cancer or lung cancer?", None),
        (NEW_QUESTION, "no-such-cancer"),
        (NEW_QUESTION, ""),
    ],
)
async def test_an_unknown_cancer_is_asked_for_and_nothing_is_stored(
    sample_database: Database, wording: str, cancer: str | None
) -> None:
    before = await count(sample_database, "questions")

    with pytest.raises(UnknownCancer) as refused:
        await ask(sample_database, wording, cancer=cancer)

    assert refused.value.path == ("input", "cancer")
    assert await count(sample_database, "questions") == before


async def test_a_cancer_that_the_operation_tells_is_not_asked_for(
    sample_database: Database,
) -> None:
    asked = await ask(sample_database, "Can I drive home after a mastectomy?")
    named = await ask(
        sample_database, "Can I drive home after a mastectomy?", cancer="breast-cancer"
    )

    assert asked.outcome is AskOutcome.GENERATING
    assert named.question_id == asked.question_id


async def test_what_anybody_with_cancer_asks_needs_none_named(sample_database: Database) -> None:
    asked = await ask(sample_database, "How do I tell my children that I have cancer?")

    assert asked.outcome is AskOutcome.GENERATING
    assert asked.question_id is not None
    async with sample_database.reading() as session:
        question = await session.get_one(Question, asked.question_id)
    assert question.cancer_id is None


async def test_where_it_may_be_one_of_several_these_are_named(sample_database: Database) -> None:
    with pytest.raises(UnknownCancer, match=r"Cervical Cancer \(`cervical-cancer`\)"):
        await ask(sample_database, "Will I need chemo after a hysterectomy?")


@pytest.mark.parametrize("wording", ["", "   ", "?!", "x" * 1_001])
async def test_a_text_that_is_no_question_is_refused(
    sample_database: Database, wording: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await ask(sample_database, wording, cancer="liver-cancer")

    assert refused.value.path == ("input", "text")


async def test_a_personal_answer_needs_consent(sample_database: Database) -> None:
    with pytest.raises(ConsentRequired):
        await ask(sample_database, viewer=PATIENT, personal=True)


async def test_an_idempotency_key_gives_the_first_result(sample_database: Database) -> None:
    first = await ask(sample_database, idempotency_key="k1")

    assert await ask(sample_database, idempotency_key="k1") == first
    with pytest.raises(IdempotencyConflict):
        await ask(sample_database, "Another question on liver cancer", idempotency_key="k1")
    with pytest.raises(IdempotencyConflict):
        await ask(sample_database, cancer="liver-cancer", idempotency_key="k1")


async def test_an_idempotency_key_is_the_clients_own_and_for_a_day(
    sample_database: Database,
) -> None:
    await ask(sample_database, idempotency_key="k1")

    other = "Another question on liver cancer"
    assert await ask(sample_database, other, viewer=PATIENT, idempotency_key="k1")
    tomorrow = NOON + timedelta(hours=24, seconds=1)
    assert await ask(sample_database, other, idempotency_key="k1", now=tomorrow)


async def test_a_refused_question_keeps_no_key(sample_database: Database) -> None:
    with pytest.raises(UnknownCancer):
        await ask(sample_database, "What now?", idempotency_key="k1")

    assert await ask(sample_database, idempotency_key="k1")


async def test_near_questions_are_suggested_and_not_served(sample_database: Database) -> None:
    asked = await ask(sample_database)

    assert asked.outcome is AskOutcome.GENERATING
    assert asked.suggestion_ids


async def test_opposites_are_two_questions(sample_database: Database) -> None:
    positive = await ask(sample_database, "How is HER2+ breast cancer treated?")
    negative = await ask(sample_database, "How is HER2- breast cancer treated?")

    assert positive.question_id != negative.question_id


async def test_keys_are_forgotten_when_their_time_is_over(sample_database: Database) -> None:
    await ask(sample_database, idempotency_key="k1")
    await ask(sample_database, idempotency_key="k2", now=NOON + timedelta(hours=2))

    later = NOON + timedelta(hours=25)
    await forget_idempotency_keys(sample_database, now=later, ttl_s=86_400)

    assert await count(sample_database, "idempotency_keys") == 1
