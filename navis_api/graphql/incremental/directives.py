"""Whether an operation leaves parts of its result for later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    IntValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)
from graphql.language import Visitor, visit
from graphql.utilities import value_from_ast_untyped

_NAMES = frozenset({"defer", "stream"})


@dataclass(frozen=True, slots=True)
class Condition:
    """When a directive holds: always, or as a variable says.

    `initial_count`, of a streamed list, is a number or the name of a variable.
    """

    variable: str | None
    initial_count: int | str = 0


class _Finder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Condition] = []

    def enter_directive(self, node: DirectiveNode, *_args: object) -> None:
        if node.name.value not in _NAMES:
            return
        given: dict[str, ValueNode] = {
            argument.name.value: argument.value for argument in node.arguments or ()
        }
        holds = given.get("if")
        if isinstance(holds, BooleanValueNode) and not holds.value:
            return
        variable = holds.name.value if isinstance(holds, VariableNode) else None
        self.found.append(Condition(variable, _count(given.get("initialCount"))))


def _count(given: ValueNode | None) -> int | str:
    match given:
        case VariableNode(name=name):
            return name.value
        case IntValueNode(value=digits):
            return int(digits)
        case _:
            return 0


def conditions(document: DocumentNode) -> tuple[Condition, ...]:
    """Return when each `@defer` and `@stream` of a document holds, but for those that never do."""
    finder = _Finder()
    visit(document, finder)
    return tuple(finder.found)


def with_defaults(
    operation: OperationDefinitionNode | None, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return an operation's variables, with the defaults of those that weren't given."""
    if operation is None:
        return variables
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    return {**defaults, **variables}


def is_incremental(found: tuple[Condition, ...], variables: Mapping[str, Any]) -> bool:
    """Return whether a result may come in parts. A variable without a value counts as true."""
    return any(
        each.variable is None or variables.get(each.variable, True) is not False for each in found
    )


def begins_below_zero(found: tuple[Condition, ...], variables: Mapping[str, Any]) -> bool:
    """Return whether a list would be streamed after fewer than no items."""
    counts = (
        variables.get(each.initial_count, 0)
        if isinstance(each.initial_count, str)
        else each.initial_count
        for each in found
    )
    return any(isinstance(count, int | float) and count < 0 for count in counts)
