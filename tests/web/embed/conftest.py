"""Fixtures of embeds: an application of them alone, for one partner with a public key."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.partners.keeping import KeyKeeper
from navis_api.partners.key_text import KeyEnvironment, KeyKind
from navis_api.partners.metering import Meter
from navis_api.web.addresses import Addresses
from navis_api.web.answers import AnswerPages
from navis_api.web.embed.answers import EmbeddedAnswers
from navis_api.web.embed.asking import EmbeddedAsking
from navis_api.web.embed.framing_keys import ASKING, framing_keys
from navis_api.web.embed.oembed import OEmbed
from navis_api.web.embed.script import script_routes
from navis_api.web.headers import SecurityHeaders
from navis_api.web.pages import Pages
from navis_api.web.shown import AnswerShelf
from tests.graphql.world import NOON, World
from tests.partners.world import Partners
from tests.web.conftest import SITE

ORIGINS = ("https://portal.example", "https://*.clinic.example", "http://localhost:3000")


@pytest.fixture
def keys(database: Database) -> KeyKeeper:
    return KeyKeeper(database)


@pytest.fixture
async def site(
    database: Database, world: World, keys: KeyKeeper
) -> AsyncIterator[httpx.AsyncClient]:
    pages, addresses = Pages(), Addresses(SITE)
    shelf = AnswerShelf(database, CatalogueKeeper(database))
    find = framing_keys(keys, lambda: NOON)
    asking = framing_keys(keys, lambda: NOON, scopes=ASKING)
    catalogue, meter = CatalogueKeeper(database), Meter(database, lambda: NOON)
    app = Starlette(
        routes=[
            *AnswerPages(shelf, pages, addresses).routes(),
            *EmbeddedAnswers(shelf, pages, addresses, find, meter).routes(),
            *OEmbed(shelf, addresses, find, meter).routes(),
            *EmbeddedAsking(
                database, catalogue, pages, asking, meter, max_question_chars=1_000
            ).routes(),
            *script_routes(),
            *pages.routes(),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=pages.handlers(),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        yield http


@pytest.fixture
def partners(database: Database) -> Partners:
    return Partners(database)


@pytest.fixture
async def key(partners: Partners) -> str:
    """A public key for tests, whose partner has the origins above."""
    partner = await partners.partner(origins=ORIGINS)
    return (await partners.key(partner, KeyKind.PUBLIC, environment=KeyEnvironment.TEST)).secret
