"""The box for asking on a partner's page, in a real browser, with production's settings."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Frame,
    FrameLocator,
    Page,
    Request,
    Route,
    expect,
)
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers.models import Answer, AnswerRevision
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.kit.clock import utc_now
from navis_api.questions import service as question_service
from navis_api.questions.models import Question
from navis_api.review.models import AnswerFeedback, FeedbackKind
from tests import publications
from tests.conftest import copied
from tests.flows.asking_stage import Stage, stage
from tests.flows.browser import overflow, violations
from tests.waiting import PATIENCE_S

REVIEWED = "What can be done when liver cancer comes back after treatment?"
UNREVIEWED = "Not reviewed by a clinician."
NO_ANSWER = "Does liver cancer make my hair turn blue?"
EMERGENCY = "I have liver cancer and a fever of 39 during chemo. What should I do?"
CRISIS = "I want to kill myself because of my cancer"
WIDE_PX, NARROW_PX = 1200, 320
WATCHED_MS = 31_000


@pytest.fixture(scope="module")
async def portal(
    postgres: str, sample_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with (
        copied(postgres, sample_template) as address,
        stage(address, tmp_path_factory.mktemp("asking")) as found,
    ):
        yield found


class Box:
    """The box on a page, as its reader has it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def inside(self) -> FrameLocator:
        return self.page.frame_locator("navis-ask iframe")

    @property
    def frame(self) -> Frame:
        return next(each for each in self.page.frames if "/embed/ask" in each.url)

    def at(self, selector: str) -> Any:
        return self.inside.locator(selector)

    async def ask(self, text: str) -> None:
        await self.at("#question").fill(text)
        await self.inside.get_by_role("button", name="Ask", exact=True).click()

    async def another(self) -> None:
        await self.at("#another").click()
        await expect(self.at("#question")).to_be_focused()

    async def is_written(self) -> None:
        await expect(self.at("#progress")).to_contain_text("is written", timeout=60_000)

    async def sections(self) -> list[str]:
        return await self.at("article .section").all_inner_texts()

    async def faults(self) -> list[str]:
        """What axe-core finds in the frame."""
        return await violations(self.frame)

    async def fits(self) -> bool:
        """Whether nothing in the frame or around it is wider than there is room for."""
        return max(await overflow(self.frame), await overflow(self.page)) <= 0


@asynccontextmanager
async def reader(
    browser: Browser, address: str, *, width: int = WIDE_PX, **options: Any
) -> AsyncIterator[tuple[BrowserContext, Box]]:
    """Open a page with the box, and wait until it can be used."""
    context = await browser.new_context(viewport={"width": width, "height": 800}, **options)
    context.set_default_timeout(20_000)
    await context.clock.install()
    page = await context.new_page()
    await page.goto(address)
    box = Box(page)
    await expect(box.at("#question")).to_be_visible()
    yield context, box
    await context.close()


async def test_a_new_question_is_answered_while_it_is_written_and_labelled_all_along(
    browser: Browser, portal: Stage
) -> None:
    async with reader(browser, portal.show("/new")) as (_, box):
        with portal.holding():
            await box.ask("My liver cancer came back - what are my options now")
            await expect(box.at("article h3").first).to_be_visible(timeout=60_000)
            # While it is written: labelled, told that it goes on, and nothing of an end.
            await expect(box.at("article")).to_contain_text(UNREVIEWED)
            await expect(box.at("#stop")).to_be_visible()
            await expect(box.at("#progress")).not_to_contain_text("is written")
            assert await box.faults() == []

        await box.is_written()

        article = box.at("article")
        await expect(article).to_contain_text(UNREVIEWED)
        await expect(article).not_to_contain_text("Reviewed by")
        for part in ("Written on", "Questions to ask your care team", "Sources, and what they say"):
            await expect(article).to_contain_text(part)
        await expect(box.at("#stop")).to_be_hidden()
        # What is not known to be the same question is offered, and not served.
        await expect(box.at("#near")).to_contain_text(REVIEWED)
        mark = box.at("article .mark").first
        assert await mark.get_attribute("href") == "#source-1"
        leaving = article.locator("#source-1 a")
        assert await leaving.get_attribute("rel") == "noopener noreferrer"


async def test_a_reviewed_answer_is_served_at_once_with_who_stands_behind_it(
    browser: Browser, portal: Stage
) -> None:
    async with reader(browser, portal.show("/reviewed")) as (_, box):
        await box.ask(REVIEWED)
        article = box.at("article")
        await expect(article).to_contain_text("Reviewed by Sample reviewer")
        await expect(article).not_to_contain_text(UNREVIEWED)
        link = article.get_by_role("link", name="This answer on Navis")
        page = f"{portal.site}/answers/liver-cancer-came-back-options"
        await expect(link).to_have_attribute("href", page)
        await expect(box.at("#near")).to_be_hidden()


