"""Hostile requests as bytes on the wire, each with the refusal that it has to get.

What is in a body is in `test_hostile.BODIES`; here is what is around it, and WebSockets.
"""

import gzip
import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

QUERY = b'{"query": "{ viewer { kind } }"}'
BOMB = b" " * 50_000_000


@dataclass(frozen=True)
class Sent:
    """Bytes to send, piece by piece, and what comes back: a status and, in JSON, a code.

    Status 0: the server ends the connection without a word. `closes`: we say no more, and
    listen until it does.
    """

    pieces: tuple[bytes, ...]
    status: int
    code: str | None = None


def head(*lines: str, method: str = "POST", path: str = "/graphql") -> bytes:
    """Return the head of a request, after which the server hangs up."""
    all_lines = (f"{method} {path} HTTP/1.1", "Host: test", "Connection: close", *lines)
    return ("\r\n".join(all_lines) + "\r\n\r\n").encode("latin-1")


def post(body: bytes, *lines: str, media: str = "application/json") -> bytes:
    """Return a whole POST."""
    return head(f"Content-Type: {media}", f"Content-Length: {len(body)}", *lines) + body


def _compressed(name: str, body: bytes) -> Sent:
    sent = post(body, f"Content-Encoding: {name}")
    return Sent((sent,), 415, "UNSUPPORTED_MEDIA_TYPE")


def _of_media(media: str, body: bytes = QUERY) -> Sent:
    return Sent((post(body, media=media),), 415, "UNSUPPORTED_MEDIA_TYPE")


def _bad(*pieces: bytes) -> Sent:
    return Sent(pieces, 400, "BAD_REQUEST")


JSON_HEAD = "Content-Type: application/json"
CHUNKED = head(JSON_HEAD, "Transfer-Encoding: chunked")
CHUNK = b"10000\r\n" + b" " * 65_536 + b"\r\n"
FORM = b"query=%7Bviewer%7Bkind%7D%7D"

