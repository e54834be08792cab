"""The schema, put together from the features, in plain sight."""

from functools import cache

import strawberry
from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)
from graphql.utilities import lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from navis_api.graphql.answers.queries import AnswerQueries
from navis_api.graphql.asking.mutations import AskingMutations
from navis_api.graphql.cancers.queries import CancerQueries
from navis_api.graphql.changes.queries import ChangeQueries
from navis_api.graphql.consents.mutations import ConsentMutations
from navis_api.graphql.erasing.mutations import ErasingMutations
from navis_api.graphql.feedback.operations import FeedbackMutations, FeedbackQueries
from navis_api.graphql.findings.mutations import FindingMutations
from navis_api.graphql.generation.events import EVENT_TYPES
from navis_api.graphql.generation.mutations import GenerationMutations
from navis_api.graphql.generation.sharing import SharingExecutor
from navis_api.graphql.generation.subscriptions import GenerationSubscriptions
from navis_api.graphql.nodes.queries import NodeQueries
from navis_api.graphql.operation import OperationGate
from navis_api.graphql.partners.operations import PartnerMutations, PartnerQueries
from navis_api.graphql.partners.webhook_operations import WebhookMutations, WebhookQueries
from navis_api.graphql.personal.mutations import PersonalMutations
from navis_api.graphql.personal_review.operations import (
    PersonalReviewMutations,
    PersonalReviewQueries,
)
from navis_api.graphql.questions.queries import QuestionQueries
from navis_api.graphql.records.mutations import RecordMutations
from navis_api.graphql.records.queries import RecordQueries
from navis_api.graphql.records.subscriptions import RecordSubscriptions
from navis_api.graphql.review.desk_mutations import DeskMutations
from navis_api.graphql.review.mutations import ReviewMutations
from navis_api.graphql.review.queries import ReviewQueries
from navis_api.graphql.translations.mutations import TranslationMutations
from navis_api.graphql.viewer.queries import ViewerQueries


@strawberry.type(description="What can be read.")
class Query(
    NodeQueries,
    ViewerQueries,
    CancerQueries,
    QuestionQueries,
    AnswerQueries,
    ChangeQueries,
    RecordQueries,
    ReviewQueries,
    PersonalReviewQueries,
    FeedbackQueries,
    PartnerQueries,
    WebhookQueries,
):
    """The root of queries."""


@strawberry.type(description="What can be done. Each field is a transaction of its own.")
class Mutation(
    AskingMutations,
    GenerationMutations,
    FeedbackMutations,
    RecordMutations,
    FindingMutations,
    ConsentMutations,
    ErasingMutations,
    PersonalMutations,
    ReviewMutations,
    PersonalReviewMutations,
    DeskMutations,
    TranslationMutations,
    PartnerMutations,
    WebhookMutations,
):
    """The root of mutations."""


@strawberry.type(description="What can be followed while it happens.")
class Subscription(GenerationSubscriptions, RecordSubscriptions):
    """The root of subscriptions."""


class Schema(strawberry.Schema):
    """Strawberry's schema, without its log: that prints the query with its variables."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as graphql-core knows it."""
        return self._schema

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,
    ) -> None:
        """Log nothing here. `OperationGate` logs what is masked, without a patient's words."""


def _without_null_defaults(built: GraphQLSchema) -> None:
    """Let an argument that may be left out have no default, where Strawberry makes that null.

    To a resolver both are the same; in the contract the one is plainer.
    """
    for type_ in built.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                for argument in field.args.values():
                    if argument.default_value is None:
                        argument.default_value = Undefined
        elif isinstance(type_, GraphQLInputObjectType):
            for taken in type_.fields.values():
                if taken.default_value is None:
                    taken.default_value = Undefined


@cache
def schema() -> Schema:
    """Return the schema. Strawberry can't build two of the same types: a process has one."""
    built = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=EVENT_TYPES,
        extensions=[OperationGate],
        execution_context_class=SharingExecutor,
        # Whether names are suggested is decided where documents are read, by setting.
        config=StrawberryConfig(enable_experimental_incremental_execution=True),
    )
    _without_null_defaults(built.core)
    return built


def schema_sdl() -> str:
    """Return the schema in GraphQL's definition language, in a stable order, as it is committed."""
    return print_schema(lexicographic_sort_schema(schema().core)) + "\n"
