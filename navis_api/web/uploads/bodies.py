"""Bodies of uploads, read for as long as something comes."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from starlette.requests import Request

from navis_api.kit.draining import Draining

LEAST_BYTES: Final = 16_384
"""What has to come in each idle time-out: less is no network, but somebody who holds us up."""


class BodyStalled(Exception):
    """Too little came for too long."""


class ServerStops(Exception):
    """The process is about to stop: what is left is for another one."""


async def pieces_of(
    request: Request, *, idle_timeout_s: float, draining: Draining
) -> AsyncGenerator[bytes]:
    """Give the body as it arrives. What is done with a piece takes nothing of its time.

    Raises BodyStalled, ServerStops, and ClientDisconnect when the connection ended before the
    body.
    """
    loop = asyncio.get_running_loop()
    stream = request.stream()
    left_s, came = idle_timeout_s, 0
    waiting: asyncio.Timeout | None = None

    def stop_waiting() -> None:
        if waiting is not None:
            waiting.reschedule(loop.time())

    with draining.telling(stop_waiting):
        while not draining.begun:
            began = loop.time()
            try:
                async with asyncio.timeout(left_s) as waiting:
                    piece = await anext(stream, None)
            except TimeoutError:
                raise (ServerStops if draining.begun else BodyStalled) from None
            finally:
                waiting = None
            if piece is None:
                return
            left_s -= loop.time() - began
            came += len(piece)
            if came >= LEAST_BYTES:
                left_s, came = idle_timeout_s, 0
            if piece:
                yield piece
        raise ServerStops
