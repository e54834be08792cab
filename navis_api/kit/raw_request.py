"""What the server's edge tells an application of a request besides what ASGI has."""

from typing import Final

RAW_REQUEST: Final = "navis_api.raw_request"
"""Where a request's scope has the bytes that it came in, head and body, if that was all of them."""
