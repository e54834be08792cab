"""What stands in a document as it is written, before any fragment is spread."""

from collections import Counter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
)

from navis_api.graphql.refusals import limit_exceeded

MAX_VALUES = 150
"""Variables and literal values, those in lists and objects too. Long lists travel in variables."""

MAX_SAME = 50
"""Selections of one name between two braces: under aliases there can be 30."""

MAX_LEVELS = 40
"""Nested braces, fragments within fragments too: introspection has the most, with its 14."""


def check_written(document: DocumentNode, *, max_directives: int) -> None:
    """Raise OperationRefused when a document has too many directives, values or braces."""
    directives = values = levels = same = 0
    waiting: list[tuple[SelectionSetNode, int]] = []
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            directives += len(definition.directives or ())
            waiting.append((definition.selection_set, 1))
        if isinstance(definition, OperationDefinitionNode):
            variables = definition.variable_definitions or ()
            values += len(variables)
            directives += sum(len(each.directives or ()) for each in variables)
    while waiting:
        selection_set, level = waiting.pop()
        levels = max(levels, level)
        same = max(same, _most_of_one_name(selection_set))
        for selection in selection_set.selections:
            directives += len(selection.directives or ())
            if isinstance(selection, FieldNode) and selection.arguments:
                values += sum(_values(argument.value) for argument in selection.arguments)
            if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                waiting.append((selection.selection_set, level + 1))
    for limit, found, maximum, what in (
        ("directives", directives, max_directives, "directives"),
        ("values", values, MAX_VALUES, "variables and values of arguments"),
        ("levels", levels, MAX_LEVELS, "levels of braces"),
        ("repeats", same, MAX_SAME, "selections of the same name in one place"),
    ):
        if found > maximum:
            raise limit_exceeded(limit, maximum, f"The document has more than {maximum} {what}.")


def _most_of_one_name(selection_set: SelectionSetNode) -> int:
    """Return how often the field or fragment is written that is written most often."""
    names = Counter(
        selection.name.value
        for selection in selection_set.selections
        if isinstance(selection, FieldNode | FragmentSpreadNode)
    )
    return max(names.values(), default=0)


def _values(value: ValueNode) -> int:
    """Count the values in an argument. The parser allows 200 levels: this is bounded."""
    if isinstance(value, ListValueNode):
        return 1 + sum(_values(item) for item in value.values)
    if isinstance(value, ObjectValueNode):
        return 1 + sum(_values(field.value) for field in value.fields)
    return 1
