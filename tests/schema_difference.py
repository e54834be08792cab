"""Compares the committed schema.graphql with the one in the code. A part of `make check`.

Clients are written against the committed file, so a change
shows in review, and what breaks them is listed by name.
"""

import difflib
import sys
from pathlib import Path

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from navis_api.graphql.schema import schema_sdl

COMMITTED = Path(__file__).parents[1] / "schema.graphql"


def difference(committed: str, current: str) -> str:
    """Return what is different, as a unified diff; empty when nothing is."""
    return "".join(
        difflib.unified_diff(
            committed.splitlines(keepends=True),
            current.splitlines(keepends=True),
            fromfile="schema.graphql, as committed",
            tofile="schema.graphql, as the code has it",
        )
    )


def breaking_changes(committed: str, current: str) -> list[str]:
    """Return what of this would break a client, one line each."""
    changes = find_breaking_changes(build_schema(committed), build_schema(current))
    return [change.description for change in changes]


def main() -> int:
    """Print the difference; return 1 when there is one."""
    current = schema_sdl()
    if not COMMITTED.exists():
        sys.stderr.write("There is no schema.graphql. Write it with `make schema`.\n")
        return 1
    committed = COMMITTED.read_text(encoding="utf-8")
    found = difference(committed, current)
    if not found:
        return 0
    sys.stdout.write(found)
    broken = breaking_changes(committed, current)
    if broken:
        sys.stdout.write("\nBreaking changes:\n")
        sys.stdout.writelines(f"  {line}\n" for line in broken)
    else:
        sys.stdout.write("\nNothing in it breaks a client.\n")
    sys.stderr.write("schema.graphql differs from the code. Write it anew with `make schema`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
