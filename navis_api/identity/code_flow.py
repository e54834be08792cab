"""Signing in with a browser: the authorization code flow, for a page that we serve.

What has been begun is kept by the browser, sealed. Sources: OpenID Connect Core 1.0
section 3.1, RFC 6749 section 4.1, RFC 7636 (PKCE), RFC 9700 (security of OAuth 2.0).
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx
import structlog

from navis_api.identity.claims import audiences, require_in_time
from navis_api.identity.errors import (
    IssuerOutOfReach,
    SignInFailed,
    SignInUnavailable,
    TokenExpired,
    TokenInvalid,
)
from navis_api.identity.oidc import BrowserClient, IdentityProvider
from navis_api.identity.pending import PENDING_FOR, PendingSignIn, open_pending
from navis_api.identity.signatures import MAX_TOKEN_CHARS, read_token

_RETRY_S = 10
_REFUSALS = frozenset(
    {
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CodeFlow:
    """What a sign-in needs to know of the provider, and of us as its client."""

    provider: IdentityProvider
    client: BrowserClient
    authorization_url: str
    token_url: str
    secret_in_form: bool


async def code_flow(provider: IdentityProvider) -> CodeFlow | None:
    """Return how to sign in at a provider, None where no client of ours is set up there.

    Raises SignInUnavailable while the provider is out of reach.
    """
    if provider.client is None:
        return None
    try:
        addresses = await provider.discovery.addresses()
    except IssuerOutOfReach as failure:
        raise _unavailable(failure.reason) from None
    if addresses.authorization_url is None or addresses.token_url is None:
        raise _unavailable("it names no addresses for signing in")
    return CodeFlow(
        provider=provider,
        client=provider.client,
        authorization_url=addresses.authorization_url,
        token_url=addresses.token_url,
        secret_in_form=addresses.secret_in_form,
    )


def authorization_request(flow: CodeFlow, redirect_uri: str, *, now: datetime) -> tuple[str, str]:
    """Return the address to send a browser to, and what it must bring back in a cookie.

    The second is ASCII of less than 400 characters, and good for `PENDING_FOR`.
    """
    pending = PendingSignIn.begun(now)
    challenge = hashlib.sha256(pending.verifier.encode()).digest()
    parameters = {
        "response_type": "code",
        "client_id": flow.client.client_id,
        "redirect_uri": redirect_uri,
        "scope": flow.client.scope,
        # Some providers give a token for an API to whoever names it here; others ignore it.
        "audience": flow.provider.issuer.rules.audience,
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    url = httpx.URL(flow.authorization_url).copy_merge_params(parameters)
    return str(url), pending.sealed(flow.client.client_secret)


async def exchange(
    flow: CodeFlow, *, code: str, state: str, pending: str, redirect_uri: str, now: datetime
) -> str:
    """Return the access token of whoever came back with `code` and `state`.

    `pending` is what `authorization_request` gave their browser; `redirect_uri` the
    same as there. The token isn't looked into: that is the verifier's work. Raises
    SignInFailed when it is another sign-in's end, too late or refused, and
    SignInUnavailable when the provider is out of reach or doesn't know us.
    """
    begun = open_pending(pending, flow.client.client_secret)
    if begun is None or begun.until_s <= now.timestamp():
        raise SignInFailed
    if not code.isascii() or not code.isprintable() or len(code) > MAX_TOKEN_CHARS:
        raise SignInFailed
    if not secrets.compare_digest(state.encode(errors="replace"), begun.state.encode()):
        raise SignInFailed
    tokens = await _tokens(flow, code=code, verifier=begun.verifier, redirect_uri=redirect_uri)
    await _require_ours(flow, tokens.get("id_token"), nonce=begun.nonce, now=now)
    access_token = tokens.get("access_token")
    if str(tokens.get("token_type")).lower() != "bearer" or not _is_token(access_token):
        raise _unavailable("it gave no access token")
    return str(access_token)


async def _tokens(
    flow: CodeFlow, *, code: str, verifier: str, redirect_uri: str
) -> Mapping[str, Any]:
    """Return what the token endpoint gives for a code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers: dict[str, str] = {}
    name, secret = flow.client.client_id, flow.client.client_secret.get_secret_value()
    if flow.secret_in_form:
        form |= {"client_id": name, "client_secret": secret}
    else:
        # Each is encoded before they are joined (RFC 6749, 2.3.1).
        both = f"{quote(name, safe='')}:{quote(secret, safe='')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(both).decode()}"
    try:
        answer = await flow.provider.http.post_form(flow.token_url, form, headers=headers)
    except IssuerOutOfReach as failure:
        raise _unavailable(failure.reason) from None
    if answer.status == HTTPStatus.OK:
        return answer.body
    refusal = answer.body.get("error")
    if refusal == "invalid_grant":
        raise SignInFailed
    # Only the words of RFC 6749 (5.2): a provider's own may say who it was about.
    known = next((word for word in _REFUSALS if word == refusal), "refused")
    raise _unavailable(f"{known} with HTTP status {answer.status}")


async def _require_ours(flow: CodeFlow, id_token: object, *, nonce: str, now: datetime) -> None:
    """Raise SignInFailed unless an ID token says that it ends this very sign-in.

    Source: OpenID Connect Core 1.0, section 3.1.3.7.
    """
    issuer, client_id = flow.provider.issuer, flow.client.client_id
    try:
        token = read_token(id_token if isinstance(id_token, str) else "")
        claims = await issuer.verified_claims(token)
        require_in_time(claims, clock_skew=issuer.rules.clock_skew, now=now)
    except (TokenInvalid, TokenExpired):
        raise SignInFailed from None
    if claims.get("iss") != issuer.rules.issuer or client_id not in audiences(claims):
        raise SignInFailed
    if claims.get("azp", client_id) != client_id or claims.get("nonce") != nonce:
        raise SignInFailed


def _is_token(given: object) -> bool:
    """Return whether it can stand in an Authorization header."""
    if not isinstance(given, str) or not given.isascii() or " " in given:
        return False
    return given.isprintable() and 0 < len(given) <= MAX_TOKEN_CHARS - len("Bearer ")


def _unavailable(reason: str) -> SignInUnavailable:
    """Return the failure, having told the log why: it is for whoever runs this to put right."""
    _log.warning("identity.sign_in_unavailable", reason=reason)
    return SignInUnavailable(retry_after_s=_RETRY_S)


__all__ = ["PENDING_FOR", "CodeFlow", "authorization_request", "code_flow", "exchange"]
