"""The adapter for servers that speak OpenAI's protocol, against one that does."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import numpy as np
import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from navis_api.questions.sameness.likeness import QuestionEmbedder
from navis_api.sources.embedding.embedder import (
    EmbedderFailed,
    EmbedderOutOfReach,
    EmbedderRefused,
    EmbeddingsInvalid,
    TextKind,
    similarity,
)
from navis_api.sources.embedding.openai import OpenAIEmbedder
from navis_api.sources.embedding.similarity import TextSimilarity
from navis_api.sources.embedding.vectors import unit
from tests.sources.embedding_server import (
    KEY,
    EmbeddingServer,
    Misbehaviour,
    counted,
    embedding_server,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CANARY = "my name is Canary and my tumour came back"
TEXTS = ["Ablation uses heat.", "Surgery removes a tumor.", "Rest helps after surgery."]


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[EmbeddingServer]:
    async with embedding_server() as server:
        yield server


@pytest.fixture
def server(running: EmbeddingServer) -> EmbeddingServer:
    running.forget()
    return running


class Waits(list[float]):
    """Time that was slept, without sleeping."""

    async def sleep(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def embedder(server: EmbeddingServer, waits: Waits) -> AsyncIterator[OpenAIEmbedder]:
    embedder = OpenAIEmbedder(
        url=server.url,
        model="counting",
        api_key=SecretStr(KEY),
        batch_size=2,
        timeout_s=5,
        sleep=waits.sleep,
        clock=lambda: NOON,
    )
    yield embedder
    await embedder.close()


def answering(status: int, content: Any = None, **headers: str) -> Misbehaviour:
    async def misbehave(request: Request, body: dict[str, Any]) -> Response:
        return JSONResponse(content, status, headers)

    return misbehave


def changed(server: EmbeddingServer, change: Any) -> Misbehaviour:
    """Answer as usual, but for one thing."""

    async def misbehave(request: Request, body: dict[str, Any]) -> Response:
        answer = server.answer(body)
        change(answer["data"])
        return Response(json.dumps(answer), media_type="application/json")

    return misbehave


@pytest.mark.parametrize("as_base64", [False, True], ids=["float", "base64"])
async def test_each_text_gets_its_own_vector_at_unit_length(
    server: EmbeddingServer, embedder: OpenAIEmbedder, *, as_base64: bool
) -> None:
    server.as_base64 = as_base64
    vectors = await embedder.embed(TEXTS, kind=TextKind.PASSAGE)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, unit(counted(TEXTS)), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert [request["input"] for request in server.requests] == [TEXTS[:2], TEXTS[2:]]
    assert {request["model"] for request in server.requests} == {"counting"}
    assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}


async def test_no_texts_ask_nothing(server: EmbeddingServer, embedder: OpenAIEmbedder) -> None:
    assert len(await embedder.embed([], kind=TextKind.PASSAGE)) == 0
    assert server.requests == []


async def test_questions_are_compared_by_the_cosine(
    server: EmbeddingServer, embedder: OpenAIEmbedder
) -> None:
    port: QuestionEmbedder = TextSimilarity(embedder)
    found = await port.similarities(TEXTS[1], [TEXTS[1], TEXTS[2]])
    assert found is not None
    same, other = found
    assert same == pytest.approx(1, abs=1e-6)
    expected = unit(counted(TEXTS))
    assert other == pytest.approx(float(expected[1] @ expected[2]), abs=1e-6)
    assert await port.similarities(TEXTS[1], []) == []
    assert await similarity(embedder, TEXTS[1], TEXTS[2]) == pytest.approx(other, abs=1e-6)


async def test_without_an_answer_questions_have_no_similarity(
    server: EmbeddingServer, embedder: OpenAIEmbedder
) -> None:
    server.misbehave = [answering(503)]
    assert await TextSimilarity(embedder).similarities(CANARY, TEXTS[:1]) is None


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_server_is_asked_again_after_a_while(
    server: EmbeddingServer, embedder: OpenAIEmbedder, waits: Waits, status: int
) -> None:
    server.misbehave = [answering(status), answering(status)]
    assert len(await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)) == 1
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize(
    ("header", "waited"), [("7", 7.0), ("Sat, 21 Nov 2026 12:00:09 GMT", 9.0), ("soon", 0.5)]
)
async def test_the_server_says_how_long_to_wait(
    server: EmbeddingServer, embedder: OpenAIEmbedder, waits: Waits, header: str, waited: float
) -> None:
    server.misbehave = [answering(429, **{"Retry-After": header})]
    await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)
    assert waits == [waited]


async def test_a_long_wait_is_left_to_the_caller(
    server: EmbeddingServer, embedder: OpenAIEmbedder, waits: Waits
) -> None:
    server.misbehave = [answering(429, **{"Retry-After": "600"})]
    with pytest.raises(EmbedderOutOfReach) as failed:
        await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)
    assert failed.value.retry_after_s == 600
    assert waits == []


async def test_it_gives_up_in_the_end(
    server: EmbeddingServer, embedder: OpenAIEmbedder, waits: Waits
) -> None:
    server.misbehave = [answering(503)] * 9
    with pytest.raises(EmbedderOutOfReach):
        await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)
    assert len(server.requests) == 4
    assert len(waits) == 3


async def test_a_query_is_tried_once(
    server: EmbeddingServer, embedder: OpenAIEmbedder, waits: Waits
) -> None:
    server.misbehave = [answering(503)]
    with pytest.raises(EmbedderOutOfReach):
        await embedder.embed(TEXTS[:1], kind=TextKind.QUERY)
    assert (len(server.requests), waits) == (1, [])


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_what_the_operator_has_wrong_is_not_tried_again(
    server: EmbeddingServer, embedder: OpenAIEmbedder, status: int
) -> None:
    server.misbehave = [answering(status)] * 3
    with pytest.raises(EmbedderRefused) as failed:
        await embedder.embed(TEXTS, kind=TextKind.PASSAGE)
    assert failed.value.status == status
    assert len(server.requests) == 1


async def test_a_redirect_is_refused_and_the_key_stays_here(
    server: EmbeddingServer, embedder: OpenAIEmbedder
) -> None:
    async def redirect(request: Request, body: dict[str, Any]) -> Response:
        return RedirectResponse(server.url.replace("/v1", "/elsewhere"))

    server.misbehave = [redirect]
    with pytest.raises(EmbedderRefused):
        await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)
    assert server.elsewhere == []


async def test_a_text_that_is_too_long_is_embedded_by_its_beginning(
    server: EmbeddingServer, embedder: OpenAIEmbedder
) -> None:
    long = "heat " * 400
    server.longest_chars = 600
    vectors = await embedder.embed([TEXTS[0], long], kind=TextKind.PASSAGE)
    np.testing.assert_allclose(vectors, unit(counted([TEXTS[0], "heat"])), atol=1e-6)


async def test_a_server_that_refuses_every_text_ends_it(
    server: EmbeddingServer, embedder: OpenAIEmbedder
) -> None:
    server.misbehave = [answering(400)] * 50
    with pytest.raises(EmbedderRefused):
        await embedder.embed(["heat " * 400] * 2, kind=TextKind.PASSAGE)
    assert len(server.requests) < 8


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data.pop(), id="one-missing"),
        pytest.param(lambda data: data.append(data[0]), id="one-twice"),
        pytest.param(lambda data: data[0].update(index=7), id="index-out-of-range"),
        pytest.param(lambda data: data[0].update(index=-1), id="index-negative"),
        pytest.param(lambda data: data[0].update(index="0"), id="index-no-number"),
        pytest.param(lambda data: data[0]["embedding"].pop(), id="one-shorter"),
        pytest.param(lambda data: data[0].update(embedding=[]), id="empty"),
        pytest.param(lambda data: data[0].update(embedding=None), id="none"),
        pytest.param(lambda data: data[0].update(embedding="!!!!"), id="no-base64"),
        pytest.param(lambda data: data[0].update(embedding="YWJj"), id="base64-of-no-floats"),
        pytest.param(
            lambda data: data[0]["embedding"].__setitem__(0, float("nan")), id="not-a-number"
        ),
        pytest.param(lambda data: data[0]["embedding"].__setitem__(0, 1e300), id="too-large"),
        pytest.param(lambda data: data[0]["embedding"].__setitem__(0, "x"), id="a-word"),
        pytest.param(lambda data: data.clear(), id="nothing"),
    ],
)
async def test_an_answer_that_cannot_be_right_is_refused(
    server: EmbeddingServer, embedder: OpenAIEmbedder, change: Any
) -> None:
    server.misbehave = [changed(server, change)]
    with pytest.raises(EmbeddingsInvalid):
        await embedder.embed(TEXTS[:2], kind=TextKind.PASSAGE)
    assert len(server.requests) == 1


async def test_base64_of_no_number_is_refused(
    server: EmbeddingServer, embedder: OpenAIEmbedder
) -> None:
    nan = "AADAfwAAwH8="
    server.misbehave = [changed(server, lambda data: data[0].update(embedding=nan))]
    with pytest.raises(EmbeddingsInvalid):
        await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)


async def test_batches_of_different_lengths_are_refused(
    server: EmbeddingServer, embedder: OpenAIEmbedder
) -> None:
    server.misbehave = [
        changed(server, lambda _: None),
        changed(server, lambda data: data[0]["embedding"].append(1.0)),
    ]
    with pytest.raises(EmbeddingsInvalid):
        await embedder.embed(TEXTS, kind=TextKind.PASSAGE)


@pytest.mark.parametrize("content", [None, [], "text", {"data": "x"}, {"error": "x"}])
async def test_something_else_than_the_protocol_is_refused(
    server: EmbeddingServer, embedder: OpenAIEmbedder, content: Any
) -> None:
    server.misbehave = [answering(200, content)]
    with pytest.raises(EmbeddingsInvalid):
        await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)


async def test_a_server_that_says_nothing_is_given_up(
    server: EmbeddingServer, waits: Waits
) -> None:
    async def hang(request: Request, body: dict[str, Any]) -> None:
        await asyncio.sleep(1)

    server.misbehave = [hang] * 9
    embedder = OpenAIEmbedder(
        url=server.url,
        model="counting",
        api_key=None,
        batch_size=2,
        timeout_s=0.05,
        sleep=waits.sleep,
    )
    with pytest.raises(EmbedderOutOfReach):
        await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)
    assert len(waits) == 3
    await embedder.close()


async def test_no_server_at_all_is_out_of_reach(waits: Waits) -> None:
    embedder = OpenAIEmbedder(
        url="http://127.0.0.1:9/v1",
        model="counting",
        api_key=SecretStr(KEY),
        batch_size=2,
        timeout_s=5,
        sleep=waits.sleep,
    )
    with pytest.raises(EmbedderOutOfReach) as failed:
        await embedder.embed(TEXTS[:1], kind=TextKind.PASSAGE)
    assert KEY not in str(failed.value)
    await embedder.close()


@pytest.mark.parametrize("status", [400, 401, 429, 500])
async def test_errors_and_logs_hold_nothing_of_the_text(
    server: EmbeddingServer,
    embedder: OpenAIEmbedder,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    caplog.set_level("DEBUG")
    server.misbehave = [answering(status, {"error": {"message": f"bad input: {CANARY}"}})] * 9
    with pytest.raises(EmbedderFailed) as failed:
        await embedder.embed([CANARY], kind=TextKind.QUERY)
    printed = capfd.readouterr()
    for said in (str(failed.value), repr(failed.value), printed.out, printed.err, caplog.text):
        assert "Canary" not in said
        assert KEY not in said
    assert not isinstance(failed.value.__cause__, httpx.HTTPError)
