"""Manifests as clients' builds write them, and files that are none."""

import hashlib
import json
from typing import Any

import pytest

from navis_api.persisted.errors import ManifestInvalid
from navis_api.persisted.manifests import (
    MAX_MANIFEST_BYTES,
    MAX_OPERATIONS,
    ManifestOperation,
    read_manifest,
)
from navis_api.persisted.models import DocumentKind

TEXT = "query Viewer { viewer { kind } }"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
MD5 = hashlib.md5(TEXT.encode(), usedforsecurity=False).hexdigest()
OPERATION: dict[str, Any] = {"id": SHA256, "name": "Viewer", "type": "query", "body": TEXT}


def packed(manifest: object) -> bytes:
    return json.dumps(manifest).encode()


def apollo(*operations: object, **changed: object) -> bytes:
    manifest = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": list(operations),
    }
    return packed(manifest | changed)


def test_apollos_manifest_is_read() -> None:
    mutation = {"id": "custom.id-1", "name": "Ask", "type": "mutation", "body": "mutation Ask{a}"}
    assert read_manifest(apollo(OPERATION, mutation)) == (
        ManifestOperation(SHA256, TEXT, "Viewer", DocumentKind.QUERY),
        ManifestOperation("custom.id-1", "mutation Ask{a}", "Ask", DocumentKind.MUTATION),
    )


@pytest.mark.parametrize("key", [MD5, SHA256, f"sha256:{SHA256}", "an-id-of-our-own"])
def test_an_object_of_texts_by_id_is_read(key: str) -> None:
    (operation,) = read_manifest(packed({key: TEXT}))
    # The prefix says what kind of id it is, and is no part of it.
    assert operation == ManifestOperation(key.removeprefix("sha256:"), TEXT)
    assert operation.sha256 == SHA256


@pytest.mark.parametrize("key", ["__proto__", "constructor", "hasOwnProperty", "toString"])
def test_names_that_mean_something_elsewhere_are_ids_like_others(key: str) -> None:
    assert read_manifest(packed({key: TEXT}))[0].id == key


NOT_MANIFESTS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not valid JSON"),
    "no JSON": (b"query Viewer { viewer { kind } }", "not valid JSON"),
    "another encoding": (json.dumps({"a": "é"}, ensure_ascii=False).encode("latin-1"), "UTF-8"),
    "too deep": (b"[" * 100_000, "not valid JSON"),
    "a number without end": (b'{"a": ' + b"9" * 5_000 + b"}", "not valid JSON"),
    "a list": (packed([OPERATION]), "not a JSON object"),
    "a text": (packed("text"), "not a JSON object"),
    "an empty object": (b"{}", "no operations"),
    "another format": (apollo(OPERATION, format="other"), "`format`"),
    "no format": (packed({"version": 1, "operations": [OPERATION]}), "`format`"),
    "another version": (apollo(OPERATION, version=2), "`version`"),
    "true for a version": (apollo(OPERATION, version=True), "`version`"),
    "no operations": (apollo(), "no operations"),
    "operations that are none": (apollo(operations={"a": TEXT}), "list of `operations`"),
    "an operation that is none": (apollo(OPERATION, 7), "at 1"),
    "no id": (apollo({**OPERATION, "id": None}), "id None"),
    "a number for an id": (apollo({**OPERATION, "id": 7}), "id 7"),
    "an id with a space": (packed({"a b": TEXT}), "'a b'"),
    "an id with a colon": (packed({"x-md5:abc": TEXT}), "x-md5"),
    "an id of a megabyte": (packed({"a" * 1_000_000: TEXT}), "128 letters"),
    "an id with a line end": (packed({"abc\n": TEXT}), "abc"),
    "a hash that is too short": (packed({"sha256:abc": TEXT}), "sha256:abc"),
    "another text's hash": (packed({SHA256: "query Other { viewer { kind } }"}), "another hash"),
    "an id twice": (apollo(OPERATION, {**OPERATION, "name": "Other"}), f"`{SHA256}` twice"),
    "an id with and without prefix": (packed({SHA256: TEXT, f"sha256:{SHA256}": TEXT}), "twice"),
    "a key twice": (f'{{"{MD5}": "query A{{a}}", "{MD5}": "query B{{b}}"}}'.encode(), "twice"),
    "no text": (apollo({**OPERATION, "body": " "}), "no document at 0"),
    "a number for a text": (packed({"a": 7}), "no document at 0"),
    "a NUL": (packed({"a": "query A { a(b: \0) }"}), "NUL"),
    "half of a surrogate pair": (b'{"a": "query A { a(b: \\"\\ud800\\") }"}', "surrogate"),
    "no kind": (apollo({**OPERATION, "type": "fragment"}), "`type`"),
    "a name that is none": (apollo({**OPERATION, "name": 7}), "`name`"),
    "too many": (packed({f"id{n}": TEXT for n in range(MAX_OPERATIONS + 1)}), "more than"),
    "too large": (b" " * (MAX_MANIFEST_BYTES + 1), "larger than"),
}


@pytest.mark.parametrize("what", NOT_MANIFESTS)
def test_what_is_no_manifest_is_refused_in_a_sentence(what: str) -> None:
    content, said = NOT_MANIFESTS[what]
    with pytest.raises(ManifestInvalid) as refused:
        read_manifest(content)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300
