"""The secret in an upload's address: whoever holds it may write there, and nothing else."""

import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """Return a secret of 256 random bits, in letters that an address may have."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> bytes:
    """Return what is kept of a secret. It is random, so that a plain hash tells nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
