"""Who is trusted: the development issuer, the provider of the settings, both or nobody."""

from pathlib import Path
from typing import Any

import pytest

from navis_api.app import token_verifier
from navis_api.identity.errors import SignInUnavailable, TokenInvalid
from navis_api.identity.oidc import identity_provider
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.identity.verifier import TokenVerifier
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind
from navis_api.settings import Settings
from tests.identity.issuer import HOUR, NOON, FakeIssuer, Seconds, key_pair


def judged(verifier: TokenVerifier, token: str) -> Any:
    return verifier.viewer_of(f"Bearer {token}", now=NOON)


def trusting(seconds: Seconds, **settings: Any) -> TokenVerifier:
    given = Settings.model_validate(settings)
    return token_verifier(given, identity_provider(given, seconds=seconds))


async def test_development_trusts_both(
    issuer: FakeIssuer, seconds: Seconds, tmp_path: Path
) -> None:
    verifier = trusting(seconds, data_dir=tmp_path, oidc_issuer=issuer.url)
    own = issue_development_token(
        development_key(tmp_path), role="editor", subject="me", now=NOON, lifetime=HOUR
    )
    assert await judged(verifier, own) == Viewer(ViewerKind.EDITOR, "me")
    assert (await judged(verifier, issuer.token())).subject == "person-1"


async def test_neither_signs_for_the_other(
    issuer: FakeIssuer, seconds: Seconds, tmp_path: Path
) -> None:
    verifier = trusting(seconds, data_dir=tmp_path, oidc_issuer=issuer.url)
    for token in (
        issuer.token(development_key(tmp_path), header={"kid": "first"}),
        issuer.token(iss="https://development.navis.invalid", role="admin"),
    ):
        with pytest.raises(TokenInvalid):
            await judged(verifier, token)


async def test_production_never_trusts_the_development_issuer(
    seconds: Seconds, tmp_path: Path
) -> None:
    own = issue_development_token(
        development_key(tmp_path), role="admin", subject="me", now=NOON, lifetime=HOUR
    )
    for provider in (None, "https://id.example"):
        verifier = trusting(
            seconds, environment="production", data_dir=tmp_path, oidc_issuer=provider
        )
        with pytest.raises(TokenInvalid):
            await judged(verifier, own)
        assert await verifier.viewer_of(None, now=NOON) == ANONYMOUS


async def test_production_reaches_for_the_provider_alone(seconds: Seconds) -> None:
    verifier = trusting(seconds, environment="production", oidc_issuer="https://127.0.0.1:1")
    issuer = FakeIssuer(port=1, keys=[key_pair()])
    with pytest.raises(SignInUnavailable):
        await judged(verifier, issuer.token(iss="https://127.0.0.1:1"))
