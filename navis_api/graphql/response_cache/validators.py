"""Entity tags and what caches are told (RFC 9110, sections 8.8 and 13.1; RFC 9111)."""

from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from hashlib import blake2b

from navis_api.graphql.reads import PUBLISHED

_MOST_SURROGATE_KEYS_CHARS = 4_000
"""Proxies refuse longer headers than 8 or 16 KB, all together."""


def entity_tag(body: bytes, media: str) -> str:
    """Return the strong entity tag of a body in a media type: the same in every process."""
    digest = blake2b(media.encode() + b"\0" + body, digest_size=15).digest()
    return f'"{urlsafe_b64encode(digest).decode()}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Return whether an If-None-Match header names this entity tag, weakly compared."""
    if if_none_match is None:
        return False
    if etag in if_none_match:
        return True
    return if_none_match.strip() == "*"


def public_headers(etag: str, tags: Collection[str], *, shared_cache_s: int) -> Mapping[str, str]:
    """Return the headers of a response that anybody may keep and ask about again.

    A purge by `published`, which every publication is told under, always reaches it.
    """
    lasting = f"s-maxage={shared_cache_s}, " if shared_cache_s else ""
    keys = " ".join(sorted(tags))
    headers = {
        "Cache-Control": f"public, max-age=0, {lasting}must-revalidate",
        "ETag": etag,
        "Vary": "Accept, Accept-Language",
    }
    if keys:
        too_long = len(keys) > _MOST_SURROGATE_KEYS_CHARS
        headers["Surrogate-Key"] = PUBLISHED if too_long else keys
    return headers
