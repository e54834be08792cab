"""Traces: where the time of a request went, over processes, without a patient's words.

Off unless somebody says where traces go to. Then what is here does nothing, and OpenTelemetry's
SDK isn't imported. No global provider is set, so that no library can write spans of its own:
what stands in one is what is named here.
"""

import os
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import StrEnum
from typing import Final

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

TRACEPARENT: Final = "traceparent"
"""The header that carries a trace on (W3C Trace Context, 3.2).

Its companions, `tracestate` and `baggage`, are whatever a stranger writes into them: they are
neither read nor passed on.
"""

_STANDARD_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_TRACES_PATH: Final = "/v1/traces"
_NOTHING: Final = nullcontext()
_PROPAGATOR: Final = TraceContextTextMapPropagator()


class Attribute(StrEnum):
    """All that may be said of a span, in OpenTelemetry's words where it has some.

    Values come from our own code, the schema or what is registered here: routes as they are
    declared, tables, states. Never a parameter, a query's text, or what somebody has sent.
    """

    METHOD = "http.request.method"
    ROUTE = "http.route"
    STATUS = "http.response.status_code"
    OPERATION_TYPE = "graphql.operation.type"
    OPERATION_NAME = "graphql.operation.name"
    CLIENT = "navis.client"
    REQUEST_ID = "navis.request_id"
    DATABASE = "db.system.name"
    VERB = "db.operation.name"
    TABLE = "db.collection.name"
    TASK = "messaging.destination.name"
    JOB_ID = "messaging.message.id"
    ERROR = "error.type"


Attributes = Mapping[Attribute, str | int]

_tracer: Tracer | None = None


def is_on() -> bool:
    """Whether traces are written in this process."""
    return _tracer is not None


def span(
    name: str,
    attributes: Attributes,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    traceparent: str | None = None,
) -> AbstractContextManager[Span | None]:
    """Give a span for as long as the block runs; None where no traces are written.

    `traceparent` is what a request or a job brought along; without it the span stands below the
    one that runs. An exception is told by its kind: its text may be a patient's words.
    """
    if _tracer is None:
        return _NOTHING
    return _running(_tracer, name, attributes, kind, traceparent)


@contextmanager
def _running(
    tracer: Tracer, name: str, attributes: Attributes, kind: SpanKind, traceparent: str | None
) -> Generator[Span]:
    with tracer.start_as_current_span(
        name,
        context=None if traceparent is None else context_of(traceparent),
        kind=kind,
        attributes=_named(attributes),
        record_exception=False,
        set_status_on_exception=False,
    ) as running:
        try:
            yield running
        except Exception as failure:
            failed(running, type(failure).__name__)
            raise


def begin_below(name: str, attributes: Attributes, *, kind: SpanKind) -> Span | None:
    """Begin a span below the one that runs, for who ends it; None where none is recorded."""
    if _tracer is None or not get_current_span().is_recording():
        return None
    return _tracer.start_span(name, kind=kind, attributes=_named(attributes))


def _named(attributes: Attributes) -> dict[str, AttributeValue]:
    return {attribute.value: value for attribute, value in attributes.items()}


def failed(running: Span, error: str) -> None:
    """Mark a span as failed. `error` is a kind of exception, or a status."""
    running.set_attribute(Attribute.ERROR, error)
    running.set_status(StatusCode.ERROR)


def current_traceparent() -> str | None:
    """Return what carries on the trace that runs; None where there is none."""
    if _tracer is None:
        return None
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(TRACEPARENT)


def context_of(traceparent: str) -> Context:
    """Return the context of a trace that came from elsewhere; an empty one for what is none."""
    return _PROPAGATOR.extract({TRACEPARENT: traceparent}, Context())


@contextmanager
def tracing(endpoint: str | None, *, service: str) -> Generator[None]:
    """Write traces while the block runs, if `endpoint` or the standard's variable names a place.

    Spans go out by OTLP over HTTP, in batches and by a thread of the SDK's; at the end what is
    left is sent. `service` is the kind of process.
    """
    global _tracer  # noqa: PLW0603 - as with logs, there is one for a process
    base = endpoint or os.environ.get(_STANDARD_ENDPOINT)
    if not base:
        yield
        return
    # Here, since it takes time to import and most processes don't need it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    url = base.rstrip("/").removesuffix(_TRACES_PATH) + _TRACES_PATH
    provider = TracerProvider(
        resource=Resource.create({"service.name": service}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    _tracer = provider.get_tracer("navis_api")
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()
