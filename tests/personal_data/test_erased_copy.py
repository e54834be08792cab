"""A copy of everything but the keys, made before an erasure, byte by byte, and opened after it.

Whoever has the copy has the database's files and the objects. They may have the keys that are
there now as well, and the master key: the erased patient's is not among them.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from navis_api.db import embedded
from navis_api.db.engine import asyncpg_address
from navis_api.db.migrations import migrate
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.personal_data.erasing.models import Erasure
from navis_api.records import reading
from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.findings import deciding
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.deciding import Decided, FindingDecision
from navis_api.records.sealing import binding
from navis_api.records.sealing.errors import KeyGone, SealBroken
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import local_master_key, object_key
from tests.conftest import app_database
from tests.personal_data.person import Person
from tests.records.world import RecordWorld

FILES = ("Zebrafink", "Wiesel")
KEPT = ("objects", "postgres")


def patient(mark: str) -> Viewer:
    return Viewer(ViewerKind.PATIENT, f"auth0|{mark}")


def written(mark: str) -> bytes:
    """What a patient uploads: two parts and a little."""
    return f"Report of {mark}. ".encode() * 9_000


def finding(mark: str) -> Finding:
    return Finding(
        kind=FindingKind.STAGE_GROUP,
        name="Stage group",
        key="stage_group",
        quote=f"Quoted of {mark}",
        confidence=0.9,
        value="IIIC",
        page=1,
        start=0,
        end=10,
    )


def said(mark: str) -> set[bytes]:
    """What stands in everything that is secret of a patient: each is a sealed text's beginning."""
    return {
        f"{mark} name.pdf".encode(),
        f"Report of {mark}. ".encode(),
        f"Quoted of {mark}".encode(),
        f"Right is {mark}".encode(),
    }


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    """Give the address of a Postgres of its own on a data folder."""

    @contextmanager
    def started() -> Iterator[str]:
        with embedded.start(folder) as server:
            yield server.url

    running = started()
    address = await asyncio.to_thread(running.__enter__)
    try:
        yield address
    finally:
        await asyncio.to_thread(running.__exit__, None, None, None)


@asynccontextmanager
async def opened(folder: Path, address: str) -> AsyncIterator[RecordWorld]:
    database = app_database(address)
    yield RecordWorld(database, folder)
    await database.close()


async def live(world: RecordWorld, owner: asyncpg.Connection, mark: str) -> None:
    viewer = patient(mark)
    record_id = await world.read(
        written(mark), finding(mark), viewer=viewer, filename=f"{mark} name.pdf"
    )
    finding_id = await owner.fetchval("SELECT id FROM findings WHERE record_id = $1", record_id)
    assert isinstance(finding_id, UUID)
    right = Decided(finding_id, FindingDecision.CORRECT, Correction(value=f"Right is {mark}"))
    async with world.database.writing(viewer.rows) as session:
        await deciding.decide(session, world.storage, [right], world.acting(viewer))


@dataclass
class Thief:
    """Somebody with the copy, and with every key that there is now."""

    address: str
    objects: Path
    keys: list[PatientKey]

    @classmethod
    async def with_keys_of(cls, world: RecordWorld, address: str, copied: Path) -> "Thief":
        folder = world.folder / "record-keys" / "patients"
        master = local_master_key(world.settings)
        keys = [
            PatientKey.from_bytes(
                await master.unwrap(path.read_bytes(), binding.key_of(UUID(path.name)))
            )
            for path in sorted(folder.iterdir())
        ]
        return cls(address, copied / "objects", keys)

    async def read(self) -> list[bytes]:
        """Try every key on everything that is sealed, and return what opens."""
        owner = await asyncpg.connect(asyncpg_address(self.address))
        try:
            return [
                plain
                for sealed, bound_to in await self._sealed(owner)
                for plain in self._opened(sealed, bound_to)
            ]
        finally:
            await owner.close()

    async def _sealed(self, owner: asyncpg.Connection) -> list[tuple[bytes, bytes]]:
        found: list[tuple[bytes, bytes]] = [
            (row["filename_sealed"], binding.filename_of(row["patient_id"], row["id"]))
            for row in await owner.fetch("SELECT * FROM records WHERE filename_sealed IS NOT NULL")
        ]
        for row in await owner.fetch("SELECT * FROM findings"):
            ids = (row["patient_id"], row["record_id"], row["id"])
            found.append((row["content_sealed"], binding.finding_of(*ids)))
            found.append((row["correction_sealed"], binding.correction_of(*ids)))
        parts = await owner.fetch(
            "SELECT p.*, r.size_bytes AS whole, r.sha256 FROM record_parts p"
            " JOIN records r ON (r.patient_id, r.id) = (p.patient_id, p.record_id)"
        )
        for row in parts:
            place = self.objects / object_key(row["patient_id"], row["record_id"], row["id"])
            bound_to = binding.part_of(
                row["patient_id"],
                row["record_id"],
                number=row["number"],
                start=row["start"],
                size_bytes=row["whole"],
                sha256=row["sha256"],
            )
            found.append((await asyncio.to_thread(place.read_bytes), bound_to))
        return found

    def _opened(self, sealed: bytes, bound_to: bytes) -> Iterator[bytes]:
        for key in self.keys:
            try:
                yield key.unseal(sealed, bound_to)
            except SealBroken:
                continue


