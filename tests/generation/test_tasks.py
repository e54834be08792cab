import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from bench.slow_worker import Dawdling
from navis_api.answers import repository as answers
from navis_api.answers.drafts import DraftSection
from navis_api.answers.models import AnswerState
from navis_api.answers.rendering import section_markdown
from navis_api.asking.asked import AskOutcome
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import ANONYMOUS_ROWS, SYSTEM_ROWS, Database, RowViewer
from navis_api.generation import service
from navis_api.generation.contract import GenerationRequest
from navis_api.generation.errors import EngineMissing, EngineUnavailable, OthersWait
from navis_api.generation.holding import LeaseHolder
from navis_api.generation.keeping import Lease
from navis_api.generation.models import GenerationEventKind, GenerationStatus
from navis_api.generation.stream import GENERATION_CHANNEL
from navis_api.generation.tasks import enqueue_abandoned
from navis_api.jobs.fanout import Fanout
from navis_api.jobs.worker import JobNotReady
from navis_api.kit.clock import utc_now
from navis_api.questions import repository as questions
from navis_api.questions.models import QuestionStatus
from navis_api.review.models import Rank, ReviewItem
from navis_api.sources.documents import SourceDocument
from navis_api.sources.service import save_document
from tests.conftest import fanout_beside
from tests.engines import Hanging, Saying, Stumbling, Watched
from tests.generation.pieces import PROGRESS
from tests.generation.world import NOON, ask, events, extractive, generation, generation_of, task
from tests.waiting import PATIENCE_S

UNCOVERED = "Does wearing magnets in my shoes cure liver cancer"


async def question_status(database: Database, generation_id: UUID) -> QuestionStatus:
    row = await generation(database, generation_id)
    async with database.reading(SYSTEM_ROWS) as session:
        return (await questions.get_many(session, [row.question_id]))[row.question_id].status


async def test_an_answer_is_written_and_waits_for_review(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)

    await task(sample_database).run(generation_id.bytes)

    row = await generation(sample_database, generation_id)
    assert row.status is GenerationStatus.COMPLETED
    assert row.lease_token is None
    async with sample_database.reading(ANONYMOUS_ROWS) as session:
        view = (await answers.views_by_question(session, [row.question_id]))[row.question_id]
    assert view.revision.state is AnswerState.IN_REVIEW
    assert not view.reviewed
    assert view.answer.slug is None
    assert await question_status(sample_database, generation_id) is QuestionStatus.AWAITING_REVIEW


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("What surgery is there for liver cancer?", Rank.ORDINARY),
        (
            "I have liver cancer, I am on chemo and have a fever of 39.5. Is surgery off?",
            Rank.URGENT,
        ),
    ],
)
async def test_what_sounds_urgent_waits_before_what_is_ordinary(
    sample_database: Database, text: str, rank: Rank
) -> None:
    asked = await ask(sample_database, text)
    assert asked.generation_id is not None

    await task(sample_database).run(asked.generation_id.bytes)

    row = await generation(sample_database, asked.generation_id)
    assert row.revision_id is not None
    async with sample_database.reading(SYSTEM_ROWS) as session:
        item = await session.get_one(ReviewItem, row.revision_id)
    assert item.rank == rank


async def test_the_events_are_numbered_without_gaps_and_end_once(
    sample_database: Database,
) -> None:
    generation_id = await generation_of(sample_database)

    await task(sample_database).run(generation_id.bytes)

    told = await events(sample_database, generation_id)
    assert [event.sequence for event in told] == list(range(1, len(told) + 1))
    ends = {GenerationEventKind.COMPLETED, GenerationEventKind.FAILED}
    assert [event.kind in ends for event in told] == [False] * (len(told) - 1) + [True]


