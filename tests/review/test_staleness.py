"""Answers whose quotes no longer stand go stale at once, and no others do."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from navis_api.answers import publishing
from navis_api.answers.models import AnswerRevision, AnswerState
from navis_api.answers.publishing_models import ChangeKind
from navis_api.answers.rendering import TextFormat
from navis_api.answers.repository import hold_publications, views_by_answer
from navis_api.answers.service import body_of
from navis_api.audit.models import AuditEvent
from navis_api.audit.service import Origin
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.review.errors import QuotesGone
from navis_api.review.models import Rank
from navis_api.review.staleness import LostClaim, lost_claims
from navis_api.sources.changes import SOURCE_CHANGED
from navis_api.sources.withdrawing import (
    SourceAmbiguous,
    SourceUnknown,
    WithdrawalReason,
    restore,
    withdraw,
)
from tests.review.keeping import (
    MOVED,
    WITHOUT_ABLATION,
    change,
    elsewhere,
    item,
    jobs,
    keeping,
    save_source,
    source_id,
    steps,
    untouched,
)
from tests.review.world import (
    ABLATION,
    COMES_BACK,
    LIVER_REVIEWER,
    NOON,
    SOURCE_KEY,
    SOURCE_TEXT,
    SURGERY,
    Given,
    World,
)

PUBLISHED, STALE = AnswerState.PUBLISHED, AnswerState.STALE
ORIGIN = Origin("test", None)


async def look(world: World) -> None:
    await keeping(world).source_changed((await source_id(world)).bytes)


async def set_withdrawn(world: World, *, to: bool) -> None:
    async with world.database.writing(SYSTEM_ROWS) as session:
        if to:
            reason = WithdrawalReason.OUTDATED
            assert await withdraw(session, SOURCE_KEY, reason=reason, origin=ORIGIN, now=NOON)
        else:
            assert await restore(session, SOURCE_KEY, origin=ORIGIN, now=NOON)


async def lost(world: World, given: Given) -> list[LostClaim]:
    async with world.database.reading(world.rows(LIVER_REVIEWER)) as session:
        return await lost_claims(session, given.revision_id)


async def test_a_new_version_marks_exactly_the_answers_whose_quotes_are_gone(world: World) -> None:
    other = await elsewhere(world, "test:other")
    concerned = await world.given(PUBLISHED, sections=world.sections(SURGERY, ABLATION))
    beside = await world.given(PUBLISHED, sections=world.sections(SURGERY, COMES_BACK))
    of_another = await other.given(PUBLISHED)
    before = [await untouched(world, beside), await untouched(world, of_another)]

    await save_source(world, WITHOUT_ABLATION)
    await look(world)

    revision = await world.revision(concerned)
    assert revision.state is STALE
    assert revision.stale_claims == [
        {"section": 0, "claim": 1, "source": str(await source_id(world))}
    ]
    assert revision.state_reason == (
        "A source that it quotes has changed: “Liver cancer treatment”."
    )
    waiting = await item(world, concerned)
    assert waiting is not None
    assert (waiting.rank, waiting.reasons) == (Rank.QUOTE_GONE, [revision.state_reason])
    told = await change(world, concerned)
    assert told is not None
    assert (told.kind, told.reason) == (ChangeKind.STALE, revision.state_reason)
    assert [await untouched(world, beside), await untouched(world, of_another)] == before
    assert await item(world, beside) is None
    assert await item(world, of_another) is None


@pytest.mark.parametrize("markdown", [MOVED, SOURCE_TEXT + "\n\nMore on the liver.\n"])
async def test_a_quote_that_moved_but_stands_makes_nothing_stale(
    world: World, markdown: str
) -> None:
    given = await world.given(PUBLISHED)
    before = await untouched(world, given)
    await save_source(world, markdown)
    await look(world)
    await keeping(world).look_over(b"")
    assert await untouched(world, given) == before
    assert await item(world, given) is None
    assert await lost(world, given) == []


async def test_another_label_on_the_same_text_makes_nothing_stale(world: World) -> None:
    given = await world.given(PUBLISHED)
    await save_source(world, SOURCE_TEXT, version="2")
    await look(world)
    assert (await world.revision(given)).state is PUBLISHED


async def test_a_change_has_a_worker_look_in_its_own_transaction(world: World) -> None:
    await world.given(PUBLISHED)
    assert await jobs(world.database, SOURCE_CHANGED) == []
    await save_source(world, "# A title\n\nA new text.", key="test:new")
    await save_source(world, SOURCE_TEXT)
    assert await jobs(world.database, SOURCE_CHANGED) == []

    await save_source(world, WITHOUT_ABLATION)
    # Another change while the first job may be at work is another job.
    await save_source(world, SOURCE_TEXT)
    wanted = (await source_id(world)).bytes
    assert await jobs(world.database, SOURCE_CHANGED) == [wanted, wanted]


async def test_a_change_that_is_taken_back_has_nobody_look(world: World) -> None:
    class NotThisOne(Exception):
        pass

    async def withdraw_and_fail() -> None:
        async with world.database.writing(SYSTEM_ROWS) as session:
            reason = WithdrawalReason.WRONG
            await withdraw(session, SOURCE_KEY, reason=reason, origin=ORIGIN, now=NOON)
            raise NotThisOne

    with pytest.raises(NotThisOne):
        await withdraw_and_fail()
    assert await jobs(world.database, SOURCE_CHANGED) == []


async def test_a_withdrawn_source_marks_all_that_quote_it(world: World) -> None:
    given = await world.given(PUBLISHED)
    await set_withdrawn(world, to=True)
    assert await jobs(world.database, SOURCE_CHANGED) == [(await source_id(world)).bytes]
    await look(world)
    revision = await world.revision(given)
    assert revision.state is STALE
    assert [each["claim"] for each in revision.stale_claims or ()] == [0, 1]
    assert revision.state_reason == (
        "A source that it quotes has been withdrawn: “Liver cancer treatment”."
    )


async def test_withdrawing_and_restoring_are_recorded_and_done_once(world: World) -> None:
    async with world.database.writing(SYSTEM_ROWS) as session:
        url = "https://example.org/liver"
        reason = WithdrawalReason.LICENCE
        assert await withdraw(session, url, reason=reason, origin=ORIGIN, now=NOON)
        assert not await withdraw(session, SOURCE_KEY, reason=reason, origin=ORIGIN, now=NOON)
        assert await restore(session, SOURCE_KEY, origin=ORIGIN, now=NOON)
        assert not await restore(session, SOURCE_KEY, origin=ORIGIN, now=NOON)
        with pytest.raises(SourceUnknown):
            await withdraw(session, "test:none", reason=reason, origin=ORIGIN, now=NOON)
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = await session.scalars(
            select(AuditEvent)
            .where(AuditEvent.object_type == "source")
            .order_by(AuditEvent.sequence)
        )
        assert [(row.action, row.detail) for row in rows] == [
            ("source.withdraw", {"reason": "licence"}),
            ("source.restore", {}),
        ]


async def test_an_address_of_several_sources_names_none(world: World) -> None:
    await save_source(world, "# One\n\nA text.", key="one:same")
    await save_source(world, "# Two\n\nA text.", key="two:same")
    async with world.database.writing(SYSTEM_ROWS) as session:
        with pytest.raises(SourceAmbiguous) as refused:
            await withdraw(
                session,
                "https://example.org/same",
                reason=WithdrawalReason.DUPLICATE,
                origin=ORIGIN,
                now=NOON,
            )
    assert refused.value.keys == ["one:same", "two:same"]


async def test_what_stands_again_is_unmarked_but_waits_for_a_reviewer(world: World) -> None:
    given = await world.given(PUBLISHED)
    await set_withdrawn(world, to=True)
    await look(world)
    await set_withdrawn(world, to=False)
    await look(world)
    revision = await world.revision(given)
    assert (revision.state, revision.stale_claims) == (STALE, None)
    assert "stand there again" in (revision.state_reason or "")
    waiting = await item(world, given)
    assert waiting is not None
    assert waiting.rank == Rank.OUTDATED
    assert await lost(world, given) == []
    renewed = await world.decide(await world.reread(given))
    assert renewed.state is PUBLISHED
    assert await item(world, given) is None


async def test_one_that_is_stale_already_gets_its_claims_and_moves_up(world: World) -> None:
    given = await world.given(STALE)
    before = await item(world, given)
    assert before is not None
    assert before.rank == Rank.OUTDATED
    version = (await world.revision(given)).lock_version
    await save_source(world, WITHOUT_ABLATION)
    await look(world)
    revision = await world.revision(given)
    assert [each["claim"] for each in revision.stale_claims or ()] == [0]
    assert revision.lock_version > version
    waiting = await item(world, given)
    assert waiting is not None
    assert waiting.rank == Rank.QUOTE_GONE
    assert waiting.reasons[-1].startswith("Quotes: 1 claim rests on words that no longer stand.")
    assert await steps(world, given) == ["DRAFT", "IN_REVIEW", "APPROVED", "PUBLISHED", "STALE"]


@pytest.mark.parametrize(
    "state", [AnswerState.IN_REVIEW, AnswerState.CHANGES_REQUESTED, AnswerState.APPROVED]
)
async def test_one_that_waits_says_so_in_the_queue_and_keeps_its_state(
    world: World, state: AnswerState
) -> None:
    given = await world.given(state)
    before = await item(world, given)
    await save_source(world, WITHOUT_ABLATION)
    await look(world)
    waiting = await item(world, given)
    assert before is not None
    assert waiting is not None
    assert waiting.reasons == [
        *before.reasons,
        (
            "Quotes: 1 claim rests on words that no longer stand."
            " A source that it quotes has changed: “Liver cancer treatment”."
        ),
    ]
    assert waiting.rank == before.rank
    assert (await world.revision(given)).state is state

    await save_source(world, SOURCE_TEXT)
    await look(world)
    after = await item(world, given)
    assert after is not None
    assert after.reasons == before.reasons


async def test_nobody_approves_or_publishes_what_rests_on_lost_quotes(world: World) -> None:
    waiting = await world.given(AnswerState.IN_REVIEW)
    approved = await world.given(AnswerState.APPROVED)
    stale = await world.given(STALE)
    await save_source(world, WITHOUT_ABLATION)
    with pytest.raises(QuotesGone):
        await world.decide(waiting)
    with pytest.raises(QuotesGone):
        await world.publish(approved)
    with pytest.raises(QuotesGone):
        await world.decide(stale)
    assert (await world.revision(waiting)).state is AnswerState.IN_REVIEW
    assert (await world.revision(approved)).state is AnswerState.APPROVED


@pytest.mark.parametrize(
    "state",
    [
        AnswerState.DRAFT,
        AnswerState.SUPERSEDED,
        AnswerState.RETRACTED,
        AnswerState.REJECTED,
    ],
)
async def test_what_is_neither_live_nor_waiting_is_left_alone(
    world: World, state: AnswerState
) -> None:
    given = await world.given(state)
    before = await untouched(world, given)
    await save_source(world, WITHOUT_ABLATION)
    await look(world)
    await keeping(world).look_over(b"")
    assert await untouched(world, given) == before


async def test_looking_again_changes_nothing_more(world: World) -> None:
    given = [await world.given(PUBLISHED), await world.given(AnswerState.IN_REVIEW)]
    await save_source(world, WITHOUT_ABLATION)
    await look(world)
    before = [await untouched(world, each) for each in given]
    items = [
        (each.rank, each.reasons) for each in [await item(world, one) for one in given] if each
    ]
    await look(world)
    await keeping(world, now=NOON + timedelta(hours=1)).look_over(b"")
    assert [await untouched(world, each) for each in given] == before
    assert [
        (each.rank, each.reasons) for each in [await item(world, one) for one in given] if each
    ] == items


async def test_a_worker_killed_half_way_leaves_the_rest_to_the_next(world: World) -> None:
    given = [await world.given(PUBLISHED) for _ in range(4)]
    await save_source(world, WITHOUT_ABLATION)
    first = keeping(world)
    marked = first._mark

    async def killed_after_two(revision_ids: list[object]) -> int:
        await marked(revision_ids[:2])  # pyright: ignore[reportArgumentType]
        raise asyncio.CancelledError

    first._mark = killed_after_two  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await first.source_changed((await source_id(world)).bytes)
    assert sum([(await world.revision(each)).state is STALE for each in given]) == 2

    await look(world)
    for each in given:
        assert (await world.revision(each)).state is STALE
        assert (await steps(world, each)).count("STALE") == 1


async def test_a_change_that_went_unnoticed_is_found_by_looking_over(world: World) -> None:
    given, waiting = await world.given(PUBLISHED), await world.given(AnswerState.IN_REVIEW)
    beside = await world.given(PUBLISHED, sections=world.sections(SURGERY))
    before = await untouched(world, beside)
    await save_source(world, WITHOUT_ABLATION)
    await keeping(world).look_over(b"")
    assert (await world.revision(given)).state is STALE
    entry = await item(world, waiting)
    assert entry is not None
    assert entry.reasons[-1].startswith("Quotes: ")
    assert await untouched(world, beside) == before


async def test_what_is_being_published_meanwhile_is_marked_too(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    publishing_begins, go_on = asyncio.Event(), asyncio.Event()

    async def publishes() -> None:
        async with world.database.writing(SYSTEM_ROWS) as session:
            # Whoever publishes has found all quotes standing by now.
            await hold_publications(session)
            publishing_begins.set()
            await go_on.wait()
            revision = await session.get_one(AnswerRevision, given.revision_id)
            await publishing.publish(session, revision, slug="case", now=NOON)
            question = await world.question_of(given)
            session.add(question)
            question.status = question.status.__class__.ANSWERED
            question.slug = "case"
            question.answered_at = NOON
            await session.flush()

    publication = asyncio.create_task(publishes())
    await publishing_begins.wait()
    await save_source(world, WITHOUT_ABLATION)
    looking = asyncio.create_task(look(world))
    await asyncio.sleep(0.3)
    assert not looking.done(), "it waits for who is changing what is public"
    go_on.set()
    await asyncio.gather(publication, looking)
    assert (await world.revision(given)).state is STALE


@pytest.mark.parametrize("text_format", list(TextFormat))
async def test_the_answer_as_served_says_so(world: World, text_format: TextFormat) -> None:
    given = await world.given(PUBLISHED, sections=world.sections(SURGERY, ABLATION))

    async def body() -> str:
        async with world.database.reading() as session:
            view = (await views_by_answer(session, [given.answer_id]))[given.answer_id]
        return body_of(view, text_format)

    before = await body()
    assert "being checked again" not in before
    await save_source(world, WITHOUT_ABLATION)
    await look(world)
    served = await body()
    assert "This answer has been waiting to be checked again since 2026-11-21." in served.replace(
        "\\", ""
    )
    assert "A source that it quotes has changed: “Liver cancer treatment”." in served
    assert "stands under “Options”" in served
    assert f"{ABLATION} [1] (being checked again)" in served
    assert f"{SURGERY} [1] (being checked again)" not in served
    assert (
        served.index("Reviewed by")
        < served.index("This answer has been")
        < served.index("A summary.")
    )


def test_the_reason_names_the_source_and_not_the_quote() -> None:
    given = LostClaim(0, 1, source_id=None, source_title="A title", withdrawn=False)  # type: ignore[arg-type]
    assert "A title" in given.reason
    assert "withdrawn" in replace(given, withdrawn=True).reason
