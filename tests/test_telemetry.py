"""What reaches the log, and what never does: a patient's words (law 8)."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from navis_api.telemetry import configure_logging, describe_failure

CANARY = "my-liver-tumour-canary"

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class PatientError(Exception):
    """An error of a library that quotes the data it refused."""

    def __str__(self) -> str:
        return f"refused: {CANARY}"

    __repr__ = __str__


def fail() -> None:
    try:
        int(CANARY)
    except ValueError as inner:
        words = CANARY  # a local variable, as rich tracebacks would show
        raise PatientError(words) from inner


def _caught() -> Exception:
    try:
        fail()
    except PatientError as failure:
        return failure
    raise AssertionError


def _structlog_exception() -> None:
    try:
        fail()
    except PatientError:
        structlog.get_logger("navis_api.test").exception("something.failed", id="id-1")


def _structlog_exc_info() -> None:
    structlog.get_logger("navis_api.test").error("something.failed", id="id-1", exc_info=_caught())


def _structlog_warning_true() -> None:
    try:
        fail()
    except PatientError:
        structlog.get_logger("navis_api.test").warning("something.failed", exc_info=True)


def _stdlib_exception() -> None:
    try:
        fail()
    except PatientError:
        logging.getLogger("some.library").exception("something.failed")


def _stdlib_exc_info() -> None:
    logging.getLogger("some.library").error("something.failed", exc_info=_caught())


def _stdlib_argument() -> None:
    logging.getLogger("some.library").error("something.failed: %s", _caught())


def _forgotten_task() -> None:
    async def failing() -> None:
        fail()

    async def forget() -> None:
        task = asyncio.create_task(failing(), name="something.failed")
        await asyncio.wait([task])
        context = {"message": "something.failed", "exception": task.exception(), "future": task}
        asyncio.get_running_loop().call_exception_handler(context)

    with asyncio.Runner() as runner:
        runner.run(forget())


def _stdlib_stack() -> None:
    logging.getLogger("some.library").error("something.failed", stack_info=True)


WAYS: list[Callable[[], None]] = [
    _structlog_exception,
    _structlog_exc_info,
    _structlog_warning_true,
    _stdlib_exception,
    _stdlib_exc_info,
    _forgotten_task,
    _stdlib_argument,
    _stdlib_stack,
]


@pytest.mark.parametrize("as_json", [True, False, None])
@pytest.mark.parametrize("way", WAYS)
def test_the_text_of_an_exception_is_never_logged(
    capsys: Capture, *, way: Callable[[], None], as_json: bool | None
) -> None:
    configure_logging(level="DEBUG", as_json=as_json)
    way()
    written = capsys.readouterr()
    assert written.out == ""
    assert "something.failed" in written.err
    assert CANARY not in written.err


@pytest.mark.parametrize("way", WAYS[:6])
def test_kind_and_place_of_an_exception_are_logged(
    capsys: Capture, way: Callable[[], None]
) -> None:
    configure_logging(level="INFO", as_json=True)
    way()
    event = json.loads(capsys.readouterr().err)
    assert event["event"] == "something.failed"
    assert event["failure"].startswith("PatientError at tests/test_telemetry.py:")


def test_an_event_is_one_line_of_json_with_moment_and_level(capsys: Capture) -> None:
    configure_logging(level="INFO", as_json=True)
    structlog.get_logger("navis_api.test").info("page.served", count=3)
    logging.getLogger("some.library").warning("watch %s", "out")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["count"], first["level"]) == ("page.served", 3, "info")
    assert first["timestamp"].endswith("Z")
    assert (second["event"], second["level"]) == ("watch out", "warning")


def test_levels_below_the_threshold_are_left_out_and_libraries_speak_from_warnings_on(
    capsys: Capture,
) -> None:
    configure_logging(level="info", as_json=True)
    structlog.get_logger("navis_api.test").debug("left.out")
    logging.getLogger("some.library").info("left out too")
    assert capsys.readouterr().err == ""


def test_an_unknown_level_is_taken_as_info(capsys: Capture) -> None:
    configure_logging(level="loud", as_json=True)
    structlog.get_logger("navis_api.test").info("shown")
    assert "shown" in capsys.readouterr().err


def test_describe_failure_says_where_the_error_arose_and_not_where_it_was_caught() -> None:
    described = describe_failure(_caught())
    assert described.startswith("PatientError at tests/test_telemetry.py:")
    line = int(described.rsplit(":", 1)[1])
    assert line == fail.__code__.co_firstlineno + 5
    assert describe_failure(ValueError(CANARY)) == "ValueError"
