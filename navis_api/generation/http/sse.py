"""Server-sent events as the contract uses them: one line of data for each, and comments.

Source: HTML Living Standard, "Server-sent events". Field names other than `data`
are for people who watch: the data says which event it is.
"""

from collections.abc import AsyncIterator

from navis_api.generation.http.wire import WireEvent

KEEP_ALIVE = b":\n\n"


class StreamOverlong(ValueError):
    """More came than any answer has."""


def frame(event: WireEvent) -> bytes:
    """Return an event as it is sent."""
    return b"event: %s\ndata: %s\n\n" % (event.type.encode(), event.model_dump_json().encode())


async def data_lines(
    chunks: AsyncIterator[bytes], *, max_line_bytes: int, max_bytes: int
) -> AsyncIterator[bytes]:
    """Yield the data of each event of a stream. A last line without an end is left out.

    Raises StreamOverlong.
    """
    rest = bytearray()
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        rest += chunk
        if total > max_bytes or len(rest) - len(chunk) > max_line_bytes:
            raise StreamOverlong
        # Looked for in the chunk, so that a line that comes byte by byte isn't read over each time.
        if b"\n" not in chunk:
            continue
        *lines, rest = rest.split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield bytes(line[5:].strip())
