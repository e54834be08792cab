"""Asking one model over HTTP: what comes through, and what counts as a failure."""

import asyncio
import logging
from contextlib import aclosing
from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentedModel

from navis_api.language_models.errors import ModelFailed, ModelFault, ModelUnusable
from navis_api.language_models.language_model import LanguageModel
from navis_api.language_models.naming import model_named
from navis_api.language_models.prompt import Prompt
from navis_api.settings import Settings
from tests.language_model import (
    MODEL,
    Reply,
    ScriptedModel,
    anthropic_says,
    breaks,
    calls_tool,
    drips,
    endless,
    refuses,
    says,
    scripted,
    sends,
    settings_for,
    stalls,
    status,
)

SECRET = "my own words"
SCHEMA = {"type": "object", "properties": {"answerable": {"type": "boolean"}}}
PROMPT = Prompt("instructions", SECRET, SCHEMA)


def model_at(
    scripted_model: ScriptedModel,
    *,
    name: str = f"openai:{MODEL}",
    total_s: float = 60.0,
    **changes: object,
) -> LanguageModel:
    return named(name, settings_for(scripted_model, **changes), total_s=total_s)


def named(name: str, settings: Settings, *, total_s: float = 60.0) -> LanguageModel:
    return model_named(name, settings, setting="NAVIS_LLM_MODELS", total_s=total_s)


async def text_of(model: LanguageModel) -> str:
    return "".join([piece async for piece in model.write(PROMPT)])


async def test_what_a_model_writes_comes_piece_by_piece() -> None:
    async with scripted(says("one two three", size=4)) as fake:
        pieces = [piece async for piece in model_at(fake).write(PROMPT)]
    assert pieces == ["one ", "two ", "thre", "e"]


async def test_the_request_is_of_the_form_that_was_set() -> None:
    async with scripted(says("yes")) as fake:
        await text_of(model_at(fake, llm_max_output_tokens=321))
    (request,) = fake.requests
    assert request["model"] == "fake"
    assert request["temperature"] == 0
    assert request["max_completion_tokens"] == 321
    assert request["stream"] is True
    assert request["response_format"]["type"] == "json_schema"
    assert "tools" not in request
    assert request["messages"] == [
        {"role": "system", "content": "instructions"},
        {"role": "user", "content": SECRET},
    ]
    assert fake.headers[0]["authorization"] == "Bearer made-up"


async def test_a_key_of_openai_is_not_sent_to_another_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "the-real-one")
    async with scripted(says("yes")) as fake:
        await text_of(model_at(fake, llm_api_key=None))
    assert "the-real-one" not in str(fake.headers)


