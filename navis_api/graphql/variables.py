"""Variables that nobody uses or nobody defined (GraphQL, 5.8.3 and 5.8.4), found in one walk.

graphql-core's rules look at each operation with all fragments that it spreads, twice.
"""

from collections.abc import Mapping

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

_Uses = tuple[dict[str, VariableNode], set[str]]


def variable_errors(document: DocumentNode, at_most: int) -> list[GraphQLError]:
    """Return what is wrong with the variables of a document, in graphql-core's words."""
    fragments = {
        definition.name.value: _uses(definition, definition.selection_set)
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    errors: list[GraphQLError] = []
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            errors.extend(_errors(operation, fragments))
            if len(errors) >= at_most:
                break
    return errors[:at_most]


def _errors(
    operation: OperationDefinitionNode, fragments: Mapping[str, _Uses]
) -> list[GraphQLError]:
    used, waiting = _uses(operation, operation.selection_set)
    used = dict(used)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in fragments:
            seen.add(name)
            below, spreads = fragments[name]
            used = {**below, **used}
            waiting = waiting | spreads
    name = operation.name.value if operation.name else None
    defined = {each.variable.name.value: each for each in operation.variable_definitions or ()}
    undefined = f" is not defined by operation '{name}'." if name else " is not defined."
    unused = f" is never used in operation '{name}'." if name else " is never used."
    return [
        *(
            GraphQLError(f"Variable '${variable}'{undefined}", [node, operation])
            for variable, node in used.items()
            if variable not in defined
        ),
        *(
            GraphQLError(f"Variable '${variable}'{unused}", definition)
            for variable, definition in defined.items()
            if variable not in used
        ),
    ]


def _uses(
    definition: OperationDefinitionNode | FragmentDefinitionNode, selection_set: SelectionSetNode
) -> _Uses:
    """Return the variables that stand in a definition, and the fragments that it spreads."""
    spreads: set[str] = set()
    arguments = _arguments(definition)
    sets = [selection_set]
    while sets:
        for selection in sets.pop().selections:
            arguments.extend(_arguments(selection))
            if isinstance(selection, FragmentSpreadNode):
                spreads.add(selection.name.value)
            elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                sets.append(selection.selection_set)
    return _variables_in([argument.value for argument in arguments]), spreads


def _arguments(
    node: OperationDefinitionNode | FragmentDefinitionNode | SelectionNode,
) -> list[ArgumentNode]:
    arguments = list(node.arguments or ()) if isinstance(node, FieldNode) else []
    for directive in node.directives or ():
        arguments.extend(directive.arguments or ())
    return arguments


def _variables_in(values: list[ValueNode]) -> dict[str, VariableNode]:
    variables: dict[str, VariableNode] = {}
    while values:
        value = values.pop()
        if isinstance(value, VariableNode):
            variables.setdefault(value.name.value, value)
        elif isinstance(value, ListValueNode):
            values.extend(value.values)
        elif isinstance(value, ObjectValueNode):
            values.extend(field.value for field in value.fields)
    return variables
