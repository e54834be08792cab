"""A client for tests: plain requests, and the results in them."""

from typing import Any

import httpx
import orjson

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"


PORTAL = "https://a-portal.example"
"""The origin of the pages that public keys are sent from."""


def is_public_key(authorization: str | None) -> bool:
    return (authorization or "").startswith("Bearer nvk_pub_")


class Client:
    """Sends operations to an endpoint."""

    def __init__(self, http: httpx.AsyncClient, url: str = "http://test/graphql") -> None:
        self.http = http
        self.url = url

    async def send(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        authorization: str | None = None,
        accept: str = JSON,
        accept_language: str | None = None,
    ) -> httpx.Response:
        """Return the response to a POST."""
        headers = {"Accept": accept, "Content-Type": JSON}
        if accept_language:
            headers["Accept-Language"] = accept_language
        if authorization:
            headers["Authorization"] = authorization
        if is_public_key(authorization):
            headers["Origin"] = PORTAL
        body = orjson.dumps({"query": query, "variables": variables or {}})
        return await self.http.post(self.url, content=body, headers=headers)

    async def run(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        authorization: str | None = None,
    ) -> dict[str, Any]:
        """Return a result that may have errors."""
        response = await self.send(query, variables, authorization=authorization)
        return response.json()

    async def data(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        authorization: str | None = None,
    ) -> dict[str, Any]:
        """Return the data of a result that must have no errors."""
        result = await self.run(query, variables, authorization=authorization)
        assert "errors" not in result, result["errors"]
        return result["data"]

    async def code(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        authorization: str | None = None,
    ) -> str:
        """Return the code of the first error of a result that must have one."""
        result = await self.run(query, variables, authorization=authorization)
        return result["errors"][0]["extensions"]["code"]
