"""The review's pages over a small world, and a person before them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape

import httpx
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.middleware import Middleware

from navis_api.app import sign_in_pages
from navis_api.cancers.service import CatalogueKeeper
from navis_api.generation.rechecking import GroundingCheck
from navis_api.identity.oidc import IdentityProvider
from navis_api.identity.tokens import issue_development_token
from navis_api.identity.verifier import TokenVerifier, development_issuer
from navis_api.settings import Settings
from navis_api.web.headers import SecurityHeaders
from navis_api.web.pages import Pages
from navis_api.web.review.desk import Serving
from navis_api.web.review.routes import review_routes
from tests.review.world import NOON, Given, World

SITE = "http://127.0.0.1:8000"
HOUR = timedelta(hours=1)
KEY = ECKey.generate_key("P-256", private=True)


@dataclass
class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def review_app(
    world: World,
    clock: TestClock,
    *,
    settings: Settings | None = None,
    provider: IdentityProvider | None = None,
) -> Starlette:
    """The pages alone, with the development issuer's tokens and a provider's."""
    given = settings or Settings()
    pages = Pages()
    issuers = [development_issuer(KEY), *([provider.issuer] if provider else [])]
    sign_in, sessions = sign_in_pages(given, provider, TokenVerifier(issuers), pages, clock=clock)
    serving = Serving(
        given, world.database, CatalogueKeeper(world.database), GroundingCheck(), clock
    )
    return Starlette(
        routes=[*sign_in.routes(), *review_routes(serving, sessions, pages), *pages.routes()],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers=pages.handlers(),
    )


def token_for(role: str, subject: str, *, now: datetime = NOON, lifetime: timedelta = HOUR) -> str:
    return issue_development_token(KEY, role=role, subject=subject, now=now, lifetime=lifetime)


class Person:
    """A browser with cookies of its own, which says from where a form is sent."""

    def __init__(self, app: Starlette, site: str = SITE) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=site, headers={"Origin": site}
        )

    async def sign_in(self, role: str, subject: str) -> None:
        reply = await self.http.post(
            "/sign-in", data={"token": token_for(role, subject), "to": "/review"}
        )
        assert reply.status_code == 303, reply.text

    async def read(self, path: str) -> str:
        reply = await self.http.get(path)
        assert reply.status_code == 200, reply.text
        return reply.text

    async def send(self, given: Given, step: str, **fields: str) -> httpx.Response:
        """Send a form of a revision's page, with what its hidden fields say."""
        page = await self.read(page_of(given))
        return await self.http.post(
            f"{page_of(given)}/{step}", data=hidden_fields(page) | {"form": step} | fields
        )


def page_of(given: Given) -> str:
    return f"/review/answers/{given.answer_id}/{given.number}"


def hidden_fields(page: str) -> dict[str, str]:
    """The session's key and the revision's version, as a page has them."""
    return {
        name: found[1]
        for name in ("key", "version")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', page))
    }


def text_of(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def signed_in(world: World, clock: TestClock, role: str, subject: str) -> Person:
    """Somebody before the pages, with a session of their own."""
    person = Person(review_app(world, clock))
    await person.sign_in(role, subject)
    return person
