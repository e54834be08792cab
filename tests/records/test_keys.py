"""Patients' keys: wrapped, made once, and gone for good when they are destroyed."""

import asyncio
import shutil
import stat
from pathlib import Path

import orjson
import pytest

from navis_api.kit.ids import new_id
from navis_api.records.sealing.errors import KeyGone, MasterKeyInvalid, StorageAddressInvalid
from navis_api.records.sealing.key_ring import KeyRing
from navis_api.records.sealing.master_key import LocalMasterKey
from navis_api.records.sealing.object_store import Objects
from navis_api.records.sealing.storage import sealed_storage
from navis_api.settings import Settings

PATIENT = new_id()


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def master(tmp_path: Path) -> LocalMasterKey:
    return LocalMasterKey(tmp_path / "keys" / "master.json")


@pytest.fixture
def ring(tmp_path: Path, master: LocalMasterKey) -> KeyRing:
    return KeyRing(Objects.in_folder(tmp_path / "record-keys"), master)


async def test_a_key_is_made_once_however_many_ask(ring: KeyRing) -> None:
    keys = await asyncio.gather(*(ring.make(PATIENT) for _ in range(8)))
    assert len({key.to_bytes() for key in keys}) == 1
    assert (await ring.open(PATIENT)).to_bytes() == keys[0].to_bytes()


async def test_keys_lie_wrapped_and_readable_to_us_only(ring: KeyRing, tmp_path: Path) -> None:
    key = await ring.make(PATIENT)
    files = files_below(tmp_path)
    assert len(files) == 2
    raw = key.to_bytes()[-40:-8]
    assert all(raw not in path.read_bytes() for path in files)
    assert stat.S_IMODE((tmp_path / "keys" / "master.json").stat().st_mode) == 0o600
    for folder in ("keys", "record-keys"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700


async def test_a_destroyed_key_opens_nothing_any_more(ring: KeyRing) -> None:
    sealed = (await ring.make(PATIENT)).seal(b"text", b"")
    await ring.destroy(PATIENT)
    await ring.destroy(PATIENT)
    with pytest.raises(KeyGone):
        await ring.open(PATIENT)
    another = await ring.make(PATIENT)
    with pytest.raises(Exception, match="not what was sealed"):
        another.unseal(sealed, b"")


async def test_a_key_is_wrapped_for_one_patient(ring: KeyRing, tmp_path: Path) -> None:
    await ring.make(PATIENT)
    folder = tmp_path / "record-keys" / "patients"
    other = new_id()
    shutil.copy(folder / str(PATIENT), folder / str(other))
    with pytest.raises(MasterKeyInvalid):
        await ring.open(other)


async def test_another_master_key_opens_nothing(ring: KeyRing, tmp_path: Path) -> None:
    await ring.make(PATIENT)
    (tmp_path / "keys" / "master.json").unlink()
    with pytest.raises(MasterKeyInvalid):
        await ring.open(PATIENT)
    (tmp_path / "keys" / "master.json").write_text("{}")
    with pytest.raises(MasterKeyInvalid):
        await ring.open(PATIENT)


async def test_the_master_key_can_be_renewed(
    ring: KeyRing, master: LocalMasterKey, tmp_path: Path
) -> None:
    key = await ring.make(PATIENT)
    unwrapped = new_id()
    await ring.make(unwrapped)
    master.renew()
    # What the older key wrapped still opens, and new keys are wrapped by the newer one.
    assert (await ring.open(PATIENT)).to_bytes() == key.to_bytes()
    await ring.rewrap(PATIENT)
    master.forget_older()
    assert (await ring.open(PATIENT)).to_bytes() == key.to_bytes()
    with pytest.raises(MasterKeyInvalid):
        await ring.open(unwrapped)
    assert len(orjson.loads((tmp_path / "keys" / "master.json").read_bytes())["key"]) == 1


async def test_two_processes_that_start_at_once_have_one_master_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.json"
    masters = [LocalMasterKey(path) for _ in range(8)]
    wrapped = await asyncio.gather(*(each.wrap(b"key", b"") for each in masters))
    for each in wrapped:
        assert await masters[0].unwrap(each, b"") == b"key"
    assert [each.name for each in path.parent.iterdir()] == ["master.json"]


@pytest.mark.parametrize("address", ["nonsense", "http://example.org/", "s3:", "memory:///"])
def test_an_address_that_is_none_is_refused_without_being_quoted(
    tmp_path: Path, address: str
) -> None:
    settings = Settings(data_dir=tmp_path, objects_url=address)
    with pytest.raises(StorageAddressInvalid, match="NAVIS_OBJECTS_URL") as refused:
        sealed_storage(settings)
    assert address not in str(refused.value).replace("s3://bucket", "")


async def test_folders_are_named_by_setting(tmp_path: Path) -> None:
    storage = sealed_storage(
        Settings(
            data_dir=tmp_path / "data",
            objects_url=f"file://{tmp_path}/objects here",
            keys_url=f"file://{tmp_path}/keys%20here",
            master_key_file=tmp_path / "a key",
        )
    )
    await storage.keys.make(PATIENT)
    await storage.objects.put("a/b", b"x")
    assert (tmp_path / "objects here" / "a" / "b").read_bytes() == b"x"
    assert (tmp_path / "keys here" / "patients" / str(PATIENT)).exists()
    assert (tmp_path / "a key").exists()
