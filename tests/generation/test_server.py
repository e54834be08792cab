"""The generation server, over real connections: what it refuses, and how its streams end."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from navis_api.cli.generating import TokenMissing, require_token
from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention, Engine
from navis_api.generation.http.wire import event_of
from navis_api.generation.time_limit import TimeLimited
from navis_api.settings import Settings
from tests.engines import Hanging, Saying, Watched
from tests.generation.pieces import (
    ABSTENTION,
    CLOSING,
    PROGRESS,
    REQUEST,
    quoted_section,
    whole_answer,
)
from tests.generation.servers import SECRET, Served, served
from tests.sources.corpus import fill
from tests.waiting import PATIENCE_S

BODY = {"text": "My tumour, a secret of mine", "locale": "en"}
HEADERS = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture
async def server(database_url: str) -> AsyncIterator[Served]:
    async with served(Saying(ABSTENTION), database_url, max_body_bytes=20_000) as server:
        yield server


async def post(server: Served, body: Any = BODY, **options: Any) -> httpx.Response:
    sent = {"json": body} if isinstance(body, dict) else {"content": body}
    headers = HEADERS | ({} if isinstance(body, dict) else {"Content-Type": "application/json"})
    options = {"headers": headers} | options
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S) as client:
        return await client.post(f"{server.url}/v1/generate", **sent, **options)


def events(reply: httpx.Response) -> list[dict[str, Any]]:
    lines = reply.text.splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data:")]


async def engine_runs(engine: Watched, times: int) -> None:
    """Wait until the engine has begun so many times."""
    async with asyncio.timeout(PATIENCE_S):
        while engine.runs < times:  # noqa: ASYNC110 - an event tells of one beginning only
            await asyncio.sleep(0.02)


def problem(reply: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    told = reply.json()
    assert (told["status"], told["code"]) == (status, code)
    assert "secret of mine" not in reply.text
    assert SECRET not in reply.text
    return told


async def test_an_answer_is_sent_piece_by_piece_and_ends_once(
    database: Database, database_url: str
) -> None:
    await fill(database)
    pieces = await whole_answer(database)
    async with served(Saying(*pieces), database_url) as server:
        reply = await post(server)

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-store, no-transform"
    assert events(reply) == [event_of(piece).model_dump(mode="json") for piece in pieces]


async def test_sections_that_stand_already_reach_the_engine(
    database: Database, database_url: str
) -> None:
    await fill(database)
    section = await quoted_section(database)
    engine = Saying(CLOSING)
    async with served(engine, database_url) as server:
        written = event_of(section).model_dump(mode="json")
        await post(server, BODY | {"written": [written], "locale": "en-GB"})

    (asked, stands), *_ = engine.asked
    assert list(stands) == [section]
    assert (asked.text, asked.locale, asked.cancer_id) == (BODY["text"], "en-GB", None)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {SECRET}x"},
        {"Authorization": f"Basic {SECRET}"},
        {"Authorization": "Bearer \xff\xfe"},
    ],
    ids=range(7),
)
async def test_without_the_token_nothing_is_read(server: Served, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    reply = await post(server, b"no JSON", headers=encoded)
    problem(reply, 401, "UNAUTHORIZED")
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "INVALID_JSON"),
        (b"{", 400, "INVALID_JSON"),
        (b"\xff\xfe", 400, "INVALID_JSON"),
        (b'{"text": "\\ud800", "locale": "en"}', 400, "INVALID_JSON"),
        (b"[" * 10_000, 400, "INVALID_JSON"),
        (b"[]", 422, "INVALID_REQUEST"),
        ({}, 422, "INVALID_REQUEST"),
        (BODY | {"text": ""}, 422, "INVALID_REQUEST"),
        (BODY | {"text": "a\0b"}, 422, "INVALID_REQUEST"),
        (BODY | {"text": ["a"]}, 422, "INVALID_REQUEST"),
        (BODY | {"text": "x" * 10_001}, 422, "INVALID_REQUEST"),
        (BODY | {"locale": "en; DROP"}, 422, "INVALID_REQUEST"),
        (BODY | {"cancer_id": "liver"}, 422, "INVALID_REQUEST"),
        (BODY | {"written": [{"heading": "h"}]}, 422, "INVALID_REQUEST"),
        (BODY | {"secret of mine": 1}, 422, "INVALID_REQUEST"),
        (BODY | {"written": [{}] * 101}, 422, "INVALID_REQUEST"),
        (BODY | {"facts": [{"name": "secret of mine"}]}, 422, "INVALID_REQUEST"),
        (BODY | {"facts": {"secret of mine": 1}}, 422, "INVALID_REQUEST"),
        (b'{"text": "a", "locale": "en", "written": ' + b"9" * 5_000 + b"}", 422, None),
        (b'"' + b"x" * 30_000 + b'"', 413, "PAYLOAD_TOO_LARGE"),
        (BODY | {"engine": "llm"}, 409, "OTHER_ENGINE"),
    ],
    ids=range(21),
)
async def test_what_is_no_request_is_refused_with_a_reason(
    server: Served, body: Any, status: int, code: str | None
) -> None:
    reply = await post(server, body)
    assert reply.status_code in {status, 400 if code is None else status}
    problem(reply, reply.status_code, code or reply.json()["code"])


async def test_a_wrong_field_is_named(server: Served) -> None:
    told = problem(
        await post(server, {"text": "x", "locale": "en", "written": [{"kind": "?"}]}),
        422,
        "INVALID_REQUEST",
    )
    assert {"path": "written.0.heading", "code": "missing"} in told["errors"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
    ids=["text", "form", "gzip"],
)
async def test_another_form_of_body_is_refused(server: Served, headers: dict[str, str]) -> None:
    problem(await post(server, b"{}", headers=HEADERS | headers), 415, "UNSUPPORTED_MEDIA_TYPE")


async def test_other_addresses_and_methods_are_refused_as_problems(server: Served) -> None:
    async with httpx.AsyncClient(trust_env=False, base_url=server.url) as client:
        problem(await client.get("/v1/generate"), 405, "METHOD_NOT_ALLOWED")
        problem(await client.post("/v2/generate", json=BODY), 404, "NOT_FOUND")
        problem(await client.post("/v1/generate/", json=BODY), 404, "NOT_FOUND")


async def test_it_says_that_it_lives_and_can_work(server: Served) -> None:
    async with httpx.AsyncClient(trust_env=False, base_url=server.url) as client:
        assert (await client.get("/live")).json() == {"status": "ok"}
        assert (await client.get("/ready")).json()["checks"] == {"database": "ok"}


@pytest.mark.parametrize(
    "engine",
    [
        Saying(PROGRESS, RuntimeError("a secret of mine")),
        Saying(PROGRESS),
        Saying(PROGRESS, Abstention("x" * 50_000)),
    ],
    ids=["raises", "stops early", "says too much"],
)
async def test_an_engine_that_fails_ends_the_stream_with_an_error(
    database_url: str, engine: Engine
) -> None:
    with capture_logs() as logs:
        async with served(engine, database_url) as server:
            reply = await post(server)

    assert events(reply)[-1] == {"type": "error", "code": "ENGINE_FAILED"}
    assert [each["type"] for each in events(reply)] == ["progress", "error"]
    assert "secret of mine" not in reply.text + str(logs)


async def test_no_word_of_a_question_is_logged(database_url: str) -> None:
    with capture_logs() as logs:
        async with served(Saying(ABSTENTION), database_url) as server:
            await post(server)
            await post(server, BODY | {"cancer_id": "secret of mine"})

    ended = next(each for each in logs if each["event"] == "generation_server.ended")
    assert (ended["outcome"], ended["events"], ended["engine"]) == ("abstention", 1, "extractive")
    assert "secret of mine" not in str(logs)
    assert SECRET not in str(logs)


async def test_beyond_its_room_it_says_when_to_come_again(database_url: str) -> None:
    engine = Watched(Hanging())
    async with served(engine, database_url, generation_concurrency=2) as server:
        waiting = [asyncio.create_task(post(server)) for _ in range(2)]
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S) as client:
            await engine_runs(engine, 2)
            reply = await client.post(f"{server.url}/v1/generate", json=BODY, headers=HEADERS)
        problem(reply, 503, "BUSY")
        assert int(reply.headers["retry-after"]) >= 1

        waiting[0].cancel()
        await asyncio.wait_for(engine.stopped.wait(), PATIENCE_S)
        again = asyncio.create_task(post(server))
        await engine_runs(engine, 3)
        for each in (*waiting, again):
            each.cancel()
        await asyncio.gather(*waiting, again, return_exceptions=True)


async def test_when_the_client_goes_the_engine_is_stopped(database_url: str) -> None:
    engine = Watched(Hanging())
    async with served(engine, database_url) as server:
        asking = asyncio.create_task(post(server))
        await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)
        assert not engine.stopped.is_set()

        asking.cancel()

        await asyncio.wait_for(engine.stopped.wait(), PATIENCE_S)


async def test_when_the_process_stops_open_streams_are_told_and_ended(database_url: str) -> None:
    engine = Watched(Hanging())
    async with served(engine, database_url) as server:
        asking = asyncio.create_task(post(server))
        await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)

        server.stop()

        reply = await asyncio.wait_for(asking, PATIENCE_S)
        assert events(reply) == [
            {"type": "progress", "status": "DRAFTING"},
            {"type": "error", "code": "STOPPING"},
        ]
        assert engine.stopped.is_set()


async def test_an_engine_that_takes_too_long_is_ended(database_url: str) -> None:
    engine = Watched(Hanging())
    limited = TimeLimited(engine, total_s=0.2)
    async with served(limited, database_url) as server:
        reply = await post(server)
    assert events(reply)[-1] == {"type": "error", "code": "TIMED_OUT"}
    assert engine.stopped.is_set()


async def test_a_time_out_of_an_engines_own_is_not_taken_for_ours() -> None:
    limited = TimeLimited(Saying(PROGRESS, TimeoutError()), total_s=60)
    with pytest.raises(TimeoutError):
        _ = [piece async for piece in limited.write(REQUEST)]


async def test_a_silence_is_filled(database_url: str) -> None:
    engine = TimeLimited(Hanging(), total_s=1)
    async with served(engine, database_url, stream_keepalive_s=0.1) as server:
        reply = await post(server)
    assert reply.text.count(":\n\n") >= 2


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"environment": "production"}, False),
        ({"environment": "production", "generation_token": ""}, False),
        ({"environment": "production", "generation_token": SECRET}, True),
        ({}, True),
        ({"generation_host": "::1"}, True),
        ({"generation_host": "localhost"}, True),
        ({"generation_host": "0.0.0.0"}, False),  # noqa: S104 - what is refused
        ({"generation_host": "generation.example.org"}, False),
        ({"generation_host": "0.0.0.0", "generation_token": SECRET}, True),  # noqa: S104 - see above
    ],
    ids=range(9),
)
def test_without_a_token_it_runs_for_its_own_machine_alone(
    *, given: dict[str, Any], allowed: bool
) -> None:
    settings = Settings.model_validate({"generation_token": None} | given)
    if allowed:
        require_token(settings)
        return
    with pytest.raises(TokenMissing):
        require_token(settings)
