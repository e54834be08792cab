"""Answers on a partner's page, in a real browser: by frame, by web component and by oEmbed."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from micawber.providers import Provider
from playwright.async_api import Browser, BrowserContext, FrameLocator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bench.servers import free_port
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import utc_now
from navis_api.partners.key_text import KeyEnvironment, KeyKind
from navis_api.questions.models import Question
from tests import publications
from tests.conftest import app_database, copied
from tests.flows.browser import overflow, violations
from tests.flows.serving import served
from tests.graphql.world import QUOTE, World, build_world
from tests.partners.world import Partners
from tests.waiting import PATIENCE_S

SLUG = "what-is-ablation"
WIDE_PX, NARROW_PX = 1200, 320
TAKEN_BACK = "This answer was taken back"
TRIES = 100

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A portal</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body { margin: 0; padding: 8px; font: 16px sans-serif } iframe { max-width: 100% }</style>
<script src="SITE/embed.js" async></script></head>
<body><main><h1>A portal's page</h1>
CONTENT
</main></body></html>"""


@dataclass
class Portal:
    """A partner's site: `pages` by path, read at `origin`, which is listed, and at `other`."""

    origin: str
    other: str
    site: str
    key: str
    world: World
    pages: dict[str, str] = field(default_factory=dict)

    def show(self, path: str, content: str) -> str:
        """Put content into a page, and return where it is."""
        self.pages[path] = PAGE.replace("SITE", self.site).replace("CONTENT", content)
        return f"{self.origin}{path}"

    @property
    def frame(self) -> str:
        return f"{self.site}/embed/answers/{SLUG}?key={self.key}"

    def element(self, attributes: str = "", inside: str = "") -> str:
        return f'<navis-answer slug="{SLUG}" key="{self.key}" {attributes}>{inside}</navis-answer>'


@pytest.fixture(scope="module")
async def portal(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Portal]:
    """The portal of all who only read."""
    async with copied(postgres, template) as address:
        database = app_database(address)
        async with portal_over(address, database, tmp_path_factory.mktemp("portal")) as found:
            yield found
        await database.close()


@asynccontextmanager
async def portal_over(address: str, database: Database, data_dir: Path) -> AsyncIterator[Portal]:
    """Open a partner's site over an empty database.

    It has its own origin; its other name stands on no list.
    """
    world = await build_world(database)
    async with served(address, data_dir) as site, _opened(database, site, world) as found:
        yield found


@asynccontextmanager
async def _opened(database: Database, site: str, world: World) -> AsyncIterator[Portal]:
    port = free_port()
    origin = f"http://localhost:{port}"
    partners = Partners(database)
    partner = await partners.partner(origins=(origin,))
    key = await partners.key(partner, KeyKind.PUBLIC, environment=KeyEnvironment.TEST)
    found = Portal(origin, f"http://127.0.0.1:{port}", site, key.secret, world)

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(found.pages.get(request.url.path, ""))

    app = Starlette(routes=[Route("/{path:path}", page)])
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield found
    server.should_exit = True
    await serving


@asynccontextmanager
async def reader(
    browser: Browser, *, width: int = WIDE_PX, scripts: bool = True, dark: bool = False
) -> AsyncIterator[tuple[BrowserContext, Page]]:
    context = await browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
    )
    context.set_default_timeout(20_000)
    yield context, await context.new_page()
    await context.close()


def content_of(page: Page, selector: str = "iframe") -> FrameLocator:
    return page.frame_locator(selector)


async def fits(page: Page, selector: str = "navis-answer iframe") -> None:
    """See that a frame is as tall as what it shows, and no wider than the window."""
    inner = content_of(page, selector).locator("html")
    shown, needed = 0, 0
    for _ in range(200):
        shown = await page.locator(selector).evaluate("frame => frame.clientHeight")
        needed = await inner.evaluate("root => Math.ceil(root.getBoundingClientRect().height)")
        if shown == needed:
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError(f"{shown} pixels are shown of {needed}")
    across = "root => root.scrollWidth - root.clientWidth"
    assert await inner.evaluate(across) <= 0
    assert await overflow(page) <= 0


async def described(portal: Portal) -> str:
    """What a consumer that isn't ours puts into its page."""
    provider = Provider(f"{portal.site}/oembed", key=portal.key, maxwidth="600", maxheight="500")
    found = await asyncio.to_thread(provider.request, f"{portal.site}/answers/{SLUG}")
    assert (found["type"], found["title"]) == ("rich", "What is ablation?")
    return found["html"]


