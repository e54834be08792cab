"""Expressions that complete a value by its type: nulls, lists, interfaces; leaves in `leaves`."""

from collections.abc import Callable, Iterable
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition

from navis_api.graphql.compiled.core import (
    AnyType,
    is_leaf,
    is_list,
    is_non_null,
    makes_a_list,
    must_be_awaited,
)
from navis_api.graphql.compiled.errors import NotCompiled, null
from navis_api.graphql.compiled.leaves import Names, leaf_expression

ObjectFunction = Callable[[GraphQLObjectType], str]
"""Returns the name of the function that completes an object of that type."""


class ByClass(dict[type, Callable[..., Any]]):
    """The functions that complete an interface's objects, by the class of the object."""

    def __missing__(self, class_: type) -> Callable[..., Any]:
        """Raise NotCompiled."""
        raise NotCompiled("type")


def definition_of(type_: GraphQLObjectType | GraphQLAbstractType) -> StrawberryObjectDefinition:
    """Return an object type or interface as Strawberry knows it. Raises NotCompiled."""
    definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(definition, StrawberryObjectDefinition) or _decides_itself(definition):
        raise NotCompiled("type")
    return definition


def listed(value: Any) -> Iterable[Any]:  # noqa: ANN401 - whatever a resolver returned
    """Return what a list field that didn't return a list has returned instead, if it will do."""
    if value is None:
        null()
    if isinstance(value, Exception) or must_be_awaited(value) or not makes_a_list(value):
        raise NotCompiled("value")
    return value


def _decides_itself(definition: StrawberryObjectDefinition) -> bool:
    """Return whether a type has a function of its own that says which objects are its own."""
    return definition.is_type_of is not None  # pyright: ignore[reportUnknownMemberType] - see `core`


class Completion:
    """Writes expressions. `names` gains what they need."""

    def __init__(self, schema: GraphQLSchema, names: Names) -> None:
        self._schema = schema
        self._names = names
        self._by_class: list[tuple[ByClass, dict[type, str]]] = []

    def expression(
        self, type_: AnyType, value: str, function: ObjectFunction, *, depth: int = 0
    ) -> str:
        """Return an expression for the output of the variable `value`.

        `function` names the function for an object below; `depth` counts lists around it.
        """
        if not is_non_null(type_):
            some = self._some(type_, value, function, depth)
            return f"(None if {value} is None else {some})"
        some = self._some(type_.of_type, value, function, depth)
        if is_leaf(type_) or is_list(type_.of_type):
            return f"({some})"
        return f"({some} if {value} is not None else null())"

    def link(self) -> None:
        """Put functions in place of their names, once they have been defined."""
        for table, functions in self._by_class:
            for class_, name in functions.items():
                table[class_] = self._names[name]  # pyright: ignore[reportArgumentType] - a function

    def _some(self, type_: AnyType, value: str, function: ObjectFunction, depth: int) -> str:
        """Return an expression for a value that isn't null, or that raises for null."""
        if is_leaf(type_):
            return leaf_expression(type_, value, self._names)
        if isinstance(type_, GraphQLObjectType):
            return f"{function(type_)}({value}, run)"
        if is_list(type_):
            self._names["listed"] = listed
            item = f"i{depth}"
            each = self.expression(type_.of_type, item, function, depth=depth + 1)
            return f"[{each} for {item} in ({value} if type({value}) is list else listed({value}))]"
        if isinstance(type_, GraphQLInterfaceType):
            return f"{self._interface(type_, function)}[type({value})]({value}, run)"
        raise NotCompiled("union")

    def _interface(self, type_: GraphQLInterfaceType, function: ObjectFunction) -> str:
        definition = definition_of(type_)
        if definition.resolve_type is not None:  # pyright: ignore[reportUnknownMemberType] - see `core`
            raise NotCompiled("type")
        functions: dict[type, str] = {}
        for possible in self._schema.get_possible_types(type_):
            definition = definition_of(possible)
            if definition.concrete_of is not None:
                raise NotCompiled("generic")
            functions[definition.origin] = function(possible)
        table = ByClass()
        self._by_class.append((table, functions))
        name = f"by_class_{len(self._by_class)}"
        self._names[name] = table
        return name
