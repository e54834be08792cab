"""How many objects a field gives at most, as far as its arguments and variables say."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_named_type,
)
from graphql.language import BooleanValueNode

from navis_api.db.paging import MAX_PAGE
from navis_api.graphql.cost import prices

_PRICED = frozenset({"first", "last", "ids", "if"})
_MAX_DIGITS = 10


def relevant_variables(
    operation: OperationDefinitionNode, names: frozenset[str], variables: Mapping[str, Any]
) -> dict[str, int | bool | None]:
    """Return what the price depends on: page sizes, lengths of ids and conditions.

    Whatever else a variable holds is for execution to refuse. A list is as good as its length.
    """
    relevant: dict[str, int | bool | None] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        if name in names:
            given: object = variables.get(name, definition.default_value)
            relevant[name] = _value(given)
    return relevant


def priced_variables(
    operation: OperationDefinitionNode, fragments: Sequence[FragmentDefinitionNode]
) -> frozenset[str]:
    """Return the names of the variables that the price may depend on."""
    names: set[str] = set()
    waiting = [operation.selection_set, *(fragment.selection_set for fragment in fragments)]
    while waiting:
        for selection in waiting.pop().selections:
            arguments = [*(getattr(selection, "arguments", None) or ())]
            for directive in selection.directives or ():
                arguments.extend(directive.arguments or ())
            for argument in arguments:
                if argument.name.value in _PRICED and isinstance(argument.value, VariableNode):
                    names.add(argument.value.name.value)
            if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                waiting.append(selection.selection_set)
    return frozenset(names)


def length_of(
    node: FieldNode,
    parent: GraphQLObjectType,
    field: GraphQLField,
    variables: Mapping[str, Any],
    *,
    items: int,
) -> int:
    """Return how many objects a field gives at most, as far as that can be known."""
    name = node.name.value
    if prices.is_page(parent.name):
        return items if name in {"nodes", "edges"} else 1
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if "first" in field.args:
        asked = [value_of(given[each], variables) for each in ("first", "last") if each in given]
        return prices.page(parent.name, name, next((n for n in asked if n is not None), None))
    if (parent.name, name) == prices.BY_IDS:
        count = value_of(given.get("ids"), variables)
        return min(count or 1, MAX_PAGE) if isinstance(count, int) else 1
    return prices.length(parent.name, name) if is_list(field) else 1


def value_of(node: ValueNode | None, variables: Mapping[str, Any]) -> int | bool | None:
    """Return what an argument says of the price, with variables as they were given or prepared."""
    if isinstance(node, VariableNode):
        return _value(variables.get(node.name.value))
    return _value(node)


def _value(given: object) -> int | bool | None:
    """Return a number, a condition or the length of a list; None: whatever else it is."""
    if isinstance(given, IntValueNode):
        # A literal of thousands of digits is out of range, whatever they are.
        given = int(given.value) if len(given.value) <= _MAX_DIGITS else MAX_PAGE
    elif isinstance(given, BooleanValueNode):
        given = given.value
    elif isinstance(given, ListValueNode):
        given = len(given.values)
    elif isinstance(given, list):
        given = len(cast("list[object]", given))
    if isinstance(given, bool) or given is None:
        return given
    return min(max(given, 0), MAX_PAGE) if isinstance(given, int) else None


def given_type(field: GraphQLField) -> GraphQLNamedType:
    """Return the type of the objects that a field gives."""
    return get_named_type(field.type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - graphql-core 3.3 leaves it open what lists hold


def is_list(field: GraphQLField) -> bool:
    """Return whether a field gives a list."""
    return isinstance(_nullable(field), GraphQLList)


def is_always_one(field: GraphQLField) -> bool:
    """Return whether a field always gives one object."""
    return isinstance(_type(field), GraphQLNonNull) and not is_list(field)


def has_nulls(field: GraphQLField) -> bool:
    """Return whether a field gives a list that may have nulls in it."""
    type_ = _nullable(field)
    return isinstance(type_, GraphQLList) and not isinstance(_of(type_), GraphQLNonNull)


def _nullable(field: GraphQLField) -> object:
    type_ = _type(field)
    return _of(type_) if isinstance(type_, GraphQLNonNull) else type_


def _type(field: GraphQLField) -> object:
    return cast("Any", field).type


def _of(wrapper: Any) -> object:  # noqa: ANN401 - see `given_type`
    return wrapper.of_type