HTTP: dict[str, Sent] = {
    # Bodies of a wrong size.
    "100 MB, announced": Sent(
        (head(JSON_HEAD, "Content-Length: 104857600"),), 413, "PAYLOAD_TOO_LARGE"
    ),
    "100 MB, not announced": Sent((CHUNKED, *[CHUNK] * 1_600), 413, "PAYLOAD_TOO_LARGE"),
    "a length beyond all numbers": _bad(head(JSON_HEAD, "Content-Length: " + "9" * 40)),
    "a negative length": _bad(head(JSON_HEAD, "Content-Length: -1")),
    "a length in letters": _bad(head(JSON_HEAD, "Content-Length: many")),
    "two lengths": _bad(head(JSON_HEAD, "Content-Length: 5", "Content-Length: 6") + QUERY),
    "a length and chunks": _bad(
        head(JSON_HEAD, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n"
    ),
    "a length that is too short": _bad(head(JSON_HEAD, "Content-Length: 5") + QUERY),
    "a length that is too long": Sent(
        (head(JSON_HEAD, "Content-Length: 5000") + QUERY,), 408, "REQUEST_TIMEOUT"
    ),
    "a chunk whose size is no number": _bad(CHUNKED + b"many\r\n"),
    "a chunk beyond all numbers": _bad(CHUNKED + b"F" * 40 + b"\r\n"),
    "an unknown transfer encoding": _bad(head(JSON_HEAD, "Transfer-Encoding: evil") + QUERY),
    "a slow body": Sent(
        (head(JSON_HEAD, "Content-Length: 100"), b'{"query"'), 408, "REQUEST_TIMEOUT"
    ),
    # Encodings and media types.
    "gzip": _compressed("gzip", gzip.compress(QUERY)),
    "a gzip bomb": _compressed("gzip", gzip.compress(BOMB)),
    "a deflate bomb": _compressed("deflate", zlib.compress(BOMB)),
    "brotli": _compressed("br", b"\x0b\x02\x80QUERY\x03"),
    "zstd": _compressed("zstd", b"\x28\xb5\x2f\xfd"),
    "gzip within gzip": _compressed("gzip, gzip", gzip.compress(gzip.compress(BOMB))),
    "an unknown encoding": _compressed("x-evil", QUERY),
    "a form": _of_media("application/x-www-form-urlencoded", FORM),
    "a form with files": _of_media("multipart/form-data; boundary=x"),
    "plain text": _of_media("text/plain"),
    "no media type": Sent((head(f"Content-Length: {len(QUERY)}") + QUERY,), 415),
    "an unknown charset": _of_media("application/json; charset=utf-7"),
    "a media type that isn't UTF-8": _of_media("application/json\xff"),
    # Heads.
    "a slow head": Sent((b"POST /graphql HTTP/1.1\r\nHost: t",), 408, "REQUEST_TIMEOUT"),
    "silence": Sent((), 0),
    "a long address": Sent(
        (head(method="GET", path="/graphql?query=" + "x" * 9_000),), 414, "URI_TOO_LONG"
    ),
    "a header without end": Sent(
        (b"GET / HTTP/1.1\r\nA: ", *[b"x" * 15_000] * 2), 431, "HEADERS_TOO_LARGE"
    ),
    "a large header": Sent((head("A: " + "x" * 20_000),), 431, "HEADERS_TOO_LARGE"),
    "very many headers": Sent((head(*[f"A{n}: x" for n in range(500)]),), 431, "HEADERS_TOO_LARGE"),
    "headers behind the body without end": Sent(
        (CHUNKED + b"0\r\n", *[b"A: " + b"x" * 1_000 + b"\r\n"] * 20), 431, "HEADERS_TOO_LARGE"
    ),
    "empty lines without end": Sent((b"\r\n" * 30_000,), 431, "HEADERS_TOO_LARGE"),
    "NUL in a header": _bad(head("A: a\0b")),
    "a folded header": _bad(head("A: b\r\n c")),
    "bytes that aren't UTF-8 in the path": _bad(head(method="GET", path="/\xff\xfe")),
    "bytes that aren't HTTP": _bad(bytes(range(256)) * 4),
    "TLS": _bad(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200),
    "HTTP/2": _bad(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    # What is in the head.
    "a token that isn't UTF-8": Sent(
        (post(QUERY, "Authorization: Bearer \xff\xfe"),), 401, "UNAUTHENTICATED"
    ),
    "a token of 15 KB": Sent(
        (post(QUERY, "Authorization: Bearer " + "x" * 15_000),), 401, "UNAUTHENTICATED"
    ),
    "an Accept that nobody can satisfy": Sent(
        (post(QUERY, "Accept: image/png"),), 406, "NOT_ACCEPTABLE"
    ),
    "a query string that isn't UTF-8": _bad(
        head(method="GET", path="/graphql?query=%7Bviewer%7Bkind%7D%7D%ff")
    ),
    "a mutation by GET": Sent(
        (
            head(
                method="GET",
                path="/graphql?query=mutation%7BcancelGeneration(input:%7BgenerationId:%22x%22%7D)"
                "%7Berrors%7B__typename%7D%7D%7D",
            ),
        ),
        405,
        "METHOD_NOT_ALLOWED",
    ),
    "another method": Sent((head(method="TRACE"),), 405),
    "an event id that is none": Sent(
        (post(QUERY, "Last-Event-ID: 99999999999999999999"),), 400, "BAD_REQUEST"
    ),
}

# What opens a request that is refused, what goes on coming, and the status of the refusal.
TALKATIVE = {
    "a long body": (head(JSON_HEAD, "Content-Length: 104857600"), b" " * 65_536, 413),
    "a long body in chunks": (CHUNKED + CHUNK * 20, CHUNK, 413),
    "headers behind the body": (
        CHUNKED + b"0\r\n",
        (b"A: " + b"x" * 1_000 + b"\r\n") * 20,
        431,
    ),
    "a long header": (b"GET / HTTP/1.1\r\nA: " + b"x" * 30_000, b"x" * 65_536, 431),
    "no HTTP": (b"\0" * 100, b"\0" * 65_536, 400),
}


def handshake(*extra: str) -> bytes:
    """Return what opens a WebSocket."""
    lines = (
        "GET /graphql HTTP/1.1",
        "Host: test",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {b64encode(bytes(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: graphql-transport-ws",
        *extra,
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(
    opcode: int, payload: bytes, *, fin: bool = True, bits: int = 0, mask: bool = True
) -> bytes:
    """Return a frame; masked with zeros, so that it reads as it is."""
    first = (0x80 if fin else 0) | bits | opcode
    masked = 0x80 if mask else 0
    size = len(payload)
    if size < 126:
        length = bytes([masked | size])
    elif size < 65_536:
        length = bytes([masked | 126]) + struct.pack("!H", size)
    else:
        length = bytes([masked | 127]) + struct.pack("!Q", size)
    return bytes([first]) + length + (bytes(4) if mask else b"") + payload


def text(message: object) -> bytes:
    """Return a text message."""
    return frame(1, json.dumps(message).encode())


def _subscribe(query: str, id_: str = "1") -> bytes:
    return text({"type": "subscribe", "id": id_, "payload": {"query": query}})


def _deflated(data: bytes) -> bytes:
    packed = zlib.compressobj(9, zlib.DEFLATED, -12)
    return packed.compress(data) + packed.flush(zlib.Z_SYNC_FLUSH)


INIT = text({"type": "connection_init"})
_PIECE = frame(0, b"", fin=False)

# What is sent after the handshake, and the code with which the server closes.
SOCKETS: dict[str, tuple[tuple[bytes, ...], int]] = {
    "a binary message": ((INIT, frame(2, b"\0" * 100)), 4400),
    "a message of 2 MB": ((INIT, frame(1, b" " * 2_000_000)), 1009),
    "a message announced with 8 EB": ((INIT, b"\x81\xff\x7f" + b"\xff" * 7 + bytes(4)), 1009),
    "a compressed bomb": ((INIT, frame(1, _deflated(BOMB), bits=0x40)), 1002),
    "a message in endless empty pieces": ((INIT, frame(1, b"{", fin=False), _PIECE * 5_000), 1009),
    "a message in pieces of 2 MB together": (
        (INIT, frame(1, b"{", fin=False), *[frame(0, b" " * 60_000, fin=False)] * 40),
        1009,
    ),
    "text that isn't UTF-8": ((INIT, frame(1, b'{"type": "\xff"}')), 1007),
    "a frame without a mask": ((INIT, frame(1, b"{}", mask=False)), 1002),
    "an unknown kind of frame": ((INIT, frame(5, b"x")), 1002),
    "a long ping": ((INIT, frame(9, b"x" * 1_000)), 1002),
    "a message of no kind": ((INIT, text({"type": "evil"})), 4400),
    "no JSON": ((INIT, frame(1, b"{")), 4400),
    "deep JSON": ((INIT, frame(1, b'{"type":' + b"[" * 500_000)), 4400),
    "a batch": ((INIT, text([{"type": "subscribe"}])), 4400),
    "a subscription before the introduction": ((_subscribe("{ viewer { kind } }"),), 4401),
    "two introductions": ((INIT, INIT), 4429),
    "silence after the handshake": ((), 4408),
    "an id of 1 MB": ((INIT, _subscribe("{ viewer { kind } }", "x" * 900_000)), 4400),
    "a NUL in an id": ((INIT, _subscribe("{ viewer { kind } }", "a\0")), 4400),
}


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the frames that a server sent, as far as they are complete."""
    at = data.find(b"\r\n\r\n") + 4
    while at + 2 <= len(data):
        opcode, size = data[at] & 15, data[at + 1] & 127
        at += 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size = int.from_bytes(data[at : at + width], "big")
            at += width
        yield opcode, data[at : at + size]
        at += size


def close_code(answer: bytes) -> int:
    """Return the code with which a server closes; 0: it hasn't."""
    for kind, data in messages(answer):
        if kind == 8:
            return int.from_bytes(data[:2], "big")
    return 0
