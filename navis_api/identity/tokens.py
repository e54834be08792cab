"""Access tokens for development: JSON Web Tokens (RFC 7519), signed with ES256.

They come from an issuer whose key lies in the data folder.
"""

import contextlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from navis_api.identity.errors import DevelopmentKeyUnusable
from navis_api.identity.viewer import ViewerKind

ALGORITHM = "ES256"
AUDIENCE = "navis-api"
DEVELOPMENT_ISSUER = "https://development.navis.invalid"
"""A name that can't be registered (RFC 2606), so that no real issuer is ever mistaken for it."""

ROLES = {
    "admin": ViewerKind.ADMINISTRATOR,
    "editor": ViewerKind.EDITOR,
    "reviewer": ViewerKind.REVIEWER,
    "partner": ViewerKind.PARTNER,
    "patient": ViewerKind.PATIENT,
}
"""Our names of roles, and the viewers that they make."""


def development_key(data_dir: Path) -> ECKey:
    """Return the development issuer's key pair, made at its first use, readable to us only.

    Raises DevelopmentKeyUnusable.
    """
    path = data_dir / "keys" / "development-issuer.json"
    try:
        return _kept_key(path)
    except OSError as error:
        raise DevelopmentKeyUnusable(path, error.strerror or "it can't be read") from None
    except (ValueError, JoseError):
        raise DevelopmentKeyUnusable(path, "it is no key, and can be removed") from None


def _kept_key(path: Path) -> ECKey:
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
