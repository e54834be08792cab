"""What readers say of an answer: counted, put into the queue, and kept to the staff."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from navis_api.answers.models import AnswerState
from navis_api.audit.models import AuditEvent
from navis_api.db.paging import PageRequest
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import InvalidInput
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind
from navis_api.kit.ids import new_id
from navis_api.review import feedback
from navis_api.review.feedback import (
    MAX_FEEDBACK_CHARS,
    RAISE_ALARM,
    FeedbackCounts,
    FeedbackDraft,
)
from navis_api.review.feedback_errors import (
    AnswerUnseen,
    FeedbackKeyUsed,
    FeedbackResolved,
    FeedbackUnknown,
)
from navis_api.review.models import AnswerFeedback, FeedbackKind, Rank
from tests.review.keeping import WITHOUT_ABLATION, item, jobs, keeping, save_source
from tests.review.world import ADMINISTRATOR, EDITOR, LIVER_REVIEWER, NOON, Given, World

HELPFUL, NOT_HELPFUL = FeedbackKind.HELPFUL, FeedbackKind.NOT_HELPFUL
PROBLEM, HARM = FeedbackKind.PROBLEM, FeedbackKind.HARM
PUBLISHED = AnswerState.PUBLISHED
CANARY = "I am Canary and took the dose that stood there"


def patient(name: str) -> Viewer:
    return Viewer(ViewerKind.PATIENT, name)


async def give(
    world: World,
    given: Given,
    kind: FeedbackKind,
    viewer: Viewer = ANONYMOUS,
    *,
    minutes: int = 0,
    **said: Any,
) -> AnswerFeedback:
    async with world.database.writing(SYSTEM_ROWS) as session:
        return await feedback.give(
            session,
            FeedbackDraft(given.answer_id, kind, **said),
            viewer=viewer,
            now=NOON + timedelta(minutes=minutes),
        )


async def counts(world: World, given: Given) -> FeedbackCounts:
    async with world.database.reading(world.rows(EDITOR)) as session:
        return (await feedback.count(session, [given.answer_id]))[given.answer_id]


async def number_kept(world: World) -> int | None:
    async with world.database.reading(SYSTEM_ROWS) as session:
        return await session.scalar(select(func.count()).select_from(AnswerFeedback))


async def resolve(world: World, kept: AnswerFeedback, by: str = LIVER_REVIEWER) -> AnswerFeedback:
    async with world.database.writing(world.rows(by)) as session:
        return await feedback.resolve(session, kept.id, "We looked.", acting=world.acting(by))


async def place(world: World, given: Given) -> tuple[int, list[str]] | None:
    found = await item(world, given)
    return (found.rank, list(found.reasons)) if found else None


async def test_an_opinion_is_counted_and_makes_nobody_any_work(world: World) -> None:
    given, beside = await world.given(PUBLISHED), await world.given(PUBLISHED)
    await give(world, given, HELPFUL)
    await give(world, given, HELPFUL)
    await give(world, given, NOT_HELPFUL, text="It is too long.")
    assert await counts(world, given) == FeedbackCounts(helpful=2, not_helpful=1)
    assert await counts(world, beside) == FeedbackCounts()
    assert await place(world, given) is None
    assert await jobs(world.database, RAISE_ALARM) == []


async def test_somebody_signed_in_has_one_opinion_their_newest(world: World) -> None:
    given, other = await world.given(PUBLISHED), await world.given(PUBLISHED)
    await give(world, given, HELPFUL, patient("a"), minutes=2)
    await give(world, given, NOT_HELPFUL, patient("a"), minutes=1)
    await give(world, given, HELPFUL, patient("b"))
    await give(world, given, NOT_HELPFUL, patient("b"), minutes=1)
    await give(world, other, HELPFUL, patient("b"))
    assert await counts(world, given) == FeedbackCounts(helpful=1, not_helpful=1)
    assert await counts(world, other) == FeedbackCounts(helpful=1)


async def test_harm_goes_to_the_top_and_alarms_without_a_word(world: World) -> None:
    ordinary = await world.given(AnswerState.IN_REVIEW, priority=Rank.URGENT)
    given, beside = await world.given(PUBLISHED), await world.given(PUBLISHED)
    with capture_logs() as logs:
        kept = await give(world, given, HARM, patient("a"), text=CANARY, section=0, claim=1)
    assert await place(world, given) == (Rank.HARM, ["Readers: 1 report of harm."])
    assert await place(world, beside) is None
    assert (await place(world, ordinary) or (None,))[0] == Rank.URGENT
    assert (await world.revision(given)).state is PUBLISHED
    assert await jobs(world.database, RAISE_ALARM) == [kept.id.bytes]
    assert logs == [
        {
            "event": "feedback.harm_reported",
            "log_level": "error",
            "feedback_id": str(kept.id),
            "answer_id": str(given.answer_id),
            "revision_id": str(given.revision_id),
        }
    ]
    assert kept.text == CANARY


@pytest.mark.parametrize("state", [AnswerState.STALE, AnswerState.IN_REVIEW, AnswerState.APPROVED])
async def test_harm_by_what_waits_already_puts_that_first(world: World, state: AnswerState) -> None:
    given = await world.given(state)
    before = await place(world, given)
    assert before is not None
    kept = await give(world, given, HARM, Viewer(ViewerKind.EDITOR, EDITOR))
    assert await place(world, given) == (
        Rank.HARM,
        [*before[1], "Readers: 1 report of harm."],
    )
    await resolve(world, kept)
    assert await place(world, given) == before


async def test_harm_by_an_earlier_revision_puts_the_live_one_first(world: World) -> None:
    first = await world.given(PUBLISHED)
    second = await world.next_given(first, PUBLISHED)
    kept = await give(world, first, HARM, revision=1)
    assert kept.revision_id == first.revision_id
    assert (await place(world, second) or (None,))[0] == Rank.HARM
    assert await place(world, first) is None


async def test_harm_by_what_is_live_leaves_what_waits_in_its_place(world: World) -> None:
    live = await world.given(PUBLISHED)
    next_one = await world.next_given(live)
    await give(world, live, HARM)
    await save_source(world, WITHOUT_ABLATION)
    await keeping(world).look_over(b"")
    waiting = await place(world, next_one)
    assert waiting is not None
    assert waiting[0] == Rank.ORDINARY
    assert [each.partition(":")[0] for each in waiting[1]] == ["Quotes"]
    assert (await place(world, live) or (None,))[0] == Rank.HARM


async def test_problems_wait_and_are_urgent_when_several_readers_have_them(world: World) -> None:
    given = await world.given(PUBLISHED)
    for reader in ("a", "a", "a", "b"):
        await give(world, given, PROBLEM, patient(reader), text="The link is dead.")
    assert await place(world, given) == (Rank.ORDINARY, ["Readers: 4 reports of a problem."])
    await give(world, given, PROBLEM)
    assert await place(world, given) == (Rank.URGENT, ["Readers: 5 reports of a problem."])
    await give(world, given, HARM)
    assert await place(world, given) == (
        Rank.HARM,
        ["Readers: 1 report of harm and 5 reports of a problem."],
    )
    assert await counts(world, given) == FeedbackCounts(problem=5, harm=1, open_reports=6)


async def test_reports_at_the_same_moment_are_all_counted(world: World) -> None:
    given = await world.given(PUBLISHED)
    await asyncio.gather(
        *(give(world, given, PROBLEM, patient(f"p{number}")) for number in range(6))
    )
    assert await place(world, given) == (Rank.URGENT, ["Readers: 6 reports of a problem."])


async def test_the_same_again_gives_the_first_and_alarms_once(world: World) -> None:
    given = await world.given(PUBLISHED)
    said: dict[str, Any] = {"text": CANARY, "idempotency_key": "key-1"}
    first = await give(world, given, HARM, patient("a"), **said)
    with capture_logs() as logs:
        again = await give(world, given, HARM, patient("a"), minutes=5, **said)
    assert (again.id, again.at) == (first.id, NOON)
    assert logs == []
    assert await number_kept(world) == 1
    assert len(await jobs(world.database, RAISE_ALARM)) == 1
    other = await give(world, given, HARM, patient("b"), **said)
    assert other.id != first.id


@pytest.mark.parametrize("other", [{"text": "Else."}, {"section": 0, "claim": 0}, {"revision": 1}])
async def test_a_key_of_other_feedback_is_refused(world: World, other: dict[str, Any]) -> None:
    given = await world.given(PUBLISHED)
    second = await world.next_given(given, PUBLISHED)
    await give(world, second, PROBLEM, patient("a"), text=CANARY, idempotency_key="key-1")
    said: dict[str, Any] = {"text": CANARY} | other
    with pytest.raises(FeedbackKeyUsed) as refused:
        await give(world, second, PROBLEM, patient("a"), idempotency_key="key-1", **said)
    assert CANARY not in str(refused.value)
    assert await number_kept(world) == 1
    assert await place(world, second) == (Rank.ORDINARY, ["Readers: 1 report of a problem."])


@pytest.mark.parametrize(
    "said",
    [
        {"text": "x" * (MAX_FEEDBACK_CHARS + 1)},
        {"text": f"{CANARY}\0"},
        {"text": f"{CANARY}\ud800"},
        {"section": 0},
        {"claim": 0},
        {"section": 1, "claim": 0},
        {"section": 0, "claim": 2},
        {"section": -1, "claim": 0},
        {"idempotency_key": ""},
        {"idempotency_key": "k" * 201},
    ],
    ids="-".join,
)
async def test_what_is_no_feedback_is_refused_and_quoted_nowhere(
    world: World, said: dict[str, Any]
) -> None:
    given = await world.given(PUBLISHED)
    with capture_logs() as logs, pytest.raises(InvalidInput) as refused:
        await give(world, given, HARM, **said)
    assert CANARY not in str(refused.value)
    assert logs == []
    assert await number_kept(world) == 0
    assert await place(world, given) is None


async def test_only_what_a_viewer_sees_can_be_spoken_of(world: World) -> None:
    waiting = await world.given(AnswerState.IN_REVIEW)
    taken_back = await world.given(AnswerState.RETRACTED)
    given = await world.given(PUBLISHED)
    draft = await world.next_given(given)
    refused: list[tuple[Given, Viewer, dict[str, Any]]] = [
        (waiting, ANONYMOUS, {}),
        (waiting, patient("a"), {}),
        (taken_back, ANONYMOUS, {}),
        (given, ANONYMOUS, {"revision": draft.number}),
        (given, ANONYMOUS, {"revision": 9}),
        (Given(new_id(), new_id(), new_id(), 1, 1), ANONYMOUS, {}),
    ]
    for each, viewer, said in refused:
        with pytest.raises(AnswerUnseen):
            await give(world, each, HARM, viewer, **said)
    assert await number_kept(world) == 0
    assert await jobs(world.database, RAISE_ALARM) == []


async def test_resolving_takes_an_answer_out_of_the_queue_with_its_last_report(
    world: World,
) -> None:
    given = await world.given(PUBLISHED)
    harm = await give(world, given, HARM, text=CANARY)
    problem = await give(world, given, PROBLEM)
    resolved = await resolve(world, harm)
    assert (resolved.resolved_by, resolved.resolution) == (LIVER_REVIEWER, "We looked.")
    assert await place(world, given) == (Rank.ORDINARY, ["Readers: 1 report of a problem."])
    await resolve(world, problem, by=ADMINISTRATOR)
    assert await place(world, given) is None
    assert await counts(world, given) == FeedbackCounts(problem=1, harm=1)
    with pytest.raises(FeedbackResolved) as twice:
        await resolve(world, harm)
    assert twice.value.by == LIVER_REVIEWER


async def test_resolving_says_what_came_of_something_that_is_there(world: World) -> None:
    given = await world.given(PUBLISHED)
    harm = await give(world, given, HARM)
    acting = world.acting(EDITOR)
    for feedback_id, said, error in (
        (harm.id, "  ", InvalidInput),
        (harm.id, "x" * 2_001, InvalidInput),
        (new_id(), "We looked.", FeedbackUnknown),
    ):
        with pytest.raises(error):
            async with world.database.writing(world.rows(EDITOR)) as session:
                await feedback.resolve(session, feedback_id, said, acting=acting)
    assert (await counts(world, given)).open_reports == 1


async def test_the_staff_read_what_is_open_harm_first_and_that_is_recorded(world: World) -> None:
    given, other = await world.given(PUBLISHED), await world.given(PUBLISHED)
    problem = await give(world, given, PROBLEM, text=CANARY)
    later = await give(world, other, HARM, minutes=2, text=CANARY)
    harm = await give(world, given, HARM, minutes=1)
    await resolve(world, await give(world, given, HARM))
    await give(world, given, HELPFUL)
    acting = world.acting(EDITOR)
    seen: list[Any] = []
    async with world.database.writing(world.rows(EDITOR)) as session:
        page = await feedback.read_open(session, PageRequest(2), acting=acting)
        seen += [each.id for each in page.rows]
        rest = PageRequest(2, cursor=page.cursors[-1])
        seen += [each.id for each in (await feedback.read_open(session, rest, acting=acting)).rows]
        of_one = await feedback.read_open(
            session, PageRequest(9), acting=acting, kinds=[HARM], answer_id=given.answer_id
        )
        assert [each.id for each in of_one.rows] == [harm.id]
    assert seen == [harm.id, later.id, problem.id]
    async with world.database.reading(SYSTEM_ROWS) as session:
        records = (
            await session.scalars(
                select(AuditEvent)
                .where(AuditEvent.object_type == "answer_feedback")
                .order_by(AuditEvent.sequence)
            )
        ).all()
    assert [(each.action, each.actor) for each in records] == [
        ("feedback.resolve", LIVER_REVIEWER),
        ("feedback.read", EDITOR),
        ("feedback.read", EDITOR),
        ("feedback.read", EDITOR),
    ]
    assert records[1].detail == {"ids": [str(harm.id), str(later.id)]}
    assert all("Canary" not in str(each.detail) for each in records)


async def test_other_readers_see_nothing_of_it(world: World) -> None:
    given = await world.given(PUBLISHED)
    mine = await give(world, given, PROBLEM, patient("a"), text=CANARY)
    await give(world, given, PROBLEM, text=CANARY)
    for viewer, seen in ((patient("a"), [mine.id]), (patient("b"), []), (ANONYMOUS, [])):
        async with world.database.reading(viewer.rows) as session:
            assert (await session.scalars(select(AnswerFeedback.id))).all() == seen


async def test_open_reports_come_back_into_the_queue_by_looking_over(world: World) -> None:
    first = await world.given(PUBLISHED)
    await give(world, first, HARM)
    second = await world.next_given(first, PUBLISHED)
    assert await place(world, second) is None
    await keeping(world).look_over(b"")
    assert await place(world, second) == (Rank.HARM, ["Readers: 1 report of harm."])
