"""The adapter for a model folder, on tiny models that the tests make themselves."""

import asyncio
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from navis_api.sources.embedding.embedder import EmbedderOutOfReach, EmbeddingsInvalid, TextKind
from navis_api.sources.embedding.local import LocalEmbedder, LocalModelFailed

sentence_transformers: Any = pytest.importorskip(
    "sentence_transformers", reason="the extra local-embedder isn't installed"
)
tokenizers: Any = pytest.importorskip("tokenizers", reason="the extra local-embedder")

WORDS = ["[UNK]", "ablation", "heat", "surgery", "tumor", "query", "passage", ":", "broken"]


def model_folder(folder: Path, *, prompts: dict[str, str] | None = None) -> Path:
    """Write a model whose vector of a text is the mean of its words'."""
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    weights = np.eye(len(WORDS), dtype=np.float32)
    weights[0] = 0
    weights[-1] = np.nan
    module = sentence_transformers.sentence_transformer.modules.StaticEmbedding(
        tokenizer, embedding_weights=weights
    )
    sentence_transformers.SentenceTransformer(modules=[module], prompts=prompts).save(str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let nothing out of this machine, and note what tried."""
    tried: list[object] = []

    def refuse(_: object, address: object) -> None:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return model_folder(tmp_path / "a model")


def embedder_of(folder: Path, *, timeout_s: float = 30) -> LocalEmbedder:
    return LocalEmbedder(folder, batch_size=2, timeout_s=timeout_s)


async def test_texts_get_their_vectors_in_order_and_nothing_is_fetched(
    folder: Path, no_network: list[object]
) -> None:
    embedder = embedder_of(folder)
    vectors = await embedder.embed(
        ["Ablation heat", "surgery", "heat", "elsewhere"], kind=TextKind.PASSAGE
    )
    await embedder.close()
    assert vectors.dtype == np.float32
    half = 2**-0.5
    expected = np.zeros((4, len(WORDS)))
    expected[0, [1, 2]] = half
    expected[1, 3] = expected[2, 2] = 1
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert no_network == []


async def test_prompts_of_the_model_are_put_before_the_texts(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "e5", prompts={"query": "query: ", "document": "passage: "})
    embedder = embedder_of(folder)
    query = (await embedder.embed(["heat"], kind=TextKind.QUERY))[0]
    passage = (await embedder.embed(["heat"], kind=TextKind.PASSAGE))[0]
    await embedder.close()
    assert [bool(query[WORDS.index(word)]) for word in ("query", "passage")] == [True, False]
    assert [bool(passage[WORDS.index(word)]) for word in ("query", "passage")] == [False, True]


async def test_the_name_says_which_folder_and_what_is_in_it(folder: Path, tmp_path: Path) -> None:
    one, other = embedder_of(folder), embedder_of(model_folder(tmp_path / "e5", prompts={"a": "b"}))
    assert one.model.startswith("local:a model@")
    assert one.model == embedder_of(folder).model
    assert one.model.partition("@")[2] != other.model.partition("@")[2]


async def test_what_is_no_number_is_refused(folder: Path) -> None:
    embedder = embedder_of(folder)
    with pytest.raises(EmbeddingsInvalid):
        await embedder.embed(["broken"], kind=TextKind.PASSAGE)
    await embedder.close()


async def test_a_folder_that_cannot_be_read_fails_without_its_content(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "modules.json").write_text(json.dumps([{"idx": 0, "path": "x", "type": "no.Such"}]))
    embedder = embedder_of(broken)
    with pytest.raises(LocalModelFailed) as failed:
        await embedder.embed(["heat"], kind=TextKind.PASSAGE)
    assert "no.Such" not in str(failed.value)
    await embedder.close()


async def test_the_event_loop_is_free_and_a_slow_model_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = embedder_of(folder, timeout_s=0.2)
    await embedder.embed(["heat"], kind=TextKind.PASSAGE)
    going_on = threading.Event()

    def slow(*_: object, **__: object) -> None:
        going_on.wait(10)

    monkeypatch.setattr(embedder._model, "encode_query", slow)
    began, ticks = time.monotonic(), 0
    embedding = asyncio.create_task(embedder.embed(["heat"], kind=TextKind.QUERY))
    while not embedding.done() and time.monotonic() - began < 5:
        await asyncio.sleep(0.01)
        ticks += 1
    going_on.set()
    with pytest.raises(EmbedderOutOfReach):
        await embedding
    assert ticks >= 5
    await embedder.close()
