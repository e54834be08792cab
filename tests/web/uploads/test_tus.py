"""tus 1.0: core, checksum, expiration and termination."""

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from navis_api.records.models import RecordState
from tests.records.world import RecordWorld
from tests.web.uploads.conftest import SENT, Open

TUS = {"Tus-Resumable": "1.0.0"}


def piece(offset: int, **more: str) -> dict[str, str]:
    return {
        **TUS,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        **more,
    }


async def test_a_server_says_what_it_can(http: httpx.AsyncClient, upload: Open) -> None:
    reply = await http.options(upload.path)
    assert reply.status_code == 204
    assert reply.headers["Tus-Version"] == reply.headers["Tus-Resumable"] == "1.0.0"
    assert reply.headers["Tus-Extension"] == "checksum,expiration,termination"
    assert reply.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert reply.headers["Tus-Max-Size"] == "1000000"


async def test_an_upload_in_pieces(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld
) -> None:
    at = 0
    for size in (10, 100_000, len(SENT)):
        head = await http.head(upload.path, headers=TUS)
        assert head.status_code == 200
        assert head.headers["Upload-Offset"] == str(at)
        assert head.headers["Upload-Length"] == str(len(SENT))
        assert head.headers["Cache-Control"] == "no-store"
        expires = parsedate_to_datetime(head.headers["Upload-Expires"])
        assert expires == world.now + timedelta(hours=6)
        sent = SENT[at : at + size]
        reply = await http.patch(upload.path, content=sent, headers=piece(at))
        at += len(sent)
        assert reply.status_code == 204
        assert reply.headers["Upload-Offset"] == str(at)
        assert reply.headers["Tus-Resumable"] == "1.0.0"
    record = await world.complete(upload.record_id)
    assert record.state is RecordState.SCANNING


async def test_what_is_no_request_of_tus_is_refused(http: httpx.AsyncClient, upload: Open) -> None:
    good = piece(0)
    for changed, status in (
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Tus-Resumable": ""}, 412),
        ({"Content-Type": "application/pdf"}, 415),
        ({"Upload-Offset": "10"}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": ""}, 400),
        ({"Upload-Offset": "9" * 30}, 400),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Upload-Checksum": "crc32 AAAA"}, 400),
        ({"Upload-Checksum": "sha1 ???"}, 400),
    ):
        reply = await http.patch(upload.path, content=b"x", headers={**good, **changed})
        assert reply.status_code == status, changed
        assert reply.headers["Content-Type"] == "application/problem+json"
        if status == 412:
            assert reply.headers["Tus-Version"] == "1.0.0"
    without = {name: value for name, value in good.items() if name != "Tus-Resumable"}
    assert (await http.patch(upload.path, content=b"x", headers=without)).status_code == 412
    assert (await http.put(upload.path, content=b"x", headers=TUS)).status_code == 405
    head = await http.head(upload.path, headers=TUS)
    assert head.headers["Upload-Offset"] == "0"


async def test_an_address_that_leads_nowhere(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld
) -> None:
    for path, status in (("/uploads/nothing", 404), (upload.path, 410)):
        if status == 410:
            world.now += timedelta(days=1)
        head = await http.head(path, headers=TUS)
        assert head.status_code == status
        assert "Upload-Offset" not in head.headers
        for method in ("PATCH", "DELETE"):
            reply = await http.request(method, path, content=b"x", headers=piece(0))
            assert reply.status_code == status
            assert upload.path.rpartition("/")[2] not in reply.text


async def test_more_than_was_announced_is_refused(http: httpx.AsyncClient, upload: Open) -> None:
    reply = await http.patch(upload.path, content=SENT + b"x", headers=piece(0))
    assert reply.status_code == 413
    assert reply.headers["Connection"] == "close"

    async def unmeasured() -> AsyncIterator[bytes]:
        yield SENT
        yield b"x"

    reply = await http.patch(upload.path, content=unmeasured(), headers=piece(0))
    assert reply.status_code == 413


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_what_does_not_add_up_is_not_kept(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld, algorithm: str
) -> None:
    digest = base64.b64encode(hashlib.new(algorithm, SENT).digest()).decode()
    headers = piece(0, **{"Upload-Checksum": f"{algorithm} {digest}"})
    wrong = b"x" + SENT[1:]
    assert (await http.patch(upload.path, content=wrong, headers=headers)).status_code == 460
    assert (await http.head(upload.path, headers=TUS)).headers["Upload-Offset"] == "0"
    assert await world.objects() == []
    reply = await http.patch(upload.path, content=SENT, headers=headers)
    assert reply.status_code == 204
    assert reply.headers["Upload-Offset"] == str(len(SENT))


async def test_an_upload_can_be_ended(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld
) -> None:
    await http.patch(upload.path, content=SENT[:10], headers=piece(0))
    assert (await http.delete(upload.path, headers=TUS)).status_code == 204
    assert (await http.head(upload.path, headers=TUS)).status_code == 404
    assert (await world.row(upload.record_id)).state is RecordState.DELETED


async def test_post_may_stand_for_other_methods(http: httpx.AsyncClient, upload: Open) -> None:
    headers = piece(0, **{"X-HTTP-Method-Override": "PATCH"})
    assert (await http.post(upload.path, content=SENT[:5], headers=headers)).status_code == 204
    other = {**TUS, "X-HTTP-Method-Override": "HEAD"}
    assert (await http.post(upload.path, headers=other)).headers["Upload-Offset"] == "5"
