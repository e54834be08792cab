"""How a connection ends."""

import asyncio

from navis_api.web.lingering import LingeringTransport

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


def edge(
    recorder: Recorder, *, still_sends: bool = False, linger_s: float = 0.01
) -> LingeringTransport:
    return LingeringTransport(recorder, lambda: still_sends, 0.01)


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
