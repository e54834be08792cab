"""Reading documents: parsed, measured and validated once, then kept for the next who sends them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
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
    NoFragmentCyclesRule,
    NoUndefinedVariablesRule,
    NoUnusedVariablesRule,
    OperationDefinitionNode,
    OperationType,
    OverlappingFieldsCanBeMergedRule,
    SelectionSetNode,
    SingleFieldSubscriptionsRule,
    StringValueNode,
    VariablesInAllowedPositionRule,
    parse,
    specified_rules,
    validate,
)
from graphql.language import Visitor, visit
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from navis_api.graphql.cost.lengths import priced_variables, relevant_variables
from navis_api.graphql.cost.plan import NOTHING, Price
from navis_api.graphql.cost.pricing import Pricing
from navis_api.graphql.errors import syntax_error, validation_error
from navis_api.graphql.incremental.directives import Condition, conditions
from navis_api.graphql.limits import DocumentLimits, check_shape, fragments_in_order
from navis_api.graphql.plain_text import check_literals
from navis_api.graphql.refusals import (
    BAD_REQUEST,
    INTROSPECTION_DISABLED,
    OperationRefused,
    limit_exceeded,
    refusal,
)
from navis_api.graphql.repeats import have_to_be_compared
from navis_api.graphql.variables import variable_errors

MAX_VALIDATION_ERRORS = 4
_KEPT_DOCUMENTS = 256
_KEPT_PRICES = 64
"""Prices of one document, by its page sizes and conditions: more than clients ask for."""
_KEPT_CHARS = 20_000
"""Longer documents are read anew each time: 256 of the longest would be too much memory."""

# Built once: rules that differ from request to request would have to be prepared again.
WIDE_RULES: tuple[type[ASTValidationRule], ...] = (
    SingleFieldSubscriptionsRule,
    VariablesInAllowedPositionRule,
)
"""Rules about variables and subscriptions, which look at an operation as a whole with the
fragments that it spreads: they are asked only of documents in which everything else is right."""
# Circles of fragments are refused with the shape, variables in a walk of our own, and
# fields are compared only where they differ.
_ELSEWHERE = frozenset(
    {
        NoFragmentCyclesRule,
        NoUndefinedVariablesRule,
        NoUnusedVariablesRule,
        OverlappingFieldsCanBeMergedRule,
    }
)
LOCAL_RULES: tuple[type[ASTValidationRule], ...] = (
    *(rule for rule in specified_rules if rule not in {*WIDE_RULES, *_ELSEWHERE}),
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)
"""Rules that look at one place. After a few errors they stop looking."""


class Document:
    """A document that is within its limits and valid."""

    def __init__(self, schema: GraphQLSchema, ast: DocumentNode, executable: DocumentNode) -> None:
        self._schema = schema
        self._ast = ast
        self._priced_variables: dict[str | None, frozenset[str]] = {}
        self._prices: dict[tuple[object, ...], Price] = {}
        self.executable = executable

    @cached_property
    def _operations(self) -> list[OperationDefinitionNode]:
        return [
            definition
            for definition in self._ast.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]

    @cached_property
    def _by_name(self) -> dict[str | None, OperationDefinitionNode]:
        """The operations by their names; None is the only one, if there is only one."""
        by_name: dict[str | None, OperationDefinitionNode] = {
            operation.name.value: operation for operation in self._operations if operation.name
        }
        if len(self._operations) == 1:
            by_name[None] = self._operations[0]
        return by_name

    @cached_property
    def _fragments(self) -> list[FragmentDefinitionNode]:
        return fragments_in_order(self._ast)

    @cached_property
    def incremental(self) -> tuple[Condition, ...]:
        """When each of its `@defer` and `@stream` holds."""
        return conditions(self._ast)

    @cached_property
    def field_names(self) -> frozenset[str]:
        """The names of all fields that are selected anywhere in it."""
        found = _FieldNames()
        visit(self._ast, found)
        return frozenset(found.names)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation with this name or, without one, the only one."""
        return self._by_name.get(name)

    def written_name(self, name: str | None) -> str | None:
        """Return the name that `operation` with this name has in the document, if it has one."""
        operation = self.operation(name)
        return operation.name.value if operation is not None and operation.name else None

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

    def price(self, name: str | None, variables: Mapping[str, Any]) -> Price:
        """Return the price of an operation of this document with these variables."""
        operation = self.operation(name)
        if operation is None:
            return NOTHING
        if name not in self._priced_variables:
            self._priced_variables[name] = priced_variables(operation, self._fragments)
        names = self._priced_variables[name]
        relevant = relevant_variables(operation, names, variables) if names else {}
        key = (name, *relevant.values())
        price = self._prices.get(key)
        if price is None:
            price = Pricing(self._schema, self._fragments).price(operation, relevant)
            if len(self._prices) >= _KEPT_PRICES:
                self._prices.clear()
            self._prices[key] = price
        return price


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

    def require_price(
        self, document: Document, name: str | None, variables: Mapping[str, Any]
    ) -> Price:
        """Return what an operation costs. Raises OperationRefused when that is too much."""
        price = document.price(name, variables)
        if price.requested > self.limits.cost:
            raise limit_exceeded(
                "cost",
                self.limits.cost,
                f"The operation costs up to {price.requested} points, and {self.limits.cost} are"
                " allowed. Ask for smaller pages.",
            )
        return price

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
        if "$" in text:
            _refuse_if_any(variable_errors(ast, MAX_VALIDATION_ERRORS))
        self._validate(ast, LOCAL_RULES)
        if "$" in text or "subscription" in text:
            self._validate(ast, WIDE_RULES)
        if self._has_to_be_compared(ast):
            self._validate(ast, [OverlappingFieldsCanBeMergedRule])
        hides = not limits.introspection and "__type" in text
        return Document(self._schema, ast, visit(ast, _NamelessTypes()) if hides else ast)

    def _has_to_be_compared(self, ast: DocumentNode) -> bool:
        fragments = {
            definition.name.value: (definition.selection_set, definition.type_condition.name.value)
            for definition in ast.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        return any(
            have_to_be_compared(self._schema, definition, fragments)
            for definition in ast.definitions
            if isinstance(definition, OperationDefinitionNode)
        )

    def _validate(self, ast: DocumentNode, rules: Sequence[type[ASTValidationRule]]) -> None:
        errors = validate(
            self._schema,
            ast,
            rules,
            max_errors=MAX_VALIDATION_ERRORS,
            hide_suggestions=not self.limits.suggestions,
        )
        _refuse_if_any(errors)

    def _parse(self, text: str) -> DocumentNode:
        limits = self.limits
        try:
            # graphql-core 3.3 takes `{}` unless it is told not to (GraphQL, 2.5: at least one).
            return parse(text, max_tokens=limits.tokens, allow_empty_selection_sets=False)
        except GraphQLError as error:
            # graphql-core 3.3 raises the same class for this limit as for any syntax error.
            if "Document contains more than" not in error.message:
                raise OperationRefused(syntax_error(error)) from None
            raise limit_exceeded(
                "tokens", limits.tokens, f"The document has more than {limits.tokens} tokens."
            ) from None


class _FieldNames(Visitor):
    """Gathers the names of fields."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        self.names.add(node.name.value)


def _refuse_if_any(errors: Sequence[GraphQLError]) -> None:
    if errors:
        raise OperationRefused(*(validation_error(error) for error in errors))


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
