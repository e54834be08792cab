"""The queue's page: what waits, in which order, and who may see it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from navis_api.answers.models import AnswerState
from navis_api.audit.models import AuditEvent
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.review import queue
from tests.review.world import (
    ADMINISTRATOR,
    BREAST_REVIEWER,
    EDITOR,
    FORMER_REVIEWER,
    LIVER_REVIEWER,
    NOON,
    OTHER_LIVER_REVIEWER,
    World,
)
from tests.web.review.person import Person, TestClock, page_of, review_app, signed_in, text_of


async def test_the_most_urgent_stands_first_and_says_so_in_words(
    world: World, clock: TestClock
) -> None:
    for rank, text in ((5, "An ordinary one?"), (0, "A harmful one?"), (2, "An urgent one?")):
        await world.given(text=text, priority=rank, now=NOON - timedelta(days=3))
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    text = text_of(await lea.read("/review"))
    assert "3 revisions wait: 1 harm reported, 1 urgent question, 1 ordinary." in text
    places = [
        text.index(each)
        for each in ("A harmful one?", "Harm reported", "An urgent one?", "An ordinary one?")
    ]
    assert places == sorted(places)
    assert "3 days 18 November 2026" in text


async def test_a_reviewer_sees_their_own_cancers_first_and_others_when_they_ask(
    world: World, clock: TestClock
) -> None:
    await world.given(text="About the liver?")
    await world.given(text="About the breast?", cancer="breast-cancer")
    await world.given(text="About cells of the liver?", cancer="hepatocellular-carcinoma")
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    own = text_of(await lea.read("/review"))
    assert "About the liver?" in own
    assert "About cells of the liver?" in own
    assert "About the breast?" not in own
    assert "Liver cancer (2)" in own
    assert "About the breast?" in await lea.read("/review?cancer=all")
    below = await lea.read("/review?cancer=hepatocellular-carcinoma")
    assert "About cells of the liver?" in below
    assert "About the liver?" not in below


async def test_states_and_claims_are_filtered(world: World, clock: TestClock) -> None:
    await world.given(text="One in review?")
    await world.given(AnswerState.STALE, text="One that is stale?")
    mine = await world.given(text="One that I have?")
    theirs = await world.given(text="One that they have?")
    for given, subject in ((mine, LIVER_REVIEWER), (theirs, OTHER_LIVER_REVIEWER)):
        async with world.database.writing(world.rows(subject)) as session:
            await queue.claim(
                session,
                given.revision_id,
                acting=world.acting(subject),
                catalogue=world.catalogue,
                lease_s=1800,
            )
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    everything = text_of(await lea.read("/review"))
    assert "You for 30 minutes more" in everything
    assert "Ida Berg for 30 minutes more" in everything
    shown = {
        query: [
            name
            for name in ("in review", "is stale", "I have", "they have")
            if f"One that {name}?" in page or f"One {name}?" in page
        ]
        for query in ("state=STALE", "mine=1", "free=1", "state=NONSENSE", "after=nonsense")
        for page in [text_of(await lea.read(f"/review?{query}"))]
    }
    assert shown == {
        "state=STALE": ["is stale"],
        "mine=1": ["I have"],
        "free=1": ["in review", "is stale", "I have"],
        "state=NONSENSE": ["in review", "is stale", "I have", "they have"],
        "after=nonsense": ["in review", "is stale", "I have", "they have"],
    }


async def test_a_long_queue_has_pages(world: World, clock: TestClock) -> None:
    for number in range(27):
        await world.given(text=f"Question {number:02d}?", now=NOON - timedelta(hours=50 - number))
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    first = await lea.read("/review?state=IN_REVIEW")
    assert "Question 24?" in first
    assert "Question 25?" not in first
    address = first.split('<a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "state=IN_REVIEW" in address
    second = await lea.read(address)
    assert "Question 26?" in second
    assert "Question 24?" not in second
    assert "The next ones" not in second


async def test_what_is_stuck_is_reported(world: World, clock: TestClock) -> None:
    await world.given(text="One of long ago?", now=NOON - timedelta(days=8))
    await world.given(text="One of today?")
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    text = text_of(await lea.read("/review/stuck"))
    assert "One of long ago?" in text
    assert "Has waited too long For 8 days" in text
    assert "One of today?" not in text


@pytest.mark.parametrize(
    ("role", "subject", "said"),
    [
        ("patient", "patient-1", "These pages are for reviewers, editors and administrators"),
        ("partner", "partner-1", "These pages are for reviewers, editors and administrators"),
        ("reviewer", "a stranger", "You are not registered as reviewer"),
        ("reviewer", FORMER_REVIEWER, "You are not registered as reviewer, or no longer"),
        ("reviewer", EDITOR, "You are not registered as reviewer"),
        ("editor", LIVER_REVIEWER, "You are not registered as editor"),
    ],
)
async def test_others_are_told_why_they_see_nothing(
    world: World, clock: TestClock, role: str, subject: str, said: str
) -> None:
    given = await world.given(text="A question of somebody?")
    person = await signed_in(world, clock, role, subject)
    for path in ("/review", "/review/stuck", page_of(given), f"{page_of(given)}/edit"):
        reply = await person.http.get(path)
        assert reply.status_code == 403
        assert said in text_of(reply.text)
        assert "A question of somebody?" not in reply.text
        assert "Sign out" in reply.text


@pytest.mark.parametrize(
    ("role", "subject"),
    [("reviewer", BREAST_REVIEWER), ("editor", EDITOR), ("admin", ADMINISTRATOR)],
)
async def test_everybody_on_the_staff_comes_in(
    world: World, clock: TestClock, role: str, subject: str
) -> None:
    person = await signed_in(world, clock, role, subject)
    await person.read("/review?cancer=all")


async def test_reading_is_recorded(world: World, clock: TestClock) -> None:
    given = await world.given()
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    for path in ("/review", "/review/stuck", page_of(given)):
        await lea.read(path)
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = await session.execute(
            select(AuditEvent.action, AuditEvent.object_id)
            .where(AuditEvent.actor == LIVER_REVIEWER)
            .order_by(AuditEvent.sequence)
        )
        assert [tuple(row) for row in rows] == [
            ("queue.read", None),
            ("queue.read_stuck", None),
            ("answer.read", str(given.revision_id)),
        ]


async def test_pages_are_nobodys_but_the_viewers(world: World, clock: TestClock) -> None:
    lea = await signed_in(world, clock, "reviewer", LIVER_REVIEWER)
    headers = (await lea.http.get("/review")).headers
    assert headers["cache-control"] == "private, no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "form-action 'self'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]
    assert (await Person(review_app(world, clock)).http.get("/review")).status_code == 303
