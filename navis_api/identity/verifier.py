"""From an Authorization header to a viewer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from joserfc.jwk import ECKey

from navis_api.identity.claims import ClaimRules, RoleRule, viewer_from
from navis_api.identity.errors import TokenInvalid
from navis_api.identity.signatures import (
    MAX_TOKEN_CHARS,
    PublicKey,
    UnverifiedToken,
    read_token,
    verified_claims,
)
from navis_api.identity.tokens import ALGORITHM, AUDIENCE, DEVELOPMENT_ISSUER, ROLES
from navis_api.identity.viewer import ANONYMOUS, Viewer

_SCHEME = "bearer "
_DEVELOPMENT_CLOCK_SKEW = timedelta(seconds=30)


class KeySource(Protocol):
    """Where an issuer's keys come from."""

    async def key_for(self, key_id: str | None, algorithm: str) -> PublicKey:
        """Return the key that a token names. Raises TokenInvalid or SignInUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer whose tokens are accepted: signed how, with which keys, saying what."""

    algorithms: frozenset[str]
    keys: KeySource
    rules: ClaimRules

    async def verified_claims(self, token: UnverifiedToken) -> Mapping[str, Any]:
        """Return the claims of a token that this issuer signed.

        Raises TokenInvalid, and SignInUnavailable when its keys can't be had now.
        """
        if token.algorithm not in self.algorithms:
            raise TokenInvalid
        key = await self.keys.key_for(token.key_id, token.algorithm)
        return verified_claims(token, key)


def development_issuer(key: ECKey) -> TrustedIssuer:
    """Return the issuer of `navis-api token`, which no production process may trust."""
    return TrustedIssuer(
        algorithms=frozenset({ALGORITHM}),
        keys=_OneKey(key),
        rules=ClaimRules(
            issuer=DEVELOPMENT_ISSUER,
            audience=AUDIENCE,
            clock_skew=_DEVELOPMENT_CLOCK_SKEW,
            role=RoleRule(claim="role", kinds=ROLES, otherwise=None),
        ),
    )


class TokenVerifier:
    """Turns an Authorization header into a viewer.

    Without an issuer it accepts no token at all: everybody is anonymous until
    identity is configured.
    """

    def __init__(self, issuers: Sequence[TrustedIssuer]) -> None:
        self._issuers = {issuer.rules.issuer: issuer for issuer in issuers}

    async def viewer_of(self, authorization: str | None, *, now: datetime) -> Viewer:
        """Return the viewer that an Authorization header names; anonymous without one.

        Raises TokenExpired or TokenInvalid, and SignInUnavailable when the issuer's
        keys can't be had now.
        """
        if authorization is None:
            return ANONYMOUS
        if len(authorization) > MAX_TOKEN_CHARS or not authorization.lower().startswith(_SCHEME):
            raise TokenInvalid
        token = read_token(authorization[len(_SCHEME) :].strip())
        name = token.claims.get("iss")
        # It says whose keys will prove or disprove it; until then it is nobody's word.
        issuer = self._issuers.get(name) if isinstance(name, str) else None
        if issuer is None:
            raise TokenInvalid
        return viewer_from(await issuer.verified_claims(token), issuer.rules, now=now)


class _OneKey:
    """The development issuer's key pair."""

    def __init__(self, key: ECKey) -> None:
        self._key = key

    async def key_for(
        self,
        key_id: str | None,  # noqa: ARG002 - there is one key, whatever it is called
        algorithm: str,  # noqa: ARG002 - and its issuer has one algorithm
    ) -> PublicKey:
        """Return the key."""
        return self._key
