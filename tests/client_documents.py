"""Holds the operations of our clients against the schema in the code. A part of `make check`.

`tests/clients` has a manifest for each version that people still use, as its build wrote it:
`ios-1.0.0.json` is of `ios`, version 1.0.0. A change of the schema that breaks one of them
fails here, and names the client, the version, the operation and what is wrong.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLSchema

from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.persisted.checking import DocumentCheck
from navis_api.graphql.schema import schema
from navis_api.persisted.manifests import ManifestOperation, read_manifest
from navis_api.persisted.service import Client
from navis_api.settings import Environment, Settings

MANIFESTS = Path(__file__).parent / "clients"


def manifests(folder: Path = MANIFESTS) -> Iterator[tuple[Client, tuple[ManifestOperation, ...]]]:
    """Yield each client's version with its operations."""
    for path in sorted(folder.glob("*.json")):
        name, _, version = path.stem.rpartition("-")
        yield Client(name, version), read_manifest(path.read_bytes())


def broken(current: GraphQLSchema, folder: Path = MANIFESTS) -> list[str]:
    """Return what can't be served by a schema, a line for each operation."""
    # As in production, whatever this shell has set.
    limits = DocumentLimits.of(Settings.model_construct(environment=Environment.PRODUCTION))
    check = DocumentCheck(DocumentReader(current, limits))
    lines: list[str] = []
    for client, operations in manifests(folder):
        for operation in operations:
            found = check(operation)
            name = found.operation or operation.id
            lines.extend(
                f"{client.name} {client.version}: {name}: {complaint}"
                for complaint in found.complaints
            )
    return lines


def main() -> int:
    """Print what is broken; return 1 when anything is."""
    found = broken(schema().core)
    sys.stdout.writelines(f"{line}\n" for line in found)
    if found:
        sys.stderr.write("Clients that people use send what this schema doesn't have.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
