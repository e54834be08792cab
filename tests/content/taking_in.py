"""Taking a bundle of content in."""

from datetime import timedelta
from pathlib import Path

from navis_api.content.bundle import BundleFolder
from navis_api.content.service import Imported, import_bundle
from navis_api.db.sessions import SYSTEM_ROWS, Database
from tests.conftest import SAMPLES_IMPORTED_AT

LATER = SAMPLES_IMPORTED_AT + timedelta(days=1)


async def take_in(database: Database, folder: Path) -> Imported:
    async with database.writing(SYSTEM_ROWS) as session:
        return await import_bundle(session, BundleFolder(folder), now=LATER)
