"""Commands load what they need, when they are typed."""

import subprocess
import sys

import pytest

from tests.cli.typing_commands import typed

TYPED = """
import sys
from navis_api.cli import main
sys.argv = ["navis-api", *sys.argv[1:]]
try:
    main()
finally:
    print("loaded:", *sorted(sys.modules))
"""


def loaded_by(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", TYPED, *arguments], capture_output=True, text=True, check=False
    )
    return set(done.stdout.rpartition("loaded:")[2].split())


@pytest.mark.parametrize("command", [["content", "--help"], ["partners", "--help"]])
def test_a_command_that_serves_nothing_loads_no_server(command: list[str]) -> None:
    loaded = loaded_by(*command)
    assert "navis_api.db.sessions" in loaded
    assert not loaded & {"navis_api.app", "navis_api.worker", "navis_api.graphql", "strawberry"}


def test_what_is_no_command_loads_none() -> None:
    loaded = loaded_by("sev")
    assert "navis_api.cli.commands" in loaded
    assert "navis_api.settings" not in loaded


def test_what_was_probably_meant_is_said() -> None:
    done = typed(["sev"], {})
    assert done.returncode == 2
    assert "'serve'" in done.stderr