def shown(plain: list[bytes], mark: str) -> set[bytes]:
    """What of a patient's secrets stands in what was opened."""
    return {each for each in said(mark) if any(each in text for text in plain)}


def copy(source: Path, target: Path) -> None:
    """Copy the files of a server that has stopped, with their owners, and no key."""
    target.mkdir()
    for name in KEPT:
        subprocess.run(["cp", "-a", source / name, target / name], check=True)
    # The server's own password, and that it was set up, stand beside its files.
    for path in source.iterdir():
        if path.is_file():
            subprocess.run(["cp", "-a", path, target / path.name], check=True)


def raw_bytes(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.read_bytes()


async def test_a_copy_from_before_opens_with_no_key_that_is_left(tmp_path: Path) -> None:
    erased, kept = FILES
    data, copied = tmp_path / "data", tmp_path / "copied"
    async with served(data) as address:
        await migrate(address)
        owner = await asyncpg.connect(asyncpg_address(address))
        async with opened(data, address) as world:
            for mark in FILES:
                await live(world, owner, mark)
        # So that what was written lies in the tables' files, and not in the log alone.
        await owner.execute("CHECKPOINT")
        await owner.close()
    await asyncio.to_thread(copy, data, copied)

    async with (
        served(copied) as stolen_address,
        served(data) as address,
        opened(data, address) as world,
    ):
        # Before: whoever has it all reads it all, in the copy as in the original.
        before = await (await Thief.with_keys_of(world, stolen_address, copied)).read()
        assert shown(before, erased) == said(erased)
        assert shown(before, kept) == said(kept)
        assert len(before) == 2 * (1 + 2 + 3)

        erasure = await erase(world, erased)
        assert erasure.key_destroyed_at is not None

        after = await (await Thief.with_keys_of(world, stolen_address, copied)).read()
        assert shown(after, erased) == set()
        assert shown(after, kept) == said(kept)
        assert len(after) == 1 + 2 + 3

        await restored(world, copied, stolen_address, mark=erased)
    # And what is secret stands nowhere in the copy as it is: no page, no log, no object.
    for content in raw_bytes(copied):
        assert not any(each in content for mark in FILES for each in said(mark))


async def erase(world: RecordWorld, mark: str) -> Erasure:
    owner = await asyncpg.connect(asyncpg_address(address_of(world)))
    try:
        return await Person(patient(mark), world, owner).erased()
    finally:
        await owner.close()


def address_of(world: RecordWorld) -> str:
    return world.database.engine.url.render_as_string(hide_password=False)


async def restored(world: RecordWorld, copied: Path, address: str, *, mark: str) -> None:
    """Our own code on the copy, with the keys of today, as after a backup was restored."""
    for name in ("record-keys", "keys"):
        (copied / name).symlink_to(world.folder / name)
    async with opened(copied, address) as restored_world:
        viewer = patient(mark)
        record_id = await list_only(restored_world, viewer)
        async with restored_world.database.writing(viewer.rows) as session:
            with pytest.raises(KeyGone):
                await reading.read_one(
                    session, restored_world.storage, record_id, restored_world.acting(viewer)
                )
    for name in ("record-keys", "keys"):
        (copied / name).unlink()


async def list_only(world: RecordWorld, viewer: Viewer) -> UUID:
    owner = await asyncpg.connect(asyncpg_address(address_of(world)))
    try:
        found = await owner.fetchval(
            "SELECT r.id FROM records r JOIN patients p ON p.id = r.patient_id"
            " WHERE p.subject = $1",
            viewer.subject,
        )
        assert isinstance(found, UUID)
        return found
    finally:
        await owner.close()
