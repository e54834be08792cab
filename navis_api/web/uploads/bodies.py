"""Bodies of uploads, read for as long as something comes."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from starlette.requests import Request

LEAST_BYTES: Final = 16_384
"""What has to come in each idle time-out: less is no network, but somebody who holds us up."""


class BodyStalled(Exception):
    """Too little came for too long."""


async def pieces_of(request: Request, *, idle_timeout_s: float) -> AsyncGenerator[bytes]:
    """Give the body as it arrives. What is done with a piece takes nothing of its time.

    Raises BodyStalled, and ClientDisconnect when the connection ended before the body.
    """
    loop = asyncio.get_running_loop()
    stream = request.stream()
    left_s, came = idle_timeout_s, 0
    while True:
        began = loop.time()
        try:
            async with asyncio.timeout(left_s):
                piece = await anext(stream, None)
        except TimeoutError:
            raise BodyStalled from None
        if piece is None:
            return
        left_s -= loop.time() - began
        came += len(piece)
        if came >= LEAST_BYTES:
            left_s, came = idle_timeout_s, 0
        if piece:
            yield piece
