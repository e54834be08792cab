"""What leaves a connection, and how it ends."""

import asyncio

from navis_api.web.edge_transport import EdgeTransport

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Recorder(asyncio.Transport):
    """A transport that notes what is done to it."""

    def __init__(self, *, can_end: bool = True) -> None:
        super().__init__()
        self.done: list[bytes | str] = []
        self._can_end = can_end

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.done.append(bytes(data))

    def can_write_eof(self) -> bool:
        return self._can_end

    def write_eof(self) -> None:
        self.done.append("eof")

    def resume_reading(self) -> None:
        self.done.append("resume")

    def is_closing(self) -> bool:
        return "close" in self.done

    def close(self) -> None:
        self.done.append("close")


def edge(recorder: Recorder, *, still_sends: bool = False, linger_s: float = 0.01) -> EdgeTransport:
    return EdgeTransport(recorder, lambda: still_sends, linger_s)


async def test_a_head_leaves_together_with_its_body() -> None:
    recorder = Recorder()
    out = edge(recorder)
    out.write(HEAD)
    assert recorder.done == []
    out.write(b"{}")
    out.write(b"more")
    await asyncio.sleep(0)
    assert recorder.done == [HEAD + b"{}", b"more"]


async def test_a_head_waits_for_no_body_that_comes_later() -> None:
    recorder = Recorder()
    out = edge(recorder)
    out.write(HEAD)
    await asyncio.sleep(0)
    assert recorder.done == [HEAD]
    out.write(b"{}")
    assert recorder.done == [HEAD, b"{}"]


async def test_a_long_body_is_not_copied_to_stand_behind_its_head() -> None:
    recorder = Recorder()
    out = edge(recorder)
    out.write(HEAD)
    out.write(b"x" * 100_000)
    assert recorder.done == [HEAD, b"x" * 100_000]


async def test_what_is_held_leaves_before_the_end() -> None:
    recorder = Recorder()
    out = edge(recorder)
    out.write(HEAD)
    out.close()
    out.close()
    await asyncio.sleep(0)
    assert recorder.done == [HEAD, "close"]


async def test_it_lingers_while_the_client_may_be_sending() -> None:
    recorder = Recorder()
    out = edge(recorder, still_sends=True)
    out.write(HEAD)
    out.close()
    assert recorder.done == [HEAD, "eof", "resume"]
    assert out.is_closing()
    out.close()
    await asyncio.sleep(0.05)
    assert recorder.done == [HEAD, "eof", "resume", "close"]


async def test_a_transport_that_cannot_end_one_side_is_closed() -> None:
    recorder = Recorder(can_end=False)
    edge(recorder, still_sends=True).close()
    assert recorder.done == ["close"]
