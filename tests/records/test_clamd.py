"""Asking clamd: its protocol, and what is made of whatever it answers."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from navis_api.records.scanning.clamd import Clamd
from navis_api.records.scanning.scanner import ScannerUnavailable, TooLargeToScan, Verdict
from tests.records.clamd import EICAR, fake_clamd
from tests.records.world import content
from tests.waiting import PATIENCE_S


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def test_a_stream_arrives_as_it_is() -> None:
    sent = content(700_000)
    async with fake_clamd() as clamd:
        scanner = Clamd(clamd.address, timeout_s=5)
        assert await scanner.scan(pieces(sent[:1], sent[1:600_000], sent[600_000:])) is (
            Verdict.CLEAN
        )
        assert await scanner.scan(pieces()) is Verdict.CLEAN
    assert clamd.received == [sent, b""]


async def test_what_is_bad_is_found_also_across_pieces() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with fake_clamd(str(Path(folder) / "clamd.sock")) as clamd:
            scanner = Clamd(clamd.address, timeout_s=5)
            assert await scanner.scan(pieces(EICAR[:20], EICAR[20:])) is Verdict.INFECTED


async def test_what_is_too_long_for_it_is_told_apart() -> None:
    async with fake_clamd() as clamd:
        clamd.limit_bytes = 100_000
        with pytest.raises(TooLargeToScan):
            await Clamd(clamd.address, timeout_s=5).scan(pieces(*[content(300_000)] * 20))


@pytest.mark.parametrize("says", [b"", b"\0", b"OK\0", b"stream: OK", b"x" * 10_000, b"ERROR\0"])
async def test_no_other_answer_is_taken_for_a_good_one(says: bytes) -> None:
    async with fake_clamd() as clamd:
        clamd.says = says
        with pytest.raises(ScannerUnavailable):
            await Clamd(clamd.address, timeout_s=1).scan(pieces(b"x"))


async def test_what_was_not_all_sent_is_not_clean() -> None:
    async def cut(size: int) -> AsyncIterator[bytes]:
        yield content(size)
        raise OSError

    async with fake_clamd() as clamd:
        with pytest.raises(ScannerUnavailable):
            await Clamd(clamd.address, timeout_s=0.2).scan(cut(10))
    assert clamd.received == []


async def test_it_is_not_waited_for_for_ever() -> None:
    async with fake_clamd() as clamd:
        clamd.hangs = True
        with pytest.raises(ScannerUnavailable):
            async with asyncio.timeout(PATIENCE_S):
                await Clamd(clamd.address, timeout_s=0.2).scan(pieces(b"x"))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "nonsense"])
async def test_where_nobody_listens_it_is_away(address: str) -> None:
    with pytest.raises(ScannerUnavailable):
        await Clamd(address, timeout_s=2).scan(pieces(b"x"))
