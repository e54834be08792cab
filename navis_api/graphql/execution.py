"""Executing an operation: compiled where that can be done, by graphql-core otherwise."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from graphql import OperationType
from strawberry.types.execution import ExecutionResult

from navis_api.graphql.compiled.queries import CompiledQueries
from navis_api.graphql.context import RequestContext
from navis_api.graphql.errors import public_errors
from navis_api.graphql.operation import admit, refused_result, settle
from navis_api.graphql.refusals import OperationRefused
from navis_api.graphql.request import OperationRequest
from navis_api.graphql.schema import Schema


class Execution:
    """Executes operations whose document has been read. One for a process.

    `compiled` is None where everything is left to graphql-core.
    """

    def __init__(self, schema: Schema, compiled: CompiledQueries | None) -> None:
        self._schema = schema
        self.compiled = compiled

    async def results(
        self, operation: OperationRequest, context: RequestContext
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Yield the results of an operation, whatever its kind."""
        compiled = await self.at_once(operation, context)
        if compiled is not None:
            yield compiled
            return
        async with aclosing(self.by_and_by(operation, context)) as results:
            async for result in results:
                yield result

    async def by_and_by(
        self, operation: OperationRequest, context: RequestContext
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Yield the results of an operation, as graphql-core gives them."""
        results = await self._schema.stream(
            operation.query,
            variable_values=operation.variables,
            context_value=context,
            operation_name=operation.operation_name,
        )
        try:
            async for result in results:
                yield cast("ExecutionResult", result)
        finally:
            await results.aclose()

    async def at_once(
        self, operation: OperationRequest, context: RequestContext
    ) -> ExecutionResult | None:
        """Return the result of a query, executed compiled; None where graphql-core is needed.

        An operation that is admitted here stays so: `OperationGate` doesn't charge it again.
        """
        document, name = context.document, operation.operation_name
        if self.compiled is None or document is None:
            return None
        if document.kind(name) is not OperationType.QUERY:
            return None
        try:
            admit(context, document, name, operation.variables)
        except OperationRefused as refused:
            return refused_result(context, refused)
        result = await self.compiled.execute(document, name, operation.variables, context)
        if result is None:
            return None
        if result.errors:
            result.errors = public_errors(result.errors, context.language)
        cost = settle(context, result.data)
        result.extensions = {"cost": cost} if cost is not None else None
        return result
