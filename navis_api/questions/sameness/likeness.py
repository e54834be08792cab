"""The port through which an embedder may settle everyday wording, and nothing else."""

from collections.abc import Sequence
from typing import Protocol


class QuestionEmbedder(Protocol):
    """Says how near questions are in meaning."""

    async def similarities(self, asked: str, known: Sequence[str]) -> Sequence[float] | None:
        """Return the cosine of the asked question with each known one, from -1 to 1.

        None when there is no saying now: then nothing is settled.
        """
        ...
