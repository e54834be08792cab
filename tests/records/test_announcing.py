"""Announcing a file: what is refused, what is limited, and what a repeated request gives."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from navis_api.errors import InvalidInput
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records.announced import MAX_FILENAME_CHARS
from navis_api.records.errors import PatientsOnly, UploadKeyUsed, UploadLimit, UploadsClosed
from navis_api.records.models import RecordState
from navis_api.records.receiving_errors import UploadGone
from navis_api.settings import Settings
from tests.records.world import OTHER, RecordWorld, content, file_of

FILE = file_of(content(1_000))


async def test_an_announced_file_can_be_uploaded(world: RecordWorld) -> None:
    announced = await world.announce(FILE)
    assert announced.record.state is RecordState.UPLOADING
    assert announced.record.filename == FILE.filename
    assert announced.upload is not None
    assert announced.upload.expires_at == world.now + timedelta(hours=6)
    standing = await world.receiving.look(announced.upload.token)
    assert (standing.received_bytes, standing.size_bytes) == (0, 1_000)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"filename": ""}, "filename"),
        ({"filename": " "}, "filename"),
        ({"filename": ".."}, "filename"),
        ({"filename": "x" * (MAX_FILENAME_CHARS + 1)}, "filename"),
        ({"filename": "../../etc/passwd"}, "filename"),
        ({"filename": "C:\\secret.pdf"}, "filename"),
        ({"filename": "a\0b"}, "filename"),
        ({"filename": "a\nb"}, "filename"),
        ({"filename": "a\ud800b"}, "filename"),
        ({"media_type": "application/zip"}, "mediaType"),
        ({"media_type": "my own words"}, "mediaType"),
        ({"size_bytes": 0}, "sizeBytes"),
        ({"size_bytes": -1}, "sizeBytes"),
        ({"size_bytes": 2**31 - 1}, "sizeBytes"),
        ({"sha256": "0" * 63}, "sha256"),
        ({"sha256": "g" * 64}, "sha256"),
        ({"idempotency_key": ""}, "idempotencyKey"),
        ({"idempotency_key": "k" * 201}, "idempotencyKey"),
    ],
)
def test_what_can_not_be_is_refused_and_not_quoted(changed: dict[str, object], field: str) -> None:
    file = replace(FILE, **changed)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidInput) as refused:
        file.checked(max_bytes=2**30)
    assert refused.value.path == ("input", field)
    quoted = [str(value) for value in changed.values() if len(str(value)) > 3]
    assert not any(value in refused.value.message for value in quoted)


async def test_of_what_is_refused_nothing_is_stored(
    world: RecordWorld, owner: asyncpg.Connection
) -> None:
    with pytest.raises(InvalidInput):
        await world.announce(replace(FILE, filename="a/b"))
    for table in ("patients", "records", "record_uploads", "audit_events"):
        assert await owner.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_media_type_is_kept_in_one_form(world: RecordWorld) -> None:
    announced = await world.announce(replace(FILE, media_type="Text/Plain; charset=utf-8"))
    assert announced.record.media_type == "text/plain"


@pytest.mark.parametrize("kind", [kind for kind in ViewerKind if kind is not ViewerKind.PATIENT])
async def test_records_are_for_patients(world: RecordWorld, kind: ViewerKind) -> None:
    viewer = Viewer(kind, None if kind is ViewerKind.ANONYMOUS else "somebody")
    with pytest.raises(PatientsOnly):
        await world.announce(FILE, viewer)


async def test_production_takes_nothing_that_nobody_scans(world: RecordWorld) -> None:
    world.changed = {"environment": "production"}
    world.__post_init__()
    with pytest.raises(UploadsClosed):
        await world.announce(FILE)
    assert Settings(
        environment="production",  # pyright: ignore[reportArgumentType]
        clamd_address="scanner:3310",
    ).takes_records


async def test_the_same_key_gives_the_same_record_under_a_new_address(world: RecordWorld) -> None:
    file = replace(FILE, idempotency_key="a key")
    first, again = await world.announce(file), await world.announce(file)
    assert first.record == again.record
    assert first.upload is not None
    assert again.upload is not None
    with pytest.raises(UploadGone):
        await world.receiving.look(first.upload.token)
    assert (await world.receiving.look(again.upload.token)).size_bytes == 1_000
    for changed in ({"filename": "other.pdf"}, {"size_bytes": 999}, {"sha256": "0" * 64}):
        with pytest.raises(UploadKeyUsed):
            await world.announce(replace(file, **changed))  # pyright: ignore[reportArgumentType]
    # It is this patient's key: somebody else's is another.
    assert (await world.announce(file, OTHER)).record.id != first.record.id


async def test_a_key_says_that_everything_arrived_already(world: RecordWorld) -> None:
    sent = content(1_000)
    record_id = await world.uploaded(sent, idempotency_key="a key")
    again = await world.announce(file_of(sent, idempotency_key="a key"))
    assert again.record.id == record_id
    assert again.upload is None


async def test_a_key_is_free_again_after_a_day_and_when_its_record_is_over(
    world: RecordWorld,
) -> None:
    file = replace(FILE, idempotency_key="a key")
    first = await world.announce(file)
    await world.delete(first.record.id)
    second = await world.announce(file)
    assert second.record.id != first.record.id
    world.now += timedelta(hours=24)
    third = await world.announce(file)
    assert third.record.id != second.record.id


async def test_there_is_a_limit_to_uploads_that_are_not_complete(world: RecordWorld) -> None:
    world.changed = {"max_open_uploads": 2}
    world.__post_init__()
    one = await world.announce(FILE)
    await world.announce(FILE)
    with pytest.raises(UploadLimit):
        await world.announce(FILE)
    await world.announce(FILE, OTHER)
    await world.delete(one.record.id)
    await world.announce(FILE)


async def test_there_is_a_limit_to_what_one_patient_has(world: RecordWorld) -> None:
    world.changed = {"max_patient_bytes": 2_500}
    world.__post_init__()
    first = await world.uploaded(content(1_000))
    await world.announce(FILE)
    with pytest.raises(UploadLimit):
        await world.announce(FILE)
    await world.announce(FILE, OTHER)
    await world.delete(first)
    await world.announce(FILE)
