"""Whole responses in memory: the oldest give way, and what a publication changes is forgotten."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from starlette.types import Message

from navis_api.graphql.response_cache.keys import Keys
from navis_api.metrics import UNSAID, ClientLabel

_ENTRY_BYTES = 1_000
_TAG_BYTES = 450
_REQUEST_BYTES = 500
_HEADER_BYTES = 150
_MOST_REQUESTS = 16
"""Ways of asking for one response that are remembered."""
_LARGEST_PART = 16


@dataclass(eq=False, slots=True)
class KeptResponse:
    """The body of a response, `{"data":…}` without extensions, and what it rests on.

    `requested` and `actual` are what the operation costs. `requests` are the keys of whole
    requests that are known to ask for it.
    """

    key: bytes
    body: bytes
    tags: tuple[str, ...]
    requested: int
    actual: int
    size: int
    requests: list[bytes] = field(default_factory=list[bytes])


@dataclass(eq=False, slots=True)
class Reply:
    """A response as it went out: its first message with all headers, and its second.

    `tells_balance`: its extensions say what whoever asks has left, and are made anew.
    `wire` has it as it goes over the wire, without the first line and the date, where the
    request came from `client`.
    """

    kept: KeptResponse
    start: Message
    body: Message
    etag: str | None = None
    tells_balance: bool = False
    wire: bytes = b""
    client: ClientLabel = UNSAID

    @property
    def size(self) -> int:
        """The memory that it takes beside the response that it is made of, in bytes."""
        body: bytes = self.body["body"]
        own = 0 if body is self.kept.body else len(body)
        return _REQUEST_BYTES + _HEADER_BYTES * len(self.start["headers"]) + own + len(self.wire)


@dataclass(frozen=True, slots=True)
class Moment:
    """When an execution began, as the number of things that had been forgotten until then."""

    forgotten: int


class ResponseCache:
    """The responses that one process keeps, within so many bytes.

    It is told what is forgotten (`answers.publication_lease`), and may be used only while
    `usable` says so: nothing else keeps it from serving what was retracted. The sizes of
    Python's own objects are estimates, on the large side.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.keys = Keys()
        self.usable: Callable[[], bool] = _never
        self._forgotten = 0
        self._kept: OrderedDict[bytes, KeptResponse] = OrderedDict()
        self._replies: dict[bytes, Reply] = {}
        self._by_tag: dict[str, set[bytes]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: bytes) -> KeptResponse | None:
        """Return the response to an operation, if it may be served now."""
        if not self.usable():
            return None
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def reply_to(self, request: bytes) -> Reply | None:
        """Return the response to a whole request, if it may be served now."""
        reply = self._replies.get(request)
        if reply is None or not self.usable():
            return None
        self._kept.move_to_end(reply.kept.key)
        return reply

    def begin(self) -> Moment | None:
        """Return the moment to keep a response with; None: it couldn't be kept anyway.

        Before anything is read for it.
        """
        return Moment(self._forgotten) if self.max_bytes and self.usable() else None

    def keep(
        self,
        key: bytes,
        body: bytes,
        tags: Iterable[str],
        *,
        requested: int,
        actual: int,
        began: Moment,
    ) -> KeptResponse | None:
        """Keep a response, unless something was forgotten since its execution began.

        What it has read may be older than that.
        """
        if began.forgotten != self._forgotten or not self.usable():
            return None
        tags = tuple(tags)
        size = len(body) + _ENTRY_BYTES + _TAG_BYTES * len(tags)
        if size > self.max_bytes // _LARGEST_PART:
            return None
        self._drop(key)
        kept = KeptResponse(key, body, tags, requested, actual, size)
        self._kept[key] = kept
        self.bytes += size
        for tag in tags:
            self._by_tag.setdefault(tag, set()).add(key)
        self._make_room()
        return kept

    def remember(self, request: bytes, reply: Reply) -> None:
        """Remember which whole request a kept response has answered, and how."""
        kept = reply.kept
        if self._kept.get(kept.key) is not kept or request in self._replies:
            return
        if len(kept.requests) >= _MOST_REQUESTS:
            self._forget_request(kept, kept.requests.pop(0))
        kept.requests.append(request)
        self._replies[request] = reply
        kept.size += reply.size
        self.bytes += reply.size
        self._make_room()

    def forget(self, tags: tuple[str, ...]) -> None:
        """Forget what rests on any of these, and what is being read right now."""
        self._forgotten += 1
        for tag in tags:
            for key in tuple(self._by_tag.get(tag, ())):
                self._drop(key)

    def forget_all(self) -> None:
        """Forget everything, and what is being read right now."""
        self._forgotten += 1
        self._kept.clear()
        self._replies.clear()
        self._by_tag.clear()
        self.bytes = 0

    def _make_room(self) -> None:
        while self.bytes > self.max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: bytes) -> None:
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        self.bytes -= kept.size
        for request in kept.requests:
            del self._replies[request]
        for tag in kept.tags:
            keys = self._by_tag[tag]
            keys.discard(key)
            if not keys:
                del self._by_tag[tag]

    def _forget_request(self, kept: KeptResponse, request: bytes) -> None:
        reply = self._replies.pop(request)
        kept.size -= reply.size
        self.bytes -= reply.size


def _never() -> bool:
    return False
