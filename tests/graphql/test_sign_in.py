"""Signing in at an identity provider, over HTTP and WebSocket."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from tests.graphql.client import Client
from tests.graphql.socket_client import open_socket
from tests.identity.issuer import FakeIssuer, key_pair, running_issuer

VIEWER = "{ viewer { kind subject } }"


@pytest.fixture
async def issuer() -> AsyncIterator[FakeIssuer]:
    async with running_issuer([key_pair()]) as running:
        yield running


@pytest.fixture
async def url(serve: Callable[..., Any], issuer: FakeIssuer) -> str:
    return await serve(oidc_issuer=issuer.url, oidc_role_claim="realm_access.roles")


@pytest.fixture
async def client(url: str) -> AsyncIterator[Client]:
    async with httpx.AsyncClient() as http:
        yield Client(http, url)


async def test_a_query_is_answered_for_whom_the_provider_names(
    client: Client, issuer: FakeIssuer
) -> None:
    token = issuer.token(sub="auth0|17", realm_access={"roles": ["offline_access", "reviewer"]})
    found = await client.data(VIEWER, authorization=f"Bearer {token}")
    assert found == {"viewer": {"kind": "REVIEWER", "subject": "auth0|17"}}
    found = await client.data(VIEWER, authorization=f"Bearer {issuer.token()}")
    assert found == {"viewer": {"kind": "PATIENT", "subject": "person-1"}}


async def test_a_token_of_the_development_issuer_still_does(
    client: Client, tokens: dict[str, str]
) -> None:
    found = await client.data(VIEWER, authorization=tokens["asker"])
    assert found == {"viewer": {"kind": "PATIENT", "subject": "patient-1"}}


@pytest.mark.parametrize("changed", [{"aud": "another"}, {"exp": 1}, {"key": key_pair("first")}])
async def test_a_token_that_is_not_for_us_is_unauthenticated(
    client: Client, issuer: FakeIssuer, changed: dict[str, Any]
) -> None:
    token = issuer.token(**changed)
    response = await client.send(VIEWER, authorization=f"Bearer {token}")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert "data" not in response.json()


async def test_while_the_provider_is_away_a_token_is_not_called_wrong(
    client: Client, issuer: FakeIssuer
) -> None:
    await issuer.stop()
    response = await client.send(VIEWER, authorization=f"Bearer {issuer.token()}")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "10"
    assert response.json()["errors"][0]["extensions"] == {"code": "SIGN_IN_UNAVAILABLE"}
    assert "data" not in response.json()
    found = await client.data(VIEWER)
    assert found["viewer"]["kind"] == "ANONYMOUS"


@pytest.mark.parametrize("by", ["connection_init", "handshake"])
async def test_a_socket_is_for_whom_the_provider_names(
    url: str, issuer: FakeIssuer, by: str
) -> None:
    credentials = {"authorization": f"Bearer {issuer.token()}"}
    async with open_socket(url, headers=credentials if by == "handshake" else None) as socket:
        await socket.introduce(credentials if by == "connection_init" else {})
        await socket.subscribe(VIEWER)
        found = (await socket.receive())["payload"]["data"]["viewer"]
    assert found == {"kind": "PATIENT", "subject": "person-1"}


async def test_a_socket_with_a_token_for_others_is_closed_for_good(
    url: str, issuer: FakeIssuer
) -> None:
    credentials = {"authorization": f"Bearer {issuer.token(aud='another')}"}
    async with open_socket(url) as socket:
        await socket.send({"type": "connection_init", "payload": credentials})
        assert (await socket.closed())[0] == 4403


async def test_a_socket_is_told_to_come_back_while_the_provider_is_away(
    url: str, issuer: FakeIssuer
) -> None:
    await issuer.stop()
    credentials = {"authorization": f"Bearer {issuer.token()}"}
    async with open_socket(url) as socket:
        await socket.send({"type": "connection_init", "payload": credentials})
        code, reason = await socket.closed()
    assert code == 1013
    assert "try again" in reason
