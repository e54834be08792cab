"""Reading what an embeddings server answers, believing nothing of it."""

import base64
import binascii
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from navis_api.sources.embedding.embedder import EmbeddingsInvalid
from navis_api.sources.embedding.vectors import Vectors

_FLOAT_BYTES = 4


class _Item(BaseModel):
    """One vector: as numbers, or as base64 of little-endian float32s."""

    index: Annotated[int, Field(strict=True, ge=0)]
    embedding: Annotated[list[float], Field(min_length=1)] | Annotated[str, Field(min_length=1)]


class _Answer(BaseModel):
    data: list[_Item]


def read_answer(answer: bytes, *, count: int) -> Vectors:
    """Return `count` vectors in the order of the texts that were sent.

    Raises EmbeddingsInvalid when one is missing, comes twice, has another length than the
    others or holds anything but finite numbers. Nothing of the answer is quoted.
    """
    try:
        items = _Answer.model_validate_json(answer).data
    except ValidationError:
        raise EmbeddingsInvalid("it isn't what /v1/embeddings answers") from None
    if sorted(item.index for item in items) != list(range(count)):
        raise EmbeddingsInvalid(f"{count} texts were sent, and it isn't one vector for each")
    vectors: list[NDArray[Any]] = [
        _numbers(item.embedding) for item in sorted(items, key=lambda item: item.index)
    ]
    if len({len(vector) for vector in vectors}) > 1:
        raise EmbeddingsInvalid("vectors have different lengths")
    with np.errstate(over="ignore"):
        rows = np.stack(vectors).astype(np.float32)
    if not np.isfinite(rows).all():
        raise EmbeddingsInvalid("a vector holds something else than finite numbers")
    return rows


def _numbers(embedding: list[float] | str) -> NDArray[Any]:
    if isinstance(embedding, list):
        return np.array(embedding, dtype=np.float64)
    try:
        raw = base64.b64decode(embedding, validate=True)
    except (binascii.Error, ValueError):
        raise EmbeddingsInvalid("a vector isn't base64") from None
    if len(raw) % _FLOAT_BYTES:
        raise EmbeddingsInvalid("a vector isn't a row of float32s")
    return np.frombuffer(raw, dtype="<f4")
