"""Whoever loads the tables loads those of every room."""

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "navis_api"
LOADED = "import sys, navis_api.tables; print(*sys.modules)"


def test_no_room_is_forgotten() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    rooms = {
        ".".join(("navis_api", *path.relative_to(PACKAGE).with_suffix("").parts))
        for path in PACKAGE.rglob("*models.py")
    }
    assert len(rooms) > 15
    assert rooms - set(done.stdout.split()) == set()
