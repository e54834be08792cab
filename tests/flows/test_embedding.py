"""Embedding the corpus with real processes: by a worker, by hand, killed and taken up again."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.cli.typing_commands import typed
from tests.flows.processes import environment, navis
from tests.sources.embedding_server import KEY, EmbeddingServer, embedding_server
from tests.waiting import PATIENCE_S

LEASE_S = "2"


@pytest.fixture
async def server() -> AsyncIterator[EmbeddingServer]:
    async with embedding_server() as server:
        yield server


@pytest.fixture
def env(tmp_path: Path, sample_database_url: str, server: EmbeddingServer) -> dict[str, str]:
    return environment(
        tmp_path / "data",
        NAVIS_DATABASE_URL=sample_database_url,
        NAVIS_EMBEDDER="openai",
        NAVIS_EMBEDDER_URL=server.url,
        NAVIS_EMBEDDER_MODEL="counting",
        NAVIS_EMBEDDER_API_KEY=KEY,
        NAVIS_EMBEDDER_BATCH_SIZE="4",
        NAVIS_GENERATION_LEASE_S=LEASE_S,
    )


async def status(env: Mapping[str, str]) -> tuple[int, int]:
    """How many passages are embedded, of how many."""
    done = await asyncio.to_thread(typed, ["sources", "status", "--json"], env)
    rows = json.loads(done.stdout)
    assert {row["embedder"] for row in rows} == {"openai:counting"}
    return sum(row["embedded"] for row in rows), sum(row["passages"] for row in rows)


async def until_asked(server: EmbeddingServer, times: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while len(server.requests) < times:  # noqa: ASYNC110 - another process asks
            await asyncio.sleep(0.02)


def embedded_texts(server: EmbeddingServer) -> list[str]:
    return [text for request in server.requests for text in request["input"] if "\n" in text]


async def test_a_worker_embeds_and_another_goes_on_after_a_kill(
    env: dict[str, str], server: EmbeddingServer
) -> None:
    hold = asyncio.Event()

    async def hang(request: Request, body: dict[str, Any]) -> None:
        await hold.wait()

    # The first request asks for the length of vectors; the fourth gets no answer.
    server.misbehave = [passing, passing, passing, hang]
    with navis("worker", env=env) as killed:
        await until_asked(server, 4)
        await asyncio.to_thread(killed.kill)
    hold.set()
    assert (await status(env))[0] == 8
    stored = embedded_texts(server)[:8]
    server.forget()

    with navis("worker", env=env) as worker:
        await asyncio.to_thread(worker.wait_for, "embedding.finished")
    embedded, passages = await status(env)
    assert embedded == passages > 8
    assert not set(stored) & set(embedded_texts(server))
    assert KEY not in worker.output + killed.output


async def passing(request: Request, body: dict[str, Any]) -> None:
    return None


async def test_by_hand_it_says_what_is_wrong_goes_on_and_costs_nothing_twice(
    env: dict[str, str], server: EmbeddingServer
) -> None:
    async def refuse(request: Request, body: dict[str, Any]) -> Response:
        return JSONResponse({"error": {"message": body["input"][0]}}, 401)

    server.misbehave = [passing, passing, refuse]
    broken = await asyncio.to_thread(typed, ["sources", "embed"], env)
    assert broken.returncode == 1
    assert "401" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert (await status(env))[0] == 4
    said = await asyncio.to_thread(typed, ["sources", "status"], env)
    assert "4 of" in said.stdout
    assert "401" in said.stdout

    done = await asyncio.to_thread(typed, ["sources", "embed"], env)
    assert done.returncode == 0, done.stderr
    embedded, passages = await status(env)
    assert embedded == passages
    assert len(embedded_texts(server)) == len(set(embedded_texts(server))) + 4
    server.forget()
    again = await asyncio.to_thread(typed, ["sources", "embed"], env)
    assert again.returncode == 0
    assert embedded_texts(server) == []

    other = env | {"NAVIS_EMBEDDER_MODEL": "another"}
    switched = await asyncio.to_thread(typed, ["sources", "embed", "--prune"], other)
    assert f"{passages} vectors of other models removed." in switched.stdout
    assert await status(env) == (0, passages)


async def test_an_import_has_the_running_worker_embed_it(
    env: dict[str, str], server: EmbeddingServer, tmp_path: Path
) -> None:
    path = tmp_path / "new.jsonl"
    path.write_text(
        json.dumps(
            {
                "url": "https://example.org/lighthouse",
                "title": "Lighthouse",
                "publisher": "Example",
                "licence": "CC0-1.0",
                "markdown": "## About\n\nA made-up text about a lighthouse.",
            }
        )
    )
    with navis("worker", env=env) as worker:
        await asyncio.to_thread(worker.wait_for, "embedding.finished")
        server.forget()
        done = await asyncio.to_thread(
            typed, ["sources", "import", str(path), "--format", "jsonl"], env
        )
        assert done.returncode == 0, done.stderr
        await until_asked(server, 2)
        await asyncio.to_thread(worker.wait_for, "(?s)embedding.finished.*embedding.finished")
    assert embedded_texts(server) == ["Lighthouse > About\nA made-up text about a lighthouse."]
    embedded, passages = await status(env)
    assert embedded == passages


async def test_a_worker_that_is_stopped_ends_with_its_batch(
    env: dict[str, str], server: EmbeddingServer
) -> None:
    async def dawdle(request: Request, body: dict[str, Any]) -> None:
        await asyncio.sleep(0.3)

    server.misbehave = [dawdle] * 500
    with navis("worker", env=env, anew=True) as worker:
        await until_asked(server, 3)
        assert await asyncio.to_thread(worker.interrupt) == 0
    embedded, passages = await status(env)
    assert 0 < embedded < passages


async def test_without_an_embedder_it_is_said(env: dict[str, str]) -> None:
    without = env | {"NAVIS_EMBEDDER": "none"}
    refused = await asyncio.to_thread(typed, ["sources", "embed"], without)
    assert refused.returncode == 1
    assert "NAVIS_EMBEDDER" in refused.stderr
    said = await asyncio.to_thread(typed, ["sources", "status"], without)
    assert "full text alone" in said.stdout
