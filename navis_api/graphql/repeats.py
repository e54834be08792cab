"""Fields that are asked for more than once in one place, and whether they can be merged.

GraphQL (5.3.2) wants every two such fields compared, and all below them: that grows with
the square. Most of them are the same field, asked for by several fragments: those can be
merged, and are recognised in one walk.
"""

from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    print_ast,
)

from navis_api.graphql.cost.lengths import given_type
from navis_api.graphql.refusals import limit_exceeded

MAX_REPEATS = 400
"""Pairs of fields with one name in one place, where they differ; comparing two took 3 to 9 µs."""

# Selection sets that are executed as one, each with the type that it is asked of.
_Place = Sequence[tuple[SelectionSetNode, str]]


def have_to_be_compared(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, tuple[SelectionSetNode, str]],
) -> bool:
    """Return whether two fields with one name differ in a place, so that validation must compare.

    Raises OperationRefused when there are too many pairs to be compared. What is walked
    here is bounded, since the fields, fragments spread out, were counted before.
    """
    root = schema.get_root_type(operation.operation)
    waiting: list[_Place] = [[(operation.selection_set, root.name)]] if root else []
    pairs, differ = 0, False
    while waiting:
        named: dict[str, list[tuple[FieldNode, str]]] = {}
        for node, type_name in _fields(waiting.pop(), fragments):
            named.setdefault((node.alias or node.name).value, []).append((node, type_name))
        for group in named.values():
            pairs += len(group) * (len(group) - 1) // 2
            differ = differ or (len(group) > 1 and len(set(map(_signature, group))) > 1)
            below = [
                (node.selection_set, _type_below(schema, type_name, node))
                for node, type_name in group
                if node.selection_set is not None
            ]
            if below:
                waiting.append(below)
        if differ and pairs > MAX_REPEATS:
            message = "The operation asks for fields of one name too often in one place."
            raise limit_exceeded("repeats", MAX_REPEATS, message)
    return differ


def _signature(asked: tuple[FieldNode, str]) -> tuple[str, ...]:
    """Return what has to be the same for two fields to be one: type, name, arguments, @stream."""
    node, type_name = asked
    arguments = sorted(map(print_ast, node.arguments)) if node.arguments else ()
    streams = (each for each in node.directives or () if each.name.value == "stream")
    return type_name, node.name.value, *arguments, *map(print_ast, streams)


def _type_below(schema: GraphQLSchema, type_name: str, node: FieldNode) -> str:
    parent = schema.get_type(type_name)
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    field = parent.fields.get(node.name.value)
    if field is None:
        # Introspection: its fields have their types to themselves.
        return node.name.value
    return given_type(field).name


def _fields(
    place: _Place, fragments: Mapping[str, tuple[SelectionSetNode, str]]
) -> Iterator[tuple[FieldNode, str]]:
    """Yield the fields of a place, fragments spread out, each with the type it is asked of."""
    waiting = list(place)
    while waiting:
        selection_set, type_name = waiting.pop()
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                yield selection, type_name
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                named = condition.name.value if condition else type_name
                waiting.append((selection.selection_set, named))
            elif isinstance(selection, FragmentSpreadNode):
                spread = fragments.get(selection.name.value)
                if spread is not None:
                    waiting.append(spread)