async def test_an_emergency_is_told_first_with_whom_to_call_there(
    browser: Browser, portal: Stage
) -> None:
    address = portal.show("/emergency")
    # An American device in London.
    async with reader(browser, address, locale="en-US", timezone_id="Europe/London") as (_, box):
        await box.ask(EMERGENCY)
        first = box.at("#urgent .urgent")
        await expect(first).to_contain_text("999")
        await expect(first).not_to_contain_text("911")
        await expect(first.locator("a[href='tel:999']")).to_be_visible()
        await expect(box.at("#top")).to_be_focused()
        await box.is_written()
        # The answer's own notice, which knows no region, doesn't take its place.
        await expect(first).to_contain_text("999")
        await expect(box.at("#urgent .urgent")).to_have_count(1)
        above = await first.evaluate("it => it.getBoundingClientRect().top")
        below = await box.at("#asked").evaluate("it => it.getBoundingClientRect().top")
        assert above < below
        assert await first.evaluate("it => it.parentElement.getAttribute('role')") == "alert"
        # The next key leads to whom to call.
        await box.page.keyboard.press("Tab")
        await expect(first.locator("a[href='tel:999']")).to_be_focused()


async def test_in_a_crisis_there_is_help_and_nothing_else(browser: Browser, portal: Stage) -> None:
    async with reader(browser, portal.show("/crisis", 'locale="en-US"')) as (_, box):
        await box.ask(CRISIS)
        await expect(box.at("#urgent .urgent")).to_contain_text("988")
        await expect(box.at("article")).to_have_count(0)
        await expect(box.inside.get_by_text(CRISIS)).to_be_hidden()
        assert await box.faults() == []


async def test_what_is_not_answered_is_said_kindly(browser: Browser, portal: Stage) -> None:
    async with reader(browser, portal.show("/declined")) as (_, box):
        await box.ask("What will the weather be tomorrow?")
        await expect(box.at("#urgent")).to_contain_text("We answer questions about cancer")
        await expect(box.at("article")).to_have_count(0)

        await box.another()
        await box.ask(NO_ANSWER)
        result = box.at("#result")
        await expect(result).to_contain_text("Our sources don't say enough", timeout=60_000)
        await expect(result).to_contain_text("Your care team knows your case")
        await expect(box.at("#urgent")).to_be_empty()
        assert await box.faults() == []
        # The same once more, when nothing is written any more.
        await box.another()
        await box.ask(NO_ANSWER)
        await expect(result).to_contain_text("Our sources don't say enough")


async def test_with_the_keyboard_alone_a_cancer_is_chosen_and_an_answer_read(
    browser: Browser, portal: Stage
) -> None:
    async with reader(browser, portal.show("/keys")) as (_, box):
        keys = box.page.keyboard
        await keys.press("Tab")
        await expect(box.at("#question")).to_be_focused()
        await keys.type("How is it treated?")
        await keys.press("Tab")
        await keys.press("Tab")
        await keys.press("Enter")
        await expect(box.at("#trouble")).to_contain_text("Which cancer is your question about?")
        field = box.at("#cancer")
        await expect(field).to_be_focused()
        await expect(field).to_have_attribute("aria-invalid", "true")
        await keys.type("mel")
        await expect(field).to_have_attribute("aria-expanded", "true")
        await expect(box.at("#cancers-found")).to_contain_text("found")
        assert await box.faults() == []
        await keys.press("ArrowDown")
        active = await field.get_attribute("aria-activedescendant")
        await expect(box.at(f"#{active}")).to_have_attribute("aria-selected", "true")
        await keys.press("Enter")
        await expect(field).to_have_value("Melanoma")
        await expect(field).to_have_attribute("aria-expanded", "false")
        assert await box.at("#question").input_value() == "How is it treated?"
        await keys.press("Tab")
        await keys.press("Enter")
        await expect(box.at("#asked-heading")).to_be_focused()
        await box.is_written()
        await expect(box.at("article")).to_contain_text("Melanoma")
        # On from there, through what can be followed, to the next question.
        for _ in range(200):
            await keys.press("Tab")
            if await box.frame.evaluate("document.activeElement.id") == "another":
                break
        await keys.press("Enter")
        await expect(box.at("#question")).to_be_focused()
        assert await box.at("#question").input_value() == ""


