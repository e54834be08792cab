"""Scalars and enums: what their own `coerce_output_value` returns, without the call.

A value of the very type that a resolver's annotation promises is passed on as it is, which
an expression checks in place. Every other value goes to the type's own function.
"""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition

from navis_api.graphql.compiled.core import must_be_awaited
from navis_api.graphql.compiled.errors import NotCompiled, null

Names = dict[str, object]
"""What generated code can name."""

_NUMBERS: Names = {"inf": math.inf, "lowest": GRAPHQL_MIN_INT, "highest": GRAPHQL_MAX_INT}
_IN_PLACE = {
    GraphQLString: "{v} if type({v}) is str",
    GraphQLID: "{v} if type({v}) is str",
    GraphQLBoolean: "{v} if {v} is True or {v} is False",
    GraphQLInt: "{v} if type({v}) is int and lowest <= {v} <= highest",
    GraphQLFloat: "{v} if type({v}) is float and -inf < {v} < inf",
}


def leaf_expression(type_: GraphQLLeafType, value: str, names: Names) -> str:
    """Return an expression for the output of the variable `value`; it raises for null."""
    slow = f"leaf_{type_.name}"
    names[slow] = _coerced(type_)
    fast = _in_place(type_, names)
    return f"{fast.format(v=value)} else {slow}({value})" if fast else f"{slow}({value})"


def _in_place(type_: GraphQLLeafType, names: Names) -> str | None:
    definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if isinstance(type_, CustomGraphQLEnumType):
        class_, table = f"class_{type_.name}", f"names_{type_.name}"
        names[class_] = type_.wrapped_cls
        # Strawberry takes the first name with an equal value.
        names[table] = {held.value: name for name, held in reversed(list(type_.values.items()))}
        return f"{table}[{{v}}._value_] if type({{v}}) is {class_}"
    if definition is DateTimeDefinition or definition is DateDefinition:
        class_ = "class_datetime" if definition is DateTimeDefinition else "class_date"
        names[class_] = datetime if definition is DateTimeDefinition else date
        return f"{{v}}.isoformat() if type({{v}}) is {class_}"
    names.update(_NUMBERS)
    return next((code for known, code in _IN_PLACE.items() if known is type_), None)


def _coerced(type_: GraphQLLeafType) -> Callable[[Any], Any]:
    def coerced(value: Any) -> Any:  # noqa: ANN401 - whatever a resolver returned
        if value is None:
            null()
        if must_be_awaited(value) or isinstance(value, Exception):
            raise NotCompiled("value")
        output = type_.coerce_output_value(value)
        if output is None or output is Undefined:
            raise NotCompiled("value")
        return output

    return coerced
