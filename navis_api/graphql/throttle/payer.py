"""Whose bucket an operation is taken from."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address

from navis_api.audit.service import Origin
from navis_api.identity.viewer import ByKey, Viewer, ViewerKind
from navis_api.limits.buckets import BucketSize

_MAX_KEY_CHARS = 300


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody who pays. `is_many`: perhaps a whole hospital, behind one address or one system.

    The key holds an address, a subject or the id of a partner's key, and nothing that anybody
    wrote. `own` is a bucket of their own size, where one was agreed.
    """

    key: str
    is_many: bool
    own: BucketSize | None = None


def payer_of(viewer: Viewer, origin: Origin) -> Payer:
    """Return who pays: a partner's key, whoever is signed in or, anonymous, their address."""
    if viewer.by_key is not None:
        return _of_key(viewer.by_key)
    if viewer.subject is not None:
        is_many = viewer.kind is ViewerKind.PARTNER
        return Payer(f"subject {viewer.subject}"[:_MAX_KEY_CHARS], is_many)
    return _at(origin.address or "")


@lru_cache(maxsize=4_096)
def _of_key(key: ByKey) -> Payer:
    own = None
    if key.points is not None and key.restored_per_s is not None:
        own = BucketSize(key.points, key.restored_per_s)
    return Payer(f"key {key.key_id}", is_many=True, own=own)


@lru_cache(maxsize=4_096)
def _at(address: str) -> Payer:
    return Payer(f"address {_network(address)}", is_many=True)


def _network(address: str) -> str:
    """Return an address as one household has it: of IPv6 the first half, which is given out."""
    if ":" not in address:
        return address[:_MAX_KEY_CHARS]
    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address[:_MAX_KEY_CHARS]
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{int(found) >> 64:x}"
