"""Holds the contract that released apps were built on. A part of `make check`.

`tests/released.graphql` is the schema of the last release. What an app may use from it stays
until it has been deprecated, with the day from which it may go: in a store's app, a removed
field can't be put back. With `--release`, today's schema becomes the released one.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)
from graphql.utilities import (
    BreakingChange,
    BreakingChangeType,
    find_breaking_changes,
    find_dangerous_changes,
)

from navis_api.graphql.schema import schema_sdl

RELEASED = Path(__file__).parent / "released.graphql"

_GOES = re.compile(r"Removed after (\d{4}-\d{2}-\d{2})\.$")
_REMOVALS = {
    BreakingChangeType.FIELD_REMOVED: re.compile(r"Field (?P<place>\w+\.\w+) was removed\."),
    BreakingChangeType.VALUE_REMOVED_FROM_ENUM: re.compile(
        r"Enum value (?P<place>\w+\.\w+) was removed\."
    ),
    BreakingChangeType.ARG_REMOVED: re.compile(
        r"Argument (?P<place>\w+\.\w+\(\w+:\)) was removed\."
    ),
}


@dataclass(frozen=True, slots=True)
class Deprecation:
    """An element that is to go: which, why, and from which day on; None where none is given."""

    place: str
    reason: str
    goes_after: date | None


def deprecations(schema: GraphQLSchema) -> Iterator[Deprecation]:
    """Yield what is deprecated in a schema."""
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(type_, GraphQLEnumType):
            for value_name, value in type_.values.items():
                yield from _deprecation(f"{name}.{value_name}", value.deprecation_reason)
        elif isinstance(type_, GraphQLInputObjectType):
            for field_name, given in type_.fields.items():
                yield from _deprecation(f"{name}.{field_name}", given.deprecation_reason)
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in type_.fields.items():
                yield from _deprecation(f"{name}.{field_name}", field.deprecation_reason)
                for argument_name, argument in field.args.items():
                    place = f"{name}.{field_name}({argument_name}:)"
                    yield from _deprecation(place, argument.deprecation_reason)


def _deprecation(place: str, reason: str | None) -> Iterator[Deprecation]:
    if reason is None:
        return
    found = _GOES.search(reason)
    yield Deprecation(place, reason, date.fromisoformat(found[1]) if found else None)


def undated(schema: GraphQLSchema) -> list[str]:
    """Return the deprecations that don't say from which day on the element may go."""
    return [
        f"{each.place}: end its reason with `Removed after YYYY-MM-DD.`"
        for each in deprecations(schema)
        if each.goes_after is None
    ]


def broken_promises(released: str, current: str, *, today: date) -> list[str]:
    """Return the changes that would break a released app, but for what was due to go by now."""
    before = build_schema(released)
    due = {
        each.place
        for each in deprecations(before)
        if each.goes_after is not None and each.goes_after < today
    }
    return [
        change.description
        for change in find_breaking_changes(before, build_schema(current))
        if _place(change) not in due
    ]


def _place(change: BreakingChange) -> str | None:
    pattern = _REMOVALS.get(change.type)
    found = pattern.fullmatch(change.description) if pattern else None
    return found["place"] if found else None


def surprises(released: str, current: str) -> list[str]:
    """Return changes that an app may not expect, such as a new value of an enum."""
    changes = find_dangerous_changes(build_schema(released), build_schema(current))
    return [change.description for change in changes]


def main(arguments: list[str]) -> int:
    """Print what is broken, and return 1 for it; with `--release`, begin anew from today's."""
    current = schema_sdl()
    if arguments == ["--release"]:
        RELEASED.write_text(current, encoding="utf-8")
        return 0
    released = RELEASED.read_text(encoding="utf-8")
    found = surprises(released, current)
    if found:
        sys.stdout.write("Apps may be surprised by these changes since the last release:\n")
        sys.stdout.writelines(f"  {line}\n" for line in found)
    missing = undated(build_schema(current))
    broken = broken_promises(released, current, today=datetime.now(UTC).date())
    for title, lines in (
        ("These deprecations say no day", missing),
        ("These changes break released apps: deprecate first, with a day", broken),
    ):
        if lines:
            sys.stderr.write(f"{title}:\n")
            sys.stderr.writelines(f"  {line}\n" for line in lines)
    return 1 if missing or broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
