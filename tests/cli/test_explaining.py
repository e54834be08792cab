"""`ask --explain`: what was read, which reviewed questions there were, and why not."""

import json
from pathlib import Path

import pytest

from tests.cli.typing_commands import typed
from tests.flows.processes import environment


@pytest.fixture
def env(tmp_path: Path, sample_database_url: str) -> dict[str, str]:
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=sample_database_url)


def test_an_explanation_comes_before_the_answer(env: dict[str, str]) -> None:
    done = typed(["ask", "--explain", "stage III colon cancer meaning"], env)

    assert done.returncode == 0
    explained, _, answer = done.stdout.partition("the same question: served")
    assert "stage: iii" in explained
    assert "what is asked: definition" in explained
    assert "What does stage 3 colon cancer mean?" in explained
    assert "[1] " in answer


def test_an_explanation_says_why_an_answer_is_not_served(env: dict[str, str]) -> None:
    done = typed(["ask", "--explain", "--json", "What does stage 2 colon cancer mean?"], env)

    told = json.loads(done.stdout.splitlines()[-1])["explanation"]
    assert told["cancer"] == "colon-cancer"
    assert told["exact"] is None
    assert told["read"]["stage"] == ["ii"]
    considered = {each["slug"]: each for each in told["considered"]}
    near = considered["stage-iii-colon-cancer-meaning"]
    assert near["verdict"] == "DIFFERENT"
    assert near["reasons"] == ["stage: ii here, iii there"]
