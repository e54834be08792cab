"""Reading documents: parsed, measured and validated once, then kept for the next who sends them."""

from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    parse,
    specified_rules,
    validate,
)
from graphql.language import Visitor, visit
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from navis_api.graphql.cost import CostCounter
from navis_api.graphql.errors import syntax_error, validation_error
from navis_api.graphql.limits import DocumentLimits, check_shape, fragments_in_order
from navis_api.graphql.plain_text import check_literals
from navis_api.graphql.refusals import (
    BAD_REQUEST,
    INTROSPECTION_DISABLED,
    OperationRefused,
    limit_exceeded,
    refusal,
)

MAX_VALIDATION_ERRORS = 4
_KEPT_DOCUMENTS = 256
_KEPT_CHARS = 20_000
"""Longer documents are read anew each time: 256 of the longest would be too much memory."""

# Built once: rules that differ from request to request would have to be prepared again.
RULES: tuple[type[ASTValidationRule], ...] = (
    *specified_rules,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


class Document:
    """A document that is within its limits and valid."""

    def __init__(self, schema: GraphQLSchema, ast: DocumentNode, executable: DocumentNode) -> None:
        self._schema = schema
        self._ast = ast
        self._costs: dict[str | None, int] = {}
        self.executable = executable

    @cached_property
    def _operations(self) -> list[OperationDefinitionNode]:
        return [
            definition
            for definition in self._ast.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]

    @cached_property
    def _fragments(self) -> list[FragmentDefinitionNode]:
        return fragments_in_order(self._ast)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation with this name or, without one, the only one."""
        if name is None:
            return self._operations[0] if len(self._operations) == 1 else None
        for operation in self._operations:
            if operation.name is not None and operation.name.value == name:
                return operation
        return None

    def require_operation(self, name: str | None) -> None:
        """Raise OperationRefused when no operation is named, or one that isn't there.

        Strawberry 0.341 would run the first of several (GraphQL, 6.1: a request error).
        """
        if self.operation(name) is None:
            message = "`operationName` must name one of the document's operations."
            raise OperationRefused(refusal(message, code=BAD_REQUEST))

    def kind(self, name: str | None) -> OperationType | None:
        """Return whether that operation is a query, a mutation or a subscription."""
        operation = self.operation(name)
        return operation.operation if operation else None

    def cost(self, name: str | None, variables: Mapping[str, Any]) -> int:
        """Return what that operation costs with these variables, rounded up. See `cost`."""
        if name in self._costs:
            return self._costs[name]
        operation = self.operation(name)
        if operation is None:
            return 0
        counted = CostCounter(self._schema, self._fragments, operation, variables)
        # Tenths add up with errors far to the right of the point.
        cost = -int(-round(counted.total, 6) // 1)
        if not counted.depends_on_variables:
            self._costs[name] = cost
        return cost


class DocumentReader:
    """Turns query texts into documents. One for a process."""

    def __init__(self, schema: GraphQLSchema, limits: DocumentLimits) -> None:
        self._schema = schema
        self.limits = limits
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def read(self, text: str) -> Document:
        """Return the document.

        Raises OperationRefused when it can't be parsed, goes beyond a limit, is
        invalid or asks what it may not.
        """
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return kept
        document = self._read(text)
        if len(text) <= _KEPT_CHARS:
            self._kept[text] = document
            if len(self._kept) > _KEPT_DOCUMENTS:
                self._kept.popitem(last=False)
        return document

    def check_cost(
        self, document: Document, name: str | None, variables: Mapping[str, Any]
    ) -> None:
        """Raise OperationRefused when an operation costs more than is allowed."""
        cost = document.cost(name, variables)
        if cost > self.limits.cost:
            raise limit_exceeded(
                "cost",
                self.limits.cost,
                f"The operation asks for up to {cost} objects, and {self.limits.cost} are allowed."
                " Ask for smaller pages.",
            )

    def _read(self, text: str) -> Document:
        limits = self.limits
        if len(text) > limits.chars:
            raise limit_exceeded(
                "chars", limits.chars, f"The document is longer than {limits.chars} characters."
            )
        ast = self._parse(text)
        check_shape(ast, limits)
        check_literals(ast, text)
        if not limits.introspection:
            _refuse_introspection(ast)
        errors = validate(
            self._schema, ast, RULES, max_errors=MAX_VALIDATION_ERRORS, hide_suggestions=True
        )
        if errors:
            raise OperationRefused(*(validation_error(error) for error in errors))
        hides = not limits.introspection and "__type" in text
        return Document(self._schema, ast, visit(ast, _NamelessTypes()) if hides else ast)

    def _parse(self, text: str) -> DocumentNode:
        limits = self.limits
        try:
            return parse(text, max_tokens=limits.tokens)
        except GraphQLError as error:
            # graphql-core 3.3 raises the same class for this limit as for any syntax error.
            if "Document contains more than" not in error.message:
                raise OperationRefused(syntax_error(error)) from None
            raise limit_exceeded(
                "tokens", limits.tokens, f"The document has more than {limits.tokens} tokens."
            ) from None


class _Introspection(Visitor):
    """Finds `__schema`."""

    def __init__(self) -> None:
        super().__init__()
        self.node: FieldNode | None = None

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        if node.name.value == "__schema":
            self.node = node


def _refuse_introspection(ast: DocumentNode) -> None:
    found = _Introspection()
    visit(ast, found)
    if found.node is not None:
        raise OperationRefused(
            refusal(
                "Introspection is switched off here. The schema is published with the source code.",
                code=INTROSPECTION_DISABLED,
                node=found.node,
            )
        )


class _NamelessTypes(Visitor):
    """Makes every `__type` ask for a type that can't exist, so that null is the answer."""

    def enter_field(self, node: FieldNode, *_args: object) -> FieldNode | None:
        if node.name.value != "__type":
            return None
        nothing = ArgumentNode(name=NameNode(value="name"), value=StringValueNode(value=""))
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=(nothing,),
            directives=node.directives,
            selection_set=node.selection_set,
            loc=node.loc,
        )


def placeholder(name: str | None) -> DocumentNode:
    """Return a document that stands in for one that was refused. It is never executed."""
    typename = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())
    return DocumentNode(
        definitions=(
            OperationDefinitionNode(
                operation=OperationType.QUERY,
                name=NameNode(value=name) if name is not None else None,
                variable_definitions=(),
                directives=(),
                selection_set=SelectionSetNode(selections=(typename,)),
            ),
        )
    )
