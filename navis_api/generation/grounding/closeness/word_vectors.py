"""Vectors of words by the company that they keep, made by `python -m bench.grounding`.

Words that stand among the same words are near: "tumor" and "growth", "nausea" and "vomiting". So
are opposites, which is why nearness alone never says that a claim is supported.
"""

import gzip
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

VECTORS = "word_vectors.bin.gz"
_SEEN_BY_A_STRANGER = 3
"""A word that isn't in the file is taken to stand in so many passages."""
_MOST_RARE = 7.0

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class WordVectors:
    """Rows of unit length by root (roots x dimensions), with two figures on each root.

    `rarity` is the logarithm of how few passages have it, `gathers` of how often one that has it
    says it: subjects of a text come again, words that join its thoughts hardly do.
    """

    row: dict[str, int]
    vectors: Floats
    rarity: tuple[float, ...]
    gathers: tuple[float, ...]
    stranger: float

    def rarity_of(self, root: str) -> float:
        """Return how rare a root is, at most about one in a thousand passages."""
        at = self.row.get(root)
        return min(_MOST_RARE, self.stranger if at is None else self.rarity[at])

    def gathers_of(self, root: str) -> float:
        """Return how much a root gathers in few texts; nothing is known of a strange one."""
        at = self.row.get(root)
        return 0.0 if at is None else self.gathers[at]


def packed(
    roots: list[str], vectors: NDArray[np.int8], held: list[int], said: list[int], passages: int
) -> bytes:
    """Return the file: a line of sizes, a line a root with its counts, and the bytes of the rows.

    `held` are the passages of so many that have a root, `said` how often they say it in all.
    """
    lines = [f"{passages} {vectors.shape[0]} {vectors.shape[1]}"]
    lines += [f"{r} {h} {s}" for r, h, s in zip(roots, held, said, strict=True)]
    return gzip.compress("\n".join(lines).encode() + b"\n\n" + vectors.tobytes(), mtime=0)


def unpacked(data: bytes) -> WordVectors:
    """Return the vectors of a file."""
    head, _, body = gzip.decompress(data).partition(b"\n\n")
    sizes, *lines = head.decode().split("\n")
    passages, count, dimensions = map(int, sizes.split())
    rows = np.frombuffer(body, dtype=np.int8).reshape(count, dimensions).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    counted = [line.split(" ") for line in lines]
    ones = np.where(lengths == 0, np.float32(1), lengths)
    return WordVectors(
        row={root: at for at, (root, _, _) in enumerate(counted)},
        vectors=(rows / ones).astype(np.float32),
        rarity=tuple(math.log(passages / int(held)) for _, held, _ in counted),
        gathers=tuple(math.log(int(said) / int(held)) for _, held, said in counted),
        stranger=math.log(passages / _SEEN_BY_A_STRANGER),
    )


@cache
def word_vectors() -> WordVectors:
    """Return the vectors. They are read once, when the first claim is checked."""
    folder = files("navis_api.generation.grounding.closeness")
    return unpacked(folder.joinpath(VECTORS).read_bytes())
