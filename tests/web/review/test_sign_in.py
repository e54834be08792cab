"""Signing in and out with a browser, and what is kept where."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from navis_api.identity.oidc import IdentityProvider
from navis_api.identity.tokens import issue_development_token
from navis_api.settings import Environment, Settings
from navis_api.web.sign_in import own_path
from tests.identity.issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeIssuer,
    Seconds,
    key_pair,
    provider_of,
    running_issuer,
)
from tests.review.world import LIVER_REVIEWER, NOON, World
from tests.web.review.person import (
    Person,
    TestClock,
    hidden_fields,
    review_app,
    text_of,
    token_for,
)

SECURE = "https://review.example"
PRODUCTION = Settings(environment=Environment.PRODUCTION, public_url=SECURE)
CALLBACK = "/sign-in/callback"


@pytest.fixture
async def issuer() -> AsyncIterator[FakeIssuer]:
    async with running_issuer([key_pair()]) as running:
        yield running


def provided(issuer: FakeIssuer) -> IdentityProvider:
    return provider_of(
        issuer, seconds=Seconds(), oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET
    )


@pytest.fixture
def secured(world: World, clock: TestClock, issuer: FakeIssuer) -> Starlette:
    """The pages as production has them, with a provider whose reviewer is Lea."""
    return review_app(world, clock, settings=PRODUCTION, provider=provided(issuer))


async def come_back(
    person: Person, issuer: FakeIssuer, *, to: str = "/review", **changed: str
) -> httpx.Response:
    """Go to the provider, sign in there, and come back."""
    begun = await person.http.get("/sign-in/start", params={"to": to})
    assert begun.status_code == 303
    code, state = issuer.sign_in(begun.headers["location"])
    return await person.http.get(CALLBACK, params={"code": code, "state": state} | changed)


def cookies_of(reply: httpx.Response) -> dict[str, str]:
    """The cookies that a reply sets, by name, with their attributes."""
    set_ = [value.partition("=") for value in reply.headers.get_list("set-cookie")]
    return {name: rest for name, _, rest in set_ if "Max-Age=0" not in rest}


async def test_a_token_is_pasted_in_development_and_kept_in_a_cookie(
    world: World, clock: TestClock
) -> None:
    lea = Person(review_app(world, clock))
    begun = await lea.http.get("/review?state=STALE")
    assert begun.headers["location"] == "/sign-in?to=%2Freview%3Fstate%3DSTALE"
    page = await lea.read(begun.headers["location"])
    assert 'value="/review?state=STALE"' in page

    reply = await lea.http.post(
        "/sign-in",
        data={"token": token_for("reviewer", LIVER_REVIEWER), "to": "/review?state=STALE"},
    )

    assert (reply.status_code, reply.headers["location"]) == (303, "/review?state=STALE")
    cookie = cookies_of(reply)["navis"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=3600" in cookie
    assert "Secure" not in cookie, "over plain HTTP a browser would keep none"
    assert "Lea Ahmed" in await lea.read("/review")


@pytest.mark.parametrize("given", ["", "nonsense", "a.b.c", "expired"])
async def test_a_token_that_is_none_begins_nothing(
    world: World, clock: TestClock, given: str
) -> None:
    lea = Person(review_app(world, clock))
    if given == "expired":
        given = token_for("reviewer", LIVER_REVIEWER, now=NOON - timedelta(hours=2))
    reply = await lea.http.post("/sign-in", data={"token": given})
    assert reply.status_code == 422
    assert "This token isn't valid" in text_of(reply.text)
    assert cookies_of(reply) == {}


async def test_production_takes_no_pasted_token_and_says_what_to_set(
    world: World, clock: TestClock
) -> None:
    lea = Person(review_app(world, clock, settings=PRODUCTION), SECURE)
    page = await lea.read("/sign-in")
    assert "NAVIS_OIDC_CLIENT_ID" in page
    assert "<form" not in page
    reply = await lea.http.post("/sign-in", data={"token": token_for("reviewer", LIVER_REVIEWER)})
    assert reply.status_code == 404
    assert cookies_of(reply) == {}
    assert (await lea.http.get("/sign-in/start")).headers["location"].startswith("/sign-in?")


async def test_the_provider_sends_people_back_to_where_they_were(
    world: World, secured: Starlette, issuer: FakeIssuer
) -> None:
    issuer_claims = {"sub": LIVER_REVIEWER, "role": "reviewer"}
    issuer.claims = _with(issuer, issuer_claims)  # type: ignore[method-assign]
    lea = Person(secured, SECURE)
    page = await lea.read("/sign-in?to=/review/stuck")
    assert 'href="/sign-in/start?to=%2Freview%2Fstuck"' in page
    assert "navis-api token" not in page

    reply = await come_back(lea, issuer, to="/review/stuck")

    assert (reply.status_code, reply.headers["location"]) == (303, "/review/stuck")
    cookie = cookies_of(reply)["__Host-navis"]
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert set(cookies_of(reply)) == {"__Host-navis"}, "what was for the way only is dropped"
    assert "Lea Ahmed" in await lea.read("/review/stuck")
    sent = dict(
        parse_qsl(urlsplit((await lea.http.get("/sign-in/start")).headers["location"]).query)
    )
    assert sent["redirect_uri"] == SECURE + CALLBACK


def _with(issuer: FakeIssuer, more: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    usual = issuer.claims
    return lambda **changed: usual(**(more | changed))


@pytest.mark.parametrize(
    "changed",
    [{"state": "of another"}, {"code": "unknown"}, {"code": ""}, {"state": ""}],
    ids=["state", "code", "no-code", "no-state"],
)
async def test_another_sign_ins_end_begins_nothing(
    secured: Starlette, issuer: FakeIssuer, changed: dict[str, str]
) -> None:
    reply = await come_back(Person(secured, SECURE), issuer, **changed)
    assert reply.status_code == 400
    assert "Signing in did not work" in text_of(reply.text)
    assert cookies_of(reply) == {}


async def test_who_refuses_at_the_provider_is_told_to_begin_again(secured: Starlette) -> None:
    lea = Person(secured, SECURE)
    await lea.http.get("/sign-in/start")
    reply = await lea.http.get(CALLBACK, params={"error": "access_denied", "state": "x"})
    assert reply.status_code == 400
    assert "Begin again" in reply.text


async def test_a_browser_that_began_nothing_cant_be_signed_in(
    secured: Starlette, issuer: FakeIssuer
) -> None:
    begun = await Person(secured, SECURE).http.get("/sign-in/start")
    code, state = issuer.sign_in(begun.headers["location"])
    reply = await Person(secured, SECURE).http.get(CALLBACK, params={"code": code, "state": state})
    assert reply.status_code == 400
    assert cookies_of(reply) == {}


async def test_a_token_that_we_dont_accept_ends_in_a_page_and_not_in_a_loop(
    secured: Starlette, issuer: FakeIssuer
) -> None:
    issuer.claims = _with(issuer, {"aud": "another-api"})  # type: ignore[method-assign]
    issuer.id_token_claims = {"aud": CLIENT_ID}
    reply = await come_back(Person(secured, SECURE), issuer)
    assert reply.status_code == 403
    assert "signing in again won't help" in text_of(reply.text)
    assert cookies_of(reply) == {}


async def test_a_provider_out_of_reach_is_said_and_asked_for_later(
    secured: Starlette, issuer: FakeIssuer
) -> None:
    await issuer.stop()
    reply = await Person(secured, SECURE).http.get("/sign-in/start")
    assert reply.status_code == 503
    assert reply.headers["retry-after"]
    assert "Try again in a little while" in reply.text


async def test_a_long_token_is_kept_in_pieces_that_fit(
    world: World, secured: Starlette, issuer: FakeIssuer
) -> None:
    long = {"sub": LIVER_REVIEWER, "role": "reviewer", "groups": "g" * 5_000}
    issuer.claims = _with(issuer, long)  # type: ignore[method-assign]
    issuer.id_token_claims = {"groups": ...}
    lea = Person(secured, SECURE)
    reply = await come_back(lea, issuer)
    kept = cookies_of(reply)
    assert set(kept) == {"__Host-navis", "__Host-navis-1"}
    assert all(len(f"{name}={rest}") <= 4_096 for name, rest in kept.items())
    assert "Lea Ahmed" in await lea.read("/review")
    # A shorter one afterwards leaves nothing of the longer.
    issuer.claims = _with(issuer, {"groups": ...})  # type: ignore[method-assign]
    await come_back(lea, issuer)
    assert "Lea Ahmed" in await lea.read("/review")


async def test_signing_out_forgets_the_token_and_takes_a_form_of_ours(
    world: World, clock: TestClock
) -> None:
    lea = Person(review_app(world, clock))
    await lea.sign_in("reviewer", LIVER_REVIEWER)
    key = hidden_fields(await lea.read("/review"))["key"]
    elsewhere = await lea.http.post(
        "/sign-out", data={"key": key}, headers={"Origin": "https://elsewhere.example"}
    )
    assert elsewhere.status_code == 403
    await lea.http.post("/sign-out", data={"key": "guessed"})
    assert "Lea Ahmed" in await lea.read("/review")

    reply = await lea.http.post("/sign-out", data={"key": key})

    assert reply.headers["location"] == "/sign-in?why=out"
    assert "You are signed out here." in await lea.read(reply.headers["location"])
    assert (await lea.http.get("/review")).status_code == 303


async def test_an_expired_session_leads_to_signing_in_and_back(
    world: World, clock: TestClock
) -> None:
    lea = Person(review_app(world, clock))
    await lea.sign_in("reviewer", LIVER_REVIEWER)
    clock.now = NOON + timedelta(hours=2)
    reply = await lea.http.get("/review/stuck")
    assert reply.headers["location"] == "/sign-in?to=%2Freview%2Fstuck&why=expired"
    assert "Your sign-in has run out" in await lea.read(reply.headers["location"])


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "https://elsewhere.example",
        "//elsewhere.example",
        "/reviewed",
        "/review\\..\\elsewhere",
        "/review/\r\nSet-Cookie: a=b",
        "/review.elsewhere.example",
        "/graphql",
        "/review/" + "a" * 500,
    ],
    ids=range(10),
)
def test_nobody_is_sent_elsewhere(given: str | None) -> None:
    assert own_path(given) == "/review"


def test_paths_of_the_review_are_gone_back_to() -> None:
    for path in ("/review", "/review?state=STALE", "/review/answers/1/2?against=1"):
        assert own_path(path) == path


async def test_a_forged_cookie_is_nobody(world: World, clock: TestClock) -> None:
    lea = Person(review_app(world, clock))
    forged = issue_development_token(
        key_pair(), role="reviewer", subject=LIVER_REVIEWER, now=NOON, lifetime=timedelta(hours=1)
    )
    lea.http.cookies.set("navis", forged)
    reply = await lea.http.get("/review")
    assert reply.headers["location"].startswith("/sign-in?")
