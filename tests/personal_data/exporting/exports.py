"""Exporting without HTTP in between."""

from navis_api.identity.viewer import Viewer
from navis_api.personal_data.exporting import service
from navis_api.personal_data.exporting.service import ContentsMode, Export, Exporter
from tests.fhir import Resource, checked
from tests.records.world import RecordWorld

SITE = "https://api.example/export/records/"


def exporter(world: RecordWorld) -> Exporter:
    return Exporter(world.database, world.storage, address_of=lambda id_: f"{SITE}{id_}")


async def begun(
    world: RecordWorld, viewer: Viewer, mode: ContentsMode = ContentsMode.INLINE
) -> Export:
    return await service.begin(world.database, viewer, world.acting(viewer), mode)


async def exported(
    world: RecordWorld, viewer: Viewer, mode: ContentsMode = ContentsMode.INLINE
) -> bytes:
    """The bundle. While it is given nothing is held open."""
    export = await begun(world, viewer, mode)
    pieces: list[bytes] = []
    pool = world.database.engine.pool
    async for piece in exporter(world).bundle(export, mode):
        assert pool.checkedout() == 0  # pyright: ignore[reportAttributeAccessIssue]
        pieces.append(piece)
    return b"".join(pieces)


async def resources(
    world: RecordWorld, viewer: Viewer, mode: ContentsMode = ContentsMode.INLINE
) -> list[Resource]:
    return checked(await exported(world, viewer, mode))
