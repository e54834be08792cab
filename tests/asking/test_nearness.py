"""Reviewed answers for the same question in other words, and only for that."""

from collections.abc import Sequence

import pytest
from sqlalchemy import event

from navis_api.asking.asked import AskOutcome, AskQuestion
from navis_api.asking.service import AskingService, Explanation
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.identity.viewer import ANONYMOUS
from navis_api.questions.repository import get_many
from navis_api.questions.sameness.decision import SETTLING_SIMILARITY, Sameness
from navis_api.sources.embedding.embedder import EmbedderOutOfReach, TextKind
from navis_api.sources.embedding.similarity import TextSimilarity
from navis_api.sources.embedding.vectors import Vectors
from tests.asking.test_service import count
from tests.generation.world import NOON, ask

STAGE = "stage-iii-colon-cancer-meaning"
LIVER = "liver-cancer-came-back-options"


class Settling:
    """Says of all questions that they are so near, and notes what it was asked."""

    def __init__(self, cosine: float | None) -> None:
        self.cosine = cosine
        self.asked: list[tuple[str, ...]] = []

    async def similarities(self, asked: str, known: Sequence[str]) -> Sequence[float] | None:
        self.asked.append((asked, *known))
        return None if self.cosine is None else [self.cosine for _ in known]


def service(database: Database, embedder: Settling | None = None) -> AskingService:
    return AskingService(
        CatalogueKeeper(database),
        engine="extractive",
        max_question_chars=1_000,
        idempotency_ttl_s=86_400,
        embedder=embedder,
    )


async def served(database: Database, text: str, *, cancer: str | None = None) -> str | None:
    asked = await ask(database, text, cancer=cancer)
    if asked.outcome is not AskOutcome.REVIEWED_ANSWER or asked.question_id is None:
        return None
    async with database.reading(SYSTEM_ROWS) as session:
        return (await get_many(session, [asked.question_id]))[asked.question_id].slug


async def explained(database: Database, text: str, embedder: Settling | None = None) -> Explanation:
    async with database.reading(SYSTEM_ROWS) as session:
        return await service(database, embedder).explain(session, AskQuestion(text=text))


@pytest.mark.parametrize(
    ("text", "cancer", "slug"),
    [
        ("stage III colon cancer meaning", None, STAGE),
        ("What is stage three colon cancer?", None, STAGE),
        ("My dad has stage 3 colon cancer. What does that mean?", None, STAGE),
        ("What does stage 3 mean?", "colon-cancer", STAGE),
        ("What are the treatments when liver cancer has come back after treatment?", None, LIVER),
        ("treatment options for recurrent liver cancer after treatment", None, LIVER),
        # No slot says it; who reads both questions does.
        ("colon cancer stage 3 - whats that actually saying", None, STAGE),
    ],
)
async def test_the_same_question_in_other_words_gets_the_reviewed_answer(
    sample_database: Database, text: str, cancer: str | None, slug: str
) -> None:
    assert await served(sample_database, text, cancer=cancer) == slug
    assert await count(sample_database, "generations") == 0


@pytest.mark.parametrize(
    ("text", "cancer"),
    [
        ("What does stage 2 colon cancer mean?", None),
        ("What does stage 3 rectal cancer mean?", None),
        ("What does stage 3 colorectal cancer mean?", None),
        ("What does stage 3 mean?", "rectal-cancer"),
        ("How is stage 3 colon cancer treated?", None),
        ("What can be done when hepatocellular carcinoma comes back after treatment?", None),
        ("What can be done when liver cancer comes back after surgery?", None),
        ("What can't be done when liver cancer comes back after treatment?", None),
        ("What can be done with kumquats when liver cancer comes back after treatment?", None),
    ],
)
async def test_another_question_is_written_anew_and_the_near_one_suggested(
    sample_database: Database, text: str, cancer: str | None
) -> None:
    before = await count(sample_database, "questions")

    assert await served(sample_database, text, cancer=cancer) is None
    assert await count(sample_database, "questions") == before + 1