async def test_what_cannot_be_sent_is_said_before_and_stays_written(
    browser: Browser, portal: Stage
) -> None:
    async with reader(browser, portal.show("/long", 'cancer="liver-cancer"')) as (context, box):
        await expect(box.at("#cancer")).to_have_value("Liver Cancer")
        await expect(box.at("#question-hint")).to_contain_text("Up to 1,000 characters.")
        await box.ask("   ")
        await expect(box.at("#trouble")).to_contain_text("write your question first")
        await box.at("#question").fill("é" * 990)
        await context.clock.fast_forward(600)
        await expect(box.at("#question-left")).to_have_text("10 characters left.")
        await box.ask("é" * 1_003)
        await expect(box.at("#trouble")).to_contain_text("3 characters too many")
        await expect(box.at("#question")).to_be_focused()
        assert len(await box.at("#question").input_value()) == 1_003
        await box.at("#cancer").fill("Nothing of this name")
        await box.ask("What is it?")
        await expect(box.at("#trouble")).to_contain_text("Choose a cancer from the list")
        assert await box.faults() == []


@pytest.mark.parametrize("how", ["cut", "silent"])
async def test_a_cut_network_loses_no_text_and_doubles_none(
    browser: Browser, portal: Stage, how: str
) -> None:
    question = {
        "cut": "What are treatment options for colon cancer that has spread to the liver?",
        "silent": "How is multiple myeloma treated after relapse?",
    }[how]
    async with reader(browser, portal.show(f"/network-{how}")) as (context, box):
        with portal.holding():
            await box.ask(question)
            await expect(box.at("article h3").first).to_be_visible(timeout=60_000)
            before = await box.sections()
            if how == "cut":
                await portal.cut()
                await expect(box.at("#progress")).to_contain_text("connection was lost")
                await expect(box.at("article")).to_contain_text(UNREVIEWED)
                portal.mend()
            else:
                portal.fall_silent()
        if how == "silent":
            await context.clock.fast_forward(WATCHED_MS)
        await context.clock.fast_forward(16_000)
        await box.is_written()
        shown = await box.sections()

    async with reader(browser, portal.show("/whole")) as (_, box):
        await box.ask(question)
        await box.is_written()
        assert shown == await box.sections()
    assert len(shown) > 1
    assert before
    assert before != shown
    assert len(set(shown)) == len(shown)


async def test_a_network_that_is_away_keeps_the_question(browser: Browser, portal: Stage) -> None:
    async with reader(browser, portal.show("/away")) as (context, box):
        await portal.cut()
        await box.ask(REVIEWED)
        for _ in range(4):
            await context.clock.fast_forward(20_000)
            await asyncio.sleep(0.2)
        await expect(box.at("#trouble")).to_contain_text("Your question is not lost")
        assert await box.at("#question").input_value() == REVIEWED
        portal.mend()
        await box.inside.get_by_role("button", name="Ask", exact=True).click()
        await expect(box.at("article")).to_contain_text("Reviewed by")


async def test_too_many_questions_are_told_when_to_ask_again(
    browser: Browser, portal: Stage
) -> None:
    limited = {"__typename": "RateLimited", "message": "…", "path": None}
    payload: dict[str, Any] = {
        "outcome": None,
        "safetyNotices": [],
        "question": None,
        "generation": None,
        "suggestions": [],
        "errors": [{**limited, "retryAfterSeconds": 180}],
    }
    answers = [
        (200, {"data": {"askQuestion": payload}}, {}),
        (429, {"errors": [{"extensions": {"code": "THROTTLED"}}]}, {"Retry-After": "40"}),
    ]

    async def refuse(route: Route) -> None:
        status, body, headers = answers.pop(0)
        await route.fulfill(status=status, json=body, headers=headers)

    async with reader(browser, portal.show("/often")) as (_, box):
        await box.page.route("**/graphql", refuse)
        for wait in ("3 minutes", "40 seconds"):
            await box.ask(REVIEWED)
            await expect(box.at("#trouble")).to_contain_text(f"try again in {wait}")
            assert await box.at("#question").input_value() == REVIEWED
        assert await box.faults() == []


async def test_whoever_stops_it_is_told_not_to_rely_on_the_half(
    browser: Browser, portal: Stage
) -> None:
    async with reader(browser, portal.show("/stop")) as (_, box):
        with portal.holding():
            await box.ask("How is bladder cancer treated?")
            await expect(box.at("article h3").first).to_be_visible(timeout=60_000)
            async with box.page.expect_response("**/graphql") as answered:
                await box.at("#stop").click()
        cancelled = await (await answered.value).json()
        assert cancelled["data"] == {"cancelGeneration": {"errors": []}}
        await expect(box.at("#result")).to_contain_text("Please don't rely on what stands here")
        await expect(box.at("#another")).to_be_focused()
        await expect(box.at("#progress")).to_have_text("Stopped.")
        assert await box.faults() == []


