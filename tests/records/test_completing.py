"""Completing: what arrived is read once more, and is the file that was announced or isn't."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from navis_api.kit.ids import new_id
from navis_api.records import completing
from navis_api.records.completing import check, find_arrived
from navis_api.records.contents import contents_of, read_contents
from navis_api.records.errors import RecordUnknown, UploadIncomplete, UploadOver
from navis_api.records.models import RecordFailure, RecordState
from navis_api.records.sealing.errors import KeyGone, SealBroken
from tests.records.conftest import Jobs
from tests.records.world import OTHER, PART, PATIENT, RecordWorld, content, file_of

SENT = content(2 * PART + 100)


async def read(world: RecordWorld, record_id: UUID) -> bytes:
    async with world.database.reading(PATIENT.rows) as session:
        contents = await contents_of(session, await world.row(record_id))
    return b"".join([part async for part in read_contents(world.storage, contents)])


async def test_what_was_sent_is_kept_sealed_and_scanned(world: RecordWorld, jobs: Jobs) -> None:
    record_id = await world.uploaded(SENT)
    row = await world.row(record_id)
    ids = row.patient_id.bytes + row.id.bytes
    assert await jobs() == [("scan-record", ids), ("tidy-record", ids)]
    assert await read(world, record_id) == SENT
    stored = b"".join([path.read_bytes() for path in await world.objects()])
    assert all(SENT[at : at + 32] not in stored for at in range(0, len(SENT), 4_096))


async def test_completing_twice_changes_nothing(world: RecordWorld, jobs: Jobs) -> None:
    record_id = await world.uploaded(SENT)
    again = await asyncio.gather(*(world.complete(record_id) for _ in range(4)))
    assert {each.state for each in again} == {RecordState.SCANNING}
    assert len(await jobs()) == 2


async def test_what_is_not_all_there_is_not_complete(world: RecordWorld, jobs: Jobs) -> None:
    announced = await world.announce(file_of(SENT))
    assert announced.upload is not None
    await world.send(announced.upload.token, SENT[:70_000])
    with pytest.raises(UploadIncomplete) as refused:
        await world.complete(announced.record.id)
    assert refused.value.received_bytes == 70_000
    assert (await world.row(announced.record.id)).state is RecordState.UPLOADING
    assert await jobs() == []


async def test_another_file_than_was_announced_ends_as_failed(
    world: RecordWorld, jobs: Jobs
) -> None:
    announced = await world.announce(file_of(SENT, sha256=hashlib.sha256(b"x").hexdigest()))
    assert announced.upload is not None
    await world.send(announced.upload.token, SENT)
    record = await world.complete(announced.record.id)
    assert record.state is RecordState.FAILED
    assert record.failure == RecordFailure.HASH_MISMATCH
    assert [task for task, _ in await jobs()] == ["tidy-record"]
    with pytest.raises(UploadOver):
        await world.complete(announced.record.id)


async def test_what_is_sent_anew_meanwhile_is_not_complete(world: RecordWorld) -> None:
    announced = await world.announce(file_of(SENT))
    assert announced.upload is not None
    await world.send(announced.upload.token, SENT)
    async with world.database.reading(PATIENT.rows) as session:
        sent = await find_arrived(session, announced.record.id)
    assert sent is not None
    arrived = await check(world.storage, sent)
    await world.send(announced.upload.token, content(len(SENT), seed=3))
    async with world.database.writing(PATIENT.rows) as session:
        with pytest.raises(UploadIncomplete):
            await completing.complete(session, announced.record.id, arrived, world.acting())


async def test_nobody_else_completes_or_deletes(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    await world.uploaded(SENT, OTHER)
    for someone in (world.complete, world.delete):
        with pytest.raises(RecordUnknown):
            await someone(record_id, OTHER)
        with pytest.raises(RecordUnknown):
            await someone(new_id())
    assert (await world.row(record_id)).state is RecordState.SCANNING


async def test_a_deleted_record_keeps_nothing(world: RecordWorld, jobs: Jobs) -> None:
    record_id = await world.uploaded(SENT)
    for _ in range(2):
        view = await world.delete(record_id)
        assert (view.state, view.filename, view.size_bytes) == (RecordState.DELETED, "", 0)
    row = await world.row(record_id)
    kept = (row.filename_sealed, row.media_type, row.size_bytes, row.sha256)
    assert kept == (None, None, None, None)
    assert [task for task, _ in await jobs()].count("tidy-record") == 2


def damage(path: Path) -> None:
    broken = bytearray(path.read_bytes())
    broken[len(broken) // 2] ^= 1
    path.write_bytes(broken)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4_000])


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


@pytest.mark.parametrize("harm", [damage, cut, lengthen, Path.unlink])
async def test_whatever_is_done_to_an_object_is_found(
    world: RecordWorld, harm: Callable[[Path], None]
) -> None:
    record_id = await world.uploaded(SENT)
    for path in await world.objects():
        before = path.read_bytes()
        harm(path)
        with pytest.raises(SealBroken):
            await read(world, record_id)
        path.write_bytes(before)
    assert await read(world, record_id) == SENT


async def test_objects_can_not_stand_for_each_other(world: RecordWorld) -> None:
    same = content(2 * PART)
    first = await world.uploaded(same)
    second = await world.uploaded(same)
    others = await world.uploaded(same, OTHER)
    found = {
        id_: [path for path in await world.objects() if str(id_) in str(path)]
        for id_ in (first, second, others)
    }
    one, two = found[first]
    for stranger in (two, found[second][0], found[others][0]):
        before = one.read_bytes()
        one.write_bytes(stranger.read_bytes())
        with pytest.raises(SealBroken):
            await read(world, first)
        one.write_bytes(before)
    assert await read(world, first) == same


async def test_the_end_can_not_be_left_out_not_even_by_who_writes_the_rows(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    record_id = await world.uploaded(SENT)
    await owner.execute("DELETE FROM record_parts WHERE number = 2")
    with pytest.raises(SealBroken):
        await read(world, record_id)
    await owner.execute("ALTER TABLE records DISABLE TRIGGER USER")
    await owner.execute("UPDATE records SET size_bytes = $1", 2 * PART)
    with pytest.raises(SealBroken):
        await read(world, record_id)


async def test_without_the_key_every_copy_is_unreadable(world: RecordWorld) -> None:
    record_id = await world.uploaded(SENT)
    row = await world.row(record_id)
    await world.storage.keys.destroy(row.patient_id)
    with pytest.raises(KeyGone):
        await read(world, record_id)
    # Whoever comes back gets no other key under the same id, which would hide the loss.
    with pytest.raises(KeyGone):
        await world.announce(file_of(SENT))
