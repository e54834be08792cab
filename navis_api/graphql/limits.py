"""Limits on operations, held before any other work is done for them.

Each fragment is measured once, wherever it is spread: twenty levels of fragments
that spread each other twice cost as little to refuse as twenty lines of text.
Strawberry's own limiters expand them (FACTS, Strawberry 0.341).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from navis_api.graphql.refusals import (
    VALIDATION_FAILED,
    OperationRefused,
    limit_exceeded,
    refusal,
)
from navis_api.graphql.written import check_written
from navis_api.settings import Settings

MAX_ROOT_FIELDS = 20
"""Root fields of a query: each may open a session of its own."""

MAX_MUTATION_FIELDS = 5
"""Root fields of a mutation: each is a transaction."""

MAX_INTROSPECTION_DEPTH = 20
"""Levels below `__schema` or `__type`: the usual introspection query has 14."""

MAX_OPERATIONS = 10
"""Operations in a document. One is executed, and all are validated, each for itself."""

MAX_FIELDS = 1_000
"""Fields and fragments of an operation, spread out."""

_INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """How large and how involved a document may be."""

    chars: int
    tokens: int
    definitions: int
    depth: int
    aliases: int
    directives: int
    cost: int
    introspection: bool
    suggestions: bool

    @classmethod
    def of(cls, settings: Settings) -> "DocumentLimits":
        """Return the limits that are set."""
        return cls(
            chars=settings.max_query_chars,
            tokens=settings.max_query_tokens,
            definitions=settings.max_query_definitions,
            depth=settings.max_query_depth,
            aliases=settings.max_query_aliases,
            directives=settings.max_query_directives,
            cost=settings.max_query_cost,
            introspection=settings.introspection_allowed,
            suggestions=settings.suggestions_shown,
        )


@dataclass(slots=True)
class _Shape:
    """What a selection set is like, with the fragments in it spread out."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    fields: int = 0
    top_fields: int = 0

    def add(self, other: "_Shape", *, below: int) -> None:
        """Take in a selection set that stands so many levels further down."""
        self.depth = max(self.depth, other.depth + below)
        self.introspection_depth = max(self.introspection_depth, other.introspection_depth)
        self.aliases += other.aliases
        self.fields += other.fields
        if not below:
            self.top_fields += other.top_fields


def fragments_in_order(document: DocumentNode) -> list[FragmentDefinitionNode]:
    """Return the fragments so that each comes after all that it spreads.

    Raises OperationRefused when they spread each other in a circle.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    graph = {
        name: [spread for spread in _spreads(fragment.selection_set) if spread in fragments]
        for name, fragment in fragments.items()
    }
    try:
        return [fragments[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError:
        message = "Fragments can't spread each other in a circle."
        raise OperationRefused(refusal(message, code=VALIDATION_FAILED)) from None


def _spreads(selection_set: SelectionSetNode) -> Iterable[str]:
    waiting = [selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                yield selection.name.value
            elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                waiting.append(selection.selection_set)


def check_shape(document: DocumentNode, limits: DocumentLimits) -> None:
    """Raise OperationRefused when a document, not yet validated, goes beyond a limit."""
    if len(document.definitions) > limits.definitions:
        raise limit_exceeded(
            "definitions",
            limits.definitions,
            f"The document has more than {limits.definitions} operations and fragments.",
        )
    operations = [
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    if len(operations) > MAX_OPERATIONS:
        message = f"The document has more than {MAX_OPERATIONS} operations."
        raise limit_exceeded("operations", MAX_OPERATIONS, message)
    check_written(document, max_directives=limits.directives)
    measured: dict[str, _Shape] = {}
    for fragment in fragments_in_order(document):
        measured[fragment.name.value] = _measure(fragment.selection_set, measured)
    for operation in operations:
        shape = _measure(operation.selection_set, measured)
        _check(shape, operation.operation, limits)


def _measure(selection_set: SelectionSetNode, measured: Mapping[str, _Shape]) -> _Shape:
    """Return a selection set's shape. The parser allows 200 levels: this recursion is bounded."""
    shape = _Shape()
    for selection in selection_set.selections:
        if isinstance(selection, FragmentSpreadNode):
            # An unknown fragment is for validation to report.
            spread = measured.get(selection.name.value)
            shape.fields += 1
            if spread is not None:
                shape.add(spread, below=0)
        elif isinstance(selection, InlineFragmentNode):
            shape.add(_measure(selection.selection_set, measured), below=0)
        elif isinstance(selection, FieldNode):
            _add_field(shape, selection, measured)
    return shape


def _add_field(shape: _Shape, node: FieldNode, measured: Mapping[str, _Shape]) -> None:
    shape.fields += 1
    shape.top_fields += 1
    shape.aliases += node.alias is not None
    shape.depth = max(shape.depth, 1)
    if node.selection_set is None:
        return
    inner = _measure(node.selection_set, measured)
    if node.name.value in _INTROSPECTION:
        # From here on the levels count towards a limit of their own.
        inner.introspection_depth = max(inner.introspection_depth, inner.depth)
        inner.depth = 0
    shape.add(inner, below=1)


def _check(shape: _Shape, operation: OperationType, limits: DocumentLimits) -> None:
    root = MAX_MUTATION_FIELDS if operation is OperationType.MUTATION else MAX_ROOT_FIELDS
    for limit, found, maximum, what in (
        ("depth", shape.depth, limits.depth, "levels of nesting"),
        (
            "introspectionDepth",
            shape.introspection_depth,
            MAX_INTROSPECTION_DEPTH,
            "levels of introspection",
        ),
        ("aliases", shape.aliases, limits.aliases, "aliases, fragments spread out"),
        ("rootFields", shape.top_fields, root, "root fields"),
        ("fields", shape.fields, MAX_FIELDS, "fields, fragments spread out"),
    ):
        if found > maximum:
            raise limit_exceeded(limit, maximum, f"The operation has more than {maximum} {what}.")
