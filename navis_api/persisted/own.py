"""What our own pages send: documents that come with the package, and so are always registered.

`own/navis-ask-1.Ask.graphql` is the operation `Ask` of the client `navis-ask`, version 1, and
`navis-ask-1.Ask` its id. A text never changes under its id, and stays for as long as a page
that sends it may be open: during an upgrade a page of the old code meets the new, and goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from navis_api.persisted.manifests import ManifestOperation

_ENDING: Final = ".graphql"


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A document of ours, and the page of ours, by name and version, that sends it."""

    client: str
    version: str
    operation: ManifestOperation


@cache
def own_documents() -> tuple[OwnDocument, ...]:
    """Return the documents of our own pages, by id."""
    found = sorted(
        (file.name.removesuffix(_ENDING), file.read_text(encoding="utf-8"))
        for file in (files("navis_api.persisted") / "own").iterdir()
        if file.name.endswith(_ENDING)
    )
    return tuple(_document(id_, text) for id_, text in found)


@cache
def own_texts() -> Mapping[str, str]:
    """Return their texts, by id."""
    return {each.operation.id: each.operation.text for each in own_documents()}


def _document(id_: str, text: str) -> OwnDocument:
    release, _, name = id_.partition(".")
    client, _, version = release.rpartition("-")
    return OwnDocument(client, version, ManifestOperation(id_, text, name=name))
