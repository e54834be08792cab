"""Execution with a span for each query and mutation, for processes that write traces."""

from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing

from graphql import OperationType
from opentelemetry.trace import Span
from strawberry.types.execution import ExecutionResult

from navis_api.graphql.context import RequestContext
from navis_api.graphql.execution import Execution
from navis_api.graphql.request import OperationRequest
from navis_api.tracing import Attribute, span


class TracedExecution(Execution):
    """Stands in the place of `Execution` where traces are written, and nowhere else.

    A subscription has none: it lasts for as long as somebody listens.
    """

    async def by_and_by(
        self, operation: OperationRequest, context: RequestContext
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Yield the results of an operation, as graphql-core gives them."""
        results = super().by_and_by(operation, context)
        if _kind(operation, context) is OperationType.SUBSCRIPTION:
            async with aclosing(results):
                async for result in results:
                    yield result
            return
        with _span(operation, context):
            async with aclosing(results):
                async for result in results:
                    yield result

    async def at_once(
        self, operation: OperationRequest, context: RequestContext
    ) -> ExecutionResult | None:
        """Return the result of a query, executed compiled; None where graphql-core is needed."""
        if _kind(operation, context) is not OperationType.QUERY:
            return await super().at_once(operation, context)
        with _span(operation, context):
            return await super().at_once(operation, context)


def _kind(operation: OperationRequest, context: RequestContext) -> OperationType | None:
    return context.document.kind(operation.operation_name) if context.document else None


def _span(
    operation: OperationRequest, context: RequestContext
) -> AbstractContextManager[Span | None]:
    """Give a span, named as metrics count it: by what is registered, and no stranger's words."""
    found = context.document.operation(operation.operation_name) if context.document else None
    kind = found.operation.value if found is not None else "unknown"
    named = context.document.written_name(operation.operation_name) if context.document else None
    name = context.services.clients.operation(named)
    return span(
        f"{kind} {name}",
        {
            Attribute.OPERATION_TYPE: kind,
            Attribute.OPERATION_NAME: name,
            Attribute.CLIENT: context.client.name,
        },
    )
