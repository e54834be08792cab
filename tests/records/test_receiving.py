"""Receiving an upload: what is acknowledged is stored, and nobody writes twice."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from navis_api.records.receiving_errors import (
    UploadGone,
    UploadTooLong,
    WriterReplaced,
    WrongOffset,
)
from tests.records.world import NOWHERE, PART, RecordWorld, content, file_of

SENT = content(3 * PART + 100)


async def begun(world: RecordWorld, sent: bytes = SENT) -> str:
    announced = await world.announce(file_of(sent))
    assert announced.upload is not None
    return announced.upload.token


async def test_full_parts_are_acknowledged_while_more_comes(world: RecordWorld) -> None:
    token = await begun(world)
    incoming = await world.receiving.begin(token, offset=0)
    await incoming.take(SENT[: 2 * PART + 10])
    assert incoming.standing.received_bytes == 2 * PART
    assert len(await world.objects()) == 2
    # What was taken and not acknowledged is in memory alone: a killed process loses that.
    elsewhere = RecordWorld(world.database, world.folder).receiving
    assert (await elsewhere.look(token)).received_bytes == 2 * PART


async def test_pieces_of_any_size_make_the_file(world: RecordWorld) -> None:
    token = await begun(world)
    at = 0
    for size in (1, 7, PART, PART - 1, 3, 10 * PART):
        incoming = await world.receiving.begin(token, offset=at)
        piece = SENT[at : at + size]
        await incoming.take(piece)
        await incoming.acknowledge()
        at += len(piece)
    assert incoming.standing.is_whole
    assert (await world.receiving.look(token)).is_whole


async def test_an_upload_goes_on_where_it_stands_and_nowhere_else(world: RecordWorld) -> None:
    token = await begun(world)
    await world.send(token, SENT[:100], offset=0)
    for offset in (0, 99, 101, len(SENT) + 1):
        with pytest.raises(WrongOffset) as refused:
            await world.receiving.begin(token, offset=offset)
        assert refused.value.received_bytes == 100
    await world.send(token, SENT[100:], offset=100)


async def test_it_can_begin_anew(world: RecordWorld) -> None:
    token = await begun(world)
    await world.send(token, content(500, seed=2), offset=0)
    await world.send(token, SENT)
    assert (await world.receiving.look(token)).is_whole


async def test_more_than_was_announced_is_refused_and_what_came_before_stays(
    world: RecordWorld,
) -> None:
    token = await begun(world)
    incoming = await world.receiving.begin(token, offset=0)
    await incoming.take(SENT[:PART])
    with pytest.raises(UploadTooLong):
        await incoming.take(SENT)
    assert (await world.receiving.look(token)).received_bytes == PART


async def test_a_request_that_was_replaced_adds_nothing(world: RecordWorld) -> None:
    token = await begun(world)
    before = await world.receiving.begin(token, offset=0)
    await before.take(SENT[:10])
    # In another process: nothing here knows of the request before.
    after = await RecordWorld(world.database, world.folder).receiving.begin(token, offset=0)
    with pytest.raises(WriterReplaced):
        await before.acknowledge()
    assert await world.objects() == []
    await after.take(SENT)
    await after.acknowledge()
    assert after.standing.is_whole


async def test_what_a_request_had_taken_is_kept_when_the_next_one_comes(
    world: RecordWorld,
) -> None:
    token = await begun(world)
    before = await world.receiving.begin(token, offset=0)
    await before.take(SENT[:10])
    assert (await world.receiving.look(token)).received_bytes == 10
    for more in (before.take(SENT[10:20]), before.acknowledge()):
        with pytest.raises(WriterReplaced):
            await more
    again = await world.receiving.begin(token, offset=10)
    await again.take(SENT[10:])
    after = await world.receiving.begin(token, offset=len(SENT))
    assert after.standing.is_whole


async def test_what_has_to_add_up_is_not_kept_before_it_does(world: RecordWorld) -> None:
    token = await begun(world)
    before = await world.receiving.begin(token, offset=0)
    await before.take(SENT[: PART + 10], acknowledge=False)
    assert (await world.receiving.look(token)).received_bytes == 0
    await before.drop()
    assert await world.objects() == []


async def test_whoever_asks_how_far_it_is_is_told_what_stays_so(world: RecordWorld) -> None:
    token = await begun(world)
    before = await world.receiving.begin(token, offset=0)
    await before.take(SENT[:10])
    elsewhere = RecordWorld(world.database, world.folder).receiving
    assert (await elsewhere.look(token)).received_bytes == 0
    with pytest.raises(WriterReplaced):
        await before.acknowledge()
    assert (await elsewhere.look(token)).received_bytes == 0


async def test_of_many_at_once_one_writes_and_the_others_hear_where_it_stands(
    world: RecordWorld,
) -> None:
    token = await begun(world)
    results = await asyncio.gather(
        *(world.send(token, SENT, offset=0) for _ in range(8)), return_exceptions=True
    )
    assert all(isinstance(each, WriterReplaced | WrongOffset | None) for each in results)
    # None, where each was ended by one that came to a place which was taken by then.
    assert results.count(None) <= 1
    standing = await world.receiving.look(token)
    assert standing.is_whole or None not in results
    if not standing.is_whole:
        offset = standing.received_bytes
        await world.send(token, SENT[offset:], offset=offset)
    assert (await world.receiving.look(token)).is_whole


async def test_what_is_given_up_leaves_nothing(world: RecordWorld) -> None:
    token = await begun(world)
    incoming = await world.receiving.begin(token, offset=0)
    await incoming.take(SENT[: 2 * PART + 5], acknowledge=False)
    assert incoming.standing.received_bytes == 0
    await incoming.drop()
    assert await world.objects() == []
    await world.send(token, SENT, offset=0)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\0", "\ud800"])
async def test_a_secret_that_is_none_opens_nothing(world: RecordWorld, token: str) -> None:
    await begun(world)
    with pytest.raises(UploadGone) as refused:
        await world.receiving.look(token)
    assert not refused.value.expired


async def test_an_address_holds_for_its_time(world: RecordWorld) -> None:
    token = await begun(world)
    world.now += timedelta(hours=6) - timedelta(seconds=1)
    await world.receiving.look(token)
    world.now += timedelta(seconds=1)
    for use in (
        world.receiving.look(token),
        world.receiving.begin(token, offset=0),
        world.receiving.terminate(token, NOWHERE),
    ):
        with pytest.raises(UploadGone) as refused:
            await use
        assert refused.value.expired


async def test_a_complete_upload_takes_nothing_more(world: RecordWorld) -> None:
    announced = await world.announce(file_of(SENT))
    assert announced.upload is not None
    token = announced.upload.token
    late = await RecordWorld(world.database, world.folder).receiving.begin(token, offset=0)
    await world.send(token, SENT)
    await world.complete(announced.record.id)
    with pytest.raises(UploadGone):
        await world.receiving.look(token)
    await late.take(SENT[:5])
    with pytest.raises(WriterReplaced):
        await late.acknowledge()


async def test_the_secret_and_the_name_are_kept_nowhere(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    token = await begun(world)
    await world.send(token, SENT)
    for table in ("patients", "records", "record_uploads", "record_parts", "audit_events"):
        text = str(await owner.fetch(f"SELECT t::text FROM {table} t"))
        assert text != "[]"
        assert token not in text
        assert token.encode().hex() not in text
        assert "Befund" not in text
        assert b"Befund".hex() not in text
