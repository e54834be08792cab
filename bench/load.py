"""A load of HTTP requests over kept connections, from one process."""

import asyncio
import statistics
import time
from collections.abc import Sequence


def post_request(host: str, path: str, body: bytes) -> bytes:
    """Return a request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _read_response(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    status, _, fields = head.partition(b"\r\n")
    if b" 200 " not in status + b" ":
        raise RuntimeError(status.decode())
    for field in fields.lower().split(b"\r\n"):
        if field.startswith(b"content-length:"):
            return await reader.readexactly(int(field.split(b":")[1]))
    message = "a response without a length"
    raise RuntimeError(message)


async def exchange(port: int, request: bytes) -> bytes:
    """Return the body that one request gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await _read_response(reader)
    finally:
        writer.close()


async def requests_a_second(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float
) -> float:
    """Return how many of these requests a second are answered, sent in turn on each connection."""
    until = time.perf_counter() + seconds
    done = 0

    async def client(offset: int) -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        at = offset
        while time.perf_counter() < until:
            writer.write(requests[at % len(requests)])
            await _read_response(reader)
            done += 1
            at += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client(offset) for offset in range(connections)))
    return done / (time.perf_counter() - began)


def spread(values: Sequence[float], form: str = "{:.3f}") -> str:
    """Return the median of some values with the lowest and the highest."""
    shown = [form.format(value) for value in (statistics.median(values), min(values), max(values))]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"