FAILURES: dict[str, tuple[Reply, ModelFault]] = {
    "no reason to end": (says("{}", finish=None), ModelFault.CUT_SHORT),
    "no reason and no mark": (says("{}", finish=None, done=False), ModelFault.CUT_SHORT),
    "nothing at all": (sends(""), ModelFault.UNREADABLE),
    "longest answer reached": (says("{}", finish="length"), ModelFault.TOO_LONG),
    "filter": (says("{}", finish="content_filter"), ModelFault.WITHHELD),
    "refusal": (refuses("I can't."), ModelFault.WITHHELD),
    "tool": (calls_tool('{"answerable": true}'), ModelFault.UNREADABLE),
    "broken connection": (breaks("{"), ModelFault.UNREACHABLE),
    "broken JSON in an event": (sends("data: {nonsense\n\n"), ModelFault.BROKEN),
    "a web page": (sends("<html></html>", "text/html"), ModelFault.UNREADABLE),
    "choices of another type": (sends('data: {"choices": "abc"}\n\n'), ModelFault.UNREADABLE),
    "401": (status(401, SECRET), ModelFault.DENIED),
    "404": (status(404, SECRET), ModelFault.DENIED),
    "429": (status(429, SECRET), ModelFault.OVERLOADED),
    "500": (status(500, SECRET), ModelFault.BROKEN),
    "503": (status(503, SECRET), ModelFault.OVERLOADED),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_an_answer_that_does_not_end_properly_is_a_failure(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply, fault = FAILURES[name]
    async with scripted(reply) as fake:
        with caplog.at_level(logging.DEBUG), pytest.raises(ModelFailed) as raised:
            await text_of(model_at(fake))
    assert raised.value.fault is fault
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    assert SECRET not in str(raised.value)
    assert SECRET not in caplog.text
    # One question, one request: retries are the next model's and the job's.
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("reply", "changes"),
    [
        (stalls("{"), {"llm_timeout_s": 0.3}),
        (drips(0.05), {"llm_timeout_s": 0.3}),
        (endless("{", " "), {"total_s": 0.3}),
    ],
    ids=["stops in the middle", "signs of life alone", "never done"],
)
async def test_a_model_that_takes_too_long_has_failed_and_is_left(
    reply: Reply, changes: dict[str, Any]
) -> None:
    async with scripted(reply) as fake:
        with pytest.raises(ModelFailed) as raised:
            await text_of(model_at(fake, **changes))
        assert raised.value.fault is ModelFault.SILENT
        await asyncio.wait_for(fake.left.wait(), 5)


async def test_a_server_that_is_not_there_is_a_failure() -> None:
    async with scripted(says("yes")) as fake:
        model = model_at(fake)
    with pytest.raises(ModelFailed) as raised:
        await text_of(model)
    assert raised.value.fault is ModelFault.UNREACHABLE


async def test_a_server_that_knows_no_schemas_is_asked_in_words_from_then_on() -> None:
    async with scripted(status(400), says("yes"), says("again")) as fake:
        model = model_at(fake)
        assert await text_of(model) == "yes"
        assert await text_of(model) == "again"
    assert ["response_format" in request for request in fake.requests] == [True, False, False]


async def test_a_request_that_is_wrong_in_any_form_does_not_end_schemas() -> None:
    async with scripted(status(400), status(400), says("yes")) as fake:
        model = model_at(fake)
        with pytest.raises(ModelFailed) as raised:
            await text_of(model)
        assert raised.value.fault is ModelFault.REJECTED
        await text_of(model)
    assert "response_format" in fake.requests[2]


async def test_closing_leaves_the_server_at_once() -> None:
    async with scripted(stalls("a beginning")) as fake:
        async with aclosing(model_at(fake).write(PROMPT)) as pieces:
            await anext(pieces)
            assert not fake.left.is_set()
        await asyncio.wait_for(fake.left.wait(), 5)


async def test_cancelling_leaves_the_server_at_once() -> None:
    async with scripted(stalls("")) as fake:
        asking = asyncio.create_task(text_of(model_at(fake)))
        await fake.asked.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(fake.left.wait(), 5)


async def test_anthropics_protocol_is_spoken_and_its_end_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "made-up")
    async with scripted(
        anthropic_says("a whole answer"),
        anthropic_says("a part", stop=None),
        anthropic_says("a long one", stop="max_tokens"),
        anthropic_says("no", stop="refusal"),
    ) as fake:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", fake.url.removesuffix("/v1"))
        model = model_at(fake, name="anthropic:claude-haiku-4-5")
        assert await text_of(model) == "a whole answer"
        for fault in (ModelFault.CUT_SHORT, ModelFault.TOO_LONG, ModelFault.WITHHELD):
            with pytest.raises(ModelFailed) as raised:
                await text_of(model)
            assert raised.value.fault is fault


async def test_nothing_is_traced_even_where_tracing_is_switched_on_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def traced(*_: object, **__: object) -> None:
        pytest.fail("a traced model was asked")

    monkeypatch.setattr(InstrumentedModel, "request_stream", traced)
    Agent.instrument_all()
    try:
        async with scripted(says("yes")) as fake:
            assert await text_of(model_at(fake)) == "yes"
    finally:
        Agent.instrument_all(instrument=False)


async def test_the_libraries_print_no_requests(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # What OPENAI_LOG=debug does.
    logging.getLogger("openai").setLevel(logging.DEBUG)
    async with scripted(says("")) as fake:
        await text_of(model_at(fake))
    assert SECRET not in caplog.text


@pytest.mark.parametrize("name", ["gpt-4o", "nobody:model", "openai:", "mistral:large"])
def test_a_model_that_cannot_be_asked_is_refused_at_the_start(name: str) -> None:
    with pytest.raises(ModelUnusable, match="NAVIS_LLM_MODELS"):
        named(name, Settings(llm_api_key=None))


def test_a_model_without_a_key_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(ModelUnusable):
        named("anthropic:claude-haiku-4-5", Settings())
