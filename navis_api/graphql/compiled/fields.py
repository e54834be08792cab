"""What a field of the schema reads or calls, as its Strawberry definition says."""

import inspect
import keyword
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from navis_api.graphql.at_hand import function_at_hand
from navis_api.graphql.compiled.arguments import (
    ConvertedArguments,
    SimpleArguments,
    plan_arguments,
)
from navis_api.graphql.compiled.errors import NotCompiled
from navis_api.graphql.recorded import RECORDED


@dataclass(frozen=True, slots=True)
class CompiledField:
    """A field at one place of a document that a resolver function is called for."""

    parent_type: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]
    field: StrawberryField
    function: Callable[..., Any]
    arguments: SimpleArguments | ConvertedArguments | None
    takes_self: bool
    parent_keywords: tuple[str, ...]
    info_keyword: str | None
    is_async: bool
    at_hand: Callable[..., Any] | None
    remembered: str | None


def strawberry_field(definition: GraphQLField) -> StrawberryField:
    """Return a field as Strawberry knows it. Raises NotCompiled where it isn't a plain one."""
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(field, StrawberryField):
        raise NotCompiled("introspection")
    is_plain = type(field).get_result is StrawberryField.get_result and not field.extensions
    if not is_plain:
        raise NotCompiled("field extension")
    if RECORDED.items() <= field.metadata.items():
        raise NotCompiled("recorded")
    return field


def attribute_of(field: StrawberryField) -> str | None:
    """Return the attribute that a field reads; None where it has a resolver."""
    if _resolver(field) is not None:
        return None
    name = field.python_name
    if field.default_resolver is not getattr or not name.isidentifier() or keyword.iskeyword(name):
        raise NotCompiled("attribute")
    return name


def reads_alone(field: StrawberryField) -> bool:
    """Return whether a field is made of its object alone, whatever the request is."""
    resolver = _resolver(field)
    if resolver is None:
        return True
    return resolver.info_parameter is None and not inspect.iscoroutinefunction(
        resolver.wrapped_func
    )


def resolver_of(
    parent_type: GraphQLObjectType,
    definition: GraphQLField,
    nodes: list[FieldNode],
    field: StrawberryField,
    converter: GraphQLCoreConverter,
    *,
    remembered: str | None = None,
) -> CompiledField:
    """Return how a field with a resolver is called. Raises NotCompiled.

    `remembered` is what its `info` says is selected of the questions that it lists.
    """
    resolver = _resolver(field)
    function: Callable[..., Any] | None = resolver.wrapped_func if resolver is not None else None
    if resolver is None or not callable(function):
        raise NotCompiled("resolver")
    parents = (resolver.parent_parameter, resolver.root_parameter)
    info = resolver.info_parameter
    return CompiledField(
        parent_type=parent_type,
        definition=definition,
        nodes=nodes,
        field=field,
        function=function,
        arguments=plan_arguments(definition, nodes[0], field, converter),
        takes_self=resolver.self_parameter is not None,
        parent_keywords=tuple(parent.name for parent in parents if parent is not None),
        info_keyword=info.name if info is not None else None,
        is_async=inspect.iscoroutinefunction(function),
        at_hand=function_at_hand(field.metadata),
        remembered=remembered,
    )


def _resolver(field: StrawberryField) -> Any:  # noqa: ANN401 - Strawberry leaves open what it returns
    return cast("Any", field).base_resolver
