"""What `make check` says when the schema breaks a client that people use."""

import hashlib
import json
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from navis_api.graphql.schema import schema_sdl
from tests import client_documents
from tests.client_documents import MANIFESTS, broken, manifests


@pytest.fixture(scope="module")
def sdl() -> str:
    return schema_sdl()


def without(sdl: str, type_: str, field: str) -> GraphQLSchema:
    """The schema of today, in which one field of a type has another name."""
    head, begin, rest = sdl.partition(f"type {type_} ")
    body, end, tail = rest.partition("\n}")
    assert f"\n  {field}" in body
    changed = body.replace(f"\n  {field}", f"\n  {field}Renamed", 1)
    return build_schema(head + begin + changed + end + tail)


def test_every_client_that_is_committed_can_be_served(sdl: str) -> None:
    assert broken(build_schema(sdl)) == []
    assert client_documents.main() == 0


def test_the_clients_are_those_of_their_files() -> None:
    found = {(client.name, client.version): len(each) for client, each in manifests()}
    assert set(found) == {("android", "1.0.0"), ("ios", "1.0.0"), ("portal", "1.0.0")}
    assert min(found.values()) >= 9


def test_a_field_that_goes_names_client_version_operation_and_field(sdl: str) -> None:
    lines = broken(without(sdl, "Retraction", "reason"))
    named = {line.partition(": Cannot query")[0] for line in lines}
    assert named == {
        "android 1.0.0: Retraction",
        "ios 1.0.0: WhyGone",
        "portal 1.0.0: GonePageQuery",
    }
    assert all("'reason'" in line and "'Retraction'" in line for line in lines)


def test_a_new_required_argument_breaks_clients_too(sdl: str) -> None:
    head, begin, tail = sdl.partition("  retraction(")
    changed = build_schema(head + begin + "reader: String!, " + tail)
    lines = broken(changed)
    assert {line.split(": ")[1] for line in lines} == {"GonePageQuery", "Retraction", "WhyGone"}
    assert all("reader" in line for line in lines)


def test_a_subscription_that_goes_breaks_clients_too(sdl: str) -> None:
    lines = broken(without(sdl, "Subscription", "generationEvents"))
    assert {line.split(": ")[1] for line in lines} == {
        "AnswerStreamSubscription",
        "Follow",
        "FollowGeneration",
    }


def test_the_program_prints_what_breaks_and_fails(
    sdl: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "query Old { cancers { nodes { nickname } } }"
    manifest = {hashlib.sha256(text.encode()).hexdigest(): text}
    (tmp_path / "old-app-0.9.1.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setattr(client_documents, "broken", lambda current: broken(current, tmp_path))
    assert client_documents.main() == 1
    assert capsys.readouterr().out.startswith("old-app 0.9.1: Old: Cannot query field 'nickname'")


@pytest.mark.parametrize("path", sorted(MANIFESTS.glob("*.json")), ids=lambda path: path.stem)
def test_ids_are_hashes_of_the_texts_as_builds_make_them(path: Path) -> None:
    for _, operations in manifests():
        for operation in operations:
            made = {
                operation.sha256,
                hashlib.md5(operation.text.encode(), usedforsecurity=False).hexdigest(),
            }
            assert operation.id in made
