"""The gate that every operation passes, over whichever transport it came."""

from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import StreamExecutionResult
from strawberry.types.execution import ExecutionResult

from navis_api.graphql.context import RequestContext
from navis_api.graphql.documents import placeholder
from navis_api.graphql.errors import public_errors
from navis_api.graphql.plain_text import check_variables
from navis_api.graphql.refusals import OperationRefused


class OperationGate(SchemaExtension):
    """Reads the document within its limits, gives the operation its own loaders, words errors."""

    def __init__(self) -> None:
        super().__init__()
        self._errors: list[GraphQLError] = []

    def on_operation(self) -> Iterator[None]:
        """Give the operation loaders of its own."""
        given: RequestContext = self.execution_context.context
        self.execution_context.context = given.for_operation()
        yield

    def on_parse(self) -> Iterator[None]:
        """Read the document; keep what is wrong with it for `on_validate`.

        An error raised here would end a WebSocket's operation without a word
        (Strawberry 0.341 catches none from a hook of `stream`).
        """
        execution = self.execution_context
        context: RequestContext = execution.context
        # Before there is a document, this is the name that the client gave, if any.
        name = execution.operation_name
        documents = context.services.documents
        try:
            document = context.document or documents.read(execution.query or "")
            document.require_operation(name)
            check_variables(execution.variables or {})
            documents.check_cost(document, name, execution.variables or {})
        except OperationRefused as refused:
            self._errors = refused.errors
        else:
            execution.graphql_document = document.executable
            yield
            return
        execution.graphql_document = placeholder(name)
        yield

    def on_validate(self) -> Iterator[None]:
        """Say what is wrong. An empty list stands for: validated, and nothing is."""
        self.execution_context.pre_execution_errors = self._errors
        yield

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        """Word the errors of a result for the client."""
        if isinstance(result, ExecutionResult) and result.errors:
            result.errors = public_errors(result.errors)
        yield
