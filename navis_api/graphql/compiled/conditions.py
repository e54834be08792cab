"""What in a document depends on variables: the conditions of its @skip and @include.

Their values also decide the order of a response's keys, so a program is compiled for each
combination of them that occurs, and holds no condition any more.
"""

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    VariableNode,
)
from graphql.language import Visitor, visit

from navis_api.graphql.compiled.errors import NotCompiled

_SUPPORTED = {GraphQLSkipDirective.name, GraphQLIncludeDirective.name}


class _Conditions(Visitor):
    """Collects the variables that conditions name, and what other directives there are."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()
        self.unsupported = False

    def enter_directive(self, node: DirectiveNode, *_args: object) -> None:
        if node.name.value not in _SUPPORTED:
            self.unsupported = True
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.variables.add(argument.value.name.value)


def condition_variables(document: DocumentNode) -> set[str]:
    """Return the names of the variables that decide what is selected.

    Raises NotCompiled when there is another directive anywhere in the document.
    """
    found = _Conditions()
    visit(document, found)
    if found.unsupported:
        raise NotCompiled("directive")
    return found.variables
