"""What reads two texts together keeps to itself what it reads."""

import os
import subprocess
import sys
from pathlib import Path

import onnxruntime

COLLECTOR = b"events.data.microsoft.com"
READING = """
import os

import numpy

before = len(os.listdir("/proc/self/task"))
from navis_api.questions.sameness.side_by_side.reader import side_by_side

side_by_side().scores("What is a biopsy?", ["What happens in a biopsy?"], enough=0)
print(len(os.listdir("/proc/self/task")) - before)
"""


def test_reading_tells_nobody(tmp_path: Path) -> None:
    libraries = list(Path(onnxruntime.__file__).parent.rglob("*.so*"))
    assert libraries
    telling = [each.name for each in libraries if COLLECTOR in each.read_bytes()]
    assert telling == []
    # In a run of tests a library may keep quiet that would speak elsewhere.
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    read = subprocess.run(
        [sys.executable, "-c", READING],
        env=kept | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert read.stdout.split() == ["0"], "a thread that nobody asked for"
    assert list(tmp_path.iterdir()) == []
