"""What an operation may cost: the objects that it asks for, counted before it is executed.

An object counts 1 and every list multiplies what is asked for below it:

- a connection by its `first` or `last`, 20 without them, 100 at most;
- another list of objects by the size in `LIST_SIZES`, which is what such lists
  have in the sample content, rounded up;
- parts that come with an answer's document (`PARTS`) count 0.1, since they are
  loaded with it and only have to be printed;
- what only wraps others (connections, edges, page infos) and introspection count 0;
- fragments count wherever they are spread, and those on different types of an
  interface or union are added up.

So `cancers(first: 10) { nodes { questions(first: 5) { nodes { answer { title } } } } }`
costs 10 × (1 + 5 × (1 + 1)) = 110.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

from navis_api.db.paging import DEFAULT_PAGE, MAX_PAGE

LIST_SIZES: Mapping[tuple[str, str], int] = {
    ("Cancer", "subtypes"): 5,
    ("Answer", "sections"): 8,
    ("Answer", "citations"): 12,
    ("Answer", "glossary"): 6,
    ("Answer", "safetyNotices"): 1,
    ("Answer", "history"): 3,
    ("AnswerSection", "claims"): 4,
    ("Claim", "citations"): 1,
    ("AnswerTextAdded", "citations"): 1,
    ("Generation", "events"): 40,
    ("Answer", "comments"): 5,
    ("Answer", "decisions"): 2,
    ("AskQuestionPayload", "safetyNotices"): 1,
    ("AskQuestionPayload", "suggestions"): 5,
    ("AskQuestionPayload", "errors"): 1,
    ("CancelGenerationPayload", "errors"): 1,
    ("Query", "stuckReviews"): 20,
    ("Query", "staff"): 20,
    ("ReviewCounts", "byState"): 4,
    ("ReviewCounts", "byUrgency"): 5,
    ("ReviewCounts", "byCancer"): 20,
    ("RevisionDifference", "sections"): 8,
    ("RevisionDifference", "claims"): 30,
    ("RevisionDifference", "doctorQuestions"): 5,
    ("RevisionDifference", "nextSteps"): 4,
    ("RevisionDifference", "gaps"): 2,
    ("TextDifference", "pieces"): 3,
    ("SectionDifference", "heading"): 2,
    ("ClaimDifference", "pieces"): 3,
    ("ClaimDifference", "citationsAdded"): 1,
    ("ClaimDifference", "citationsDropped"): 1,
    ("StaffMember", "cancers"): 3,
    ("ClaimsNotSupported", "claims"): 2,
    ("GiveFeedbackPayload", "errors"): 1,
    ("ResolveFeedbackPayload", "errors"): 1,
    ("SubmitForReviewPayload", "errors"): 1,
    ("ReviseAnswerPayload", "errors"): 1,
    ("ReviewAnswerPayload", "errors"): 1,
    ("PublishAnswerPayload", "errors"): 1,
    ("CancelScheduledPublicationPayload", "errors"): 1,
    ("RetractAnswerPayload", "errors"): 1,
    ("ClaimReviewPayload", "errors"): 1,
    ("ReleaseReviewPayload", "errors"): 1,
    ("AddCommentPayload", "errors"): 1,
    ("ResolveCommentPayload", "errors"): 1,
    ("SaveStaffMemberPayload", "errors"): 1,
    ("SetReviewPeriodPayload", "errors"): 1,
}
"""How many objects a list without a size argument is taken to have."""

PART = 0.1
PARTS = frozenset(
    {
        "AnswerSection",
        "Claim",
        "Citation",
        "Source",
        "Disclaimer",
        "GlossaryEntry",
        "SafetyNotice",
        "CallToAction",
        "Review",
        "DifferencePiece",
        "TextDifference",
        "SectionDifference",
        "ClaimDifference",
        "ClaimPlace",
        "GenerationProgressed",
        "AnswerTextAdded",
        "GenerationEvent",
    }
)
_LENGTHS = {("Question", "related"): 5}
_MAX_DIGITS = 10


@dataclass(slots=True)
class _Cost:
    """What a selection set costs: `fixed`, and so much again for each item of its connection."""

    fixed: float = 0
    per_item: float = 0


def _wraps(type_name: str) -> bool:
    return type_name.endswith(("Connection", "Edge", "Payload")) or type_name == "PageInfo"


class CostCounter:
    """Counts one operation. `depends_on_variables` says whether its variables had a part in it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: list[FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._defaults = {
            each.variable.name.value: each.default_value
            for each in operation.variable_definitions or ()
        }
        self.depends_on_variables = False
        self._fragments: dict[str, _Cost] = {}
        for fragment in fragments:
            condition = schema.get_type(fragment.type_condition.name.value)
            self._fragments[fragment.name.value] = self._count(fragment.selection_set, condition)
        root = schema.get_root_type(operation.operation)
        self.total = self._count(operation.selection_set, root).fixed

    def _count(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> _Cost:
        cost = _Cost()
        for selection in selection_set.selections:
            if isinstance(selection, FragmentSpreadNode):
                spread = self._fragments.get(selection.name.value, _Cost())
                cost.fixed += spread.fixed
                cost.per_item += spread.per_item
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                type_ = self._schema.get_type(condition.name.value) if condition else parent
                inner = self._count(selection.selection_set, type_)
                cost.fixed += inner.fixed
                cost.per_item += inner.per_item
            elif isinstance(selection, FieldNode):
                self._add_field(cost, selection, parent)
        return cost

    def _add_field(self, cost: _Cost, node: FieldNode, parent: GraphQLNamedType | None) -> None:
        name = node.name.value
        if node.selection_set is None or name.startswith("__"):
            return
        field = _field_of(parent, name)
        type_ = _named_type(field) if field else None
        if type_ is None or is_leaf_type(type_):
            # An unknown field is for validation to report.
            return
        inner = self._count(node.selection_set, type_)
        if parent is not None and parent.name.endswith("Connection") and name in {"nodes", "edges"}:
            cost.per_item += _weight(type_) + inner.fixed
            return
        size = self._size(node, parent, field)
        if type_.name.endswith("Connection"):
            cost.fixed += inner.fixed + size * inner.per_item
        else:
            cost.fixed += size * (_weight(type_) + inner.fixed)

    def _size(
        self, node: FieldNode, parent: GraphQLNamedType | None, field: GraphQLField | None
    ) -> int:
        """Return how many objects a field gives at most, as far as that can be known."""
        if parent is None or field is None:
            return 1
        key = (parent.name, node.name.value)
        if "first" in field.args:
            return self._page_size(node, default=_LENGTHS.get(key, DEFAULT_PAGE))
        if key == ("Query", "nodes"):
            return self._length_of_ids(node)
        return LIST_SIZES.get(key, 1)

    def _page_size(self, node: FieldNode, *, default: int) -> int:
        for argument in node.arguments or ():
            if argument.name.value in {"first", "last"}:
                given = self._int(argument.value)
                if isinstance(given, int) and not isinstance(given, bool):
                    return min(max(given, 1), MAX_PAGE)
        return default

    def _length_of_ids(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            value = argument.value
            if isinstance(value, VariableNode):
                self.depends_on_variables = True
                given = self._variables.get(value.name.value)
                return (
                    min(len(cast("list[object]", given)), MAX_PAGE)
                    if isinstance(given, list)
                    else 1
                )
            return min(len(value.values), MAX_PAGE) if isinstance(value, ListValueNode) else 1
        return 1

    def _int(self, node: ValueNode) -> object:
        """Return what a value is, if it is an integer; or whatever a variable holds."""
        if isinstance(node, VariableNode):
            self.depends_on_variables = True
            name = node.name.value
            if name in self._variables:
                return self._variables[name]
            default = self._defaults.get(name)
            return _literal(default) if default is not None else None
        return _literal(node)


def _literal(node: ValueNode) -> int | None:
    # A literal of thousands of digits is out of range, whatever they are.
    if isinstance(node, IntValueNode):
        return int(node.value) if len(node.value) <= _MAX_DIGITS else MAX_PAGE
    return None


def _field_of(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return parent.fields.get(name)
    return None


def _named_type(field: GraphQLField) -> GraphQLNamedType:
    return get_named_type(field.type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - graphql-core 3.3 leaves it open what lists hold


def _weight(type_: GraphQLNamedType) -> float:
    if _wraps(type_.name):
        return 0
    return PART if type_.name in PARTS else 1
