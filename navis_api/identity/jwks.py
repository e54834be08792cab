"""The keys that an identity provider publishes: a JSON Web Key Set (RFC 7517)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from navis_api.identity.errors import IssuerOutOfReach
from navis_api.identity.signatures import CURVES, RSA_ALGORITHMS, PublicKey

# Below, RSA counts as broken (NIST SP 800-131A); above, one token would cost seconds.
_MIN_RSA_BITS = 2_048
_MAX_RSA_BITS = 8_192
_MAX_KEYS = 100


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signatures are checked with, and what it may be used for."""

    key_id: str | None
    algorithms: frozenset[str]
    key: PublicKey


def read_key_set(document: Mapping[str, Any]) -> tuple[SigningKey, ...]:
    """Return the keys of a set that we can use.

    Those of other kinds and for other purposes are left out (RFC 7517, 5). Raises
    IssuerOutOfReach when it is no key set.
    """
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise IssuerOutOfReach("its answer is no key set")
    entries = cast("list[object]", listed)[:_MAX_KEYS]
    found = (
        _signing_key(cast("dict[str, Any]", each)) for each in entries if isinstance(each, dict)
    )
    return tuple(each for each in found if each is not None)


def fitting_key(keys: Sequence[SigningKey], key_id: str | None, algorithm: str) -> PublicKey | None:
    """Return the key that a token names; without a name, the only one that fits, or None."""
    fitting = [each for each in keys if algorithm in each.algorithms]
    if key_id is None:
        return fitting[0].key if len(fitting) == 1 else None
    return next((each.key for each in fitting if each.key_id == key_id), None)


def _signing_key(entry: Mapping[str, Any]) -> SigningKey | None:
    key_id, operations = entry.get("kid"), entry.get("key_ops")
    if entry.get("use", "sig") != "sig" or not isinstance(key_id, str | None):
        return None
    if operations is not None and (not isinstance(operations, list) or "verify" not in operations):
        return None
    try:
        algorithms, key = _elliptic(entry) if entry.get("kty") == "EC" else _rsa(entry)
    # Each library has its own way to say that these numbers are no key.
    except (JoseError, ValueError, TypeError):
        return None
    if "alg" in entry:
        algorithms &= {str(entry["alg"])}
    return SigningKey(key_id, algorithms, key) if algorithms else None


def _elliptic(entry: Mapping[str, Any]) -> tuple[frozenset[str], ECKey]:
    algorithms = frozenset(name for name, curve in CURVES.items() if curve == entry.get("crv"))
    if not algorithms:
        raise ValueError
    return algorithms, ECKey.import_key(
        cast("dict[str, str | list[str]]", _public(entry, "kty", "crv", "x", "y"))
    )


def _rsa(entry: Mapping[str, Any]) -> tuple[frozenset[str], RSAKey]:
    public = _public(entry, "kty", "n", "e")
    # Looked at here, since the library only warns of a short key.
    modulus = int.from_bytes(base64.urlsafe_b64decode(public["n"] + "=="))
    if entry["kty"] != "RSA" or not _MIN_RSA_BITS <= modulus.bit_length() <= _MAX_RSA_BITS:
        raise ValueError
    return RSA_ALGORITHMS, RSAKey.import_key(cast("dict[str, str | list[str]]", public))


def _public(entry: Mapping[str, Any], *members: str) -> dict[str, str]:
    """Return the members of a public key alone, whatever else stands beside them."""
    public = {name: entry.get(name) for name in members}
    if not all(isinstance(value, str) for value in public.values()):
        raise ValueError
    return cast("dict[str, str]", public)
