"""A sign-in that was begun, kept by the browser and sealed so that only we can read it."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import SecretStr

PENDING_FOR = timedelta(minutes=10)
"""How long somebody may take to sign in."""

_SEAL = {"alg": "dir", "enc": "A256GCM"}
# The first part of every sealed value. It is no matter of the browser's, which never sees it.
_PREFIX = base64.urlsafe_b64encode(orjson.dumps(_SEAL)).decode().rstrip("=") + "."


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """What its end must bring back (`state`, `nonce`), and what it is ended with (`verifier`)."""

    state: str
    nonce: str
    verifier: str
    until_s: float

    @classmethod
    def begun(cls, now: datetime) -> "PendingSignIn":
        """Return a new one, with as much chance in it as nobody can guess."""
        return cls(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            until_s=(now + PENDING_FOR).timestamp(),
        )

    def sealed(self, client_secret: SecretStr) -> str:
        """Return it as ASCII of less than 400 characters."""
        content = orjson.dumps([self.state, self.nonce, self.verifier, self.until_s])
        key, algorithms = _sealing_key(client_secret), list(_SEAL.values())
        sealed = jwe.encrypt_compact(dict(_SEAL), content, key, algorithms=algorithms)
        return sealed.removeprefix(_PREFIX)


def open_pending(sealed: str, client_secret: SecretStr) -> PendingSignIn | None:
    """Return what `sealed` made; None of anything else."""
    key, algorithms = _sealing_key(client_secret), list(_SEAL.values())
    try:
        opened = jwe.decrypt_compact(_PREFIX + sealed, key, algorithms=algorithms)
    # joserfc raises ValueError for much that was never sealed.
    except (JoseError, ValueError):
        return None
    return PendingSignIn(*orjson.loads(opened.plaintext or b""))


def _sealing_key(client_secret: SecretStr) -> OctKey:
    """Return a key that all our processes have, and nobody else but the provider."""
    secret = client_secret.get_secret_value().encode()
    return OctKey.import_key(hmac.digest(secret, b"navis-api: sign-in begun", "sha256"))
