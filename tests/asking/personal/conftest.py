from pathlib import Path

import pytest

from navis_api.db.sessions import Database
from tests.asking.personal.world import PersonalWorld


@pytest.fixture
def world(sample_database: Database, tmp_path: Path) -> PersonalWorld:
    return PersonalWorld(sample_database, tmp_path)
