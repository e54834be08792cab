"""Exporting from a real server: memory that stays flat, a cut that can be seen, and silent logs.

The file with which memory is measured is as large as NAVIS_TEST_EXPORT_MB says.
"""

import asyncio
import base64
import hashlib
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.flows.processes import navis
from tests.flows.test_asking import serving
from tests.flows.test_uploading import CANARY, REPORT, RESULT, here, peak_bytes, ready, started
from tests.flows.uploads import Site
from tests.waiting import PATIENCE_S

__all__ = ["here"]

SIZE = int(float(os.environ.get("NAVIS_TEST_EXPORT_MB", "100")) * 1_000_000)
# A few parts of 4 MiB: sealed, in the clear, in letters, and what the allocator keeps of them.
MORE_MEMORY_BYTES = 48_000_000
DATA = b'"data":"'
ERASE = """mutation { eraseMyData(input: {confirmation: "ERASE MY DATA"}) {
    receipt { id } errors { __typename } } }"""


@dataclass
class Given:
    """An export as a client takes it: the digest of the file in it, and all the rest."""

    rest: bytes
    digest: str


@asynccontextmanager
async def export(here: Site, path: str = "/export") -> AsyncIterator[httpx.Response]:
    async with (
        httpx.AsyncClient(timeout=120) as client,
        client.stream(
            "GET",
            f"http://127.0.0.1:{here.port}{path}",
            headers={"Authorization": f"Bearer {here.token}"},
        ) as reply,
    ):
        yield reply


async def taken(reply: httpx.Response) -> Given:
    """Take a bundle with one file, which is too large to be kept here."""
    digest, rest, text, is_within = hashlib.sha256(), b"", b"", False
    async for piece in reply.aiter_raw():
        text += piece
        if not is_within and DATA in text:
            head, text = text.split(DATA, 1)
            rest, is_within = rest + head + DATA, True
        if is_within:
            letters, quote, after = text.partition(b'"')
            whole = len(letters) if quote else len(letters) - len(letters) % 4
            digest.update(base64.b64decode(letters[:whole]))
            text = letters[whole:]
            if quote:
                rest, text, is_within = rest + quote, after, False
    return Given(rest + text, digest.hexdigest())


async def uploaded(here: Site, sent: bytes, filename: str = "scan.pdf") -> str:
    record_id, url = await here.announce(sent, filename)
    async with httpx.AsyncClient(timeout=120) as client:
        assert (await client.put(url, content=sent)).status_code == 200
    assert await here.complete(record_id) == "SCANNING"
    return record_id


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
async def test_memory_stays_flat_whatever_the_size(here: Site, owner: asyncpg.Connection) -> None:
    sent = os.urandom(SIZE)
    with serving(here.env) as server:
        await started(server)
        await uploaded(here, sent)
        before = await asyncio.to_thread(peak_bytes, server)
        async with export(here) as reply:
            assert reply.status_code == 200
            given = await taken(reply)
        more = await asyncio.to_thread(peak_bytes, server) - before
        assert given.digest == hashlib.sha256(sent).hexdigest()
        assert json.loads(given.rest)["resourceType"] == "Bundle"
        record = await owner.fetchval("SELECT id FROM records")
        async with export(here, f"/export/records/{record}") as reply:
            digest = hashlib.sha256()
            async for piece in reply.aiter_raw():
                digest.update(piece)
        assert digest.digest() == hashlib.sha256(sent).digest()
        more_still = await asyncio.to_thread(peak_bytes, server) - before
    print(  # noqa: T201 - the figure
        f"peak of {before / 1e6:.0f} MB, {more / 1e6:.1f} MB more for an export of"
        f" {SIZE / 1e6:.0f} MB, {more_still / 1e6:.1f} MB after a download"
    )
    assert more < MORE_MEMORY_BYTES
    assert more_still < MORE_MEMORY_BYTES


async def test_an_export_that_breaks_off_does_not_look_whole(here: Site) -> None:
    """Erased while it is read: what the client has by then ends in the middle, and it sees so."""
    sent = os.urandom(40_000_000)
    with serving(here.env) as server:
        await started(server)
        await uploaded(here, sent)
        async with export(here) as reply:
            pieces = reply.aiter_raw()
            read = b""
            while DATA not in read:
                read += await anext(pieces)
            erased = (await here.ask(ERASE))["eraseMyData"]
            assert erased["errors"] == []
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
                async for _ in pieces:
                    pass
        # The server goes on, and holds nothing of them.
        async with export(here) as reply:
            found = json.loads(await reply.aread())
        assert [each["resource"]["resourceType"] for each in found["entry"]] == ["Patient"]
    assert "export.cut" in server.output


async def test_what_a_patient_exports_is_in_no_log(here: Site) -> None:
    env = {**here.env, "NAVIS_LOG_LEVEL": "DEBUG"}
    with serving(env) as server:
        await started(server)
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            with navis("worker", env=env) as worker:
                record_id = await uploaded(here, REPORT, f"{CANARY}.pdf")
                await ready(here, record_id)
            async with export(here, f"/export?contents=inline&{CANARY}={CANARY}") as reply:
                bundle = (await reply.aread()).decode()
            for path in (f"/export?contents={CANARY}", f"/export/records/{CANARY}"):
                async with export(here, path) as reply:
                    assert reply.status_code in {400, 404}
                    assert CANARY not in (await reply.aread()).decode()
            # One that breaks off leaves more in the log than others.
            for part in (Path(env["NAVIS_DATA_DIR"]) / "objects").rglob("*"):
                if part.is_file():
                    part.unlink()
            async with export(here) as reply:
                damaged = (await reply.aread()).decode()
            metrics = (await client.get(f"http://127.0.0.1:{here.port}/metrics")).text
    assert CANARY in bundle
    assert RESULT in bundle
    assert "OperationOutcome" in damaged
    for text in (server.output, worker.output, metrics):
        for secret in (CANARY, RESULT, here.token):
            assert not re.search(secret, text)
