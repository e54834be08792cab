"""An identity provider on this machine: discovery, keys, sign-in and a token endpoint.

It answers well unless a test has it do otherwise.
"""

import asyncio
import base64
import hashlib
import secrets
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from navis_api.identity.oidc import IdentityProvider, identity_provider
from navis_api.identity.verifier import TokenVerifier
from navis_api.settings import Settings
from tests.waiting import until

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLIENT_ID = "navis review"
CLIENT_SECRET = "not/a real:secret%25"
REDIRECT_URI = "https://navis.example/review/signed-in"

DISCOVERY, KEYS, TOKEN = "/.well-known/openid-configuration", "/keys", "/token"

SigningKeyPair = ECKey | RSAKey
Reply = Callable[[Request], Awaitable[Response]]


def key_pair(key_id: str = "first", curve: Any = "P-256") -> ECKey:
    return ECKey.generate_key(curve, parameters={"kid": key_id}, private=True)


class Seconds:
    """A clock of seconds that stands still until a test moves it."""

    def __init__(self) -> None:
        self.value = 1_000.0

    def __call__(self) -> float:
        return self.value

    def pass_by(self, seconds: float) -> None:
        self.value += seconds


@dataclass
class Begun:
    """What a browser was sent to the provider with, and the code that it takes back."""

    parameters: dict[str, str]
    code: str


@dataclass
class FakeIssuer:
    """The provider. `replies` stand in for what a path would answer."""

    port: int
    keys: list[SigningKeyPair]
    asked: Counter[str] = field(default_factory=Counter[str])
    replies: dict[str, Reply] = field(default_factory=dict[str, Reply])
    discovery: dict[str, Any] = field(default_factory=dict[str, Any])
    """What differs in the discovery document."""
    key_members: dict[str, Any] = field(default_factory=dict[str, Any])
    """What else stands in each published key."""
    cache_control: str | None = None
    id_token_claims: dict[str, Any] = field(default_factory=dict[str, Any])
    forms: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    begun: dict[str, Begun] = field(default_factory=dict[str, Begun])
    _server: uvicorn.Server | None = None
    _running: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        routes = [
            Route(DISCOVERY, self._discovery),
            Route(KEYS, self._keys),
            Route(TOKEN, self._token, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), lifespan="off", log_config=None, timeout_graceful_shutdown=1
        )
        self._server = server = uvicorn.Server(config)
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._running = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)

    async def stop(self) -> None:
        """Be away: connections are refused until the next start."""
        if self._server is None or self._running is None:
            return
        self._server.should_exit = True
        await self._running
        self._server = self._running = None

    def claims(self, **changed: Any) -> dict[str, Any]:
        """The claims of a good access token; `...` leaves one out."""
        usual = {
            "iss": self.url,
            "aud": "navis-api",
            "sub": "person-1",
            "iat": int(NOON.timestamp()),
            "exp": int((NOON + HOUR).timestamp()),
        }
        return {name: value for name, value in (usual | changed).items() if value is not ...}

    def token(
        self,
        key: SigningKeyPair | None = None,
        *,
        header: dict[str, Any] | None = None,
        **changed: Any,
    ) -> str:
        """An access token, signed with the first published key unless told otherwise."""
        signer = key or self.keys[0]
        usual = {"alg": "ES256" if isinstance(signer, ECKey) else "RS256", "kid": signer.kid}
        merged = {k: v for k, v in (usual | (header or {})).items() if v is not ...}
        return jwt.encode(merged, self.claims(**changed), signer, algorithms=[merged["alg"]])

    def sign_in(self, url: str) -> tuple[str, str]:
        """Do what a person does in a browser: return the `code` and `state` to come back with."""
        parameters = dict(parse_qsl(urlsplit(url).query))
        assert url.startswith(f"{self.url}/authorize?")
        code = secrets.token_urlsafe(16)
        self.begun[code] = Begun(parameters, code)
        return code, parameters["state"]

    async def _answer(self, request: Request, otherwise: Reply) -> Response:
        self.asked[request.url.path] += 1
        return await self.replies.get(request.url.path, otherwise)(request)

    async def _discovery(self, request: Request) -> Response:
        async def reply(_request: Request) -> Response:
            document = {
                "issuer": self.url,
                "jwks_uri": self.url + KEYS,
                "authorization_endpoint": self.url + "/authorize?tenant=1",
                "token_endpoint": self.url + TOKEN,
            }
            merged = document | self.discovery
            return JSONResponse({k: v for k, v in merged.items() if v is not ...})

        return await self._answer(request, reply)

    async def _keys(self, request: Request) -> Response:
        async def reply(_request: Request) -> Response:
            headers = {"Cache-Control": self.cache_control} if self.cache_control else {}
            published = [key.as_dict(private=False) | self.key_members for key in self.keys]
            return JSONResponse({"keys": published}, headers=headers)

        return await self._answer(request, reply)

    async def _token(self, request: Request) -> Response:
        async def reply(request: Request) -> Response:
            form = dict(parse_qsl((await request.body()).decode()))
            self.forms.append(form)
            if _client_of(request, form) != (CLIENT_ID, CLIENT_SECRET):
                return JSONResponse({"error": "invalid_client"}, status_code=401)
            begun = self.begun.pop(form.get("code", ""), None)
            if begun is None or not _continues(begun, form):
                return JSONResponse({"error": "invalid_grant"}, status_code=400)
            about: dict[str, Any] = {
                "aud": CLIENT_ID,
                "nonce": begun.parameters["nonce"],
                "at_hash": "x",
            }
            return JSONResponse(
                {
                    "access_token": self.token(),
                    "token_type": "Bearer",
                    "expires_in": 3600,
                    "id_token": self.token(**(about | self.id_token_claims)),
                }
            )

        return await self._answer(request, reply)


def _client_of(request: Request, form: dict[str, str]) -> tuple[str, str]:
    header = request.headers.get("authorization")
    if header is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    return unquote(name), unquote(secret)


def _continues(begun: Begun, form: dict[str, str]) -> bool:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return (
        form.get("grant_type") == "authorization_code"
        and form.get("redirect_uri") == begun.parameters["redirect_uri"]
        and challenge == begun.parameters["code_challenge"]
        and begun.parameters["code_challenge_method"] == "S256"
    )


@asynccontextmanager
async def running_issuer(keys: Sequence[SigningKeyPair]) -> AsyncIterator[FakeIssuer]:
    issuer = FakeIssuer(port=0, keys=list(keys))
    await issuer.start()
    try:
        yield issuer
    finally:
        await issuer.stop()


def provider_of(
    issuer: FakeIssuer, *, seconds: Callable[[], float], **settings: Any
) -> IdentityProvider:
    """The provider as the settings of a service that trusts it have it."""
    given = Settings.model_validate({"oidc_issuer": issuer.url, **settings})
    found = identity_provider(given, seconds=seconds)
    assert found is not None
    return found


def verifier_of(
    issuer: FakeIssuer, *, seconds: Callable[[], float], **settings: Any
) -> TokenVerifier:
    return TokenVerifier([provider_of(issuer, seconds=seconds, **settings).issuer])