async def test_the_text_of_the_events_is_the_stored_answer(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)

    await task(sample_database).run(generation_id.bytes)

    row = await generation(sample_database, generation_id)
    async with sample_database.reading(ANONYMOUS_ROWS) as session:
        view = (await answers.views_by_question(session, [row.question_id]))[row.question_id]
    stored = [section_markdown(view.content, section) for section in view.content.sections]
    told: dict[int, str] = {}
    for event in await events(sample_database, generation_id):
        if event.kind is GenerationEventKind.TEXT_ADDED:
            index = event.payload["sectionIndex"]
            told[index] = told.get(index, "") + event.payload["text"]
    assert list(told.values()) == stored
    assert len(stored) >= 2


async def test_every_quote_is_what_its_source_says(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)

    await task(sample_database).run(generation_id.bytes)

    row = await generation(sample_database, generation_id)
    async with sample_database.reading(SYSTEM_ROWS) as session:
        view = (await answers.views_by_question(session, [row.question_id]))[row.question_id]
        found = await session.execute(
            # Written out, so that nothing of ours stands between the quote and the text.
            text(
                "SELECT c.quote, v.text, c.start, c.end FROM citations c"
                " JOIN source_versions v ON v.id = c.source_version_id"
                " JOIN claims l ON l.id = c.claim_id JOIN answer_sections s ON s.id = l.section_id"
                " WHERE s.revision_id = :revision"
            ),
            {"revision": view.revision.id},
        )
        rows = found.all()
    assert rows
    assert all(quote == text[start:end] for quote, text, start, end in rows)


async def test_a_question_the_sources_say_nothing_about_is_declined(
    sample_database: Database,
) -> None:
    generation_id = await generation_of(sample_database, UNCOVERED)

    await task(sample_database).run(generation_id.bytes)

    assert (await generation(sample_database, generation_id)).status is GenerationStatus.ABSTAINED
    last = (await events(sample_database, generation_id))[-1]
    assert last.payload["code"] == "ABSTAINED"
    assert not last.payload["retryable"]
    assert "care team" in last.payload["message"] or "cancer team" in last.payload["message"]
    assert await question_status(sample_database, generation_id) is QuestionStatus.DECLINED


async def test_another_worker_goes_on_after_the_sections_that_were_told(
    sample_database: Database,
) -> None:
    disturbed = await generation_of(sample_database)
    row = await generation(sample_database, disturbed)
    async with sample_database.reading(SYSTEM_ROWS) as session:
        question = (await questions.get_many(session, [row.question_id]))[row.question_id]
    request = GenerationRequest(text=question.text, cancer_id=question.cancer_id)
    undisturbed = [
        claim.text
        async for piece in extractive(sample_database).write(request)
        if isinstance(piece, DraftSection)
        for claim in piece.claims
    ]
    engine = Stumbling(extractive(sample_database), after_sections=1, attempts=1)

    with pytest.raises(RuntimeError):
        await task(sample_database, engine).run(disturbed.bytes)
    half = await events(sample_database, disturbed)
    await task(sample_database, engine).run(disturbed.bytes)

    assert [len(written) for written in engine.begun] == [0, 1]
    whole = await events(sample_database, disturbed)
    assert [event.sequence for event in whole] == list(range(1, len(whole) + 1))
    assert [event.payload for event in whole[: len(half)]] == [event.payload for event in half]
    told = [event.payload["claim"] for event in whole if "claim" in event.payload]
    assert told == undisturbed


async def test_a_job_that_always_fails_ends_after_its_attempts(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)
    engine = Stumbling(extractive(sample_database), after_sections=0, attempts=100)
    work = task(sample_database, engine, max_attempts=2)

    for _ in range(2):
        with pytest.raises(RuntimeError):
            await work.run(generation_id.bytes)
    await work.run(generation_id.bytes)

    assert len(engine.begun) == 2
    assert (await generation(sample_database, generation_id)).status is GenerationStatus.FAILED
    last = (await events(sample_database, generation_id))[-1]
    assert last.payload["code"] == "FAILED"
    assert last.payload["retryable"]
    assert "stumbled" not in str(last.payload)


