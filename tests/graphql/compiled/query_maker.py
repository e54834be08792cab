"""Random queries, valid as far as the schema goes: what reads and what doesn't, in every form."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)
from graphql.language import print_ast
from graphql.utilities import value_to_literal

Selectable = GraphQLObjectType | GraphQLInterfaceType

MAX_DEPTH = 6

FOR_STAFF = {
    "answerDifference",
    "answerRevision",
    "openFeedback",
    "reviewCounts",
    "reviewQueue",
    "staff",
    "stuckReviews",
}
"""Root fields that most viewers are refused."""


@dataclass(frozen=True)
class Values:
    """What arguments are given: what is there, and what isn't."""

    ids: Sequence[str]
    slugs: Sequence[str]
    cancers: Sequence[str]
    cursors: Mapping[str, Sequence[str]]
    """By the field that gave them, as `Query.questions`."""
    texts: Sequence[str]


@dataclass
class Made:
    """A query with its variables."""

    text: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])


class QueryMaker:
    """Makes one query after another, the same ones for the same seed."""

    def __init__(self, schema: GraphQLSchema, values: Values, chance: random.Random) -> None:
        self._schema = schema
        self._values = values
        self._chance = chance
        self._definitions: list[str] = []
        self._given: dict[str, Any] = {}
        self._fragments: dict[str, tuple[str, str]] = {}
        self._aliases = 0
        self._directives = 0

    def make(self) -> Made:
        """Return a query. Now and then it is beyond a limit, or its parts don't fit together."""
        self._definitions, self._given, self._fragments = [], {}, {}
        self._aliases = self._directives = 0
        root = self._schema.query_type
        assert root is not None
        body = self._selections(root, depth=0, size=self._chance.choice((1, 1, 1, 2, 3)))
        name = self._chance.choice(("", " Q", " _q1"))
        variables = f"({', '.join(self._definitions)})" if self._definitions else ""
        head = (
            f"query{name}{variables} " if name or variables else self._chance.choice(("", "query "))
        )
        fragments = [
            f"fragment {name} on {on} {held}" for name, (on, held) in self._fragments.items()
        ]
        return Made("\n".join([f"{head}{body}", *fragments]), dict(self._given))

    def _odds(self, probability: float) -> bool:
        return self._chance.random() < probability

    def _selections(self, type_: Selectable, *, depth: int, size: int | None = None) -> str:
        """Return a selection set in braces."""
        size = size or self._chance.choice((1, 2, 2, 3, 4, 6))
        parts: list[str] = []
        for _ in range(size):
            parts.append(self._selection(type_, depth))
            if self._odds(0.06):
                parts.append(self._chance.choice(parts))
        if self._odds(0.15):
            parts.append(f"{self._alias(0.3)}__typename{self._condition(0.05)}")
        return "{ " + " ".join(parts) + " }"

    def _selection(self, type_: Selectable, depth: int) -> str:
        narrower = self._narrower(type_)
        if depth < MAX_DEPTH and self._odds(0.7 if narrower else 0.12):
            on = self._chance.choice((*narrower, type_)) if narrower else self._same_or_wider(type_)
            return self._fragment(on, depth)
        names = list(type_.fields)
        if depth >= MAX_DEPTH - 1:
            names = [
                name for name in names if is_leaf_type(get_named_type(type_.fields[name].type))
            ]
        if not names:
            return "__typename"
        likely = [1 if name in FOR_STAFF else 12 for name in names]
        return self._field(type_, self._chance.choices(names, likely)[0], depth)

    def _narrower(self, type_: Selectable) -> list[Selectable]:
        if isinstance(type_, GraphQLInterfaceType):
            return list(self._schema.get_possible_types(type_))
        return []

    def _same_or_wider(self, type_: Selectable) -> Selectable:
        return self._chance.choice((type_, *type_.interfaces))

    def _fragment(self, on: Selectable, depth: int) -> str:
        known = [name for name, (other, _) in self._fragments.items() if other == on.name]
        if known and self._odds(0.3):
            return f"...{self._chance.choice(known)}{self._condition(0.2)}"
        held = self._selections(on, depth=depth + 1)
        if self._odds(0.4):
            name = f"F{len(self._fragments)}"
            self._fragments[name] = (on.name, held)
            return f"...{name}{self._condition(0.2)}"
        condition = f" on {on.name}" if self._odds(0.85) else ""
        if not condition:
            held = "{ __typename }"
        return f"...{condition}{self._condition(0.2)} {held}"

    def _field(self, type_: Selectable, name: str, depth: int) -> str:
        definition = type_.fields[name]
        place = f"{type_.name}.{name}"
        arguments = self._arguments(place, definition)
        alias = self._alias(1.0 if arguments else 0.08)
        named = get_named_type(definition.type)
        below = ""
        if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            below = " " + self._selections(named, depth=depth + 1)
        return f"{alias}{name}{arguments}{self._condition(0.06)}{below}"

    def _alias(self, probability: float) -> str:
        if not self._odds(probability):
            return ""
        self._aliases += 1
        return f"a{self._aliases}: "

    def _condition(self, probability: float) -> str:
        if not self._odds(probability) or self._directives > 20:
            return ""
        self._directives += 1
        directive = self._chance.choice(("include", "skip"))
        wanted = directive == "include"
        # Mostly so that the field stays.
        value = wanted if self._odds(0.7) else not wanted
        if self._odds(0.5):
            written = "true" if value else "false"
        else:
            written = self._variable("Boolean!", value)
            if self._odds(0.2):
                default = "true" if self._odds(0.5) else "false"
                written = self._variable(f"Boolean! = {default}", value, may_miss=True)
        return f" @{directive}(if: {written})"

    def _variable(self, type_: str, value: object, *, may_miss: bool = False) -> str:
        name = f"v{len(self._definitions)}"
        self._definitions.append(f"${name}: {type_}")
        if not (may_miss and self._odds(0.5)):
            self._given[name] = value
        return f"${name}"

    def _arguments(self, place: str, definition: GraphQLField) -> str:
        written = [
            f"{name}: {self._argument(place, name, argument)}"
            for name, argument in definition.args.items()
            if (isinstance(argument.type, GraphQLNonNull) and argument.default_value is None)
            or self._is_given(place, name, definition)
        ]
        self._chance.shuffle(written)
        return f"({', '.join(written)})" if written else ""

    def _is_given(self, place: str, name: str, definition: GraphQLField) -> bool:
        if isinstance(definition.args[name].type, GraphQLNonNull):
            return "Answer.body" not in place or self._odds(0.6)
        if name in {"last", "before"}:
            return self._odds(0.05)
        if name in {"after", "since"}:
            return bool(self._values.cursors.get(place)) and self._odds(0.25)
        if name == "first":
            return self._odds(0.6)
        return self._odds(0.2)

    def _argument(self, place: str, name: str, argument: GraphQLArgument) -> str:
        """Return a literal, or a variable with a value."""
        type_ = argument.type
        nullable = not isinstance(type_, GraphQLNonNull)
        value = None if nullable and self._odds(0.08) else self._value(place, name, type_)
        if self._odds(0.5):
            return self._literal(value, type_)
        if nullable and self._odds(0.15):
            # A variable that isn't sent, with or without a default.
            default = self._chance.choice(("", f" = {self._literal(value, type_)}"))
            return self._variable(f"{type_}{default}", value, may_miss=True)
        wanted = f"{type_}!" if nullable and value is not None and self._odds(0.2) else str(type_)
        return self._variable(wanted, value)

    def _literal(self, value: object, type_: Any) -> str:
        literal = value_to_literal(value, type_)
        assert literal is not None, (value, type_)
        return print_ast(literal)

    def _value(self, place: str, name: str, type_: Any) -> Any:
        chance, values = self._chance, self._values
        if isinstance(type_, GraphQLNonNull):
            return self._value(place, name, type_.of_type)
        if isinstance(type_, GraphQLList):
            return [self._value(place, name, type_.of_type) for _ in range(chance.randint(0, 4))]
        if isinstance(type_, GraphQLEnumType):
            return chance.choice(list(type_.values))
        if type_.name == "Boolean":
            return self._odds(0.5)
        if type_.name == "Int":
            return (
                chance.choice((1, 2, 2, 3, 3, 5, 20))
                if self._odds(0.97)
                else chance.choice((0, -1, 101))
            )
        if type_.name == "ID":
            return chance.choice(values.ids)
        if name in {"after", "before", "since"}:
            return chance.choice(values.cursors.get(place) or ["nothing"])
        if name == "cancer" or place == "Query.cancer":
            return chance.choice(values.cancers)
        if name == "slug":
            return chance.choice(values.slugs)
        return chance.choice(values.texts)
