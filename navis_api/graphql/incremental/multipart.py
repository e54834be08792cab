"""Results in parts over HTTP, as `multipart/mixed`.

Source: GraphQL over HTTP, RFC "Incremental Delivery". A boundary follows each part at
once, so that a client knows that it has all of it.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress

from graphql.execution import (
    InitialIncrementalExecutionResult,
    SubsequentIncrementalExecutionResult,
)
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from navis_api.graphql.incremental.formats import FrameWriter
from navis_api.graphql.responses import STREAMED, encode

_BOUNDARY = "-"
_PART = b"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n"
_DELIMITER = b"\r\n---"
_END = b"--\r\n"


class MultipartResponse(Response):
    """A first frame, and those that follow until the operation is complete."""

    def __init__(
        self,
        first: InitialIncrementalExecutionResult,
        rest: AsyncGenerator[SubsequentIncrementalExecutionResult, None],
        writer: FrameWriter,
    ) -> None:
        super().__init__(
            headers={
                "Content-Type": f'multipart/mixed; boundary="{_BOUNDARY}"; {writer.format}',
                **STREAMED,
                "Vary": "Accept, Accept-Language, Authorization",
            }
        )
        del self.headers["content-length"]
        self._first = first
        self._rest = rest
        self._writer = writer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the parts."""
        async with aclosing(self._rest):
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            # OSError: the connection was lost while a part was being sent.
            with suppress(OSError):
                async for part in self._parts():
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                await send({"type": "http.response.body", "body": _END, "more_body": False})

    async def _parts(self) -> AsyncIterator[bytes]:
        yield _DELIMITER + _PART + encode(self._writer.first(self._first)) + _DELIMITER
        async for frame in self._rest:
            yield _PART + encode(self._writer.next(frame)) + _DELIMITER