async def test_a_generation_that_somebody_holds_is_left_to_them(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        await service.claim(session, generation_id, lease_s=15, max_attempts=3, now=utc_now())
    before = await events(sample_database, generation_id)

    with pytest.raises(JobNotReady):
        await task(sample_database).run(generation_id.bytes)

    assert len(await events(sample_database, generation_id)) == len(before)


async def until_held(database: Database, generation_id: UUID) -> None:
    for _ in range(200):
        if (await generation(database, generation_id)).lease_token is not None:
            return
        await asyncio.sleep(0.05)
    pytest.fail("nobody took the generation")


async def test_whoever_lost_the_lease_writes_nothing_more(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)
    slow = asyncio.create_task(
        task(sample_database, Dawdling(extractive(sample_database), pause_s=1.5), lease_s=60).run(
            generation_id.bytes
        )
    )
    await until_held(sample_database, generation_id)
    later = utc_now() + timedelta(minutes=5)

    await task(sample_database, clock=lambda: later).run(generation_id.bytes)
    finished = await events(sample_database, generation_id)
    await slow

    assert (await generation(sample_database, generation_id)).status is GenerationStatus.COMPLETED
    assert len(await events(sample_database, generation_id)) == len(finished)


async def test_a_lease_is_renewed_while_the_engine_thinks(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)
    work = task(sample_database, Dawdling(extractive(sample_database), pause_s=0.5), lease_s=0.6)
    writing = asyncio.create_task(work.run(generation_id.bytes))
    expiries = set()
    while not writing.done():
        expiries.add((await generation(sample_database, generation_id)).lease_expires_at)
        await asyncio.sleep(0.1)
    await writing

    assert (await generation(sample_database, generation_id)).attempts == 1
    assert len(expiries - {None}) > 1


async def test_a_cancelled_generation_is_written_no_further(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        await service.cancel(session, generation_id, now=NOON)
    before = await events(sample_database, generation_id)

    await task(sample_database).run(generation_id.bytes)

    assert before[-1].payload["code"] == "CANCELLED"
    assert len(await events(sample_database, generation_id)) == len(before)
    assert (await generation(sample_database, generation_id)).status is GenerationStatus.CANCELLED


async def test_a_cancellation_stops_the_engine_at_once(
    sample_database: Database, sample_database_url: str
) -> None:
    generation_id = await generation_of(sample_database)
    fanout = fanout_beside(sample_database, sample_database_url)
    listening = asyncio.create_task(fanout.run(GENERATION_CHANNEL))
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    engine = Watched(Hanging())
    # Nothing but the notification can tell it in time.
    work = task(sample_database, engine, fanout=fanout, lease_s=600)
    writing = asyncio.create_task(work.run(generation_id.bytes))
    await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)

    async with sample_database.writing(SYSTEM_ROWS) as session:
        await service.cancel(session, generation_id, now=utc_now())

    await asyncio.wait_for(engine.stopped.wait(), PATIENCE_S)
    await asyncio.wait_for(writing, PATIENCE_S)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert (await generation(sample_database, generation_id)).status is GenerationStatus.CANCELLED


async def test_a_cancellation_is_noticed_by_a_worker_that_hears_nothing(
    sample_database: Database,
) -> None:
    generation_id = await generation_of(sample_database)
    engine = Watched(Hanging())
    writing = asyncio.create_task(
        task(sample_database, engine, lease_s=600).run(generation_id.bytes)
    )
    await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)

    async with sample_database.writing(SYSTEM_ROWS) as session:
        await service.cancel(session, generation_id, now=utc_now())

    await asyncio.wait_for(writing, PATIENCE_S)
    assert engine.stopped.is_set()


async def test_a_job_that_is_stopped_stops_its_engine_and_lets_go(
    sample_database: Database,
) -> None:
    generation_id = await generation_of(sample_database)
    engine = Watched(Hanging())
    writing = asyncio.create_task(task(sample_database, engine).run(generation_id.bytes))
    await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)

    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert engine.stopped.is_set()
    assert (await generation(sample_database, generation_id)).lease_token is None


