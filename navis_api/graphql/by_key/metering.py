"""Metering the operations that come with a key. For everybody else this does nothing."""

from navis_api.graphql.by_key.allowed import root_fields
from navis_api.graphql.context import RequestContext
from navis_api.graphql.documents import Document
from navis_api.partners.usage import Outcome

SEVERAL = "several"
"""What an operation with several fields of the root is metered as, unless it is registered."""


def operation_name(context: RequestContext, document: Document, name: str | None) -> str:
    """Return what an operation is metered as: never what a stranger has written.

    Its name, if some app has registered one with it; else its field of the root, or that
    there are several.
    """
    registered = context.services.clients.registered(document.written_name(name))
    if registered is not None:
        return registered
    fields = root_fields(document, name)
    return next(iter(fields)) if len(fields) == 1 else SEVERAL


def begin_metering(context: RequestContext, document: Document, name: str | None) -> None:
    """Note that an operation is admitted. It is metered when it ends; a subscription now."""
    if context.viewer.by_key is None:
        return
    context.metered_as = operation_name(context, document, name)
    if context.price is not None and context.price.is_subscription:
        meter_served(context, points=context.price.requested)


def meter_kept(context: RequestContext, name: str | None, *, points: int) -> None:
    """Meter an operation that is answered from memory."""
    if context.viewer.by_key is not None and context.document is not None:
        context.metered_as = operation_name(context, context.document, name)
        meter_served(context, points=points)


def meter_served(context: RequestContext, *, points: int) -> None:
    """Meter an operation that was served."""
    _meter(context, Outcome.SERVED, points)


def meter_refused(context: RequestContext, *, points: int) -> None:
    """Meter an operation that was refused, or gave nothing."""
    _meter(context, Outcome.REFUSED, points)


def _meter(context: RequestContext, outcome: Outcome, points: int) -> None:
    key = context.viewer.by_key
    if key is not None:
        context.services.meter.note(key, context.metered_as, outcome, points)
