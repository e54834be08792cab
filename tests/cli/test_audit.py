"""`navis-api audit`, as it is typed."""

import json
from pathlib import Path

import asyncpg
import pytest

from navis_api.db.sessions import Database
from tests.audit.records import record_many
from tests.cli.typing_commands import typed
from tests.flows.processes import environment

ROWS = 50


@pytest.fixture
async def env(tmp_path: Path, database_url: str, database: Database) -> dict[str, str]:
    await record_many(database, ROWS)
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=database_url)


def test_a_whole_record_gives_a_head_to_keep(env: dict[str, str]) -> None:
    first = typed(["audit", "verify"], env)
    again = typed(["audit", "verify", "--json"], env)
    report = json.loads(again.stdout)
    assert (first.returncode, again.returncode) == (0, 0)
    assert report == {
        "whole": True,
        "rows": ROWS,
        "head": report["head"],
        "breakCount": 0,
        "breaks": [],
    }
    assert f"{ROWS} rows, whole." in first.stdout
    assert report["head"] in first.stdout
    assert typed(["audit", "verify", "--head", report["head"]], env).returncode == 0


async def test_a_broken_record_exits_with_seven_and_names_the_row(
    env: dict[str, str], owner: asyncpg.Connection
) -> None:
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    await owner.execute("UPDATE audit_events SET actor = 'somebody' WHERE sequence = 20")
    told = typed(["audit", "verify"], env)
    as_json = typed(["audit", "verify", "--json"], env)
    assert (told.returncode, as_json.returncode) == (7, 7)
    assert "CHANGED: row 20 (2026-11-21T12:00:19.000020Z)" in told.stdout
    assert "somebody" not in told.stdout
    # A broken record's end is nothing to keep.
    assert "Head" not in told.stdout
    (found,) = json.loads(as_json.stdout)["breaks"]
    assert (found["kind"], found["first"], found["last"]) == ("CHANGED", 20, 20)


def test_a_head_that_is_none_is_said(env: dict[str, str]) -> None:
    done = typed(["audit", "verify", "--head", "20"], env)
    assert done.returncode == 2
    assert "hexadecimal" in done.stderr


async def test_an_export_can_be_verified_without_the_database(
    env: dict[str, str], tmp_path: Path, owner: asyncpg.Connection
) -> None:
    path = tmp_path / "audit.jsonl"
    done = typed(["audit", "export", "--output", str(path)], env)
    elsewhere = environment(tmp_path / "none", NAVIS_DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    verified = typed(["audit", "verify", "--file", str(path)], elsewhere)

    assert (done.returncode, verified.returncode) == (0, 0)
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == ROWS + 1
    # That the record was read is its newest row.
    assert json.loads(lines[-1])["action"] == "audit.export"
    assert json.loads(lines[-1])["actor_kind"] == "OPERATOR"
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == ROWS + 1
    assert path.stat().st_mode & 0o077 == 0

    path.write_bytes(b"".join([*lines[:9], *lines[10:]]))
    broken = typed(["audit", "verify", "--file", str(path)], elsewhere)
    assert broken.returncode == 7
    assert "MISSING: row 10:" in broken.stdout


def test_a_time_is_exported_to_standard_output(env: dict[str, str]) -> None:
    done = typed(
        ["audit", "export", "--since", "2026-11-21T12:00:10", "--until", "2026-11-21 12:00:20"], env
    )
    assert done.returncode == 0
    assert [json.loads(line)["sequence"] for line in done.stdout.splitlines()] == list(
        range(11, 21)
    )


def test_a_file_that_is_there_is_not_written_over(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_text("something dear")
    done = typed(["audit", "export", "--output", str(path)], env)
    assert done.returncode == 2
    assert path.read_text() == "something dear"


@pytest.mark.parametrize("text", ["", "something else\n"])
def test_a_file_that_is_no_export_is_said(env: dict[str, str], tmp_path: Path, text: str) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_text(text)
    for name in (str(path), str(tmp_path / "none")):
        done = typed(["audit", "verify", "--file", name], env)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
