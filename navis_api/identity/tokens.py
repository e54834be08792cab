"""Access tokens: JSON Web Tokens (RFC 7519), signed with ES256.

In development the tokens come from an issuer whose key lies in the data folder.
"""

import contextlib
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from navis_api.identity.errors import TokenExpired, TokenInvalid
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind

ALGORITHM = "ES256"
AUDIENCE = "navis-api"
DEVELOPMENT_ISSUER = "https://development.navis.invalid"
"""A name that can't be registered (RFC 2606), so that no real issuer is ever mistaken for it."""

_CLOCK_SKEW = timedelta(seconds=30)
_MAX_TOKEN_CHARS = 8_192
_MAX_SUBJECT_CHARS = 200
_SCHEME = "bearer "

ROLES = {
    "patient": ViewerKind.PATIENT,
    "reviewer": ViewerKind.REVIEWER,
    "editor": ViewerKind.EDITOR,
    "admin": ViewerKind.ADMINISTRATOR,
}
"""The value of the `role` claim, and the viewer that it makes."""


def development_key(data_dir: Path) -> ECKey:
    """Return the development issuer's key pair, made at its first use, readable to us only."""
    path = data_dir / "keys" / "development-issuer.json"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = ECKey.generate_key("P-256", private=True)
        # Two processes may get here at once: the first one's key stays.
        with (
            NamedTemporaryFile(dir=path.parent) as draft,
            contextlib.suppress(FileExistsError),
        ):
            draft.write(orjson.dumps(made.as_dict(private=True)))
            draft.flush()
            os.link(draft.name, path)
    return ECKey.import_key(orjson.loads(path.read_bytes()))


def issue_development_token(
    key: ECKey, *, role: str, subject: str, now: datetime, lifetime: timedelta
) -> str:
    """Return a signed token for a made-up person. `role` is one of `ROLES`."""
    claims = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "role": role,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, key, algorithms=[ALGORITHM])


class TokenVerifier:
    """Turns an Authorization header into a viewer.

    Without an issuer's key it accepts no token at all: everybody is anonymous
    until identity is configured.
    """

    def __init__(self, key: ECKey | None) -> None:
        self._key = key

    def viewer_of(self, authorization: str | None, *, now: datetime) -> Viewer:
        """Return the viewer that an Authorization header names; anonymous without one.

        Raises TokenExpired or TokenInvalid.
        """
        if authorization is None:
            return ANONYMOUS
        if len(authorization) > _MAX_TOKEN_CHARS or self._key is None:
            raise TokenInvalid
        if not authorization.lower().startswith(_SCHEME):
            raise TokenInvalid
        try:
            token = jwt.decode(
                authorization[len(_SCHEME) :].strip(), self._key, algorithms=[ALGORITHM]
            )
        # joserfc raises ValueError for text that is no token at all.
        except (JoseError, ValueError):
            raise TokenInvalid from None
        return _viewer(token.claims, now=now)


def _viewer(claims: Mapping[str, Any], *, now: datetime) -> Viewer:
    """Return the viewer of claims whose signature is good.

    Time is compared here and not by the library, which would look at its own clock.
    """
    expires, issued = claims.get("exp"), claims.get("iat")
    subject, kind = claims.get("sub"), ROLES.get(str(claims.get("role")))
    if claims.get("iss") != DEVELOPMENT_ISSUER or claims.get("aud") != AUDIENCE or kind is None:
        raise TokenInvalid
    if not isinstance(expires, int) or not isinstance(issued, int):
        raise TokenInvalid
    if not isinstance(subject, str) or not 1 <= len(subject) <= _MAX_SUBJECT_CHARS:
        raise TokenInvalid
    # The database takes no NUL, and no driver sends half of a surrogate pair.
    if not subject.isprintable():
        raise TokenInvalid
    moment = now.timestamp()
    if issued > moment + _CLOCK_SKEW.total_seconds():
        raise TokenInvalid
    if expires <= moment - _CLOCK_SKEW.total_seconds():
        raise TokenExpired
    return Viewer(kind, subject)
