"""Who a token is about: its claims, once its signature is good.

Sources: RFC 7519 section 4.1, RFC 9068 (JWT access tokens), OpenID Connect Core 1.0.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from navis_api.identity.errors import TokenExpired, TokenInvalid
from navis_api.identity.viewer import Viewer, ViewerKind

MAX_SUBJECT_CHARS = 200

# What only an ID token has (OpenID Connect Core 3.1.3.6, 3.3.2.11): it tells a client
# who signed in there, and is no permission to use an API.
_ID_TOKEN_CLAIMS = frozenset({"at_hash", "c_hash"})


@dataclass(frozen=True, slots=True)
class RoleRule:
    """How a token says what its holder may do.

    `claim` is a claim's name or, where no claim has that name, a path into it with
    dots. `kinds` has the values that mean something, most important first: of
    several in one token the first here counts. `otherwise` is what somebody is
    whose token has none of them; None refuses them.
    """

    claim: str
    kinds: Mapping[str, ViewerKind]
    otherwise: ViewerKind | None


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """What the claims of an issuer's tokens must be."""

    issuer: str
    audience: str
    clock_skew: timedelta
    role: RoleRule


def viewer_from(claims: Mapping[str, Any], rules: ClaimRules, *, now: datetime) -> Viewer:
    """Return the viewer that verified claims name. Raises TokenExpired or TokenInvalid.

    Time is compared here and not by the library, which would look at its own clock.
    """
    if claims.get("iss") != rules.issuer or rules.audience not in audiences(claims):
        raise TokenInvalid
    if not _ID_TOKEN_CLAIMS.isdisjoint(claims):
        raise TokenInvalid
    subject, kind = claims.get("sub"), _kind(claims, rules.role)
    if not isinstance(subject, str) or not is_subject(subject):
        raise TokenInvalid
    require_in_time(claims, clock_skew=rules.clock_skew, now=now)
    expires = _seconds(claims["exp"]) + rules.clock_skew.total_seconds()
    return Viewer(kind, subject, expires)


def is_subject(text: str) -> bool:
    """Return whether a token may name somebody so."""
    # The database takes no NUL, and no driver sends half of a surrogate pair.
    return 1 <= len(text) <= MAX_SUBJECT_CHARS and text.isprintable()


def audiences(claims: Mapping[str, Any]) -> list[object]:
    """Return for whom a token is: one name or several (RFC 7519, 4.1.3)."""
    given = claims.get("aud")
    return cast("list[object]", given) if isinstance(given, list) else [given]


def require_in_time(claims: Mapping[str, Any], *, clock_skew: timedelta, now: datetime) -> None:
    """Raise TokenExpired or TokenInvalid unless the claims hold at this moment.

    `exp` and `iat` are required, `nbf` is not. Clocks may differ by `clock_skew`.
    """
    moment, skew = now.timestamp(), clock_skew.total_seconds()
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    begins = _seconds(claims.get("nbf", issued))
    if max(issued, begins) > moment + skew:
        raise TokenInvalid
    if expires <= moment - skew:
        raise TokenExpired


def _seconds(value: object) -> float:
    """Return a NumericDate: seconds since 1970, with or without a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenInvalid
    return float(value)


def _kind(claims: Mapping[str, Any], rule: RoleRule) -> ViewerKind:
    given = _found(claims, rule.claim)
    values = cast("list[object]", given) if isinstance(given, list) else [given]
    if not all(value is None or isinstance(value, str) for value in values):
        raise TokenInvalid
    kind = next((kind for value, kind in rule.kinds.items() if value in values), rule.otherwise)
    if kind is None:
        raise TokenInvalid
    return kind


def _found(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, dots and all, else the value at that path; None without."""
    if name in claims:
        return claims[name]
    found: object = claims
    for step in name.split("."):
        found = cast("dict[str, object]", found).get(step) if isinstance(found, dict) else None
    return found
