"""Bundles of content that tests change and take in."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import SAMPLES


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A copy of the sample content that a test may change."""
    return shutil.copytree(SAMPLES, tmp_path / "bundle")
