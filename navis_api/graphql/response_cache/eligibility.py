"""Which operations ask for nothing but published content, decided once for a document.

A list of what may be kept, and no list of what may not: a field that is added to the
schema is executed each time until somebody puts it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)

from navis_api.graphql.documents import Document
from navis_api.graphql.reads import PUBLISHED

_ANSWER, _QUESTION, _CANCER = "answer:", "question:", "cancer:"

_FIELDS: Mapping[str, str] = {
    "Query": "answer question questions searchQuestions cancer cancers changes retraction",
    "Node": "id",
    # Not what only the staff see, nor `version`, which their comments change.
    "Answer": "author body callToAction citations disclaimer doctorQuestions embedUrl gaps glossary"
    " history id language nextSteps publishedAt question readingGrade review reviewed revision"
    " safetyNotices scope sections slug staleNotice state summary title translation"
    " untranslated updatedAt url",
    "AnswerSection": "claims heading html kind markdown",
    "Claim": "citations text",
    "Citation": "end locator number quote source start",
    "Source": "accessedOn id lastReviewedOn licence publishedOn publisher title url version",
    "Disclaimer": "id text",
    "CallToAction": "kind text",
    "Translation": "credentials question reviewedAt reviewer translator",
    "Review": "credentials nextReviewOn reviewedAt reviewer",
    "AnswerRevision": "at correction credentials publishedAt reason reviewer revision state",
    "Retraction": "reason retractedAt slug title",
    "GlossaryEntry": "explanation source term",
    "SafetyNotice": "contacts kind message",
    "Question": "answer askedAt cancer id related slug status text",
    "QuestionConnection": "edges nodes pageInfo",
    "QuestionEdge": "cursor node",
    "QuestionSearchConnection": "correctedText edges nodes pageInfo",
    "QuestionSearchEdge": "cursor node score",
    "Cancer": "aliases answeredQuestionCount bodySite clinicalName icd10Codes id name parent"
    " questions slug subtypes summary",
    "CancerConnection": "edges nodes pageInfo totalCount",
    "CancerEdge": "cursor node",
    "Change": "answer answerId at kind question reason revision slug",
    "ChangeConnection": "edges nodes pageInfo",
    "ChangeEdge": "cursor node",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
}
KEPT_FIELDS: Mapping[str, frozenset[str]] = {
    type_name: frozenset(fields.split()) for type_name, fields in _FIELDS.items()
}
"""The fields of each type that are public content, and the same for everybody."""

_NOTED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Query", "answer"): (_ANSWER,),
    ("Query", "question"): (_QUESTION,),
    ("Query", "questions"): (_CANCER,),
    ("Query", "searchQuestions"): (),
    ("Query", "changes"): (),
    ("Query", "retraction"): (_ANSWER,),
    ("Cancer", "questions"): (_CANCER,),
    ("Cancer", "answeredQuestionCount"): (_CANCER,),
    ("Question", "related"): (_CANCER,),
}
"""What a field that reads the database has noted of that, if it didn't note `published`."""

_FREE_TEXT = frozenset({("Query", "searchQuestions", "text"), ("Query", "cancers", "search")})
_PLAIN_DIRECTIVES = frozenset({"skip", "include"})


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What an operation's response may be kept for.

    `shared`: also outside of this process, since it holds no text that somebody typed.
    `noted`: for each field that reads the database, the tags of which it must have left one.
    """

    shared: bool
    noted: frozenset[tuple[str, ...]]

    def is_noted(self, tags: set[str]) -> bool:
        """Return whether every field has noted what it read: one that forgot isn't kept."""
        return all(
            PUBLISHED in tags or any(tag.startswith(wanted) for tag in tags for wanted in any_of)
            for any_of in self.noted
        )


class EligibleOperations:
    """Decides on operations, once for each."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._decided: WeakKeyDictionary[Document, dict[str | None, Eligibility | None]] = (
            WeakKeyDictionary()
        )

    def of(self, document: Document, name: str | None) -> Eligibility | None:
        """Return what the operation with this name is eligible for; None: nothing."""
        decided = self._decided.setdefault(document, {})
        if name not in decided:
            decided[name] = self._decide(document, name)
        return decided[name]

    def _decide(self, document: Document, name: str | None) -> Eligibility | None:
        operation = document.operation(name)
        if operation is None or operation.operation is not OperationType.QUERY:
            return None
        fragments = {
            each.name.value: each
            for each in document.executable.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        reading = _Reading(self._schema, fragments)
        if operation.directives or not reading.allows(operation.selection_set, "Query"):
            return None
        return Eligibility(shared=not reading.free_text, noted=frozenset(reading.noted))


class _Reading:
    """One look through an operation, each fragment once. Documents have their limits of depth."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = dict(fragments)
        self.noted: set[tuple[str, ...]] = set()
        self.free_text = False

    def allows(self, selection_set: SelectionSetNode, type_name: str) -> bool:
        """Return whether everything that is selected is on the list."""
        return all(self._allows(each, type_name) for each in selection_set.selections)

    def _allows(self, selection: SelectionNode, type_name: str) -> bool:
        if not _is_plain(selection.directives or ()):
            return False
        match selection:
            case FieldNode():
                return self._allows_field(selection, type_name)
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                return self.allows(inner, condition.name.value if condition else type_name)
            case FragmentSpreadNode(name=name):
                # Once is enough: however often it is spread, it says the same.
                fragment = self._fragments.pop(name.value, None)
                return fragment is None or (
                    not fragment.directives
                    and self.allows(fragment.selection_set, fragment.type_condition.name.value)
                )
            case _:
                return False

    def _allows_field(self, node: FieldNode, type_name: str) -> bool:
        name = node.name.value
        if name == "__typename":
            return True
        if name not in KEPT_FIELDS.get(type_name, ()):
            return False
        if (type_name, name) in _NOTED:
            self.noted.add(_NOTED[type_name, name])
        given = {(type_name, name, each.name.value) for each in node.arguments or ()}
        self.free_text = self.free_text or not _FREE_TEXT.isdisjoint(given)
        if node.selection_set is None:
            return True
        inner = self._type_of(type_name, name)
        return inner is not None and self.allows(node.selection_set, inner.name)

    def _type_of(self, type_name: str, field_name: str) -> GraphQLNamedType | None:
        parent = self._schema.get_type(type_name)
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return None
        type_: object = get_named_type(parent.fields[field_name].type)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportUnknownVariableType] - graphql-core 3.3 leaves it open what lists hold
        return type_ if isinstance(type_, GraphQLNamedType) else None


def _is_plain(directives: tuple[DirectiveNode, ...] | list[DirectiveNode]) -> bool:
    # What is deferred or streamed comes in pieces.
    return all(each.name.value in _PLAIN_DIRECTIVES for each in directives)
