"""Logs, without a patient's words: events have fixed names and carry ids, counts and durations."""

import logging
import sys
from typing import Any, cast

import structlog
from structlog.typing import Processor

_LEVELS = logging.getLevelNamesMapping()


def configure_logging(*, level: str, as_json: bool | None) -> None:
    """Send structured logs to standard error; `as_json` None means: unless a terminal reads them.

    Tracebacks are logged as file, line and kind of error. Their messages are left
    out, since a library's message may quote the data that it refused.
    """
    threshold = _LEVELS.get(level.upper(), logging.INFO)
    if as_json is None:
        as_json = not sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_message_of_exceptions,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                renderer,
            ],
        )
    )
    handler.addFilter(_without_message_in_arguments)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))


def _without_message_of_exceptions(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace an exception by where it arose: its text may hold what it was about."""
    failure: Any = event.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()
    if isinstance(failure, tuple):
        failure = cast("tuple[Any, Any, Any]", failure)[1]
    if isinstance(failure, BaseException):
        event["failure"] = describe_failure(failure)
        # asyncio prints the failed task, with its exception, on further lines.
        event["event"] = str(event.get("event", "")).partition("\n")[0]
    event.pop("exception", None)
    event.pop("stack_info", None)
    return event


def _without_message_in_arguments(record: logging.LogRecord) -> bool:
    """Do the same to exceptions that a library puts into its message."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            describe_failure(each) if isinstance(each, BaseException) else each
            for each in record.args
        )
    return True


def describe_failure(failure: BaseException) -> str:
    """Return kind and place of an error, such as `KeyError at db/paging.py:40`, never its text."""
    trace = failure.__traceback__
    if trace is None:
        return type(failure).__name__
    while trace.tb_next is not None:
        trace = trace.tb_next
    place = "/".join(trace.tb_frame.f_code.co_filename.split("/")[-2:])
    return f"{type(failure).__name__} at {place}:{trace.tb_lineno}"