async def test_a_later_review_and_a_retraction_reach_whoever_reads_on(
    browser: Browser, portal: Stage
) -> None:
    question = "What are the treatments for prostate cancer?"
    async with reader(browser, portal.show("/later")) as (context, box):
        await box.ask(question)
        await box.is_written()
        await _review(portal, question)
        await context.clock.fast_forward(WATCHED_MS)
        article = box.at("article")
        await expect(article).to_contain_text(f"Reviewed by {publications.REVIEWER}")
        await expect(article).not_to_contain_text(UNREVIEWED)
        await expect(box.at("#progress")).to_contain_text("has been reviewed since you asked")

        async with portal.database.writing(SYSTEM_ROWS) as session:
            found = await _question(session, question)
            await publications.retract(session, found, reason="Wrong.", now=utc_now())
        await context.clock.fast_forward(WATCHED_MS)
        await expect(box.at("#result")).to_contain_text("This answer was taken back")
        await expect(article).to_have_count(0)
        assert await box.faults() == []


async def test_what_readers_say_of_an_answer_reaches_the_reviewers(
    browser: Browser, portal: Stage
) -> None:
    async with reader(browser, portal.show("/opinion")) as (_, box):
        await box.ask(REVIEWED)
        await box.inside.get_by_role("button", name="Yes", exact=True).click()
        await expect(box.at("#opinion-said")).to_contain_text("Thank you")
        await box.inside.get_by_role("button", name="Report a problem").click()
        await expect(box.at("#problem")).to_be_focused()
        await box.at("#problem").fill("A table is missing.")
        await box.at("#harmful").check()
        assert await box.faults() == []
        await box.inside.get_by_role("button", name="Send").click()
        await expect(box.at("#report-form")).to_be_hidden()
    async with portal.database.reading(SYSTEM_ROWS) as session:
        said = select(AnswerFeedback).order_by(AnswerFeedback.at)
        given = [(each.kind, each.text) for each in await session.scalars(said)]
    assert given == [(FeedbackKind.HELPFUL, None), (FeedbackKind.HARM, "A table is missing.")]


LOOKS: dict[str, tuple[int, str, str]] = {
    "narrow, dark": (NARROW_PX, 'size="120"', "dark"),
    "wide": (WIDE_PX, 'accent="#7a004b"', "light"),
}
if os.environ.get("NAVIS_TEST_LOOKS") == "all":
    LOOKS["wide, dark"] = (WIDE_PX, 'theme="dark" accent="#ffb3d9"', "light")
    LOOKS["narrow, spanish"] = (NARROW_PX, 'locale="es-US" theme="light"', "dark")
    LOOKS["narrow, large"] = (NARROW_PX, 'size="200" font="wide"', "light")


@pytest.mark.parametrize("look", LOOKS)
async def test_everybody_can_use_each_state_of_it(
    browser: Browser, portal: Stage, tmp_path: Path, look: str
) -> None:
    width, attributes, scheme = LOOKS[look]
    around = "background: #12191e; color: #e6ecef" if "dark" in look else ""
    address = portal.show("/states", attributes, around=around)
    async with reader(browser, address, width=width, color_scheme=scheme) as (_, box):

        async def looked_at(name: str) -> None:
            assert await box.faults() == []
            assert await box.fits()
            # Of a frame no more is painted than the window shows.
            await box.page.set_viewport_size({"width": width, "height": 4_000})
            await box.page.screenshot(path=tmp_path / f"{name}.png")
            await box.page.set_viewport_size({"width": width, "height": 800})

        async def ask(text: str) -> None:
            await box.at("#question").fill(text)
            await box.at("#ask button").click()

        await looked_at("form")
        await ask("How is it treated?")
        await expect(box.at("#trouble")).not_to_be_empty()
        await box.at("#cancer").fill("leuk")
        await expect(box.at("#cancers")).to_be_visible()
        await looked_at("choosing")
        await box.at("#cancer").fill("")
        await ask(EMERGENCY)
        await expect(box.at("article h3").first).to_be_visible(timeout=60_000)
        await looked_at("emergency")
        await box.another()
        await ask(REVIEWED)
        await expect(box.at("article .notice.good")).to_be_visible()
        await looked_at("reviewed")
        await box.another()
        await ask("My liver cancer came back - what are my options now")
        await expect(box.at("article .unreviewed")).to_be_visible(timeout=60_000)
        await expect(box.at("#opinion")).to_be_visible(timeout=60_000)
        await looked_at("unreviewed")
        assert await violations(box.page) == []


