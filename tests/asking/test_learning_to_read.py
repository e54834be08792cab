"""No asker waits for rules that are still on the disk."""

import subprocess
import sys

ASKS_AFTERWARDS = """
import sys
from pathlib import Path

import navis_api.app
from navis_api.asking.asked import AskQuestion
from navis_api.asking.understanding import learn_to_read, understood
from navis_api.questions.sameness.reading import read_slots
from tests.questions.sample_catalogue import sample_catalogue

catalogue = sample_catalogue()
opened = []
ours = str(Path(navis_api.app.__file__).parent)
sys.addaudithook(
    lambda event, of: opened.append(of[0]) if event == "open" and ours in str(of[0]) else None
)
learn_to_read()
assert any(str(name).endswith("phrasing.json") for name in opened), "it reads nothing"
opened.clear()
for text in ("My liver cancer came back - what now?", "How long does chemo for lung cancer last?"):
    asked = AskQuestion(text)
    asked.notices(text)
    read_slots(text, understood(asked, text, catalogue).cancer, catalogue)
sys.exit(f"read for the first question: {opened}" if opened else 0)
"""


def test_a_process_has_read_all_rules_before_it_serves() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKS_AFTERWARDS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
