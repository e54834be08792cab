"""Signing in with a browser, against a provider that checks what a provider checks."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import structlog
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from navis_api.identity.code_flow import (
    PENDING_FOR,
    CodeFlow,
    authorization_request,
    code_flow,
    exchange,
)
from navis_api.identity.errors import SignInFailed, SignInUnavailable
from navis_api.identity.pending import PendingSignIn, open_pending
from navis_api.identity.verifier import TokenVerifier
from tests.identity.issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    DISCOVERY,
    NOON,
    REDIRECT_URI,
    TOKEN,
    FakeIssuer,
    Seconds,
    key_pair,
    provider_of,
)

CLIENT = {"oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}


async def flow_of(issuer: FakeIssuer, seconds: Seconds, **settings: Any) -> CodeFlow:
    found = await code_flow(provider_of(issuer, seconds=seconds, **{**CLIENT, **settings}))
    assert found is not None
    return found


@pytest.fixture
async def flow(issuer: FakeIssuer, seconds: Seconds) -> CodeFlow:
    return await flow_of(issuer, seconds)


async def sign_in(issuer: FakeIssuer, flow: CodeFlow, **changed: Any) -> str:
    url, pending = authorization_request(flow, REDIRECT_URI, now=NOON)
    code, state = issuer.sign_in(url)
    usual = {
        "code": code,
        "state": state,
        "pending": pending,
        "redirect_uri": REDIRECT_URI,
        "now": NOON,
    }
    return await exchange(flow, **(usual | changed))


@pytest.mark.parametrize("methods", [..., ["client_secret_post"]], ids=["basic", "post"])
async def test_whoever_signs_in_gets_a_token_that_the_api_accepts(
    issuer: FakeIssuer, seconds: Seconds, methods: Any
) -> None:
    issuer.discovery = {"token_endpoint_auth_methods_supported": methods}
    flow = await flow_of(issuer, seconds)
    token = await sign_in(issuer, flow)
    verifier = TokenVerifier([flow.provider.issuer])
    assert (await verifier.viewer_of(f"Bearer {token}", now=NOON)).subject == "person-1"
    assert ("client_secret" in issuer.forms[0]) is (methods is not ...)


async def test_a_browser_is_sent_with_what_the_provider_needs_and_no_secret(
    issuer: FakeIssuer, flow: CodeFlow
) -> None:
    url, pending = authorization_request(flow, REDIRECT_URI, now=NOON)
    parameters = dict(parse_qsl(urlsplit(url).query))
    opened = open_pending(pending, flow.client.client_secret)
    assert opened is not None
    assert {name: parameters[name] for name in ("tenant", "response_type", "client_id")} == {
        "tenant": "1",
        "response_type": "code",
        "client_id": CLIENT_ID,
    }
    assert parameters["redirect_uri"] == REDIRECT_URI
    assert parameters["scope"] == "openid"
    assert parameters["audience"] == "navis-api"
    assert parameters["state"] == opened.state
    assert parameters["nonce"] == opened.nonce
    assert parameters["code_challenge_method"] == "S256"
    assert opened.verifier not in url
    assert CLIENT_SECRET not in url
    assert len(pending) < 400
    assert pending.isascii()


async def test_no_two_sign_ins_are_alike(flow: CodeFlow) -> None:
    begun = [authorization_request(flow, REDIRECT_URI, now=NOON) for _ in range(20)]
    seen: set[str] = set()
    for _url, pending in begun:
        opened = open_pending(pending, flow.client.client_secret)
        assert opened is not None
        seen |= {opened.state, opened.nonce, opened.verifier, pending}
    assert len(seen) == 80


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "another"},
        {"state": ""},
        {"state": "\ud800ä"},
        {"pending": ""},
        {"pending": "...."},
        {"pending": "ä" * 10},
        {"code": "made up"},
        {"code": "\ud800"},
        {"code": "a\nb"},
        {"code": "a" * 10_000},
        {"redirect_uri": "https://elsewhere.invalid"},
        {"now": NOON + PENDING_FOR},
    ],
    ids=ascii,
)
async def test_another_end_than_the_one_that_was_begun_is_none(
    issuer: FakeIssuer, flow: CodeFlow, changed: dict[str, Any]
) -> None:
    with pytest.raises(SignInFailed):
        await sign_in(issuer, flow, **changed)


async def test_a_sign_in_ends_once_and_only_in_the_browser_that_began_it(
    issuer: FakeIssuer, flow: CodeFlow
) -> None:
    url, pending = authorization_request(flow, REDIRECT_URI, now=NOON)
    code, state = issuer.sign_in(url)
    _, strangers = authorization_request(flow, REDIRECT_URI, now=NOON)
    given: dict[str, Any] = {"code": code, "state": state, "redirect_uri": REDIRECT_URI}
    with pytest.raises(SignInFailed):
        await exchange(flow, **given, pending=strangers, now=NOON)
    assert not issuer.forms, "a code was shown for the wrong browser"
    late = NOON + PENDING_FOR - timedelta(seconds=1)
    assert await exchange(flow, **given, pending=pending, now=late)
    with pytest.raises(SignInFailed):
        await exchange(flow, **given, pending=pending, now=NOON)


def test_what_the_browser_keeps_is_opaque_and_cannot_be_changed() -> None:
    secret, other = SecretStr(CLIENT_SECRET), SecretStr("another")
    begun = PendingSignIn.begun(NOON)
    sealed = begun.sealed(secret)
    assert open_pending(sealed, secret) == begun
    assert open_pending(sealed, other) is None
    assert begun.verifier not in sealed
    assert begun.state not in sealed
    flipped = "B" if sealed[40] == "A" else "A"
    assert open_pending(sealed[:40] + flipped + sealed[41:], secret) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": ...},
        {"aud": "another-client"},
        {"aud": ...},
        {"azp": "another-client"},
        {"iss": "https://elsewhere.invalid"},
        {"exp": int(NOON.timestamp()) - 31},
        {"iat": int(NOON.timestamp()) + 31},
        {"key": key_pair("first")},
        {"key": key_pair("unknown")},
    ],
    ids=["nonce", "no nonce", "aud", "no aud", "azp", "iss", "exp", "iat", "forged", "unknown key"],
)
async def test_an_id_token_that_is_not_about_this_sign_in_ends_it(
    issuer: FakeIssuer, flow: CodeFlow, changed: dict[str, Any]
) -> None:
    issuer.id_token_claims = changed
    with pytest.raises(SignInFailed):
        await sign_in(issuer, flow)


def _saying(body: object, status: int = 200) -> Any:
    async def reply(_request: Request) -> Response:
        return JSONResponse(body, status_code=status)

    return reply


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (_saying({"error": "invalid_grant", "error_description": "person-1"}, 400), SignInFailed),
        (_saying({"access_token": "x", "token_type": "Bearer"}), SignInFailed),
        (_saying({"error": "invalid_client"}, 401), SignInUnavailable),
        (_saying({"error": {"of": "person-1"}}, 400), SignInUnavailable),
        (_saying({"error": "person-1"}, 400), SignInUnavailable),
        (_saying({}, 500), SignInUnavailable),
        (_saying([]), SignInUnavailable),
    ],
    ids=["grant", "no id token", "client", "no text", "own words", "broken", "list"],
)
async def test_a_refusal_says_whose_turn_it_is(
    issuer: FakeIssuer, flow: CodeFlow, reply: Any, fault: type[Exception]
) -> None:
    issuer.replies[TOKEN] = reply
    with structlog.testing.capture_logs() as logs, pytest.raises(fault) as refused:
        await sign_in(issuer, flow)
    assert "person-1" not in str(refused.value) + str(logs)
    assert (fault is SignInUnavailable) is ("identity.sign_in_unavailable" in str(logs))


async def test_a_provider_that_is_away_is_named_so_and_not_hammered(
    issuer: FakeIssuer, seconds: Seconds
) -> None:
    provider = provider_of(issuer, seconds=seconds, **CLIENT)

    issuer.replies[DISCOVERY] = _saying({}, 503)
    for _ in range(5):
        with pytest.raises(SignInUnavailable):
            await code_flow(provider)
    assert issuer.asked == {DISCOVERY: 1}
    del issuer.replies[DISCOVERY]
    seconds.pass_by(10)
    flow = await code_flow(provider)
    assert flow is not None
    await issuer.stop()
    with pytest.raises(SignInUnavailable):
        await sign_in(issuer, flow)


async def test_a_provider_without_addresses_for_it_cannot_be_signed_in_at(
    issuer: FakeIssuer, seconds: Seconds
) -> None:
    issuer.discovery = {"token_endpoint": ...}
    with pytest.raises(SignInUnavailable):
        await flow_of(issuer, seconds)


async def test_without_a_client_no_browser_is_sent_anywhere(
    issuer: FakeIssuer, seconds: Seconds
) -> None:
    assert await code_flow(provider_of(issuer, seconds=seconds)) is None
    assert not issuer.asked
