"""Fixtures of the pages: an application of them alone, over a small world."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.web.addresses import Addresses
from navis_api.web.answers import AnswerPages
from navis_api.web.headers import SecurityHeaders
from navis_api.web.pages import Pages
from navis_api.web.shown import AnswerShelf
from tests.graphql.world import World, build_world

SITE = "https://answers.example"


@pytest.fixture
async def world(database: Database) -> World:
    return await build_world(database)


@pytest.fixture
async def site(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the pages, as a browser has one."""
    pages = Pages()
    shelf = AnswerShelf(database, CatalogueKeeper(database))
    answers = AnswerPages(shelf, pages, Addresses(SITE))
    app = Starlette(
        routes=[*answers.routes(), *pages.routes()],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=pages.handlers(),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        yield http
