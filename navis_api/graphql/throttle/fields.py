"""What somebody has left, as HTTP says it: `RateLimit-Policy` and `RateLimit`.

The quota is counted in points and not in requests (`qu`): what an operation costs stands in
`extensions.cost`. A bucket gives its points back all the time; in the words of the draft, its
quota is what it holds and its window the time in which all of that comes back.

Source: draft-ietf-httpapi-ratelimit-headers-10, "RateLimit header fields for HTTP" (2025), in
the syntax of RFC 9651 (structured fields).
"""

import math
from functools import lru_cache

from navis_api.limits.buckets import BucketSize

POLICY = b"ratelimit-policy"
LIMIT = b"ratelimit"
NAMES = frozenset({POLICY, LIMIT})

_NAME = b'"points"'


def rate_limit_fields(size: BucketSize, available: float) -> list[tuple[bytes, bytes]]:
    """Return both fields, named and encoded as ASGI has them.

    `r` is how many whole points are left, `t` in how many seconds all are there again.
    """
    full_in_s = math.ceil((size.capacity - available) / size.restored_per_s)
    return [
        (POLICY, _policy(size)),
        (LIMIT, b"%b;r=%d;t=%d" % (_NAME, math.floor(available), full_in_s)),
    ]


@lru_cache(maxsize=4_096)
def _policy(size: BucketSize) -> bytes:
    window_s = max(1, math.ceil(size.capacity / size.restored_per_s))
    return b'%b;q=%d;qu="points";w=%d' % (_NAME, size.capacity, window_s)
