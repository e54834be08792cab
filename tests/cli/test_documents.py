"""`navis-api documents`, as it is typed."""

import hashlib
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.cli.typing_commands import typed
from tests.client_documents import MANIFESTS
from tests.flows.processes import environment

VIEWER = "query Viewer { viewer { kind } }"
GONE = "query Gone { viewer { kind nickname } }"
TWO = "query One { viewer { kind } } query Two { viewer { kind } }"
DEAR = (
    "query Dear($n: Int!)"
    " { cancers(first: $n) { nodes { questions(first: $n) { nodes { id } } } } }"
)
IOS = ["--client", "ios", "--version", "5.2.0"]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apollo(**texts: str) -> dict[str, Any]:
    return {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [
            {"id": sha256(text), "name": name, "type": "query", "body": text}
            for name, text in texts.items()
        ],
    }


@pytest.fixture
def env(tmp_path: Path, database_url: str) -> dict[str, str]:
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=database_url)


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def to_file(manifest: object) -> str:
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps(manifest), encoding="utf-8")
        return str(path)

    return to_file


def test_a_manifest_is_registered_listed_checked_and_removed(
    env: dict[str, str], write: Any
) -> None:
    manifest = write(apollo(Viewer=VIEWER))
    first = typed(["documents", "register", manifest, *IOS], env)
    assert (first.returncode, first.stdout) == (
        0,
        "ios 5.2.0 has 1 operations registered, 1 new.\n",
    )
    again = typed(["documents", "register", manifest, *IOS, "--json"], env)
    assert json.loads(again.stdout) == {
        "client": "ios",
        "version": "5.2.0",
        "operations": 1,
        "new": 0,
    }
    listed = typed(["documents", "list"], env)
    assert listed.stdout == f"ios 5.2.0 · query Viewer · {sha256(VIEWER)}\n"
    as_json = json.loads(typed(["documents", "list", "--client", "ios", "--json"], env).stdout)
    assert as_json.pop("registeredAt")
    assert as_json == {
        "client": "ios",
        "version": "5.2.0",
        "operation": "Viewer",
        "kind": "QUERY",
        "id": sha256(VIEWER),
    }
    assert typed(["documents", "list", "--client", "android"], env).stdout == ""
    assert typed(["documents", "check"], env).returncode == 0
    removed = typed(["documents", "remove", *IOS], env)
    assert (removed.returncode, removed.stdout) == (0, "Removed: 1 operations of ios 5.2.0.\n")
    unknown = typed(["documents", "remove", *IOS], env)
    assert unknown.returncode == 2
    assert "Nothing is registered of ios 5.2.0." in unknown.stderr


@pytest.mark.parametrize("path", sorted(MANIFESTS.glob("*.json")), ids=lambda path: path.stem)
def test_the_manifests_of_our_clients_are_registered(env: dict[str, str], path: Path) -> None:
    client, _, version = path.stem.rpartition("-")
    options = ["--client", client, "--version", version]
    done = typed(["documents", "register", str(path), *options, "--json"], env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] >= 9


async def test_every_operation_that_is_refused_is_named_and_nothing_is_registered(
    env: dict[str, str], write: Any, owner: asyncpg.Connection
) -> None:
    manifest = apollo(
        Viewer=VIEWER, Gone=GONE, Two=TWO, Dear=DEAR, Other="query Name { __typename }"
    )
    manifest["operations"].append(
        {"id": "a-mutation", "name": "Viewer", "type": "mutation", "body": VIEWER}
    )
    refused = typed(["documents", "register", write(manifest), *IOS], env)
    assert refused.returncode == 2
    said = refused.stderr.replace("\n", " ")
    for named in (
        "5 operations are refused",
        f"Gone ({sha256(GONE)}): Cannot query field 'nickname' on type 'Viewer'. (line 1)",
        f"Two ({sha256(TWO)}): A document has exactly one operation.",
        "With the largest pages that its variables allow",
        "another operation than the document",
        "no mutation",
    ):
        assert named in " ".join(said.split()), named
    assert "Traceback" not in refused.stderr
    for table in ("persisted_documents", "persisted_document_uses", "audit_events"):
        assert await owner.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no JSON", "not valid JSON"),
        (b"{}", "no operations"),
        (b" " * 17_000_000, "larger than"),
        (b'{"format": "other", "operations": []}', "`format`"),
    ],
    ids=["no JSON", "empty", "too large", "another format"],
)
def test_a_file_that_is_no_manifest_is_said(
    env: dict[str, str], tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    refused = typed(["documents", "register", str(path), *IOS], env)
    assert refused.returncode == 2
    assert said in refused.stderr


def test_a_file_that_is_not_there_and_a_client_that_is_none(
    env: dict[str, str], tmp_path: Path, write: Any
) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        missing = typed(["documents", "register", str(path), *IOS], env)
        assert missing.returncode == 2
        assert "can't be read" in " ".join(missing.stderr.split())
    manifest = write(apollo(Viewer=VIEWER))
    wrong = ["--client", "our app", "--version", "1"]
    refused = typed(["documents", "register", manifest, *wrong], env)
    assert refused.returncode == 2
    assert "A client's name" in refused.stderr


async def test_check_names_who_sends_what_can_not_be_served_any_more(
    env: dict[str, str], write: Any, owner: asyncpg.Connection
) -> None:
    typed(["documents", "register", write(apollo(Viewer=VIEWER)), *IOS], env)
    # As it was registered when there was such a field.
    await owner.execute(
        "INSERT INTO persisted_documents (id, sha256, text, operation, kind)"
        f" VALUES ('gone-1', '{sha256(GONE)}', '{GONE}', 'Gone', 'QUERY')"
    )
    await owner.execute(
        "INSERT INTO persisted_document_uses (client, version, document_id)"
        " VALUES ('android', '4.0', 'gone-1'), ('ios', '5.2.0', 'gone-1')"
    )
    told = typed(["documents", "check"], env)
    assert told.returncode == 8
    why = "Cannot query field 'nickname' on type 'Viewer'. (line 1)"
    assert told.stdout.splitlines() == [
        f"android 4.0 · query Gone · gone-1: {why}",
        f"ios 5.2.0 · query Gone · gone-1: {why}",
    ]
    as_json = typed(["documents", "check", "--json"], env)
    assert as_json.returncode == 8
    assert json.loads(as_json.stdout.splitlines()[0]) == {
        "client": "android",
        "version": "4.0",
        "operation": "Gone",
        "kind": "QUERY",
        "id": "gone-1",
        "errors": [why],
    }


async def test_registering_and_removing_is_on_the_audit_record(
    env: dict[str, str], write: Any, owner: asyncpg.Connection
) -> None:
    manifest = write(apollo(Viewer=VIEWER))
    for arguments in (
        ["register", manifest, *IOS],
        ["register", manifest, *IOS],
        ["remove", *IOS],
    ):
        typed(["documents", *arguments], env)
    rows = await owner.fetch("SELECT action, object_id, detail FROM audit_events ORDER BY sequence")
    # The second time changed nothing.
    assert [(row["action"], row["object_id"], json.loads(row["detail"])) for row in rows] == [
        ("documents.register", "ios@5.2.0", {"operations": 1, "new": 1}),
        ("documents.remove", "ios@5.2.0", {"operations": 1}),
    ]
