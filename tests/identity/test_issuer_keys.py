"""An issuer's keys over real HTTP: kept, renewed, and never asked for more than needed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from navis_api.identity.errors import SignInUnavailable, TokenInvalid
from navis_api.identity.verifier import TokenVerifier
from navis_api.identity.viewer import Viewer, ViewerKind
from tests.identity.issuer import (
    DISCOVERY,
    KEYS,
    NOON,
    FakeIssuer,
    Reply,
    Seconds,
    key_pair,
    verifier_of,
)
from tests.waiting import PATIENCE_S, until

PERSON = Viewer(ViewerKind.PATIENT, "person-1")
KEPT_S, RETRY_S, STALE_S = 600, 10, 21_600


async def sign_in(verifier: TokenVerifier, token: str) -> Viewer:
    return await verifier.viewer_of(f"Bearer {token}", now=NOON)


@pytest.fixture
def verifier(issuer: FakeIssuer, seconds: Seconds) -> TokenVerifier:
    return verifier_of(issuer, seconds=seconds)


async def test_keys_are_discovered_once_and_kept(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    for _ in range(5):
        assert await sign_in(verifier, issuer.token()) == PERSON
        seconds.pass_by(KEPT_S / 5 - 1)
    assert issuer.asked == {DISCOVERY: 1, KEYS: 1}


async def test_nobody_is_asked_for_anonymous_or_impossible_tokens(
    issuer: FakeIssuer, verifier: TokenVerifier
) -> None:
    await verifier.viewer_of(None, now=NOON)
    for token in ("x", issuer.token(iss="https://elsewhere.invalid"), issuer.token() + ".x"):
        with pytest.raises(TokenInvalid):
            await sign_in(verifier, token)
    assert not issuer.asked


async def test_a_named_address_of_keys_needs_no_discovery(
    issuer: FakeIssuer, seconds: Seconds
) -> None:
    verifier = verifier_of(issuer, seconds=seconds, oidc_jwks_url=issuer.url + KEYS)
    assert await sign_in(verifier, issuer.token()) == PERSON
    assert issuer.asked == {KEYS: 1}


async def test_a_hundred_first_requests_at_once_share_one_answer(
    issuer: FakeIssuer, verifier: TokenVerifier
) -> None:
    tokens = [issuer.token(sub=f"person-{n}") for n in range(100)]
    found = await asyncio.gather(*(sign_in(verifier, token) for token in tokens))
    assert [viewer.subject for viewer in found] == [f"person-{n}" for n in range(100)]
    assert issuer.asked == {DISCOVERY: 1, KEYS: 1}


async def test_one_who_goes_away_leaves_the_others_their_answer(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    came, go_on = asyncio.Event(), asyncio.Event()

    async def discovery(_request: Request) -> Response:
        came.set()
        await go_on.wait()
        return JSONResponse({"issuer": issuer.url, "jwks_uri": issuer.url + KEYS})

    issuer.replies[DISCOVERY] = discovery
    first = asyncio.create_task(sign_in(verifier, issuer.token()))
    await asyncio.wait_for(came.wait(), PATIENCE_S)
    seconds.pass_by(RETRY_S)
    second = asyncio.create_task(sign_in(verifier, issuer.token()))
    await asyncio.sleep(0)
    first.cancel()
    go_on.set()
    assert await second == PERSON
    assert first.cancelled()
    assert issuer.asked == {DISCOVERY: 1, KEYS: 1}


async def test_a_new_key_is_found_as_soon_as_a_token_names_it(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    old = issuer.token()
    await sign_in(verifier, old)
    new = key_pair("second")
    issuer.keys.append(new)
    seconds.pass_by(RETRY_S)
    assert await sign_in(verifier, issuer.token(new)) == PERSON
    assert await sign_in(verifier, old) == PERSON
    assert issuer.asked[KEYS] == 2


async def test_a_withdrawn_key_stops_working_when_the_keys_are_renewed(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    old = issuer.token()
    await sign_in(verifier, old)
    issuer.keys = [key_pair("second")]
    seconds.pass_by(KEPT_S - 1)
    assert await sign_in(verifier, old) == PERSON
    seconds.pass_by(1)
    with pytest.raises(TokenInvalid):
        await sign_in(verifier, old)
    assert await sign_in(verifier, issuer.token()) == PERSON


async def test_made_up_keys_do_not_make_us_hammer_the_issuer(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    good = issuer.token()
    await sign_in(verifier, good)
    for _ in range(3):
        seconds.pass_by(RETRY_S)
        storm = [issuer.token(key_pair(f"made-up-{n}")) for n in range(40)]
        refused = await asyncio.gather(
            *(sign_in(verifier, token) for token in storm), return_exceptions=True
        )
        assert {type(each) for each in refused} == {TokenInvalid}
        for token in storm:
            with pytest.raises(TokenInvalid):
                await sign_in(verifier, token)
        assert await sign_in(verifier, good) == PERSON
    assert issuer.asked[KEYS] == 1 + 3


@pytest.mark.parametrize(
    ("cache_control", "kept_s"),
    [
        (None, 600),
        ("public, max-age=900", 900),
        ('max-age="120", must-revalidate', 120),
        ("max-age=5", 60),
        ("max-age=0", 60),
        ("no-store", 60),
        ("no-cache, max-age=900", 60),
        ("MAX-AGE=604800", 3_600),
        ("max-age=soon", 600),
    ],
)
async def test_the_issuer_says_how_long_its_keys_are_kept_within_bounds(
    issuer: FakeIssuer,
    verifier: TokenVerifier,
    seconds: Seconds,
    cache_control: str | None,
    kept_s: int,
) -> None:
    issuer.cache_control = cache_control
    await sign_in(verifier, issuer.token())
    seconds.pass_by(kept_s - 1)
    await sign_in(verifier, issuer.token())
    assert issuer.asked[KEYS] == 1
    seconds.pass_by(1)
    await sign_in(verifier, issuer.token())
    assert issuer.asked[KEYS] == 2


async def test_without_any_key_an_issuer_that_is_away_is_no_fault_of_the_token(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    await issuer.stop()
    for _ in range(3):
        with pytest.raises(SignInUnavailable) as refused:
            await sign_in(verifier, issuer.token())
        assert refused.value.retry_after_s == RETRY_S
    await issuer.start()
    with pytest.raises(SignInUnavailable):
        await sign_in(verifier, issuer.token())
    assert not issuer.asked, "asked again too early"
    seconds.pass_by(RETRY_S)
    assert await sign_in(verifier, issuer.token()) == PERSON


async def test_known_keys_outlive_an_issuer_that_is_away_for_a_bounded_time(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    await sign_in(verifier, issuer.token())
    await issuer.stop()
    seconds.pass_by(KEPT_S + STALE_S - 1)
    assert await sign_in(verifier, issuer.token()) == PERSON
    seconds.pass_by(1)
    with pytest.raises(SignInUnavailable):
        await sign_in(verifier, issuer.token())


async def test_a_key_that_cannot_be_looked_up_now_is_not_called_wrong(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    await sign_in(verifier, issuer.token())
    new = key_pair("second")
    issuer.keys.append(new)
    await issuer.stop()
    seconds.pass_by(RETRY_S)
    with pytest.raises(SignInUnavailable):
        await sign_in(verifier, issuer.token(new))
    assert await sign_in(verifier, issuer.token()) == PERSON


async def test_only_the_first_waits_for_an_issuer_that_has_gone(
    issuer: FakeIssuer, seconds: Seconds
) -> None:
    verifier = verifier_of(issuer, seconds=seconds, oidc_timeout_s=0.3)
    await sign_in(verifier, issuer.token())
    for_ever = asyncio.Event()

    async def silent(_request: Request) -> Response:
        await for_ever.wait()
        return PlainTextResponse("")

    issuer.replies[KEYS] = issuer.replies[DISCOVERY] = silent
    seconds.pass_by(KEPT_S)
    assert await sign_in(verifier, issuer.token()) == PERSON
    asked = issuer.asked.total()
    seconds.pass_by(RETRY_S)
    answered = asyncio.create_task(sign_in(verifier, issuer.token()))
    await asyncio.sleep(0)
    assert answered.done(), "it waits for the issuer again"
    assert await answered == PERSON
    for_ever.set()
    await until(lambda: issuer.asked.total() > asked)


async def _huge(_request: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"keys": ['
        # Sixteen times what is read of an answer: the server goes on when nobody listens.
        for _ in range(64):
            yield b" " * 65_536
            await asyncio.sleep(0)
        yield b"]}"

    return StreamingResponse(chunks())


async def _dripping(_request: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" "
            await asyncio.sleep(0.05)
        yield b'{"keys": []}'

    return StreamingResponse(chunks())


def _saying(body: str, status: int = 200, encoding: str | None = None) -> Reply:
    headers = {"Content-Encoding": encoding} if encoding else {}

    async def reply(_request: Request) -> Response:
        return PlainTextResponse(body, status_code=status, headers=headers)

    return reply


async def _elsewhere(request: Request) -> Response:
    return JSONResponse({"keys": []}) if request.url.query else RedirectResponse(KEYS + "?again")


BAD_ANSWERS = {
    "huge": _huge,
    "a drop at a time": _dripping,
    "no JSON": _saying("<html>Sign in</html>"),
    "cut off": _saying('{"keys": ['),
    "a list": _saying("[]"),
    "no key set": _saying('{"error": "none"}'),
    "keys that are no list": _saying('{"keys": {"kid": "first"}}'),
    "deep": _saying("[" * 100_000),
    "half a surrogate": _saying('{"keys": "\\ud800"}'),
    "an error": _saying("{}", 500),
    "not found": _saying('{"keys": []}', 404),
    "compressed": _saying('{"keys": []}', encoding="gzip"),
    "a redirect": _elsewhere,
}


@pytest.mark.parametrize("bad", BAD_ANSWERS)
async def test_an_answer_that_is_none_leaves_the_known_keys_and_is_logged_without_values(
    issuer: FakeIssuer, seconds: Seconds, bad: str
) -> None:
    verifier = verifier_of(issuer, seconds=seconds, oidc_timeout_s=0.5)
    good = issuer.token()
    await sign_in(verifier, good)
    issuer.replies[KEYS] = BAD_ANSWERS[bad]
    seconds.pass_by(KEPT_S)
    with structlog.testing.capture_logs() as logs:
        assert await sign_in(verifier, good) == PERSON
        with pytest.raises(SignInUnavailable):
            await sign_in(verifier, issuer.token(key_pair("second")))
    assert [each["event"] for each in logs] == ["identity.issuer_out_of_reach"]
    assert "first" not in str(logs)
    assert "person" not in str(logs)
    assert issuer.url not in str(logs)


@pytest.mark.parametrize("bad", BAD_ANSWERS)
async def test_a_first_answer_that_is_none_lets_nobody_in(
    issuer: FakeIssuer, seconds: Seconds, bad: str
) -> None:
    verifier = verifier_of(issuer, seconds=seconds, oidc_timeout_s=0.5)
    issuer.replies[KEYS] = BAD_ANSWERS[bad]
    with pytest.raises(SignInUnavailable):
        await sign_in(verifier, issuer.token())


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://elsewhere.invalid"},
        {"issuer": ...},
        {"jwks_uri": ...},
        {"jwks_uri": 5},
        {"jwks_uri": "http://elsewhere.invalid/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "/keys"},
        {"jwks_uri": "https://name:pass@elsewhere.invalid/keys"},
    ],
    ids=str,
)
async def test_a_discovery_document_that_is_not_this_issuers_is_not_followed(
    issuer: FakeIssuer, verifier: TokenVerifier, changed: dict[str, Any]
) -> None:
    issuer.discovery = changed
    with pytest.raises(SignInUnavailable):
        await sign_in(verifier, issuer.token())
    assert issuer.asked == {DISCOVERY: 1}


async def test_an_issuer_with_a_slash_at_its_end_is_found_and_kept_to_the_letter(
    issuer: FakeIssuer, seconds: Seconds
) -> None:
    issuer.discovery = {"issuer": issuer.url + "/"}
    verifier = verifier_of(issuer, seconds=seconds, oidc_issuer=issuer.url + "/")
    assert await sign_in(verifier, issuer.token(iss=issuer.url + "/")) == PERSON
    with pytest.raises(TokenInvalid):
        await sign_in(verifier, issuer.token())


async def test_keys_that_have_moved_are_discovered_anew(
    issuer: FakeIssuer, verifier: TokenVerifier, seconds: Seconds
) -> None:
    await sign_in(verifier, issuer.token())
    issuer.replies[KEYS] = _saying("{}", 410)
    seconds.pass_by(KEPT_S)
    await sign_in(verifier, issuer.token())
    del issuer.replies[KEYS]
    seconds.pass_by(RETRY_S)
    new = key_pair("second")
    issuer.keys.append(new)
    assert await sign_in(verifier, issuer.token(new)) == PERSON
    assert issuer.asked == {DISCOVERY: 2, KEYS: 3}
