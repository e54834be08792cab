"""The corpus of these tests: filled once, since an engine only reads it."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import app_database, copied
from tests.generation.llm.world import CORPUS, Corpus
from tests.sources.corpus import fill


@pytest.fixture(scope="session")
async def corpus(postgres: str, template: str) -> AsyncIterator[Corpus]:
    """A database with the documents of these tests. Nothing may be written to it."""
    async with copied(postgres, template) as address:
        database = app_database(address)
        yield Corpus(database, await fill(database, CORPUS))
        await database.close()
