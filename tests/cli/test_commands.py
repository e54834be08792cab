"""Commands as they are typed: what they print, and their exit codes."""

import asyncio
import gzip
import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from navis_api.cli import asking
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.models import Generation
from tests.cli.typing_commands import typed
from tests.flows.processes import environment
from tests.flows.silent_proxy import proxy_to
from tests.generation.world import NEW_QUESTION
from tests.waiting import PATIENCE_S


@pytest.fixture
def env(tmp_path: Path, sample_database_url: str) -> dict[str, str]:
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=sample_database_url)


def document(number: int) -> str:
    return json.dumps(
        {
            "url": f"https://example.org/{number}",
            "title": f"Liver cancer, part {number}",
            "publisher": "Example",
            "licence": "CC0-1.0",
            "markdown": f"## About\n\nThis is part {number} of a made-up text on liver cancer.",
        }
    )


def imported(env: dict[str, str], path: Path, kind: str) -> tuple[int, dict[str, int], str]:
    done = typed(["sources", "import", str(path), "--format", kind, "--json"], env)
    return done.returncode, json.loads(done.stdout), done.stderr


def test_importing_twice_changes_nothing(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "some documents.jsonl"
    path.write_text("\n".join(document(number) for number in range(5)))

    assert imported(env, path, "jsonl")[:2] == (
        0,
        {"added": 5, "updated": 0, "unchanged": 0, "broken": 0},
    )
    assert imported(env, path, "jsonl")[:2] == (
        0,
        {"added": 0, "updated": 0, "unchanged": 5, "broken": 0},
    )


def test_a_broken_line_is_named_and_costs_only_itself(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl.gz"
    lines = [document(0), document(1)[:-20], document(2), "[]", document(3)]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))

    code, counts, errors = imported(env, path, "jsonl")

    assert code == 5
    assert counts == {"added": 3, "updated": 0, "unchanged": 0, "broken": 2}
    assert "broken.jsonl.gz:2:" in errors
    assert "broken.jsonl.gz:4:" in errors


def test_a_truncated_archive_keeps_what_came_before(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    whole = gzip.compress("\n".join(document(number) for number in range(2_000)).encode())
    path.write_bytes(whole[: len(whole) // 2])

    code, counts, errors = imported(env, path, "jsonl")

    assert code == 5
    assert counts["added"] > 100
    assert counts["broken"] >= 1
    assert "cut.jsonl.gz:" in errors


def test_a_path_that_is_not_there_is_said(env: dict[str, str], tmp_path: Path) -> None:
    done = typed(["sources", "import", str(tmp_path / "no"), "--format", "medquad"], env)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_corpus_of_medquad_is_imported_whole(
    env: dict[str, str], shared_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "medquad"
    shutil.copytree(shared_data / "medquad", folder)
    broken = next(folder.rglob("0000013_2_3.xml"))
    broken.chmod(0o644)
    broken.write_bytes(broken.read_bytes()[:1_000])

    assert imported(env, shared_data / "medquad", "medquad")[:2] == (
        0,
        {"added": 116, "updated": 0, "unchanged": 0, "broken": 0},
    )
    code, counts, errors = imported(env, folder, "medquad")
    assert (code, counts) == (5, {"added": 0, "updated": 0, "unchanged": 115, "broken": 1})
    assert "0000013_2_3.xml" in errors


def test_asking_prints_an_answer_with_numbered_references(env: dict[str, str]) -> None:
    done = typed(["ask", "What can be done when liver cancer comes back after treatment?"], env)

    assert done.returncode == 0
    assert "No clinician has reviewed it" in done.stdout
    assert "[1] " in done.stdout
    assert "https://www.cancer.gov/" in done.stdout
    assert "not medical advice" in done.stdout


def test_asking_exits_with_what_came_of_it(env: dict[str, str]) -> None:
    declined = typed(["ask", "Does wearing magnets in my shoes cure liver cancer"], env)
    unknown = typed(["ask", "It came back, what now?"], env)
    unnamed = typed(["ask", "What now?", "--cancer", "no-such-cancer"], env)

    assert declined.returncode == 3
    assert "[1]" not in declined.stdout
    assert unknown.returncode == 2
    assert "Which cancer" in unknown.stderr
    assert unnamed.returncode == 2


def test_the_json_of_an_answer_quotes_its_sources(env: dict[str, str]) -> None:
    done = typed(["ask", "--json", "Can my colon cancer be stage III?"], env)
    reviewed = typed(
        ["ask", "--json", "What can be done when liver cancer comes back after treatment?"], env
    )

    assert json.loads(done.stdout)["outcome"] in {"GENERATING", "ABSTAINED"}
    answer = json.loads(reviewed.stdout)
    assert answer["reviewed"] is True
    claims = [claim for section in answer["sections"] for claim in section["claims"]]
    assert claims
    assert all(claim["citations"][0]["quote"] for claim in claims)


def test_content_comes_out_and_goes_in_again(
    env: dict[str, str], tmp_path: Path, database_url: str
) -> None:
    folder = tmp_path / "bundle"

    out = typed(["content", "export", str(folder)], env)
    again = typed(["content", "export", str(folder)], env)
    elsewhere = env | {"NAVIS_DATABASE_URL": database_url}
    back = typed(["content", "import", str(folder)], elsewhere)
    samples = typed(["content", "import", "--sample"], elsewhere)

    assert out.returncode == back.returncode == samples.returncode == 0
    assert again.returncode == 2
    assert "17 answers" in back.stdout
    assert "0 cancers" in samples.stdout
    assert "0 answers" in samples.stdout


def test_the_schema_is_printed_as_it_is_committed(env: dict[str, str]) -> None:
    done = typed(["schema"], env)

    committed = Path(__file__).parents[2] / "schema.graphql"
    assert done.stdout == committed.read_text()


def test_a_setting_that_is_wrong_is_named(tmp_path: Path) -> None:
    done = typed(["serve"], environment(tmp_path, NAVIS_PORT="eighty"))

    assert done.returncode == 1
    assert "NAVIS_PORT" in done.stderr
    assert "Traceback" not in done.stderr


async def test_asking_ends_where_the_database_goes_away_meanwhile(
    tmp_path: Path,
    sample_database_url: str,
    sample_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "_AWAY_S", 0.5)
    address = make_url(sample_database_url)
    async with proxy_to(address.port or 5432) as proxy:
        through = address.set(host="127.0.0.1", port=proxy.port)
        env = environment(
            tmp_path, NAVIS_DATABASE_URL=through.render_as_string(hide_password=False)
        )
        asked = asyncio.create_task(asyncio.to_thread(typed, ["ask", NEW_QUESTION], env))
        generations = 0
        while not generations:
            await asyncio.sleep(0.005)
            async with sample_database.reading(SYSTEM_ROWS) as session:
                generations = await session.scalar(select(func.count()).select_from(Generation))
        proxy.target_port = 1
        await proxy.stop()
        done = await asyncio.wait_for(asked, PATIENCE_S)
    assert done.returncode == 1
    assert "Try again" in done.stderr
