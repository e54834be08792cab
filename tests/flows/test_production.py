"""What production refuses."""

import json
import time
from pathlib import Path

import httpx
import pytest

from tests.cli.typing_commands import typed
from tests.flows.processes import PATIENCE_S, environment, navis


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_serve_refuses_published_samples_unless_told(
    data_dir: Path, sample_database_url: str
) -> None:
    env = environment(
        data_dir, NAVIS_DATABASE_URL=sample_database_url, NAVIS_ENVIRONMENT="production"
    )

    refused = typed(["serve"], env)

    assert refused.returncode == 1
    assert "NAVIS_ALLOW_SAMPLE_CONTENT" in refused.stderr
    with navis("serve", env=env | {"NAVIS_ALLOW_SAMPLE_CONTENT": "true"}) as allowed:
        allowed.wait_for("api.started")


def test_serve_starts_on_a_database_without_samples(data_dir: Path, database_url: str) -> None:
    env = environment(data_dir, NAVIS_DATABASE_URL=database_url, NAVIS_ENVIRONMENT="production")

    with navis("serve", env=env) as serving:
        serving.wait_for("api.started")


def test_serve_executes_what_is_registered_and_a_running_process_learns_of_it(
    data_dir: Path, tmp_path: Path, database_url: str
) -> None:
    env = environment(
        data_dir,
        NAVIS_DATABASE_URL=database_url,
        NAVIS_ENVIRONMENT="production",
        NAVIS_LOG_JSON="true",
    )
    text = "query Viewer { viewer { kind } }"
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"viewer-1": text}), encoding="utf-8")

    with navis("serve", env=env, anew=True) as serving:
        port = serving.wait_for(r'"port": (\d+), "event": "api.started"')[1]
        url = f"http://127.0.0.1:{port}/graphql"
        refused = httpx.post(url, json={"query": text}).json()
        registered = typed(
            ["documents", "register", str(manifest), "--client", "ios", "--version", "1"], env
        )
        deadline = time.monotonic() + PATIENCE_S
        while "errors" in (sent := httpx.post(url, json={"documentId": "viewer-1"}).json()):
            assert time.monotonic() < deadline, sent
            time.sleep(0.5)

    assert refused["errors"][0]["extensions"]["code"] == "OPERATION_NOT_REGISTERED"
    assert registered.returncode == 0, registered.stderr
    assert sent["data"] == {"viewer": {"kind": "ANONYMOUS"}}


@pytest.mark.parametrize(
    "command", [["dev"], ["token", "--role", "patient", "--subject", "somebody"]]
)
def test_development_commands_are_refused(
    data_dir: Path, database_url: str, command: list[str]
) -> None:
    env = environment(data_dir, NAVIS_DATABASE_URL=database_url, NAVIS_ENVIRONMENT="production")

    refused = typed(command, env)

    assert refused.returncode == 1
    assert "production" in refused.stderr
    assert not data_dir.exists()


def test_a_database_that_is_not_migrated_is_named(data_dir: Path, postgres: str) -> None:
    refused = typed(["serve"], environment(data_dir, NAVIS_DATABASE_URL=postgres))

    assert refused.returncode == 1
    assert "navis-api migrate" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_is_not_there_is_named(data_dir: Path) -> None:
    nowhere = "postgresql://navis:s3cret@127.0.0.1:1/navis"

    refused = typed(["serve"], environment(data_dir, NAVIS_DATABASE_URL=nowhere))

    assert refused.returncode == 1
    assert "NAVIS_DATABASE_URL" in refused.stderr
    assert "s3cret" not in refused.stderr + refused.stdout
    assert "Traceback" not in refused.stderr
