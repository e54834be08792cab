"""Questions as people ask them that have a reviewed answer: in its words, and nearly."""

import random

from bench.data.database import Pool

ASKED = 200

_SEED = 20261121
_ANOTHER_WAY = (
    ("How does one prepare for ", "How do I prepare for "),
    ("What happens in the weeks after ", "What will happen in the weeks after "),
    ("I am a ", "I'm a "),
    (", live in ", ", I live in "),
    (" and like ", " and I like "),
)


async def published_questions(pool: Pool) -> list[str]:
    """Return questions that have their answer, from all parts of the data."""
    count: int = await pool.fetchval("SELECT count(*) FROM peers.questions")
    rows = await pool.fetch(
        "SELECT text FROM (SELECT text, row_number() OVER (ORDER BY id) AS n FROM peers.questions)"
        " AS numbered WHERE n % $1 = 0 ORDER BY n LIMIT $2",
        count // ASKED,
        ASKED,
    )
    texts: list[str] = [row["text"] for row in rows]
    # Neighbours in time are on cancers in turn: their order should be nobody's luck.
    random.Random(_SEED).shuffle(texts)
    return texts


def to_the_letter(text: str) -> str:
    """Return the question in other case and without its punctuation: the same to the letter."""
    return text.lower().replace("?", "").replace(".", "").replace(",", "")


def nearly(text: str) -> str:
    """Return the question in slightly other words, so that its meaning has to be read."""
    for said, otherwise in _ANOTHER_WAY:
        text = text.replace(said, otherwise)
    return text