async def test_a_database_that_is_busy_for_a_moment_does_not_lose_a_lease(
    sample_database: Database, sample_database_url: str
) -> None:
    generation_id = await generation_of(sample_database)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        lease = await service.claim(
            session, generation_id, lease_s=600, max_attempts=3, now=utc_now()
        )
    assert lease is not None
    narrow = Database(
        create_app_engine(sample_database_url, pool_size=1, pool_wait_s=0.1, command_timeout_s=30)
    )
    fanout = Fanout("postgresql://nobody@127.0.0.1:1/nowhere")
    news = asyncio.Event()
    holder = LeaseHolder(service, narrow, fanout, clock=utc_now, lease_s=600)
    with capture_logs() as logs:
        async with narrow.reading():
            holding = asyncio.create_task(holder.hold(lease, news))
            news.set()
            async with asyncio.timeout(PATIENCE_S):
                while not logs:  # noqa: ASYNC110 - a log has no event
                    await asyncio.sleep(0.05)
            assert not holding.done()
        async with sample_database.writing(SYSTEM_ROWS) as session:
            await service.cancel(session, generation_id, now=utc_now())
        await asyncio.wait_for(holding, PATIENCE_S)
    assert {each["event"] for each in logs} == {"generation.lease_unseen"}
    await narrow.close()


class SlowToReturn(Database):
    """A database whose last write returns only when its end has been heard of."""

    generation_id: UUID
    heard: asyncio.Event

    @asynccontextmanager
    async def writing(self, viewer: RowViewer) -> AsyncGenerator[AsyncSession]:
        async with super().writing(viewer) as session:
            yield session
        if (await generation(self, self.generation_id)).finished_at is not None:
            await self.heard.wait()
            await asyncio.sleep(0.1)


