"""A request as it arrives: its headers read once, and a body that is mostly there with them."""

from functools import cached_property
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive


class ArrivingRequest(Request):
    """A request whose headers are looked up many times: Starlette's goes through all, each time."""

    @cached_property
    def headers(self) -> Headers:  # pyright: ignore[reportIncompatibleMethodOverride] - as Starlette, which keeps them too
        """The headers. Of one that is given twice the first counts, as with Starlette's."""
        return _HeadersByName(self.scope["headers"])


class _HeadersByName(Headers):
    """Headers that are asked for by names in lower case."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        self._first = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(raw)
        }

    def __getitem__(self, key: str) -> str:
        return self._first[key]

    def __contains__(self, key: object) -> bool:
        return key in self._first

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as Mapping has it
        """Return a header, or the default."""
        return self._first.get(key, default)


class Replayed:
    """A way to receive whose first message was taken already."""

    def __init__(self, first: Message, receive: Receive) -> None:
        self._first: Message | None = first
        self._receive = receive

    async def __call__(self) -> Message:
        """Return the next message."""
        first, self._first = self._first, None
        return first if first is not None else await self._receive()


def arrived_message(receive: Receive) -> Message | None:
    """Return the first message of a request; None where it has to be waited for.

    Mostly it has arrived with the headers: then it is taken without a time limit, which
    costs as much as all the rest of reading it.
    """
    waiting = receive().__await__()
    try:
        next(waiting)
    except StopIteration as arrived:
        return arrived.value
    waiting.close()
    return None


def is_whole(message: Message, longest: int) -> bool:
    """Return whether a message is all of a request's body, of at most so many bytes."""
    return (
        message["type"] == "http.request"
        and not message.get("more_body", False)
        and len(message.get("body", b"")) <= longest
    )
