"""What the tests of generation share."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from tests.sources.corpus import fill


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    """The tests' catalogue, and no documents."""
    return await fill(database, ())
