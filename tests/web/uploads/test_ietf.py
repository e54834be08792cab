"""Uploads by the IETF's draft, in the states of it that clients speak; and by a plain PUT."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from navis_api.kit.draining import Draining
from navis_api.records.models import RecordState
from navis_api.records.sealing.errors import StorageUnavailable
from tests.records.world import RecordWorld, file_of
from tests.waiting import PATIENCE_S
from tests.web.uploads.conftest import SENT, Open

# The state of the draft, the name of the flag, and its value for "this is the rest" and not.
STATES = {
    "3": ("Upload-Incomplete", "?0", "?1"),
    "5": ("Upload-Complete", "?1", "?0"),
    "6": ("Upload-Complete", "?1", "?0"),
    "8": ("Upload-Complete", "?1", "?0"),
    None: ("Upload-Complete", "?1", "?0"),
}


def said(
    state: str | None, *, rest: bool | None = None, offset: int | None = None
) -> dict[str, str]:
    headers: dict[str, str] = {}
    name, yes, no = STATES[state]
    if state is not None:
        headers["Upload-Draft-Interop-Version"] = state
    if rest is not None:
        headers[name] = yes if rest else no
    if offset is not None:
        headers["Upload-Offset"] = str(offset)
        headers["Content-Type"] = "application/partial-upload"
    return headers


@pytest.mark.parametrize("state", STATES)
async def test_an_upload_that_is_gone_on_with(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld, state: str | None
) -> None:
    name, yes, no = STATES[state]
    first = await http.put(upload.path, content=SENT[:100], headers=said(state, rest=False))
    assert first.status_code == 201
    assert first.headers["Upload-Offset"] == "100"
    assert first.headers[name] == no
    head = await http.head(upload.path, headers=said(state))
    assert head.status_code == 204
    assert head.headers["Upload-Offset"] == "100"
    assert head.headers[name] == no
    assert head.headers["Cache-Control"] == "no-store"
    assert head.headers["Upload-Limit"] == "max-size=1000000"
    assert head.headers.get("Upload-Draft-Interop-Version") == state
    reply = await http.patch(
        upload.path, content=SENT[100:], headers=said(state, rest=True, offset=100)
    )
    assert reply.status_code == 204
    assert reply.headers[name] == yes
    assert reply.headers["Upload-Offset"] == str(len(SENT))
    assert (await world.complete(upload.record_id)).state is RecordState.SCANNING


async def test_a_plain_put_is_enough(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld
) -> None:
    assert (await http.put(upload.path, content=SENT)).status_code == 200
    reply = await http.put(upload.path, content=SENT)
    assert reply.status_code == 200
    assert reply.headers["Upload-Complete"] == "?1"
    assert (await world.complete(upload.record_id)).state is RecordState.SCANNING


async def test_another_offset_is_told_where_the_upload_stands(
    http: httpx.AsyncClient, upload: Open
) -> None:
    await http.put(upload.path, content=SENT[:100])
    reply = await http.patch(upload.path, content=b"x", headers=said("6", rest=True, offset=99))
    assert reply.status_code == 409
    assert reply.headers["Upload-Offset"] == "100"
    body = reply.json()
    assert body["type"].endswith("#mismatching-upload-offset")
    assert (body["expected-offset"], body["provided-offset"]) == (100, 99)


async def test_the_rest_has_to_be_all_of_it(http: httpx.AsyncClient, upload: Open) -> None:
    reply = await http.put(upload.path, content=SENT[:100], headers=said("6", rest=True))
    assert reply.status_code == 400
    assert reply.json()["type"].endswith("#inconsistent-upload-length")
    assert reply.headers["Upload-Offset"] == "100"


async def test_a_file_that_is_too_long_takes_nothing_away(
    http: httpx.AsyncClient, upload: Open
) -> None:
    await http.put(upload.path, content=SENT[:100])
    assert (await http.put(upload.path, content=SENT + b"x")).status_code == 413
    assert (await http.head(upload.path)).headers["Upload-Offset"] == "100"


async def test_pieces_have_a_media_type_of_their_own(http: httpx.AsyncClient, upload: Open) -> None:
    headers = {**said("6", offset=0), "Content-Type": "application/pdf"}
    assert (await http.patch(upload.path, content=b"x", headers=headers)).status_code == 415
    # The states of the draft before that had none.
    headers["Upload-Draft-Interop-Version"] = "3"
    assert (await http.patch(upload.path, content=b"x", headers=headers)).status_code == 204


async def test_an_upload_begins_at_its_beginning(http: httpx.AsyncClient, upload: Open) -> None:
    headers = {"Upload-Offset": "5"}
    assert (await http.put(upload.path, content=b"x", headers=headers)).status_code == 400


@pytest.mark.parametrize("state", ["", "x", "-1", "99", "9" * 400, "²"])
async def test_a_state_that_is_none_is_taken_for_the_newest(
    http: httpx.AsyncClient, upload: Open, state: str
) -> None:
    headers = {"Upload-Draft-Interop-Version": state.encode()}
    reply = await http.head(upload.path, headers=headers)  # pyright: ignore[reportArgumentType]
    assert reply.status_code == 204
    assert reply.headers["Upload-Complete"] == "?0"


async def test_an_upload_can_be_ended(http: httpx.AsyncClient, upload: Open) -> None:
    assert (await http.delete(upload.path, headers=said("6"))).status_code == 204
    assert (await http.head(upload.path)).status_code == 404


async def test_who_sends_too_slowly_is_cut_off_and_keeps_what_came(
    http: httpx.AsyncClient, upload: Open
) -> None:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.05)

    async with asyncio.timeout(PATIENCE_S):
        reply = await http.put(upload.path, content=drops())
    assert reply.status_code == 408
    assert reply.headers["Connection"] == "close"
    head = await http.head(upload.path)
    assert 1 <= int(head.headers["Upload-Offset"]) < 30


async def test_only_so_many_are_received_at_a_time(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld
) -> None:
    others = [await world.announce(file_of(SENT)) for _ in range(2)]
    going = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        yield b"x"
        await going.wait()

    tasks = [
        asyncio.create_task(http.put(f"/uploads/{each.upload.token}", content=waiting()))
        for each in others
        if each.upload is not None
    ]
    await asyncio.sleep(0.15)
    refused = await http.put(upload.path, content=SENT)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "2"
    going.set()
    await asyncio.gather(*tasks)
    assert (await http.put(upload.path, content=SENT)).status_code == 200


async def test_without_the_patients_key_nothing_is_taken(
    http: httpx.AsyncClient, upload: Open, world: RecordWorld
) -> None:
    await world.storage.keys.destroy((await world.row(upload.record_id)).patient_id)
    assert (await http.put(upload.path, content=SENT)).status_code == 404
    assert await world.objects() == []


async def test_storage_that_is_away_is_waited_for(
    http: httpx.AsyncClient,
    upload: Open,
    world: RecordWorld,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(world.storage.objects, "put", away)
        reply = await http.put(upload.path, content=SENT)
    assert reply.status_code == 503
    assert (await http.head(upload.path)).headers["Upload-Offset"] == "0"
    assert (await http.put(upload.path, content=SENT)).status_code == 200


async def test_a_server_that_stops_keeps_what_came_and_says_where_to_go_on(
    http: httpx.AsyncClient, upload: Open, draining: Draining
) -> None:
    async def interrupted() -> AsyncIterator[bytes]:
        yield SENT[:100]
        draining.begin()
        await asyncio.sleep(60)

    async with asyncio.timeout(PATIENCE_S):
        reply = await http.put(upload.path, content=interrupted())
    assert reply.status_code == 503
    assert (reply.headers["Upload-Offset"], reply.headers["Upload-Complete"]) == ("100", "?0")
    assert reply.headers["Connection"] == "close"
    # What comes here after it isn't begun, and changes nothing.
    assert (await http.put(upload.path, content=SENT)).status_code == 503


async def test_what_was_all_there_when_the_server_stopped_is_done(
    http: httpx.AsyncClient, upload: Open, draining: Draining
) -> None:
    async def last() -> AsyncIterator[bytes]:
        yield SENT
        draining.begin()

    reply = await http.put(upload.path, content=last())
    assert (reply.status_code, reply.headers["Upload-Complete"]) == (200, "?1")
