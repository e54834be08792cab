"""How near texts of the same kind are in meaning, such as questions."""

from collections.abc import Sequence

import structlog

from navis_api.sources.embedding.embedder import Embedder, EmbedderFailed, TextKind

_log = structlog.get_logger(__name__)


class TextSimilarity:
    """Compares questions by an embedder (it is a `questions.likeness.QuestionEmbedder`).

    It decides nothing: questions whose answers differ score up to 0.96 (FACTS, Content).
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def similarities(self, asked: str, known: Sequence[str]) -> Sequence[float] | None:
        """Return the cosine of the asked question with each known one, from -1 to 1.

        None when the embedder gives none in time.
        """
        try:
            vectors = await self._embedder.embed([asked, *known], kind=TextKind.QUERY)
        except EmbedderFailed as failure:
            # The text of these errors quotes nothing of what was sent.
            _log.warning("embedding.no_similarity", reason=str(failure))
            return None
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]
