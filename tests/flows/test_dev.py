"""`navis-api dev`, as a stranger meets it."""

import json
import re
import shlex
import time
from pathlib import Path

import httpx
import pytest

from tests.flows.processes import environment, navis, postgres_processes, run
from tests.waiting import PATIENCE_S

ADDRESS = r"GraphQL\s+(http://\S+/graphql)"
RUNNING = r"Ctrl-C stops everything"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "navis data"


def ask_question(address: str, text: str) -> dict:
    query = "mutation($t: String!) { askQuestion(input: {text: $t}) { question { id status } } }"
    reply = httpx.post(address, json={"query": query, "variables": {"t": text}}, timeout=PATIENCE_S)
    return reply.json()["data"]["askQuestion"]["question"]


def test_the_printed_query_works_and_the_data_stays(data_dir: Path) -> None:
    env = environment(data_dir)
    with navis("dev", env=env) as dev:
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
        assert again.interrupt() == 0


def test_nothing_of_ours_is_left_after_kill_9(data_dir: Path) -> None:
    with navis("dev", env=environment(data_dir)) as dev:
        dev.wait_for(RUNNING)
        assert postgres_processes(data_dir)

        dev.kill()

        until = time.monotonic() + PATIENCE_S
        while postgres_processes(data_dir) and time.monotonic() < until:
            time.sleep(0.05)
        assert not postgres_processes(data_dir)


def test_a_second_one_on_the_same_folder_is_refused(data_dir: Path) -> None:
    with navis("dev", env=environment(data_dir)) as first:
        first.wait_for(RUNNING)

        second = run("dev", env=environment(data_dir))

        assert second.returncode == 1
        assert str(first.process.pid) in second.stderr
        assert "Traceback" not in second.stderr
        address = first.wait_for(ADDRESS)[1]
        assert (
            httpx.get(address.replace("/graphql", "/ready"), timeout=PATIENCE_S).status_code == 200
        )
        assert first.interrupt() == 0


def test_other_commands_use_the_postgres_of_a_running_dev(data_dir: Path) -> None:
    with navis("dev", env=environment(data_dir)) as dev:
        dev.wait_for(RUNNING)

        answered = run(
            "ask",
            "What can be done when liver cancer comes back after treatment?",
            env=environment(data_dir),
        )
        status = run("sources", "status", "--json", env=environment(data_dir))

        assert answered.returncode == 0
        assert "No clinician has reviewed it" in answered.stdout
        assert json.loads(status.stdout)[0]["documents"] > 0
        assert dev.interrupt() == 0


def test_a_taken_port_is_said_before_anything_starts(data_dir: Path) -> None:
    with navis("dev", env=environment(data_dir)) as dev:
        dev.wait_for(RUNNING)
        port = dev.wait_for(ADDRESS)[1].split(":")[2].split("/")[0]

        other = data_dir.with_name("other")
        refused = run("dev", env=environment(other, NAVIS_PORT=port))

        assert refused.returncode == 1
        assert "NAVIS_PORT" in refused.stderr
        assert not other.exists()
        assert dev.interrupt() == 0


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