async def test_an_end_heard_of_before_its_own_write_returns_is_no_lost_lease(
    sample_database: Database, sample_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation_id = await generation_of(sample_database)
    slow = SlowToReturn(
        create_app_engine(sample_database_url, pool_size=4, pool_wait_s=30, command_timeout_s=30)
    )
    slow.generation_id = generation_id
    slow.heard = asyncio.Event()
    looks = service.is_held

    async def is_held(session: AsyncSession, lease: Lease) -> bool:
        held = await looks(session, lease)
        if not held:
            slow.heard.set()
        return held

    monkeypatch.setattr(service, "is_held", is_held)
    outcomes: Counter[str] = Counter()

    await asyncio.wait_for(task(slow, outcomes=outcomes).run(generation_id.bytes), PATIENCE_S)

    assert slow.heard.is_set()
    assert outcomes == {"completed": 1}
    await slow.close()


async def test_an_engine_that_takes_no_work_costs_no_attempt(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)
    away = task(sample_database, Saying(PROGRESS, EngineUnavailable(7)), clock=lambda: NOON)

    for _ in range(10):
        with pytest.raises(JobNotReady) as early:
            await away.run(generation_id.bytes)
        assert early.value.after_s == 7

    row = await generation(sample_database, generation_id)
    assert (row.attempts, row.lease_token, row.finished_at) == (0, None, None)
    await task(sample_database).run(generation_id.bytes)
    assert (await generation(sample_database, generation_id)).status is GenerationStatus.COMPLETED


async def test_an_asker_does_not_wait_for_an_engine_for_ever(sample_database: Database) -> None:
    generation_id = await generation_of(sample_database)
    engine = Saying(EngineUnavailable(7))
    later = NOON + timedelta(seconds=100)
    with pytest.raises(JobNotReady):
        await task(
            sample_database, engine, clock=lambda: later - timedelta(seconds=1), patience_s=100
        ).run(generation_id.bytes)

    await task(sample_database, engine, clock=lambda: later, patience_s=100).run(
        generation_id.bytes
    )

    assert (await generation(sample_database, generation_id)).status is GenerationStatus.FAILED
    last = (await events(sample_database, generation_id))[-1]
    assert (last.payload["code"], last.payload["retryable"]) == ("FAILED", True)
    assert await question_status(sample_database, generation_id) is QuestionStatus.FAILED


async def test_an_engine_that_is_not_set_up_is_a_failed_attempt(
    sample_database: Database,
) -> None:
    generation_id = await generation_of(sample_database)
    work = task(sample_database)
    work._engines = {}
    with pytest.raises(EngineMissing):
        await work.run(generation_id.bytes)
    assert (await generation(sample_database, generation_id)).lease_token is None


async def test_a_generation_that_others_wait_for_is_not_cancelled(
    sample_database: Database,
) -> None:
    generation_id = await generation_of(sample_database)
    assert await generation_of(sample_database) == generation_id

    with pytest.raises(OthersWait):
        async with sample_database.writing(SYSTEM_ROWS) as session:
            await service.cancel(session, generation_id, now=NOON)

    assert (await generation(sample_database, generation_id)).status is GenerationStatus.QUEUED


async def test_an_abandoned_generation_gets_a_job_again(
    sample_database: Database, owner: object
) -> None:
    generation_id = await generation_of(sample_database)
    async with sample_database.writing(SYSTEM_ROWS) as session:
        await session.execute(text("DELETE FROM pgqueuer"))

    await enqueue_abandoned(sample_database, now=NOON + timedelta(minutes=1), lease_s=15)
    await enqueue_abandoned(sample_database, now=NOON + timedelta(minutes=2), lease_s=15)

    async with sample_database.reading(SYSTEM_ROWS) as session:
        payloads = await session.scalars(text("SELECT payload FROM pgqueuer"))
        assert payloads.all() == [generation_id.bytes]


async def test_asking_again_what_the_sources_do_not_cover_begins_nothing_new(
    sample_database: Database,
) -> None:
    declined = await generation_of(sample_database, UNCOVERED)
    await task(sample_database, clock=lambda: NOON).run(declined.bytes)

    again = await ask(sample_database, UNCOVERED, now=NOON + timedelta(hours=1))

    assert again.outcome is AskOutcome.DECLINED
    assert again.generation_id == declined


async def test_what_was_declined_is_tried_again_when_the_sources_may_say_more(
    sample_database: Database,
) -> None:
    declined = await generation_of(sample_database, UNCOVERED)
    await task(sample_database, clock=lambda: NOON).run(declined.bytes)
    news = SourceDocument(
        key="test:magnets",
        title="Magnets",
        publisher="A public institute",
        url="https://example.org/magnets",
        licence="Public domain",
        markdown="## Magnets\n\nA made-up text on magnets and liver cancer.",
        where="test:1",
    )
    async with sample_database.writing(SYSTEM_ROWS) as session:
        later = NOON + timedelta(hours=1)
        await save_document(session, news, catalogue=Catalogue(), now=later)

    again = await ask(sample_database, UNCOVERED, now=NOON + timedelta(hours=2))

    assert again.outcome is AskOutcome.GENERATING
    assert again.generation_id != declined


async def test_what_was_declined_is_tried_again_after_a_day(sample_database: Database) -> None:
    declined = await generation_of(sample_database, UNCOVERED)
    await task(sample_database, clock=lambda: NOON).run(declined.bytes)

    again = await ask(sample_database, UNCOVERED, now=NOON + timedelta(days=1))

    assert again.outcome is AskOutcome.GENERATING
    assert again.generation_id != declined


async def test_a_worker_that_stops_hands_its_generation_to_the_next_and_no_attempt_is_counted(
    sample_database: Database,
) -> None:
    generation_id = await generation_of(sample_database)
    for _ in range(5):
        stopped = asyncio.create_task(
            task(sample_database, Dawdling(extractive(sample_database), pause_s=60)).run(
                generation_id.bytes
            )
        )
        for _ in range(1_000):
            if (await generation(sample_database, generation_id)).lease_token is not None:
                break
            await asyncio.sleep(0.01)
        stopped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped
        row = await generation(sample_database, generation_id)
        assert (row.attempts, row.lease_token, row.lease_expires_at) == (0, None, None)

    await task(sample_database).run(generation_id.bytes)

    assert (await generation(sample_database, generation_id)).status is GenerationStatus.COMPLETED