async def test_an_answer_is_embedded_in_three_ways(
    browser: Browser, portal: Portal, tmp_path: Path
) -> None:
    size = 'width="600" height="500"'
    plain = f'<iframe id="plain" title="An answer" {size} src="{portal.frame}"></iframe>'
    consumer = f'<div id="oembed">{await described(portal)}</div>'
    address = portal.show("/three", plain + portal.element() + consumer)
    async with reader(browser) as (_, page):
        await page.goto(address)
        for selector in ("#plain", "navis-answer iframe", "#oembed iframe"):
            await page.locator(selector).scroll_into_view_if_needed()
            article = content_of(page, selector).locator("article")
            await expect(article).to_contain_text(QUOTE)
            await expect(article).to_contain_text("Reviewed by Dr Sample")
        await expect(page.locator("navis-answer iframe")).to_have_attribute(
            "title", "What is ablation? - Navis"
        )
        assert await page.locator("#oembed iframe").evaluate("f => f.clientWidth") == 600
        await page.screenshot(path=tmp_path / "three-ways.png", full_page=True)


async def test_the_frame_of_the_component_is_as_tall_as_what_it_shows(
    browser: Browser, portal: Portal, tmp_path: Path
) -> None:
    address = portal.show("/sizes", portal.element())
    async with reader(browser) as (_, page):
        await page.goto(address)
        await expect(content_of(page).locator("article")).to_contain_text(QUOTE)
        heights: list[int] = []
        for width in (WIDE_PX, NARROW_PX, WIDE_PX):
            await page.set_viewport_size({"width": width, "height": 800})
            await fits(page)
            heights.append(await page.locator("iframe").evaluate("frame => frame.clientHeight"))
            await page.screenshot(path=tmp_path / f"{width}.png", full_page=True)
        assert heights[0] == heights[2] < heights[1]
        # What is folded out needs room, and gives it back.
        details = content_of(page).locator("summary").first
        await details.click()
        await fits(page)
        assert await page.locator("iframe").evaluate("f => f.clientHeight") > heights[0]
        await details.click()
        await fits(page)


async def test_another_origin_is_refused(browser: Browser, portal: Portal, tmp_path: Path) -> None:
    inside = '<a href="https://answers.example/">Read it there</a>'
    plain = f'<iframe id="plain" title="An answer" src="{portal.frame}"></iframe>'
    portal.show("/refused", plain + portal.element(inside=inside) + portal.element('id="bare"'))
    async with reader(browser) as (_, page):
        await page.goto(f"{portal.other}/refused")
        inside_it = page.get_by_role("link", name="Read it there")
        await expect(inside_it).to_be_visible(timeout=20_000)
        own = page.get_by_role("link", name="Read the answer on Navis")
        await expect(own).to_be_visible(timeout=20_000)
        await expect(own).to_have_attribute("href", f"{portal.site}/answers/{SLUG}")
        await expect(page.locator("navis-answer iframe").first).to_be_hidden()
        for frame in page.frames:
            assert QUOTE not in await frame.content()
        await page.screenshot(path=tmp_path / "refused.png", full_page=True)


async def test_without_scripts_an_answer_can_be_read(
    browser: Browser, portal: Portal, tmp_path: Path
) -> None:
    inside = f'<a href="{portal.site}/answers/{SLUG}">What is ablation?</a>'
    plain = f'<iframe title="An answer" width="300" height="600" src="{portal.frame}"></iframe>'
    address = portal.show("/plain", plain + portal.element(inside=inside))
    async with reader(browser, scripts=False, width=NARROW_PX) as (_, page):
        await page.goto(address)
        await expect(content_of(page).locator("article")).to_contain_text(QUOTE)
        await expect(page.locator("navis-answer iframe")).to_have_count(0)
        await page.get_by_role("link", name="What is ablation?").click()
        await expect(page.locator("main")).to_contain_text(QUOTE)
        await page.screenshot(path=tmp_path / "without-scripts.png", full_page=True)


