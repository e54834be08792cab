"""`navis-api dev`, as a stranger meets it."""

import json
import re
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.flows.processes import Running, environment, navis, postgres_processes, run
from tests.waiting import PATIENCE_S

ADDRESS = r"GraphQL\s+(http://\S+/graphql)"
RUNNING = r"Ctrl-C stops everything"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "navis data"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """One that goes on, for those who only look at it from beside; and its folder."""
    data_dir = tmp_path_factory.mktemp("running") / "navis data"
    with navis("dev", env=environment(data_dir)) as dev:
        dev.wait_for(RUNNING)
        yield dev, data_dir
        assert dev.interrupt() == 0


def ask_question(address: str, text: str) -> dict:
    query = "mutation($t: String!) { askQuestion(input: {text: $t}) { question { id status } } }"
    reply = httpx.post(address, json={"query": query, "variables": {"t": text}}, timeout=PATIENCE_S)
    return reply.json()["data"]["askQuestion"]["question"]


def test_the_printed_query_works_the_data_stays_and_kill_9_leaves_nothing_of_ours(
    data_dir: Path,
) -> None:
    env = environment(data_dir)
    with navis("dev", env=env, anew=True) as dev:
        dev.wait_for(RUNNING)
        address = dev.wait_for(ADDRESS)[1]
        command = re.search(r"^  (curl .*)$", dev.output, re.MULTILINE)
        assert command is not None
        words = shlex.split(command[1])
        assert words[2] == address
        printed = json.loads(words[words.index("-d") + 1])
        reply = httpx.post(address, json=printed, timeout=PATIENCE_S).json()
        answer = reply["data"]["searchQuestions"]["nodes"][0]["answer"]
        assert "errors" not in reply
        assert answer["review"]["credentials"] == "Sample content. No clinician has reviewed it."
        assert len(answer["sections"]) >= 5
        asked = ask_question(address, "What are the symptoms of pancreatic cancer?")
        assert dev.interrupt() == 0
    assert not postgres_processes(data_dir)

    with navis("dev", env=env) as again:
        again.wait_for(RUNNING)
        address = again.wait_for(ADDRESS)[1]
        assert (
            ask_question(address, "what are the symptoms of pancreatic cancer")["id"]
            == (asked["id"])
        )
        assert postgres_processes(data_dir)

        again.kill()

        until = time.monotonic() + PATIENCE_S
        while postgres_processes(data_dir) and time.monotonic() < until:
            time.sleep(0.05)
        assert not postgres_processes(data_dir)


def test_a_second_one_on_the_same_folder_is_refused(running: tuple[Running, Path]) -> None:
    first, data_dir = running

    second = run("dev", env=environment(data_dir))

    assert second.returncode == 1
    assert str(first.process.pid) in second.stderr
    assert "Traceback" not in second.stderr
    address = first.wait_for(ADDRESS)[1]
    assert httpx.get(address.replace("/graphql", "/ready"), timeout=PATIENCE_S).status_code == 200


def test_other_commands_use_the_postgres_of_a_running_dev(running: tuple[Running, Path]) -> None:
    dev, data_dir = running

    answered = run(
        "ask",
        "What can be done when liver cancer comes back after treatment?",
        env=environment(data_dir),
    )
    status = run("sources", "status", "--json", env=environment(data_dir))

    assert answered.returncode == 0
    assert "No clinician has reviewed it" in answered.stdout
    assert json.loads(status.stdout)[0]["documents"] > 0
    assert dev.process.poll() is None


def test_a_taken_port_is_said_before_anything_starts(
    running: tuple[Running, Path], tmp_path: Path
) -> None:
    dev, _ = running
    port = dev.wait_for(ADDRESS)[1].split(":")[2].split("/")[0]

    other = tmp_path / "other"
    refused = run("dev", env=environment(other, NAVIS_PORT=port))

    assert refused.returncode == 1
    assert "NAVIS_PORT" in refused.stderr
    assert not other.exists()


def test_with_a_named_database_nothing_embedded_is_started(
    data_dir: Path, database_url: str
) -> None:
    env = environment(data_dir, NAVIS_DATABASE_URL=database_url)
    with navis("dev", env=env) as dev:
        dev.wait_for(RUNNING)

        assert not postgres_processes(data_dir)
        assert not (data_dir / "postgres").exists()
        assert ask_question(dev.wait_for(ADDRESS)[1], "Symptoms of pancreatic cancer?")
        assert dev.interrupt() == 0
