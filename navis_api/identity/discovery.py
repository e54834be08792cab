"""Where an identity provider has what: its discovery document.

Source: OpenID Connect Discovery 1.0, sections 3 and 4.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from navis_api.identity.errors import IssuerOutOfReach
from navis_api.identity.issuer_http import IssuerHttp
from navis_api.identity.web_address import is_safe_address

_KEPT_S = 3_600.0
_PATH = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class ProviderAddresses:
    """The addresses of a provider that we use; the last two are None where it names none."""

    keys_url: str
    authorization_url: str | None
    token_url: str | None
    secret_in_form: bool
    """Whether its token endpoint takes a client's secret in the form alone, and in no header."""


class Discovery:
    """The addresses of one issuer: asked for when they are needed, and kept for an hour.

    After a failure nobody asks again for `retry_s` seconds, however many want to sign in.
    """

    def __init__(
        self,
        issuer: str,
        http: IssuerHttp,
        *,
        plain_loopback: bool,
        retry_s: float,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._http = http
        self._plain_loopback = plain_loopback
        self._retry_s = retry_s
        self._seconds = seconds
        self._one_at_a_time = asyncio.Lock()
        self._known: ProviderAddresses | IssuerOutOfReach | None = None
        self._known_until = 0.0

    async def addresses(self) -> ProviderAddresses:
        """Return the issuer's addresses. Raises IssuerOutOfReach."""
        async with self._one_at_a_time:
            if self._known is None or self._seconds() >= self._known_until:
                await self._ask()
            known = self._known
        if isinstance(known, ProviderAddresses):
            return known
        raise IssuerOutOfReach(known.reason if known else "it has just failed")

    def forget(self) -> None:
        """Ask again the next time: what is there is no longer where it was."""
        self._known = None

    async def _ask(self) -> None:
        asked_at = self._seconds()
        try:
            # A slash at its end is no part of where an issuer's document lies (section 4).
            answer = await self._http.get(self._issuer.rstrip("/") + _PATH)
            self._known = self._read(answer.body)
            self._known_until = asked_at + _KEPT_S
        except IssuerOutOfReach as failure:
            self._known = failure
            self._known_until = asked_at + self._retry_s

    def _read(self, document: Mapping[str, Any]) -> ProviderAddresses:
        # Else one tenant of a provider could speak for another (section 4.3).
        if document.get("issuer") != self._issuer:
            raise IssuerOutOfReach("its discovery document is another issuer's")
        keys_url = self._address(document, "jwks_uri")
        if keys_url is None:
            raise IssuerOutOfReach("its discovery document names no keys")
        return ProviderAddresses(
            keys_url=keys_url,
            authorization_url=self._address(document, "authorization_endpoint"),
            token_url=self._address(document, "token_endpoint"),
            secret_in_form=_secret_in_form(document),
        )

    def _address(self, document: Mapping[str, Any], name: str) -> str | None:
        given = document.get(name)
        if given is None:
            return None
        if not isinstance(given, str) or not is_safe_address(
            given, plain_loopback=self._plain_loopback
        ):
            raise IssuerOutOfReach("its discovery document has an address that is not HTTPS")
        return given


def _secret_in_form(document: Mapping[str, Any]) -> bool:
    methods = document.get("token_endpoint_auth_methods_supported")
    if not isinstance(methods, list):
        return False
    named = cast("list[object]", methods)
    return "client_secret_post" in named and "client_secret_basic" not in named
