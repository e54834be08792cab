"""The seeds: some hundred answers, published by the service's own steps."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.data import templates
from bench.data.words import HOBBIES, OCCUPATIONS, PLACES
from navis_api.content.bundle import BundleCancer, BundleFolder, BundleHead, write_part
from navis_api.content.service import import_bundle
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.questions.indexing import add_search_words

PUBLISHED_AT = datetime(2025, 11, 1, 12, tzinfo=UTC)
"""When every seed was published; what is made of them follows."""


async def publish_seeds(address: str, *, cancers: int = templates.CANCERS) -> None:
    """Publish the seeds in a migrated database, and note the words that the others use."""
    database = Database(
        create_app_engine(address, pool_size=1, pool_wait_s=30, command_timeout_s=600)
    )
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _write(folder, templates.cancers(cancers))
            async with database.writing(SYSTEM_ROWS) as session:
                await import_bundle(session, BundleFolder(folder), now=PUBLISHED_AT)
                words = [*OCCUPATIONS, *map(str.lower, PLACES), *HOBBIES]
                await add_search_words(session, words)
    finally:
        await database.close()


def _write(folder: Path, chosen: list[BundleCancer]) -> None:
    write_part(folder / "bundle.json", BundleHead(description="Made up for measuring"))
    write_part(folder / "cancers.json", list(chosen))
    for source in templates.sources(chosen):
        name = source.key.removeprefix("bench:")
        write_part(folder / "sources" / f"{name}.json", source)
    for answer in templates.answers(chosen):
        write_part(folder / "answers" / f"{answer.question.slug}.json", answer)
