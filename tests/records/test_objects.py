"""Objects in a folder, as records and keys are kept without a bucket."""

import os
import shutil
from pathlib import Path

import pytest

from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.records.sealing.object_store import ObjectMissing, Objects


@pytest.mark.parametrize("gone", ["a", "a/b", "a/b/c"])
async def test_what_is_erased_while_it_is_stored_was_stored_and_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    objects = Objects.in_folder(tmp_path)
    held: list[int] = []
    fsync = os.fsync

    def erased_first(descriptor: int) -> None:
        if not held:
            path = tmp_path / gone
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        held.append(descriptor)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", erased_first)
    await objects.put("a/b/c", b"x")
    # The folder that they lie in holds that nothing is left.
    assert len(held) >= 2
    with pytest.raises(ObjectMissing):
        await objects.get("a/b/c")


async def test_what_the_disk_does_not_hold_is_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(StorageUnavailable):
        await Objects.in_folder(tmp_path).put("a", b"x")
