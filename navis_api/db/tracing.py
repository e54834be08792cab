"""Spans of statements: what kind, of which table, and how long. Never a text or a parameter."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from opentelemetry.trace import Span, SpanKind
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from navis_api.db.base import Base
from navis_api.db.published import Published, Row
from navis_api.tracing import Attribute, Attributes, begin_below, failed

_VERBS: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_WRITES: Final = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\b", re.IGNORECASE)
_NAMED: Final = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?(\w+)", re.IGNORECASE)
_OF_THE_QUEUE: Final = frozenset({"pgqueuer"})
_VIEWS: Final = frozenset({"published_questions", "published_answers"})
_OTHER: Final = "other"
_SPAN: Final = "navis_span"
_KEPT_DESCRIPTIONS: Final = 2_000


@lru_cache(_KEPT_DESCRIPTIONS)
def described(statement: str) -> tuple[str, Attributes]:
    """Return a statement's name in traces, and its attributes.

    A table is named if it is one of ours: what else stands after FROM may be anything.
    """
    first = statement.split(None, 1)[0].upper() if statement.strip() else _OTHER
    if first == "WITH":
        # What comes before it only prepares what it writes, if it writes anything.
        writes = _WRITES.search(statement)
        first = writes[1].split()[0].upper() if writes else "SELECT"
        statement = statement[writes.start() :] if writes else statement
    verb = first if first in _VERBS else _OTHER
    known = {*Base.metadata.tables, *_VIEWS, *_OF_THE_QUEUE}
    table = next((name for name in _NAMED.findall(statement) if name in known), _OTHER)
    return f"{verb} {table}", {
        Attribute.DATABASE: "postgresql",
        Attribute.VERB: verb,
        Attribute.TABLE: table,
    }


def begin_statement(statement: str) -> Span | None:
    """Begin a statement's span, if somebody's trace is written now.

    What a process does for itself, such as looking for jobs, makes none.
    """
    name, attributes = described(statement)
    return begin_below(name, attributes, kind=SpanKind.CLIENT)


def trace_statements(engine: AsyncEngine) -> None:
    """Have each statement of an engine's sessions written as a span."""

    def before(
        _connection: object,
        _cursor: object,
        statement: str,
        _parameters: object,
        context: Any,  # noqa: ANN401 - SQLAlchemy's
        _many: object,
    ) -> None:
        setattr(context, _SPAN, begin_statement(statement))

    def after(
        _connection: object,
        _cursor: object,
        _statement: object,
        _parameters: object,
        context: Any,  # noqa: ANN401 - SQLAlchemy's
        _many: object,
    ) -> None:
        _end(context)

    def on_error(context: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        _end(context.execution_context, type(context.original_exception).__name__)

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
    event.listen(engine.sync_engine, "handle_error", on_error)


def _end(context: object, error: str | None = None) -> None:
    running: Span | None = getattr(context, _SPAN, None)
    if running is None:
        return
    if error is not None:
        failed(running, error)
    running.end()


class TracedPublished(Published):
    """The short way to published content, each statement of which is written as a span."""

    async def _fetch(self, text: str, given: Sequence[object]) -> list[Row]:
        running = begin_statement(text)
        if running is None:
            return await super()._fetch(text, given)
        try:
            return await super()._fetch(text, given)
        except Exception as failure:
            failed(running, type(failure).__name__)
            raise
        finally:
            running.end()
