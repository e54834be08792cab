"""A load of HTTP requests over kept connections, from this process: as lean as Python gets.

One thread, non-blocking sockets, one request under way on each connection: so it takes a
small part of what the server takes for the same request (`python -m bench read_path` says
how much), and the server is what is measured.
"""

import itertools
import select
import socket
import statistics
import time
from collections.abc import Sequence

_CHUNK = 1 << 18
_PATIENCE_S = 30.0
_LENGTH = b"\r\ncontent-length:"


class BadResponse(RuntimeError):
    """A response that no measurement may count: an error, or one without a length."""


def post_request(path: str, body: bytes) -> bytes:
    """Return a request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection:
    """A connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), _PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._whole = 0

    def send(self, request: bytes) -> None:
        """Send a request; the one before has its response."""
        self._received = bytearray()
        self._whole = 0
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what is there; say whether the response is complete."""
        chunk = self.socket.recv(_CHUNK)
        if not chunk:
            message = "The server closed the connection."
            raise BadResponse(message)
        self._received += chunk
        if not self._whole:
            self._whole = _whole_length(self._received)
        return 0 < self._whole <= len(self._received)

    @property
    def body(self) -> bytes:
        """The body of a complete response."""
        return bytes(self._received).partition(b"\r\n\r\n")[2]


def _whole_length(received: bytearray) -> int:
    """Return how long the response is, head and body; 0 while the head isn't complete."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    if bytes(received[8:13]) != b" 200 ":
        raise BadResponse(received[:2_000].decode(errors="replace"))
    head = received[:end].lower() + b"\r\n"
    at = head.find(_LENGTH)
    if at < 0:
        raise BadResponse(received[:end].decode(errors="replace"))
    length = head[at + len(_LENGTH) : head.find(b"\r\n", at + 2)]
    return end + 4 + int(length)


def exchange(port: int, requests: Sequence[bytes]) -> list[bytes]:
    """Return the bodies that these requests get, one after the other."""
    connection = _Connection(port)
    bodies: list[bytes] = []
    with connection.socket:
        for request in requests:
            connection.send(request)
            while not connection.receive():
                pass
            bodies.append(connection.body)
    return bodies


def requests_a_second(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float
) -> float:
    """Return how many of these requests a second are answered, sent in turn."""
    turn = itertools.cycle(requests)
    opened = [_Connection(port) for _ in range(connections)]
    by_number = {each.socket.fileno(): each for each in opened}
    done = 0
    with select.epoll() as events:
        for each in opened:
            events.register(each.socket.fileno(), select.EPOLLIN)
        began = time.perf_counter()
        until = began + seconds
        for each in opened:
            each.send(next(turn))
        while time.perf_counter() < until:
            for number, _ in events.poll(_PATIENCE_S):
                connection = by_number[number]
                if connection.receive():
                    done += 1
                    connection.send(next(turn))
        rate = done / (time.perf_counter() - began)
    for each in opened:
        each.socket.close()
    return rate


def busy_share(port: int, requests: Sequence[bytes]) -> float:
    """Return which part of a core this process takes to load a server as fast as it can."""
    before, began = time.process_time(), time.perf_counter()
    requests_a_second(port, requests, connections=16, seconds=1.0)
    return (time.process_time() - before) / (time.perf_counter() - began)


def spread(values: Sequence[float], form: str = "{:.3f}") -> str:
    """Return the median of some values with the lowest and the highest."""
    shown = [form.format(value) for value in (statistics.median(values), min(values), max(values))]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"
