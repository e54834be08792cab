"""Signed tokens as they arrive: read without belief, then verified with one key.

Sources: RFC 7515 (JWS), RFC 7518 section 3 (algorithms), RFC 8725 (JWT best practices).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from navis_api.identity.errors import TokenInvalid

MAX_TOKEN_CHARS = 8_192
"""As long as servers and proxies commonly let a header be."""

CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
RSA_ALGORITHMS = frozenset({"PS256", "PS384", "PS512", "RS256", "RS384", "RS512"})
ALGORITHMS = RSA_ALGORITHMS | CURVES.keys()
"""Signatures that are checked with a public key. HMAC and `none` are not among them, and can't be
set: whoever can read a public key could sign with it as a shared secret."""

PublicKey = ECKey | RSAKey

# Where the token itself says with what key, or by what other rules, it is to be checked.
_REFUSED_HEADERS = frozenset({"b64", "crit", "jku", "jwk", "x5c", "x5u"})
# Other kinds (of logout, of a proof of possession) are no access tokens (RFC 8725, 3.11).
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_SEGMENTS = 3


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A token that says of itself what stands here. Nothing of it is known to be true."""

    text: str
    algorithm: str
    key_id: str | None
    claims: Mapping[str, Any]


def read_token(text: str) -> UnverifiedToken:
    """Return what a token says. Raises TokenInvalid for what is none, or not of a kind we take."""
    segments = text.split(".")
    if len(text) > MAX_TOKEN_CHARS or len(segments) != _SEGMENTS:
        raise TokenInvalid
    header, claims = _object(segments[0]), _object(segments[1])
    algorithm, key_id, type_ = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenInvalid
    if key_id is not None and not isinstance(key_id, str):
        raise TokenInvalid
    if not isinstance(type_, str) or type_.lower() not in _TYPES:
        raise TokenInvalid
    if not _REFUSED_HEADERS.isdisjoint(header):
        raise TokenInvalid
    return UnverifiedToken(text, algorithm, key_id, claims)


def verified_claims(token: UnverifiedToken, key: PublicKey) -> Mapping[str, Any]:
    """Return a token's claims, now that they are the signer's. Raises TokenInvalid."""
    # Headers that are unknown and not critical are to be ignored (RFC 7515, 4).
    registry = jws.JWSRegistry(algorithms=[token.algorithm], strict_check_header=False)
    try:
        jws.deserialize_compact(token.text, key, registry=registry)
    # joserfc raises ValueError for much that is no token, and recurses where JSON does.
    except (JoseError, ValueError, RecursionError):
        raise TokenInvalid from None
    return token.claims


def _object(segment: str) -> Mapping[str, Any]:
    try:
        padded = segment.encode("ascii") + b"=" * (-len(segment) % 4)
        found = orjson.loads(base64.b64decode(padded, b"-_", validate=True))
    # Each of the three errors is one: no ASCII, no base64, no JSON.
    except ValueError:
        raise TokenInvalid from None
    if not isinstance(found, dict):
        raise TokenInvalid
    return cast("dict[str, Any]", found)
