"""Reading manifests: the operations of a client's version, as its build wrote them.

Formats: Apollo's (`{"format": "apollo-persisted-query-manifest", "version": 1, "operations":
[{"id", "name", "type", "body"}]}`), which Apollo Client, iOS and Kotlin write; Relay's
`persisted_queries.json` and GraphQL Codegen's `persisted-documents.json`, which are both
an object of texts by id.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import cast

from navis_api.persisted.errors import ManifestInvalid
from navis_api.persisted.models import DocumentKind

MAX_MANIFEST_BYTES = 16_777_216
MAX_OPERATIONS = 2_000
"""Ten times what the largest apps have."""

MAX_ID_CHARS = 128
_APOLLO = "apollo-persisted-query-manifest"
_SHA256_PREFIX = "sha256:"
# As GraphQL over HTTP has them: custom document identifiers.
_ID = re.compile(rf"[0-9A-Za-z._~-]{{1,{MAX_ID_CHARS}}}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SHOWN_ID_CHARS = 80


@dataclass(frozen=True, slots=True)
class ManifestOperation:
    """An operation as a manifest has it. `name` and `kind` are None where it says nothing."""

    id: str
    text: str
    name: str | None = None
    kind: DocumentKind | None = None

    @property
    def sha256(self) -> str:
        """The hash of the text, as hex."""
        return sha256_of(self.text)


def sha256_of(text: str) -> str:
    """Return the hash of a text in UTF-8, as lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(content: bytes) -> tuple[ManifestOperation, ...]:
    """Return the operations of a manifest. Raises ManifestInvalid."""
    if len(content) > MAX_MANIFEST_BYTES:
        raise ManifestInvalid(f"is larger than {MAX_MANIFEST_BYTES} bytes")
    found = _parsed(content)
    if not isinstance(found, dict):
        raise ManifestInvalid("is not a JSON object")
    manifest = cast("dict[str, object]", found)
    is_apollo = isinstance(manifest.get("operations"), list) or "format" in manifest
    operations = _apollo(manifest) if is_apollo else _by_id(manifest)
    if not operations:
        raise ManifestInvalid("has no operations")
    seen: set[str] = set()
    for operation in operations:
        if operation.id in seen:
            raise ManifestInvalid(f"has the id `{operation.id}` twice")
        seen.add(operation.id)
    return tuple(operations)


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_without_doubles)
    # Too deep, a number of thousands of digits, no UTF-8, or no JSON at all.
    except (ValueError, RecursionError):
        raise ManifestInvalid("is not valid JSON in UTF-8") from None


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object. JSON's parser would silently keep the last of two with one key."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ManifestInvalid(f"has the key {_shown(key)} twice")
        found[key] = value
    return found


def _apollo(manifest: dict[str, object]) -> list[ManifestOperation]:
    if manifest.get("format") != _APOLLO:
        raise ManifestInvalid(f"has another `format` than `{_APOLLO}`")
    version = manifest.get("version")
    if version != 1 or isinstance(version, bool):
        raise ManifestInvalid("has another `version` than 1")
    listed = manifest.get("operations")
    if not isinstance(listed, list):
        raise ManifestInvalid("has no list of `operations`")
    operations = cast("list[object]", listed)
    _check_count(len(operations))
    return [_apollo_operation(each, at) for at, each in enumerate(operations)]


def _apollo_operation(given: object, at: int) -> ManifestOperation:
    if not isinstance(given, dict):
        raise ManifestInvalid(f"has in `operations`, at {at}, what is no object")
    entry = cast("dict[str, object]", given)
    name, kind = entry.get("name"), entry.get("type")
    if name is not None and not isinstance(name, str):
        raise ManifestInvalid(f"has at {at} a `name` that is no text")
    kinds = {each.lower(): each for each in DocumentKind}
    if not isinstance(kind, str) or kind not in kinds:
        raise ManifestInvalid(f"has at {at} no `type` of {', '.join(kinds)}")
    return ManifestOperation(
        id=_id(entry.get("id")), text=_text(entry.get("body"), at), name=name, kind=kinds[kind]
    )


def _by_id(manifest: dict[str, object]) -> list[ManifestOperation]:
    _check_count(len(manifest))
    operations = [
        ManifestOperation(id=_id(key), text=_text(text, at))
        for at, (key, text) in enumerate(manifest.items())
    ]
    for operation in operations:
        # Such an id is a hash in these formats; a wrong one means that a text was touched.
        if _SHA256.fullmatch(operation.id) and operation.id != operation.sha256:
            raise ManifestInvalid(f"has under `{operation.id}` a text with another hash")
    return operations


def _check_count(count: int) -> None:
    if count > MAX_OPERATIONS:
        raise ManifestInvalid(f"has more than {MAX_OPERATIONS} operations")


def _id(given: object) -> str:
    """Return an id as it is stored. `sha256:…` stands for the hash itself."""
    if isinstance(given, str):
        id_ = given.removeprefix(_SHA256_PREFIX)
        if _ID.fullmatch(id_) and (id_ == given or _SHA256.fullmatch(id_)):
            return id_
    raise ManifestInvalid(
        f"has the id {_shown(given)}. An id has 1 to {MAX_ID_CHARS} letters, digits and `. _ ~ -`,"
        " or is a hash: `sha256:…`"
    )


def _text(given: object, at: int) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ManifestInvalid(f"has no document at {at}")
    try:
        given.encode()
    except UnicodeEncodeError:
        raise ManifestInvalid(f"has half of a surrogate pair in the document at {at}") from None
    if "\0" in given:
        raise ManifestInvalid(f"has a NUL in the document at {at}")
    return given


def _shown(given: object) -> str:
    """Return something of a manifest as it can be printed."""
    return ascii(given)[:_SHOWN_ID_CHARS]
