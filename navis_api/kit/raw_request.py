"""What the server's edge tells an application of a request besides what ASGI has."""

import re
from typing import Final

RAW_REQUEST: Final = "navis_api.raw_request"
"""Where a request's scope has the bytes that it came in, head and body, if that was all of them."""

REQUEST_ID: Final = "x-request-id"
"""The header with a request's id, as ASGI has it."""

# What gateways make: UUIDs and other hexadecimal numbers. In anything else words could stand.
_ID: Final = re.compile(rb"[0-9a-fA-F-]{16,64}")


def is_request_id(given: bytes) -> bool:
    """Whether what a request brought as its id is one that may be logged."""
    return _ID.fullmatch(given) is not None
