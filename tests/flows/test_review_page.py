"""The review in a real browser, by clicks and keys: from the queue to what readers see."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import Database
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now
from tests.flows.browser import NARROW, WIDE, opened, overflow, violations
from tests.flows.serving import served
from tests.review.world import (
    ABLATION,
    COMES_BACK,
    EDITOR,
    LIVER_REVIEWER,
    OTHER_LIVER_REVIEWER,
    SURGERY,
    World,
    build_world,
)

QUESTION = "What is done about a small tumor in the liver?"
REWORDED = "Surgery removes the part of the liver with the tumor."
HOUR = timedelta(hours=1)


@pytest.fixture
async def world(database: Database) -> World:
    return await build_world(database)


@pytest.fixture
async def site(tmp_path: Path, database_url: str) -> AsyncIterator[str]:
    async with served(database_url, tmp_path) as address:
        yield address


_FOCUSED = """() => {
    const at = document.activeElement;
    const label = at.labels && at.labels.length ? at.labels[0] : at;
    return [label.textContent.trim(), getComputedStyle(at).outlineStyle];
}"""


class Desk:
    """One of the staff before their browser; `seen` has what axe-core was shown."""

    def __init__(self, context: BrowserContext, page: Page, site: str) -> None:
        self.context = context
        self.page = page
        self.site = site
        self.seen: list[str] = []

    async def look(self, what: str) -> None:
        """Have the page judged as it stands: for everybody to use, and within the window."""
        assert await violations(self.page) == [], what
        assert await overflow(self.page) <= 0, what
        assert await self.page.locator("script:not([type='application/ld+json'])").count() == 0, (
            what
        )
        self.seen.append(what)

    async def click(self, name: str, *, role: str = "button") -> None:
        await self.page.get_by_role(role, name=name, exact=True).click()  # pyright: ignore[reportArgumentType]

    async def open(self, question: str) -> None:
        """Open a revision from the queue, and wait until its page is the one that is shown."""
        await self.page.goto(f"{self.site}/review")
        await self.page.get_by_role("link", name=question).click()
        await self.page.wait_for_url("**/review/answers/*/*")

    async def wait_for_the_end_of_the_session(self) -> None:
        """Wait until the browser has dropped the token."""
        for _ in range(100):
            if not await self.context.cookies():
                return
            await asyncio.sleep(0.2)
        raise AssertionError("the cookie is still there")

    async def focused(self) -> str:
        """Return the name of what has the focus, which has to be seen."""
        name, outline = await self.page.evaluate(_FOCUSED)
        assert outline != "none", name
        return name

    async def tab_to(self, name: str) -> list[str]:
        """Press Tab until something has the focus; return the names of what had it before."""
        passed: list[str] = []
        for _ in range(80):
            await self.page.keyboard.press("Tab")
            found = await self.focused()
            if found == name:
                return passed
            passed.append(found)
        raise AssertionError(f"{name!r} isn't reached: {passed}")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        await expect(self.page.locator("main")).to_contain_text(text)


@asynccontextmanager
async def at_desk(
    browser: Browser, site: str, *, width: int = WIDE, dark: bool = False
) -> AsyncIterator[Desk]:
    async with opened(browser, width=width, dark=dark) as context:
        yield Desk(context, await context.new_page(), site)


def token(data_dir: Path, role: str, subject: str, *, lifetime: timedelta = HOUR) -> str:
    now: datetime = utc_now()
    return issue_development_token(
        development_key(data_dir), role=role, subject=subject, now=now, lifetime=lifetime
    )


async def sign_in(desk: Desk, token: str) -> None:
    await desk.page.goto(f"{desk.site}/review")
    await desk.page.get_by_label("Access token").fill(token)
    await desk.click("Sign in")
    await desk.sees("What waits for somebody")


async def given_draft(world: World) -> None:
    await world.given(
        AnswerState.IN_REVIEW,
        text=QUESTION,
        sections=world.sections(COMES_BACK, ABLATION, SURGERY),
        now=utc_now() - 3 * HOUR,
    )


@pytest.mark.parametrize("width", [NARROW, WIDE])
async def test_from_the_queue_to_readers(
    browser: Browser, world: World, site: str, tmp_path: Path, width: int
) -> None:
    await given_draft(world)
    async with (
        at_desk(browser, site, width=width) as lea,
        at_desk(browser, site, width=width) as ida,
        at_desk(browser, site, width=width) as eve,
    ):
        # Nobody gets in without signing in.
        await lea.page.goto(f"{lea.site}/review")
        await lea.look("the page for signing in")
        await sign_in(lea, token(tmp_path, "reviewer", LIVER_REVIEWER))
        await sign_in(ida, token(tmp_path, "reviewer", OTHER_LIVER_REVIEWER))
        await sign_in(eve, token(tmp_path, "editor", EDITOR))
        await claim(lea)
        await comment(lea)
        await request_changes(lea)
        await revise(ida)
        await approve(lea)
        await publish(eve)
        await eve.click("Sign out")
        await eve.sees("You are signed out here.")
        await eve.page.goto(f"{eve.site}/review")
        await expect(eve.page).to_have_url(re.compile("/sign-in"))
        assert [len(each.seen) for each in (lea, ida, eve)] == [9, 3, 5]


async def claim(lea: Desk) -> None:
    await lea.page.goto(f"{lea.site}/review")
    await lea.sees("1 revision waits: 1 ordinary.")
    await lea.look("the queue")
    await lea.open(QUESTION)
    await lea.look("a draft")
    await expect(lea.page.locator("#claim-1-2 mark")).to_have_text(ABLATION)
    await lea.click("Claim it")
    await lea.sees("This revision is yours for a while")
    await lea.look("a draft that is claimed")


async def comment(lea: Desk) -> None:
    of_claim = lea.page.locator("#claim-1-3")
    await of_claim.get_by_text("Comment on claim 1.3").click()
    await of_claim.get_by_label("What should colleagues know").fill("Say whose tumor.")
    await of_claim.get_by_role("button", name="Add the comment").click()
    await expect(of_claim).to_contain_text("Say whose tumor.")
    await lea.look("a draft with a comment")


async def request_changes(lea: Desk) -> None:
    await lea.click("Request changes")
    await lea.sees("Say in a comment what is wrong")
    await lea.look("a decision that lacks its comment")
    await lea.page.get_by_label("Comment for colleagues").fill("Claim 1.3 is too hard to read.")
    await lea.click("Request changes")
    await lea.sees("You asked for changes")
    await lea.sees("Asked for changes by Lea Ahmed, MD")
    await lea.look("a draft that changes are asked of")


async def revise(ida: Desk) -> None:
    await ida.page.goto(f"{ida.site}/review")
    await ida.page.get_by_label("State").select_option(label="Changes requested (1)")
    await ida.click("Show")
    await ida.page.get_by_role("link", name=QUESTION).click()
    await ida.click("Edit, as a new revision", role="link")
    await ida.sees("Say whose tumor.")
    await ida.look("the page for editing")
    box = ida.page.get_by_label("Claim 1.3", exact=True)
    why = ida.page.get_by_label("Why you change it")
    await box.fill("Surgery cures every liver cancer.")
    await why.fill("It was hard to read.")
    await ida.click("Save as a new revision")
    await ida.sees("Nothing was changed")
    await expect(box).to_have_value("Surgery cures every liver cancer.")
    await expect(why).to_have_value("It was hard to read.")
    await ida.look("an edit that its quote doesn't support")
    await box.fill(REWORDED)
    await ida.click("Save as a new revision")
    await ida.sees("Your revision is written")
    await ida.sees("You wrote this revision, so somebody else has to approve it.")
    await expect(ida.page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    await ida.look("a revision with what changed")


async def approve(lea: Desk) -> None:
    await lea.open(QUESTION)
    await lea.sees("Revision 2: In review")
    await lea.sees("Claim 1.3 is too hard to read.")
    await expect(lea.page.locator("#claim-1-3")).to_contain_text("Changed since revision 1")
    await lea.look("a revision that is to be approved")
    await lea.click("Approve")
    await lea.sees("You approved this revision.")
    await expect(lea.page.get_by_role("button", name="Publish now")).to_have_count(0)
    await lea.look("a revision that is approved")


async def publish(eve: Desk) -> None:
    await eve.open(QUESTION)
    await eve.look("an approved revision as an editor sees it")
    await eve.click("Publish now")
    await eve.sees("This revision is public now.")
    await eve.look("a revision that is public")
    await eve.page.get_by_role("link", name="This revision").click()
    await eve.sees(REWORDED)
    await eve.sees("Reviewed by Lea Ahmed, MD")
    await eve.look("what readers see")
    await eve.page.goto(f"{eve.site}/review")
    await eve.sees("Nothing waits that you chose to see.")
    await eve.look("an empty queue")
    await eve.page.goto(f"{eve.site}/review/stuck")
    await eve.sees("Nothing is stuck.")
    await eve.look("the report of what is stuck")


async def test_the_keyboard_alone_will_do(
    browser: Browser, world: World, site: str, tmp_path: Path
) -> None:
    await given_draft(world)
    async with at_desk(browser, site) as lea:
        await sign_in(lea, token(tmp_path, "reviewer", LIVER_REVIEWER))
        keys = lea.page.keyboard
        await lea.page.goto(f"{lea.site}/review")
        await keys.press("Tab")
        assert await lea.focused() == "Skip to the content"
        await keys.press("Enter")
        assert await lea.tab_to("Cancer") == []
        await lea.tab_to(QUESTION)
        await keys.press("Enter")
        await lea.sees("Revision 1: In review")
        await lea.tab_to("Claim it")
        await keys.press("Enter")
        await lea.sees("This revision is yours for a while")
        before = await lea.tab_to("Comment on claim 1.2")
        assert "Comment on claim 1.1" in before
        await keys.press("Enter")
        await lea.tab_to("What should colleagues know about claim 1.2?")
        await keys.type("Only small ones?")
        await lea.tab_to("Add the comment")
        await keys.press("Enter")
        await expect(lea.page.locator("#claim-1-2")).to_contain_text("Only small ones?")
        await lea.tab_to("Approve")
        await keys.press("Enter")
        await lea.sees("You approved this revision.")


async def test_a_comment_outlives_the_sign_in(
    browser: Browser, world: World, site: str, tmp_path: Path
) -> None:
    await given_draft(world)
    async with at_desk(browser, site) as lea:
        short = timedelta(seconds=6)
        await sign_in(lea, token(tmp_path, "reviewer", LIVER_REVIEWER, lifetime=short))
        await lea.open(QUESTION)
        await lea.page.get_by_label("What should colleagues know?").fill("What of large ones?")
        await lea.wait_for_the_end_of_the_session()
        await lea.page.locator("#comment-on-all").get_by_role("button").click()
        await lea.sees("what you typed is not lost")
        await lea.look("what was typed, kept")
        async with lea.context.expect_page() as opening:
            await lea.click("Sign in again (opens a new tab)", role="link")
        tab = await opening.value
        await tab.get_by_label("Access token").fill(token(tmp_path, "reviewer", LIVER_REVIEWER))
        await tab.get_by_role("button", name="Sign in").click()
        await expect(tab.locator("main")).to_contain_text("What waits for somebody")
        await lea.click("Go on with what I typed")
        await lea.sees("You have signed in anew since this form was shown")
        await lea.look("what was typed, shown again")
        await lea.page.locator("#comment-on-all").get_by_role("button").click()
        await lea.sees("Your comment is there.")
        await lea.sees("What of large ones?")


@pytest.mark.parametrize(("width", "dark"), [(320, False), (640, True)], ids=["320", "640-dark"])
async def test_pages_fit_a_small_window_and_a_doubled_size(
    browser: Browser, world: World, site: str, tmp_path: Path, width: int, *, dark: bool
) -> None:
    await given_draft(world)
    async with at_desk(browser, site, width=width, dark=dark) as lea:
        await sign_in(lea, token(tmp_path, "reviewer", LIVER_REVIEWER))
        await lea.look("the queue")
        await lea.open(QUESTION)
        await lea.look("a draft")
        await lea.click("Edit, as a new revision", role="link")
        await lea.sees("Save as a new revision")
        await lea.look("the page for editing")


async def test_what_is_wrong_with_a_page_is_found(browser: Browser) -> None:
    async with opened(browser, width=NARROW) as context:
        page = await context.new_page()
        await page.set_content(
            "<title>Wrong</title><img src='data:,'><details><button></button></details>"
            "<p style='color: #999; width: 500px'>Too pale</p>"
        )
        found = {each.partition(":")[0] for each in await violations(page)}
        assert {"image-alt", "button-name", "color-contrast", "html-has-lang"} <= found
        assert await overflow(page) > 0
        assert await page.locator("details[open]").count() == 0
