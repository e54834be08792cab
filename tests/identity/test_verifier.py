"""Tokens of an identity provider, good and forged, over its real keys."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
import structlog
from joserfc.jwk import ECKey, RSAKey

from navis_api.identity.errors import TokenExpired, TokenInvalid
from navis_api.identity.verifier import TokenVerifier
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind
from tests.identity.issuer import (
    HOUR,
    NOON,
    FakeIssuer,
    Seconds,
    key_pair,
    verifier_of,
)


def base64_text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def base64_json(value: object) -> str:
    return base64_text(json.dumps(value).encode())


def judged(verifier: TokenVerifier, token: str) -> Any:
    return verifier.viewer_of(f"Bearer {token}", now=NOON)


@pytest.fixture
def verifier(issuer: FakeIssuer, seconds: Seconds) -> TokenVerifier:
    return verifier_of(issuer, seconds=seconds)


async def test_a_token_of_the_provider_names_its_viewer(
    issuer: FakeIssuer, verifier: TokenVerifier
) -> None:
    token = issuer.token(sub="auth0|17", role="reviewer", nbf=issuer.claims()["iat"])
    for header in (f"Bearer {token}", f"bearer {token}", f"BEARER  {token}"):
        found = await verifier.viewer_of(header, now=NOON)
        assert found == Viewer(ViewerKind.REVIEWER, "auth0|17")
    assert await verifier.viewer_of(None, now=NOON) == ANONYMOUS


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
async def test_rsa_signs_too(issuer: FakeIssuer, verifier: TokenVerifier, algorithm: str) -> None:
    key = RSAKey.generate_key(2_048, parameters={"kid": "rsa"}, private=True)
    issuer.keys.append(key)
    token = issuer.token(key, header={"alg": algorithm})
    assert (await verifier.viewer_of(f"Bearer {token}", now=NOON)).subject == "person-1"


async def test_only_the_algorithms_of_the_setting_are_accepted(
    issuer: FakeIssuer, seconds: Seconds
) -> None:
    rsa = RSAKey.generate_key(2_048, parameters={"kid": "rsa"}, private=True)
    issuer.keys += [rsa, key_pair("large", "P-384")]
    verifier = verifier_of(issuer, seconds=seconds, oidc_algorithms="PS256, ES384")
    for token in (
        issuer.token(rsa, header={"alg": "PS256"}),
        issuer.token(issuer.keys[2], header={"alg": "ES384"}),
    ):
        assert (await judged(verifier, token)).subject == "person-1"
    for token in (issuer.token(rsa), issuer.token()):
        with pytest.raises(TokenInvalid):
            await judged(verifier, token)


async def test_times_are_those_of_the_setting(issuer: FakeIssuer, seconds: Seconds) -> None:
    verifier = verifier_of(issuer, seconds=seconds, oidc_clock_skew_s=5)
    header = f"Bearer {issuer.token()}"
    assert await verifier.viewer_of(header, now=NOON + HOUR + timedelta(seconds=4))
    with pytest.raises(TokenExpired):
        await verifier.viewer_of(header, now=NOON + HOUR + timedelta(seconds=5))
    with pytest.raises(TokenInvalid):
        await verifier.viewer_of(header, now=NOON - timedelta(seconds=6))


async def test_a_role_is_read_as_the_settings_say(issuer: FakeIssuer, seconds: Seconds) -> None:
    verifier = verifier_of(
        issuer,
        seconds=seconds,
        oidc_role_claim="realm_access.roles",
        oidc_roles="CN=navis-editors=editor, nurse = reviewer",
        oidc_default_role="none",
    )
    editor = issuer.token(realm_access={"roles": ["nurse", "CN=navis-editors"]})
    assert (await judged(verifier, editor)).kind is ViewerKind.EDITOR
    for roles in (["editor"], [], None):
        with pytest.raises(TokenInvalid):
            await judged(verifier, issuer.token(realm_access={"roles": roles}))


async def test_a_token_meant_for_a_client_is_not_for_the_api(
    issuer: FakeIssuer, verifier: TokenVerifier
) -> None:
    with pytest.raises(TokenInvalid):
        await judged(verifier, issuer.token(aud="navis-review", azp="navis-review", nonce="n"))


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"], "exp": 1},
        {"crit": ["b64"], "b64": True},
        {"crit": []},
        {"b64": False},
        {"jku": "https://elsewhere.invalid/keys"},
        {"x5u": "https://elsewhere.invalid/certificate"},
        {"x5c": ["AAAA"]},
        {"jwk": {"kty": "EC"}},
        {"typ": "logout+jwt"},
        {"typ": "dpop+jwt"},
        {"typ": 5},
        {"kid": 5},
        {"kid": "../first"},
        {"kid": ""},
        {"alg": "ES384"},
        {"alg": "ES256K"},
        {"alg": "es256"},
        {"alg": ["ES256"]},
        {"alg": ...},
    ],
    ids=str,
)
async def test_a_header_that_would_change_the_rules_is_refused(
    issuer: FakeIssuer, verifier: TokenVerifier, header: dict[str, Any]
) -> None:
    key = issuer.keys[0]
    assert isinstance(key, ECKey)
    merged = {"alg": "ES256", "kid": "first"} | header
    told = {name: value for name, value in merged.items() if value is not ...}
    content = f"{base64_json(told)}.{base64_json(issuer.claims(role='admin'))}"
    token = f"{content}.{_signature(content, key)}"
    with pytest.raises(TokenInvalid):
        await judged(verifier, token)


@pytest.mark.parametrize(
    "header",
    [{}, {"typ": "JWT"}, {"typ": "at+jwt"}, {"typ": "application/AT+JWT"}, {"x5t": "AAAA"}],
    ids=str,
)
async def test_what_else_a_header_may_say(
    issuer: FakeIssuer, verifier: TokenVerifier, header: dict[str, Any]
) -> None:
    key = issuer.keys[0]
    assert isinstance(key, ECKey)
    told = {"alg": "ES256", "kid": "first", "of_the_provider": "unknown"} | header
    content = f"{base64_json(told)}.{base64_json(issuer.claims())}"
    assert await judged(verifier, f"{content}.{_signature(content, key)}")


def _signature(content: str, key: ECKey) -> str:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    assert key.private_key is not None
    r, s = utils.decode_dss_signature(
        key.private_key.sign(content.encode(), ec.ECDSA(hashes.SHA256()))
    )
    return base64_text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


async def test_the_public_key_is_no_secret_to_sign_with(
    issuer: FakeIssuer, verifier: TokenVerifier
) -> None:
    key = issuer.keys[0]
    public = json.dumps(key.as_dict(private=False)).encode()
    for secret in (key.as_pem(private=False), key.as_der(private=False), public):
        for algorithm, digest in (("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512")):
            header = base64_json({"alg": algorithm, "kid": "first"})
            content = f"{header}.{base64_json(issuer.claims(role='admin'))}"
            signature = base64_text(hmac.new(secret, content.encode(), digest).digest())
            with pytest.raises(TokenInvalid):
                await judged(verifier, f"{content}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
async def test_a_token_without_signature_is_refused(
    issuer: FakeIssuer, verifier: TokenVerifier, algorithm: str
) -> None:
    header = base64_json({"alg": algorithm, "kid": "first"})
    for signature in ("", "AAAA", base64_text(hashlib.sha256().digest() * 2)):
        with pytest.raises(TokenInvalid):
            await judged(verifier, f"{header}.{base64_json(issuer.claims())}.{signature}")


async def test_a_forged_token_is_refused(issuer: FakeIssuer, verifier: TokenVerifier) -> None:
    good = issuer.token()
    header, payload, signature = good.split(".")
    other = base64_json(issuer.claims(role="admin"))
    zeros = base64_text(bytes(64))
    forger = key_pair("first")
    for token in (
        issuer.token(forger),
        f"{header}.{other}.{signature}",
        f"{header}.{payload}.{zeros}",
        f"{header}.{payload}.{signature[:-4]}",
        f"{header}.{payload}.{signature}=",
        f"{header}.{payload}.",
        f"{header}..{signature}",
    ):
        with pytest.raises(TokenInvalid):
            await judged(verifier, token)
    assert await judged(verifier, good)


async def test_neither_token_nor_subject_reaches_a_log(
    issuer: FakeIssuer, verifier: TokenVerifier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    bad = [
        issuer.token(sub="somebody-secret", aud="x"),
        issuer.token(key_pair("kid-secret"), sub="somebody-secret"),
        issuer.token(sub="somebody-secret", exp=1),
    ]
    good = issuer.token(sub="somebody-secret")
    with structlog.testing.capture_logs() as logs:
        assert await judged(verifier, good)
        for token in bad:
            with pytest.raises((TokenInvalid, TokenExpired)) as refused:
                await judged(verifier, token)
            assert "secret" not in str(refused.value)
            assert refused.value.__cause__ is None
    written = str(logs) + caplog.text
    assert "identity.keys_read" in written
    assert "secret" not in written
    assert not any(part in written for token in [good, *bad] for part in token.split(".")[1:])