async def test_what_is_near_and_not_the_same_is_suggested(sample_database: Database) -> None:
    asked = await ask(sample_database, "How is stage 2 colon cancer treated?")

    async with sample_database.reading(SYSTEM_ROWS) as session:
        near = await get_many(session, asked.suggestion_ids)
    assert [question.slug for question in near.values()] == [STAGE]


async def test_what_is_read_side_by_side_is_explained(sample_database: Database) -> None:
    told = await explained(sample_database, "in plain words, what's stage 3 colon cancer saying")

    reasons = [reason.text for each in told.nearness.considered for reason in each.decision.reasons]
    assert any(reason.startswith("read side by side: ") for reason in reasons)


async def test_looking_near_takes_one_statement_and_stores_nothing(
    sample_database: Database,
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM questions" in statement or "FROM published_questions" in statement:
            statements.append(statement)

    engine = sample_database.engine.sync_engine
    before = await count(sample_database, "questions")
    event.listen(engine, "before_cursor_execute", note)
    assert await served(sample_database, "stage III colon cancer meaning") == STAGE
    event.remove(engine, "before_cursor_execute", note)

    # The exact look-up, the candidates, and the last is this test's own.
    assert len(statements) == 3
    assert await count(sample_database, "questions") == before


async def test_a_served_question_is_the_same_again_under_its_key(sample_database: Database) -> None:
    text = "stage III colon cancer meaning"
    first = await ask(sample_database, text, idempotency_key="k1")

    assert first.outcome is AskOutcome.REVIEWED_ANSWER
    assert await ask(sample_database, text, idempotency_key="k1") == first


async def test_an_explanation_says_what_was_read_and_why_nothing_was_served(
    sample_database: Database,
) -> None:
    told = await explained(sample_database, "What does stage IV colon cancer mean?")

    assert told.cancer is not None
    assert told.cancer.slug == "colon-cancer"
    assert told.exact is None
    assert told.nearness.same is None
    first = told.nearness.considered[0]
    assert first.question.slug == STAGE
    assert first.decision.verdict is Sameness.DIFFERENT
    assert [reason.text for reason in first.decision.reasons] == ["stage: iv here, iii there"]


async def test_an_explanation_names_the_exact_question(sample_database: Database) -> None:
    told = await explained(sample_database, "What does stage 3 colon cancer mean?")

    assert told.exact is not None
    assert told.exact.slug == STAGE


EVERYDAY = "What does stage 3 colon cancer basically mean?"


@pytest.mark.parametrize(
    ("cosine", "slug"),
    [(SETTLING_SIMILARITY, STAGE), (SETTLING_SIMILARITY - 0.01, None), (None, None)],
)
async def test_an_embedder_settles_everyday_words_when_it_can(
    sample_database: Database, cosine: float | None, slug: str | None
) -> None:
    embedder = Settling(cosine)
    told = await explained(sample_database, EVERYDAY, embedder)

    same = told.nearness.same
    assert (same.slug if same else None) == slug
    assert embedder.asked == [(EVERYDAY, "What does stage 3 colon cancer mean?")]


@pytest.mark.parametrize(
    "text",
    [
        "What does stage 3 colon cancer mean with zorvatib?",
        "What does stage 2 colon cancer basically mean?",
        "stage III colon cancer meaning",
    ],
)
async def test_an_embedder_is_asked_only_where_it_may_settle_something(
    sample_database: Database, text: str
) -> None:
    embedder = Settling(1.0)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        await service(sample_database, embedder).ask(
            session, AskQuestion(text=text), viewer=ANONYMOUS, now=NOON
        )

    assert embedder.asked == []


class OutOfReach:
    """An embedder of the sources that never answers."""

    model = "none"

    async def embed(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:
        raise EmbedderOutOfReach(f"No answer for {len(texts)} texts as {kind}.")

    async def close(self) -> None:
        """Nothing to let go of."""


async def test_an_embedder_out_of_reach_settles_nothing() -> None:
    assert await TextSimilarity(OutOfReach()).similarities("one", ["other"]) is None
