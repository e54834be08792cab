"""Records in an object storage of somebody else's: NAVIS_TEST_OBJECTS_URL names a bucket.

    NAVIS_TEST_OBJECTS_URL=s3://navis-records AWS_ENDPOINT_URL=http://localhost:8333 \
    AWS_ALLOW_HTTP=true AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… \
    python -m pytest tests/flows/test_object_storage.py

The file is as large as NAVIS_TEST_UPLOAD_MB says. The patients' keys lie there too, in a
folder of their own.
"""

import asyncio
import base64
import hashlib
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from navis_api.records.sealing.object_store import ObjectMissing, Objects, ObjectTaken
from tests.flows.processes import Running, navis
from tests.flows.test_asking import serving
from tests.flows.test_uploading import ready
from tests.flows.uploads import Site, site

URL = os.environ.get("NAVIS_TEST_OBJECTS_URL", "")
SIZE = int(float(os.environ.get("NAVIS_TEST_UPLOAD_MB", "100")) * 1_000_000)
PIECE = 7_000_001
REPORT = b"MOLECULAR PATHOLOGY REPORT\nSpecimen: lung, biopsy.\nEGFR: L858R mutation detected.\n"
DELETE = "mutation ($id: ID!) { deleteRecord(input: {recordId: $id}) { errors { __typename } } }"
ERASE = """mutation ($phrase: String!) { eraseMyData(input: {confirmation: $phrase}) {
    errors { __typename } } }"""

pytestmark = pytest.mark.skipif(not URL, reason="NAVIS_TEST_OBJECTS_URL names no bucket")


@dataclass
class Stored:
    """A site whose records lie in a folder of the bucket, as does nothing else."""

    site: Site
    objects: Objects
    keys: Objects
    server: Running

    async def names(self) -> list[str]:
        return [key async for key in self.objects.keys("")]


@pytest.fixture
async def stored(tmp_path: Path, database_url: str) -> AsyncIterator[Stored]:
    folder = f"{URL}/{uuid4()}"
    here = site(
        tmp_path,
        database_url,
        NAVIS_OBJECTS_URL=f"{folder}/objects",
        NAVIS_KEYS_URL=f"{folder}/keys",
    )
    here.env["NAVIS_PUBLIC_URL"] = f"http://127.0.0.1:{here.port}"
    objects, keys = (Objects.at(f"{folder}/{each}", setting="") for each in ("objects", "keys"))
    with serving(here.env) as server, navis("worker", env=here.env):
        await asyncio.to_thread(server.wait_for, "api.started")
        yield Stored(here, objects, keys, server)


def row_id(record_id: str) -> str:
    return base64.b64decode(record_id).decode().partition(":")[2]


async def until_gone(objects: Objects) -> None:
    for _ in range(300):
        if not [key async for key in objects.keys("")]:
            return
        await asyncio.sleep(0.2)
    pytest.fail("there still are objects")


async def test_of_those_who_create_an_object_at_once_one_alone_does() -> None:
    """What a patient's key rests on: a storage that overwrites would lose what it sealed."""
    objects = Objects.at(f"{URL}/{uuid4()}", setting="")

    async def create(content: bytes) -> bytes | None:
        try:
            await objects.put("key", content)
        except ObjectTaken:
            return None
        return content

    for _ in range(5):
        made = await asyncio.gather(*(create(str(number).encode()) for number in range(8)))
        (winner,) = [each for each in made if each is not None]
        assert await objects.get("key") == winner
        await objects.put("key", b"another", replacing=True)
        assert await objects.get("key") == b"another"
        await objects.remove("key")
        with pytest.raises(ObjectMissing):
            await objects.get("key")


async def test_a_large_record_comes_and_goes(stored: Stored) -> None:
    sent = random.Random(1).randbytes(SIZE)
    record_id, url = await stored.site.announce(sent)
    async with httpx.AsyncClient(timeout=120) as client:
        for at in range(0, len(sent), PIECE):
            some = sent[at : at + PIECE]
            headers = {
                "Content-Type": "application/partial-upload",
                "Upload-Offset": str(at),
                "Upload-Complete": "?1" if at + len(some) == len(sent) else "?0",
            }
            reply = await client.patch(url, content=some, headers=headers)
            assert reply.is_success, reply.text
        await stored.site.complete(record_id)
        # It is no PDF, and what can't be read is removed: the file is asked for before that.
        assert len(await stored.names()) >= SIZE // 4_194_304
        for name in await stored.names():
            assert sent[:64] not in await stored.objects.get(name)
        await stored.site.ask(DELETE, id=record_id)
    await until_gone(stored.objects)


async def test_a_record_is_read_given_back_and_erased(stored: Stored) -> None:
    report = REPORT + b"Nothing else of note was seen here.\n" * 20_000
    record_id, url = await stored.site.announce(report, "report.txt")
    async with httpx.AsyncClient(timeout=120) as client:
        assert (await client.put(url, content=report)).is_success
        await stored.site.complete(record_id)
        await ready(stored.site, record_id)
        address = f"http://127.0.0.1:{stored.site.port}/export/records/{row_id(record_id)}"
        headers = {"Authorization": f"Bearer {stored.site.token}"}
        given = await client.get(address, headers=headers)
    assert hashlib.sha256(given.content).digest() == hashlib.sha256(report).digest()
    assert [key async for key in stored.keys.keys("")]
    erased = await stored.site.ask(ERASE, phrase="ERASE MY DATA")
    assert erased["eraseMyData"]["errors"] == []
    await until_gone(stored.objects)
    await until_gone(stored.keys)
