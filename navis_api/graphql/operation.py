"""The gate that every operation passes, over whichever transport it came."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import StreamExecutionResult
from strawberry.types.execution import ExecutionResult, PreExecutionError

from navis_api.graphql.by_key.allowed import require_allowed
from navis_api.graphql.by_key.metering import begin_metering, meter_refused, meter_served
from navis_api.graphql.context import RequestContext
from navis_api.graphql.documents import Document, placeholder
from navis_api.graphql.errors import public_errors
from navis_api.graphql.incremental.directives import (
    begins_below_zero,
    is_incremental,
    with_defaults,
)
from navis_api.graphql.plain_text import check_variables
from navis_api.graphql.refusals import (
    BAD_USER_INPUT,
    INCREMENTAL_REFUSED,
    OperationRefused,
    refusal,
)
from navis_api.graphql.throttle.charging import REFUSED_POINTS, Throttled


def admit(
    context: RequestContext, document: Document, name: str | None, variables: Mapping[str, Any]
) -> None:
    """Let an operation of a document that was read be executed, and charge it.

    Every way to execution passes here once. Raises OperationRefused.
    """
    document.require_operation(name)
    if context.viewer.by_key is not None:
        require_allowed(context.viewer.by_key, document, name)
    check_variables(variables)
    if document.incremental:
        _check_parts(context, document, name, variables)
    context.price = context.services.documents.require_price(document, name, variables)
    context.charge = context.services.throttle.charge(context.payer, context.price.requested)
    _count(context, document, name, refused=False)
    begin_metering(context, document, name)


def _check_parts(
    context: RequestContext, document: Document, name: str | None, variables: Mapping[str, Any]
) -> None:
    given = with_defaults(document.operation(name), variables)
    if context.parts is None and is_incremental(document.incremental, given):
        message = (
            "This operation leaves parts of its result for later: send `Accept: multipart/mixed`"
            " over HTTP, or leave `@defer` and `@stream` out."
        )
        raise OperationRefused(refusal(message, code=INCREMENTAL_REFUSED))
    if begins_below_zero(document.incremental, given):
        message = "`initialCount` of `@stream` must be 0 or more."
        raise OperationRefused(refusal(message, code=BAD_USER_INPUT))


def _count(
    context: RequestContext, document: Document | None, name: str | None, *, refused: bool
) -> None:
    services = context.services
    operation = document.operation(name) if document is not None else None
    named = document.written_name(name) if document is not None else None
    kind = operation.operation.value if operation is not None else "unknown"
    services.metrics.operation(
        context.client, services.clients.operation(named), kind, refused=refused
    )


def refused_result(context: RequestContext, refused: OperationRefused) -> ExecutionResult:
    """Return the result of an operation that was refused while its document was read."""
    cost = _account_for(context, refused)
    return PreExecutionError(
        data=None,
        errors=public_errors(refused.errors, context.language),
        extensions={"cost": cost} if cost else None,
    )


def _account_for(context: RequestContext, refused: OperationRefused) -> dict[str, Any] | None:
    """Charge what it cost to refuse an operation. Return `extensions.cost`, if it has one."""
    _count(context, context.document, None, refused=True)
    if isinstance(refused, Throttled):
        meter_refused(context, points=0)
        return refused.extension if context.shows_cost else None
    meter_refused(context, points=REFUSED_POINTS)
    context.services.throttle.charge_refused(context.payer)
    return None


def settle(context: RequestContext, data: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Give back what an operation didn't use, and return `extensions.cost`, if it has one.

    The events of a subscription cost nothing and say nothing.
    """
    price, charge = context.price, context.charge
    if price is None or charge is None or price.is_subscription:
        return None
    if charge.actual is None:
        if data is None:
            charge.refuse()
            meter_refused(context, points=REFUSED_POINTS)
        else:
            actual = price.actual(data)
            charge.settle(actual)
            meter_served(context, points=actual)
    return charge.extension() if context.shows_cost else None


class OperationGate(SchemaExtension):
    """Reads the document within its limits, gives the operation its own loaders, words errors."""

    def __init__(self) -> None:
        super().__init__()
        self._errors: list[GraphQLError] = []
        self._extension: dict[str, Any] | None = None

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
            document = context.document
            if document is None:
                context.services.throttle.require_some(context.payer)
                document = documents.read(execution.query or "")
            # Compiled execution, which has left it to us, has admitted it.
            if context.charge is None:
                admit(context, document, name, execution.variables or {})
        except OperationRefused as refused:
            self._errors = refused.errors
            self._extension = _account_for(context, refused)
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
        context: RequestContext = self.execution_context.context
        if isinstance(result, ExecutionResult):
            if result.errors:
                result.errors = public_errors(result.errors, context.language)
            cost = self._extension or settle(context, result.data)
            if cost is not None:
                result.extensions = {**(result.extensions or {}), "cost": cost}
        yield
