"""Embeddings: the port that models stand behind, and what goes wrong there."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from navis_api.errors import NavisError
from navis_api.sources.embedding.vectors import Vectors


class TextKind(StrEnum):
    """What a text is to the search; some models read the two differently."""

    QUERY = "query"
    PASSAGE = "passage"


class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how near they are in meaning."""

    @property
    def model(self) -> str:
        """Which model it is, such as `openai:bge-m3`: vectors of two names are never compared."""
        ...

    async def embed(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:
        """Return one row a text, in order: float32, of unit length (see `Vectors`).

        For a query a person waits: it is tried once and for a short time. Raises
        EmbedderFailed, whose text quotes nothing of the texts.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and threads."""
        ...


class EmbedderFailed(NavisError):
    """No vectors came. Search works on full text alone; the job tries again later.

    `retry_after_s` is what the server asked for, where it asked.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class EmbedderOutOfReach(EmbedderFailed):
    """No answer in time, no connection, or too much to do there."""


class EmbedderRefused(EmbedderFailed):
    """The server doesn't want the request: a key, a model's name, an address is wrong."""

    def __init__(self, status: int) -> None:
        super().__init__(
            f"The embeddings server refused a request with HTTP status {status}. Check"
            " NAVIS_EMBEDDER_URL, NAVIS_EMBEDDER_MODEL and NAVIS_EMBEDDER_API_KEY."
        )
        self.status = status


class EmbeddingsInvalid(EmbedderFailed):
    """What came isn't a vector of one length, in finite numbers, for each text."""

    def __init__(self, wrong: str) -> None:
        super().__init__(f"The embedder's answer can't be used: {wrong}.")


async def similarity(embedder: Embedder, one: str, other: str) -> float:
    """Return the cosine of two questions' vectors, from -1 to 1. Raises EmbedderFailed.

    It decides nothing: questions whose answers differ score up to 0.96 (FACTS, Content).
    """
    vectors = await embedder.embed([one, other], kind=TextKind.QUERY)
    return float(vectors[0] @ vectors[1])


STORED_DIMENSIONS = r"/\d+$"
"""What `stored_under` puts behind a model's name, as Postgres matches it."""


def stored_under(model: str, dimensions: int) -> str:
    """Return the name that a model's vectors are stored under: no two lengths share one."""
    return f"{model}/{dimensions}"


def embedded_text(heading: str, text: str) -> str:
    """Return what is embedded of a passage: its path of headings says what it is about."""
    return f"{heading}\n{text}"


def text_digest(embedded: str) -> bytes:
    """Return what tells embedded texts apart: equal texts have equal vectors."""
    return hashlib.sha256(embedded.encode()).digest()
