"""Fixtures of the flows: one browser for all of them, each of whose readers begins anew."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.flows.browser import running_browser


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser; who opens a context in it has cookies and a storage of their own."""
    async with running_browser() as running:
        yield running
