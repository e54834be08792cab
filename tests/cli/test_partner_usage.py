"""`navis-api partners usage` and `partners reconcile`, as they are typed."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from navis_api.db.sessions import Database
from navis_api.identity.viewer import ByKey
from navis_api.kit.clock import utc_now
from navis_api.partners.metering import Meter
from navis_api.partners.models import Partner
from navis_api.partners.usage import Outcome
from tests.cli.typing_commands import typed
from tests.flows.processes import environment
from tests.partners.world import NOON, Partners


@pytest.fixture
def env(tmp_path: Path, database_url: str) -> dict[str, str]:
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=database_url, COLUMNS="120")


@pytest.fixture
async def partner(database: Database) -> Partner:
    return await Partners(database).partner("Clinic")


def noted(meter: Meter, partner: Partner, *uses: tuple[str, Outcome, int]) -> list[Any]:
    with capture_logs() as lines:
        for operation, outcome, points in uses:
            meter.note(ByKey(uuid4(), partner.id, frozenset()), operation, outcome, points)
    return lines


def written(folder: Path, name: str, lines: list[Any]) -> str:
    text = "".join(json.dumps(each) + "\n" for each in lines).encode()
    path = folder / name
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return str(path)


async def test_usage_is_a_table_and_a_chart(
    env: dict[str, str], database: Database, partner: Partner
) -> None:
    meter = Meter(database, utc_now)
    noted(meter, partner, *[("answer", Outcome.SERVED, 7)] * 1_200)
    noted(meter, partner, ("cancers", Outcome.SERVED, 3), ("answer", Outcome.REFUSED, 10))
    await meter.settle()
    shown = typed(["partners", "usage", "clinic"], env)
    assert shown.returncode == 0, shown.stderr
    rows = [[cell.strip() for cell in line.split("│")] for line in shown.stdout.splitlines()]
    assert ["", "answer", "1,200", "1", "8,410", ""] in rows
    assert ["", "all", "1,201", "1", "8,413", ""] in rows
    days = [row for row in rows if len(row) > 1 and row[1].startswith("20")]
    assert len(days) == 30
    assert days[-1][1] == utc_now().date().isoformat()
    assert days[-1][2:5] == ["1,201", "1", "8,413"]
    assert "█" in days[-1][5]
    assert all("█" not in row[5] for row in days[:-1])

    told = typed(["partners", "usage", "--json"], env)
    assert [json.loads(line)["operation"] for line in told.stdout.splitlines()] == [
        "answer",
        "cancers",
    ]


async def test_days_are_chosen(env: dict[str, str], database: Database, partner: Partner) -> None:
    meter = Meter(database, lambda: NOON)
    noted(meter, partner, ("answer", Outcome.SERVED, 7))
    await meter.settle()
    day = NOON.date().isoformat()
    inside = typed(["partners", "usage", "--since", day, "--until", day, "--json"], env)
    assert json.loads(inside.stdout)["day"] == day
    before = typed(["partners", "usage", "--until", "2026-11-20", "--json"], env)
    assert (before.returncode, before.stdout) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["usage", "Nobody"],
        ["usage", "--since", "2026-11-21", "--until", "2026-11-20"],
        ["usage", "--since", "2020-01-01"],
        ["usage", "--since", "yesterday"],
        ["reconcile"],
        ["reconcile", "no-such-file"],
    ],
)
def test_what_cannot_be_done_says_so(env: dict[str, str], arguments: list[str]) -> None:
    found = typed(["partners", *arguments], env)
    assert found.returncode == 2
    assert found.stderr
    assert "Traceback" not in found.stderr


async def test_a_log_is_held_against_the_sums(
    env: dict[str, str], database: Database, partner: Partner, tmp_path: Path
) -> None:
    meter = Meter(database, lambda: NOON)
    summed = noted(meter, partner, ("answer", Outcome.SERVED, 7))
    await meter.settle()
    first = written(tmp_path, "first.log.gz", summed)
    agrees = typed(["partners", "reconcile", first], env)
    assert (agrees.returncode, agrees.stderr) == (0, "")
    assert "The sums are those of the log." in agrees.stdout

    killed = Meter(database, lambda: NOON)
    second = written(tmp_path, "second.log", noted(killed, partner, ("answer", Outcome.SERVED, 7)))
    differs = typed(["partners", "reconcile", first, second], env)
    assert differs.returncode == 9
    assert "1 are not in the sums." in differs.stdout
    added = typed(["partners", "reconcile", first, second, "--add", "--json"], env)
    assert added.returncode == 0, added.stdout
    told = json.loads(added.stdout)
    assert (told["agrees"], told["added"], told["differences"]) == (True, 1, [])
    assert typed(["partners", "reconcile", first, second], env).returncode == 0


async def test_a_log_that_lacks_everything_or_a_day_differs(
    env: dict[str, str], database: Database, partner: Partner, tmp_path: Path
) -> None:
    none = written(tmp_path, "none.log", [{"event": "something.else"}])
    nothing = typed(["partners", "reconcile", none], env)
    assert (nothing.returncode, nothing.stderr) == (0, "")

    meter = Meter(database, lambda: NOON)
    first = written(tmp_path, "first.log", noted(meter, partner, ("answer", Outcome.SERVED, 7)))
    await meter.settle()
    later = Meter(database, lambda: NOON + timedelta(days=2))
    noted(later, partner, ("cancers", Outcome.SERVED, 3))
    await later.settle()

    lacking = typed(["partners", "reconcile", none], env)
    assert lacking.returncode == 9
    assert "The sums are those" not in lacking.stdout
    assert "No line says what a partner did" in lacking.stdout
    assert "the log has 0 served" in lacking.stdout
    told = json.loads(typed(["partners", "reconcile", none, "--json"], env).stdout)
    assert (told["agrees"], len(told["differences"])) == (False, 2)

    assert typed(["partners", "reconcile", first], env).returncode == 0
    until = (NOON + timedelta(days=2)).date().isoformat()
    cut = typed(["partners", "reconcile", first, "--until", until, "--json"], env)
    assert cut.returncode == 9
    assert [each["operation"] for each in json.loads(cut.stdout)["differences"]] == ["cancers"]


def test_a_broken_archive_is_named(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(b"{}\n" * 10_000)[:40])
    found = typed(["partners", "reconcile", str(path)], env)
    assert found.returncode == 2
    assert "log.gz" in found.stderr
