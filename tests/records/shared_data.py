"""Data that others wrote, which stands beside the repository on some machines and isn't in it."""

from pathlib import Path

import pytest

RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"

needs_shared_records = pytest.mark.skipif(
    not (RECORDS / "gold.jsonl").exists(), reason="../shared/data/records isn't on this machine"
)
