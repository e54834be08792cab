"""Vectors of texts as numpy holds them, and how Postgres sends them."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""n × d: one row a text, each of unit length, or all zeros where a model knows nothing of it."""

Vector: TypeAlias = NDArray[np.float32]
"""One row of such an array."""

_SENT_HEADER_BYTES = 20
"""What Postgres's `array_send` puts before the components of an array of one dimension."""


def unit(raw: NDArray[Any]) -> Vectors:
    """Return the rows at unit length, as float32; rows of zeros stay zeros."""
    # In double precision: the square of a large float32 is infinite.
    rows = np.asarray(raw, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def read_sent(sent: Sequence[bytes], dimensions: int) -> Vectors:
    """Return the arrays that `array_send(real[])` gave, one a row.

    Reading them as lists of Python floats would take a hundred times as long.
    """
    row = np.dtype([("header", f"V{_SENT_HEADER_BYTES}"), ("of", _component(">f4"), (dimensions,))])
    return np.frombuffer(b"".join(sent), dtype=row)["of"]["value"].astype(np.float32)


def read_sent_array(sent: bytes, kind: str) -> NDArray[Any]:
    """Return the components of one array that `array_send` gave, of a kind as numpy names it."""
    return np.frombuffer(sent, dtype=_component(kind), offset=_SENT_HEADER_BYTES)["value"]


def _component(kind: str) -> np.dtype[np.void]:
    # Each is its length in bytes and then itself, the highest byte first (array_send in
    # Postgres's arrayfuncs.c).
    return np.dtype([("length", ">i4"), ("value", kind)])