async def test_another_origin_and_a_visit_without_a_frame_are_refused(
    browser: Browser, portal: Stage
) -> None:
    portal.show("/refused", inside="<p>Call us.</p>")
    context = await browser.new_context()
    await context.clock.install()
    page = await context.new_page()
    await page.goto(f"{portal.other}/refused")
    async with asyncio.timeout(PATIENCE_S):
        while not await page.get_by_text("Call us.").is_visible():
            await context.clock.fast_forward(6_000)
    for frame in page.frames:
        assert await frame.locator("#question").count() == 0
    # Nor can such a page use the key by itself.
    asked = """async ([site, key]) => {
        try {
            const answer = await fetch(`${site}/graphql`, {
                method: "POST",
                headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
                body: JSON.stringify({ documentId: "navis-ask-1.Cancers" }),
            });
            return await answer.text();
        } catch { return "refused"; }
    }"""
    assert await page.evaluate(asked, [portal.site, portal.key]) == "refused"

    visited = await page.goto(f"{portal.site}/embed/ask?key={portal.key}")
    assert visited is not None
    assert visited.status == 403
    await expect(page.locator("main")).to_contain_text("FRAME_REQUIRED")
    assert await page.locator("#question").count() == 0
    await context.close()


async def test_without_scripts_what_stands_inside_is_shown(browser: Browser, portal: Stage) -> None:
    address = portal.show("/plain", inside="<p>Call us.</p>")
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(address)
    await expect(page.get_by_text("Call us.")).to_be_visible()
    await context.close()


async def test_what_a_reader_writes_goes_to_us_alone(browser: Browser, portal: Stage) -> None:
    canary = "zyxwolfram"
    requests: list[Request] = []
    async with reader(browser, portal.show("/canary")) as (context, box):
        context.on("request", lambda each: requests.append(each))  # noqa: PLW0108 - it marks it
        await box.ask(f"Does {canary} help with liver cancer that came back?")
        await expect(box.at("#result > *").first).to_be_visible(timeout=60_000)
        await expect(box.at("#stop")).to_be_hidden(timeout=60_000)
        await box.another()
        await box.at("#cancer").fill(canary)
        await expect(box.at("#cancers-found")).to_contain_text("No cancer")
        await box.at("#cancer").fill("")
        await box.ask(f"{canary} is the best football team")
        await expect(box.at("#asked")).to_be_visible()
        await expect(box.at("#urgent")).not_to_be_empty()

        # What the page around it has: messages of sizes, and its own document.
        heard = [json.loads(each) for each in await box.page.evaluate("heard")]
        assert {tuple(sorted(each)) for each in heard} == {("height", "navis", "title")}
        assert canary not in json.dumps(heard)
        assert canary not in await box.page.content()
        assert await box.page.evaluate(
            "() => { try { return document.querySelector('navis-ask').shadowRoot"
            ".querySelector('iframe').contentDocument } catch (fault) { return 'refused' } }"
        ) in (None, "refused")
        for frame in box.page.frames:
            assert canary not in frame.url
        assert await context.storage_state() == {"cookies": [], "origins": []}
        bodies = [each for each in requests if canary in (each.post_data or "")]
        assert bodies
        for each in requests:
            assert canary not in each.url
            assert canary not in json.dumps(await each.all_headers())
            assert re.match(rf"{portal.site}/|{portal.origin}/", each.url)
        assert {each.url for each in bodies} == {f"{portal.site}/graphql"}
    assert canary not in portal.output


async def _question(session: AsyncSession, text: str) -> Question:
    found = await session.scalar(select(Question).where(Question.text == text))
    assert found is not None
    return found


async def _review(portal: Stage, text: str) -> None:
    """Approve and publish what was written to a question."""
    async with portal.database.writing(SYSTEM_ROWS) as session:
        question = await _question(session, text)
        revision = await session.scalar(
            select(AnswerRevision)
            .join(Answer, AnswerRevision.answer_id == Answer.id)
            .where(Answer.question_id == question.id)
        )
        assert revision is not None
        catalogue = await CatalogueKeeper(portal.database).current(session)
        now, slug = utc_now(), "a-slug-of-its-own"
        await publications.approve(session, revision, now=now)
        await publishing.publish(session, revision, slug=slug, now=now)
        await question_service.mark_answered(
            session, question, slug=slug, catalogue=catalogue, answer_text="", now=now
        )
