"""Executing a subscription once for an event, however many subscribers ask the same of it.

Most of what events of a generation have is there in the event, and the same for
whoever may see it. A result that consists of nothing else is kept with the event,
ready to be sent, for all who sent the same document. `GenerationStream` gives the
same rows to all of its subscribers, and lets go of them soon. The first of them is
served as if it were the only one: whoever reads the rows for themselves is.
"""

from typing import Any, cast

import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    InlineFragmentNode,
    Node,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)
from graphql.language import BREAK, Visitor, VisitorAction, visit
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

from navis_api.graphql.generation.events import GenerationEvent


class SharingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor, which does not do twice for an event what is the same for all."""

    def execute_operation(self, serially: bool | None = None) -> Any:  # noqa: ANN401, FBT001 - graphql-core's signature
        """Return the result of an operation, or of one event of a subscription."""
        event: object = self.root_value
        if not isinstance(event, GenerationEvent) or not event.is_shared:
            return super().execute_operation(serially)
        # By identity: equal operations of two documents may spread different fragments.
        kept = event.results.get(id(self.operation))
        if kept is None:
            kept = event.results[id(self.operation)] = (self.operation, self._shared(event))
        return kept[1] or super().execute_operation(serially)

    def _shared(self, event: GenerationEvent) -> ExecutionResult | None:
        """Return what all get who sent this operation. None: that depends on who they are."""
        type_ = self.schema.type_map[type(event).__name__]
        assert isinstance(type_, GraphQLObjectType), "events are objects"
        (root,) = self.operation.selection_set.selections
        if not (isinstance(root, FieldNode) and root.selection_set and not root.directives):
            return None
        if not self._is_same_for_all(root.selection_set, type_):
            return None
        result: Any = super().execute_operation()
        if not isinstance(result, ExecutionResult) or result.errors:
            return None
        # Encoded once: `orjson.dumps` takes it as it is.
        return ExecutionResult(data=cast("Any", orjson.Fragment(orjson.dumps(result.data))))

    def _is_same_for_all(self, selections: SelectionSetNode, type_: GraphQLObjectType) -> bool:
        """Return whether an object of this type has all that is selected, as it is for anybody."""
        return not _has_variables(selections) and all(
            self._is_plain(selection, type_) for selection in selections.selections
        )

    def _is_plain(self, selection: SelectionNode, type_: GraphQLObjectType) -> bool:
        match selection:
            case FieldNode(name=name, selection_set=inner):
                if name.value == "__typename":
                    return True
                field = type_.fields[name.value]
                written = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
                found = cast("GraphQLNamedType", get_named_type(field.type))
                return written.base_resolver is None and (
                    is_leaf_type(found)
                    or (
                        isinstance(found, GraphQLObjectType)
                        and inner is not None
                        and self._is_same_for_all(inner, found)
                    )
                )
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                name = condition.name.value if condition else type_.name
            case FragmentSpreadNode(name=spread):
                fragment = self.fragment_definitions[spread.value]
                name, inner = fragment.type_condition.name.value, fragment.selection_set
            case _:
                return False
        applies = name == type_.name or name in {each.name for each in type_.interfaces}
        return not applies or self._is_same_for_all(inner, type_)


class _Variables(Visitor):
    """Finds out whether there is a variable."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, _node: VariableNode, *_args: object) -> VisitorAction:
        self.found = True
        return BREAK


def _has_variables(node: Node) -> bool:
    variables = _Variables()
    visit(node, variables)
    return variables.found
