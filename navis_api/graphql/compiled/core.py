"""graphql-core's types and functions as a strict type checker can follow them.

graphql-core 3.3 leaves open what its lists, non-null types and awaitables hold: here a type
of the schema is `Any`, and what is known of it is asked for.
"""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    ValueNode,
    is_leaf_type,
)
from graphql.execution.values import input_is_nested_too_deeply
from graphql.pyutils import is_awaitable, is_iterable
from graphql.type import get_named_type, get_nullable_type
from graphql.utilities.coerce_input_value import coerce_input_literal, coerce_input_value

AnyType: TypeAlias = Any
"""A type of the schema, perhaps wrapped in lists and non-null types."""


def type_of(definition: GraphQLField | GraphQLArgument) -> AnyType:
    """Return the type of a field or an argument."""
    return definition.type


def named_type_of(definition: GraphQLField) -> AnyType:
    """Return the type of a field's values, out of its lists and non-null types."""
    return get_named_type(definition.type)


def is_non_null(type_: AnyType) -> bool:
    """Return whether a type holds no null."""
    return isinstance(type_, GraphQLNonNull)


def is_list(type_: AnyType) -> bool:
    """Return whether a type is a list, or null."""
    return isinstance(type_, GraphQLList)


def is_leaf(type_: AnyType) -> bool:
    """Return whether a type is a scalar or an enum, null or not."""
    return is_leaf_type(get_nullable_type(type_))


def must_be_awaited(value: object) -> bool:
    """Return whether graphql-core would await a value."""
    return is_awaitable(value)


def makes_a_list(value: object) -> bool:
    """Return whether graphql-core takes a value for a list."""
    return is_iterable(value)


def is_of_type(type_: GraphQLObjectType, value: object) -> bool:
    """Return whether an object type takes a value for one of its own.

    The function that Strawberry gives a type takes no notice of the info.
    """
    return type_.is_type_of is None or bool(type_.is_type_of(value, None))  # pyright: ignore[reportArgumentType] - see above


def coerced_value(value: object, type_: AnyType) -> Any:  # noqa: ANN401 - a value of that type
    """Return a variable's value as Python has it; Undefined where it is refused."""
    if not is_leaf(type_) and input_is_nested_too_deeply(value, type_):
        raise RecursionError
    return coerce_input_value(value, type_)


def coerced_literal(node: ValueNode, type_: AnyType) -> Any:  # noqa: ANN401 - a value of that type
    """Return a literal without variables as Python has it; Undefined where it is refused."""
    return coerce_input_literal(node, type_)