LOOKS = {
    "as it is": "",
    "dark": "theme=dark",
    "their colours": "theme=light&accent=%237a004b&background=%23fdf6ec&text=%23201a14&font=serif",
    "large": "size=200&theme=dark&background=%23000000",
    "spanish": "locale=es",
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [NARROW_PX, WIDE_PX])
async def test_everybody_can_use_it_however_it_looks(
    browser: Browser, portal: Portal, tmp_path: Path, look: str, width: int
) -> None:
    async with reader(browser, width=width, dark=look == "as it is") as (_, page):
        await page.goto(f"{portal.frame}&{LOOKS[look]}")
        assert await violations(page) == []
        assert await overflow(page) <= 0
        paper = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        expected = {
            "as it is": "rgb(18, 25, 30)",
            "dark": "rgb(18, 25, 30)",
            "their colours": "rgb(253, 246, 236)",
            "large": "rgb(0, 0, 0)",
            "spanish": "rgb(255, 255, 255)",
        }
        assert paper == expected[look]
        await page.screenshot(path=tmp_path / "frame.png", full_page=True)
        # The page itself too, in the same light.
        await page.goto(f"{portal.site}/answers/{SLUG}")
        assert await violations(page) == []
        await page.screenshot(path=tmp_path / "page.png", full_page=True)


async def test_the_page_around_it_passes_too(browser: Browser, portal: Portal) -> None:
    address = portal.show("/whole", portal.element('theme="dark" size="110"'))
    async with reader(browser) as (_, page):
        await page.goto(address)
        await fits(page)
        assert await violations(page) == []


async def test_a_retraction_reaches_whoever_reads_on(
    browser: Browser, database_url: str, database: Database, tmp_path: Path
) -> None:
    async with (
        portal_over(database_url, database, tmp_path) as portal,
        reader(browser) as (context, page),
    ):
        await context.clock.install()
        await page.goto(portal.show("/open", portal.element()))
        await expect(content_of(page).locator("article")).to_contain_text(QUOTE)
        async with database.writing(SYSTEM_ROWS) as session:
            question = await session.get_one(Question, portal.world.published[2])
            await publications.retract(session, question, reason="Wrong.", now=utc_now())

        await context.clock.fast_forward(16_000)

        await expect(content_of(page).locator("main")).to_contain_text(TAKEN_BACK)
        await expect(content_of(page).locator("main")).not_to_contain_text(QUOTE)
        await fits(page)


async def test_a_reader_is_told_when_nobody_can_say_whether_it_holds(
    browser: Browser, portal: Portal
) -> None:
    address = portal.show("/away", portal.element())
    async with reader(browser) as (context, page):
        await context.clock.install()
        await page.goto(address)
        warning = content_of(page).locator("#unchecked")
        await expect(content_of(page).locator("article")).to_contain_text(QUOTE)
        await expect(warning).to_be_hidden()
        await context.set_offline(True)
        await context.clock.fast_forward(61_000)
        for _ in range(TRIES):
            # The attempt before has to fail first, which takes the time that it takes.
            await context.clock.fast_forward(15_000)
            if await warning.is_visible():
                break
            await asyncio.sleep(0.1)
        await expect(warning).to_be_visible()
        await context.set_offline(False)
        await context.clock.fast_forward(16_000)
        await expect(warning).to_be_hidden(timeout=PATIENCE_S * 1000)
        await expect(content_of(page).locator("article")).to_contain_text(QUOTE)


async def test_nothing_is_sent_elsewhere_or_stored(browser: Browser, portal: Portal) -> None:
    address = portal.show("/quiet", portal.element())
    asked: set[str] = set()
    async with reader(browser) as (context, page):
        page.on("request", lambda request: asked.add(re.sub(r"(//[^/]*).*", r"\1", request.url)))
        await page.goto(address)
        await fits(page)
        assert await context.storage_state() == {"cookies": [], "origins": []}
    assert asked == {portal.origin, portal.site}


async def test_a_page_that_is_not_the_partners_learns_nothing(
    browser: Browser, portal: Portal
) -> None:
    """A window that holds the frame's window speaks to it in vain."""
    portal.show("/stranger", "<p>…</p>")
    async with reader(browser) as (_, page):
        await page.goto(f"{portal.other}/stranger")
        said = await page.evaluate(
            """address => new Promise(resolve => {
                let heard = false;
                addEventListener("message", () => { heard = true; });
                const frame = document.createElement("iframe");
                frame.src = address;
                frame.onload = () => {
                    frame.contentWindow.postMessage({ navis: "hello" }, "*");
                    fetch(location.href).then(() => resolve(heard));
                };
                document.body.append(frame);
            })""",
            portal.frame,
        )
        assert said is False
