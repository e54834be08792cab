"""Which embedder the settings ask for."""

import importlib.util
from pathlib import Path

import pytest
from pydantic import SecretStr

from navis_api.errors import OperatorFault
from navis_api.settings import EmbedderName, Settings
from navis_api.sources.embedding.choice import embedder_from
from navis_api.sources.embedding.local import LocalEmbedderMissing, fingerprint
from navis_api.sources.embedding.openai import OpenAIEmbedder


def settings(**changed: object) -> Settings:
    return Settings(_env_file=None, **changed)  # pyright: ignore[reportArgumentType, reportCallIssue]


def test_without_an_embedder_there_is_none() -> None:
    assert embedder_from(settings()) is None


async def test_a_server_is_named_by_its_model() -> None:
    embedder = embedder_from(
        settings(
            embedder=EmbedderName.OPENAI,
            embedder_url="http://127.0.0.1:9/v1/",
            embedder_model="some/model",
            embedder_api_key=SecretStr("sk-made-up"),
        )
    )
    assert isinstance(embedder, OpenAIEmbedder)
    assert embedder.model == "openai:some/model"
    await embedder.close()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"embedder": "openai", "embedder_url": "http://host/v1"}, "NAVIS_EMBEDDER_MODEL"),
        ({"embedder": "openai", "embedder_model": "m"}, "NAVIS_EMBEDDER_URL"),
        (
            {"embedder": "openai", "embedder_model": "m", "embedder_url": "host:secret-1/v1"},
            "NAVIS_EMBEDDER_URL",
        ),
        ({"embedder": "local"}, "NAVIS_EMBEDDER_MODEL"),
    ],
    ids=["no-model", "no-url", "url-without-scheme", "no-folder"],
)
def test_what_is_missing_is_named(changed: dict[str, str], named: str) -> None:
    with pytest.raises(OperatorFault, match=named) as refused:
        embedder_from(settings(**changed))
    assert "secret-1" not in str(refused.value)


def test_a_local_model_without_its_library_or_folder_is_refused_at_once(tmp_path: Path) -> None:
    there = importlib.util.find_spec("sentence_transformers") is not None
    with pytest.raises(LocalEmbedderMissing) as refused:
        embedder_from(settings(embedder=EmbedderName.LOCAL, embedder_model=str(tmp_path / "none")))
    assert ("has to name a folder" if there else "isn't installed") in str(refused.value)


def test_another_content_of_a_folder_is_another_model(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        (folder / "part").mkdir(parents=True)
        (folder / "modules.json").write_text("[]")
        (folder / "part" / "weights").write_bytes(bytes(3_000_000))
    assert fingerprint(one) == fingerprint(other)
    weights = bytearray(3_000_000)
    weights[1_500_001] = 1
    (other / "part" / "weights").write_bytes(bytes(weights))
    assert fingerprint(one) != fingerprint(other)
