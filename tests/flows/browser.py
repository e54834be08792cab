"""A real browser: Debian's Chromium, driven by clicks and keys, with axe-core to look at pages."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Frame, Page, async_playwright

NARROW, WIDE = 390, 1200
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Start a browser without a window; the test is skipped where there is none."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium is installed: .ci/install-browser installs one")
    async with async_playwright() as playwright:
        # Without the sandbox, which root can't have, and containers often don't allow: all
        # that is opened is our own page.
        browser = await playwright.chromium.launch(
            executable_path=path, chromium_sandbox=False, args=["--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(
    browser: Browser, *, width: int = WIDE, dark: bool = False
) -> AsyncIterator[BrowserContext]:
    """Give a browser with cookies of its own, as one person has it."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    context.set_default_timeout(20_000)
    yield context
    await context.close()


async def violations(page: Page | Frame) -> list[str]:
    """Return what axe-core finds wrong with a page, with everything folded out meanwhile.

    Frames in it aren't looked into: each is a page of its own.
    """
    await page.wait_for_load_state()
    folded = await page.query_selector_all("details:not([open])")
    for each in folded:
        await each.evaluate("each => { each.open = true }")
    # A frame can do all that it asks of a page.
    found = await Axe().run(cast("Page", page), options={"runOnly": RULES})
    for each in folded:
        await each.evaluate("each => { each.open = false }")
    return [
        f"{each['id']}: {each['help']} {[node['html'][:160] for node in each['nodes']][:3]}"
        for each in found.response["violations"]
    ]


async def overflow(page: Page | Frame) -> int:
    """Return by how many pixels a page is wider than its window."""
    return await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
