"""Requests that came before to the letter, answered by the bytes that answered them.

Two thirds of what uvicorn 0.54 takes for a request goes into parsing the one head, making a
task, and writing the other head: for nothing, where both are the same as the time before.
What is known, and for how long it may be said, is somebody else's to decide.
"""

from typing import Any, Protocol, cast

from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from navis_api.kit.draining import Draining
from navis_api.kit.raw_request import RAW_REQUEST
from navis_api.settings import Settings
from navis_api.web.edge import EdgeConfig, EdgeProtocol

_LONGEST = 32_768
_OK = STATUS_LINE[200]


class KnownBytes(Protocol):
    """What knows requests by their bytes."""

    def response_to(self, request: bytes) -> bytes | None:
        """Return a response of status 200: its headers, an empty line and its body."""
        ...


class KnowingConfig(EdgeConfig):
    """The configuration of a server that is told what is known."""

    def __init__(
        self, app: ASGIApp, settings: Settings, known: KnownBytes, *, draining: Draining
    ) -> None:
        super().__init__(app, settings, draining=draining)
        self.http = KnowingProtocol
        self.known = known


class KnowingProtocol(EdgeProtocol):
    """HTTP, which looks at what comes first, as long as no request is under way."""

    def __init__(self, config: KnowingConfig, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's
        super().__init__(config, *args, **kwargs)
        self._known = config.known
        self._begun = 0
        self._ended = 0

    def data_received(self, data: bytes) -> None:
        """Answer what is known. Anything else is read, and remembered if it is one request."""
        current = self.current
        idle = self._begun == self._ended and (current is None or current.response_complete)
        # What is known says nothing of the connection, which is to end with its next response.
        if not idle or len(data) > _LONGEST or self._draining.announced:
            super().data_received(data)
            return
        if not self.flow.write_paused:
            response = self._known.response_to(data)
            if response is not None:
                self._respond(response)
                return
        begun = self._begun
        super().data_received(data)
        # One request, all of it, and no WebSocket's head: that makes no cycle.
        is_one = self._begun == self._ended == begun + 1 and self.cycle is not current
        if is_one and self.cycle.keep_alive:
            cast("dict[str, Any]", self.cycle.scope)[RAW_REQUEST] = data

    def on_message_begin(self) -> None:
        """Count it."""
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Count it."""
        self._ended += 1
        super().on_message_complete()

    def _respond(self, response: bytes) -> None:
        self._unset_keepalive_if_required()
        self._stop_waiting()
        head = [_OK]
        for name, value in self.server_state.default_headers:
            head += (name, b": ", value, b"\r\n")
        head.append(response)
        self.transport.write(b"".join(head))
        self.on_response_complete()
