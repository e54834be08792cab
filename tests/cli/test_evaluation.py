"""`navis-api eval`, as it is typed: files of cases in, figures out."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.typing_commands import typed
from tests.flows.processes import environment


@pytest.fixture
def env(tmp_path: Path, sample_database_url: str) -> dict[str, str]:
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=sample_database_url)


def measured(
    env: dict[str, str], folder: Path, kind: str, *cases: dict[str, Any]
) -> dict[str, Any]:
    path = folder / f"{kind}.jsonl"
    path.write_text("\n".join(map(json.dumps, cases)))
    done = typed(["eval", kind, str(path), "--json"], env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_reuse(env: dict[str, str], tmp_path: Path) -> None:
    figures = measured(
        env,
        tmp_path,
        "reuse",
        {
            "id": "same",
            "a": "What are the treatment options for stage III colon cancer?",
            "b": "what are the treatment options for stage 3 colon cancer",
            "same": True,
        },
        {
            "id": "other stage",
            "a": "What are the treatment options for stage III colon cancer?",
            "b": "What are the treatment options for stage II colon cancer?",
            "same": False,
        },
    )
    assert (figures["served"], figures["false_hits"]) == (1, 0)
    assert (figures["precision"], figures["recall"]) == (1.0, 1.0)


def test_retrieval(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_text(
        "\n".join(
            json.dumps(
                {
                    "url": f"https://example.org/{name}",
                    "title": f"{name} cancer",
                    "publisher": "Example",
                    "licence": "CC0-1.0",
                    "markdown": f"## Signs\n\nA made-up sign of {name} cancer is {sign}.",
                }
            )
            for name, sign in (("liver", "hiccups at night"), ("kidney", "a taste of copper"))
        )
    )
    assert typed(["sources", "import", str(path), "--format", "jsonl"], env).returncode == 0
    figures = measured(
        env,
        tmp_path,
        "retrieval",
        {
            "id": "found",
            "query": "Does kidney cancer give a taste of copper?",
            "relevant_urls": ["https://example.org/kidney"],
        },
        {
            "id": "not there",
            "query": "Does kidney cancer give a taste of copper?",
            "relevant_urls": ["https://example.org/elsewhere"],
        },
    )
    assert (figures["success_at_1"], figures["success_at_5"]) == (0.5, 0.5)


def test_safety(env: dict[str, str], tmp_path: Path) -> None:
    figures = measured(
        env,
        tmp_path,
        "safety",
        {"id": "1", "text": "I can't breathe and my chest hurts", "kind": "EMERGENCY"},
        {"id": "2", "text": "What causes liver cancer?", "kind": "NONE"},
    )
    assert figures["kinds"]["EMERGENCY"]["recall"] == 1.0
    assert figures["kinds"]["NONE"]["false_alarms"] == 0.0


def test_grounding(env: dict[str, str], tmp_path: Path) -> None:
    passage = "About 20 in 100 people with early liver cancer have surgery."
    figures = measured(
        env,
        tmp_path,
        "grounding",
        {
            "id": "1",
            "cancer": "liver-cancer",
            "claim": "About 20 in 100 people with early liver cancer have surgery.",
            "passages": [passage],
            "supported": True,
        },
        {
            "id": "2",
            "cancer": "Liver cancer",
            "claim": "About 60 in 100 people with early liver cancer have surgery.",
            "passages": [{"text": passage, "title": "Liver cancer"}],
            "supported": False,
        },
    )
    assert (figures["precision"], figures["recall"]) == (1.0, 1.0)
    assert figures["refused_of_unsupported"] == 1.0


def test_answers(env: dict[str, str], tmp_path: Path) -> None:
    figures = measured(
        env,
        tmp_path,
        "answers",
        {"id": "1", "text": "How is pancreatic cancer treated?", "expect": "ANSWERABLE"},
        {"id": "2", "text": "What are my options?", "cancer": None, "expect": "ASK_CANCER"},
        {
            "id": "3",
            "text": "Do healing magnets shrink it?",
            "cancer": "pancreatic-cancer",
            "expect": "ABSTAIN",
        },
    )
    assert figures["right"] == 3
    assert figures["exact_quotes"] == 1.0
    assert figures["uncited_claims"] == 0


def test_a_table_shows_the_misses_by_id_and_never_their_words(
    env: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "cases.jsonl"
    case = {"id": "case-7", "text": "Is my sourdough ready?", "kind": "CRISIS"}
    path.write_text(json.dumps(case))
    done = typed(["eval", "safety", str(path)], env)
    assert done.returncode == 0
    assert "case-7" in done.stdout
    assert "sourdough" not in done.stdout + done.stderr


def test_a_database_without_cancers_is_told_of(tmp_path: Path, database_url: str) -> None:
    env = environment(tmp_path / "data", NAVIS_DATABASE_URL=database_url)
    path = tmp_path / "reuse.jsonl"
    path.write_text('{"id": "x", "a": "What is DCIS?", "b": "What is DCIS?", "same": true}')
    done = typed(["eval", "reuse", str(path), "--json"], env)
    assert done.returncode == 0
    assert json.loads(done.stdout)["pairs"] == 1
    assert "navis-api content import --sample" in done.stderr


def test_a_broken_line_ends_it_with_exit_code_2(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "1", "text": "secret words", "kind": "SOMETHING"}')
    done = typed(["eval", "safety", str(path)], env)
    assert done.returncode == 2
    assert "cases.jsonl:1" in done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_extraction(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Stage IIB breast cancer. ER positive. PR negative.")
    path = tmp_path / "gold.jsonl"
    labels = {
        "cancer": ["breast"],
        "stage": {"group": "IIB"},
        "biomarkers": [{"name": "ER", "value": "positive"}, {"name": "HER2", "value": "negative"}],
    }
    cases = [
        {"id": "a", "file": "note.txt", "kind": "free_text", "expected": labels},
        {
            "id": "b",
            "text": "No evidence of cancer.",
            "kind": "free_text",
            "expected": {"cancer": []},
        },
    ]
    path.write_text("\n".join(map(json.dumps, cases)))
    command = ("eval", "extraction", str(path), "--files", str(tmp_path))
    done = typed([*command, "--json"], env)
    assert done.returncode == 0, done.stderr
    overall = json.loads(done.stdout)["overall"]["free_text"]
    assert (overall["tp"], overall["fp"], overall["fn"]) == (3, 1, 1)
    table = typed([*command], env)
    assert "TUMOR_MARKER" in table.stdout
    assert "Stage IIB" not in table.stdout


def test_a_broken_line_of_labels_is_named(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "text": "x", "expected": {}}\n{"id": "b", "expected": ')
    done = typed(["eval", "extraction", str(path), "--files", str(tmp_path)], env)
    assert done.returncode == 2
    assert "gold.jsonl:2" in done.stderr
