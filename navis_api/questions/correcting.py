"""Putting mistyped words of a search right."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import Text, any_, select
from sqlalchemy.dialects.postgresql import ARRAY

from navis_api.db.published import Published, Row, Statement, parameter, statement_of
from navis_api.kit.text import words
from navis_api.kit.typing_errors import MIN_LETTERS, best_correction, deletions
from navis_api.questions.index_terms import MAX_WORDS
from navis_api.questions.models import SearchWord
from navis_api.vocabulary.understanding import common_words

_KNOWN_WORD = "known word"
_WORD_BYTES = 250
"""What it takes to remember that a word is no typing error."""


async def corrected(published: Published, text: str) -> str | None:
    """Return the text with mistyped words put right, or None when there is none."""
    typed = words(text)[: MAX_WORDS * 2]
    doubtful = {
        word
        for word in typed
        if len(word) >= MIN_LETTERS and word.isalpha() and word not in common_words()
    }
    doubtful = {word for word in doubtful if not published.memory.find((_KNOWN_WORD, word))}
    if len(doubtful) > 1:
        # Mostly all of them are right: then nothing that is like them has to be looked for.
        rows = await published.fetch(_known(), words=list(doubtful))
        doubtful -= _remembered(published, doubtful, rows)
    if not doubtful:
        return None
    forms = sorted({form for word in doubtful for form in deletions(word)})
    rows = await published.fetch(_alike(), forms=forms)
    alike: dict[str, int] = {row[0]: row[1] for row in rows}
    meant = {
        word: better
        for word in doubtful - _remembered(published, doubtful, rows)
        if (better := best_correction(word, alike.items())) is not None
    }
    return " ".join(meant.get(word, word) for word in typed) if meant else None


def _remembered(published: Published, doubtful: set[str], rows: Iterable[Row]) -> set[str]:
    """Return which words are in the index, and remember these.

    They are of published questions, and not what else was typed: they are never taken back.
    """
    known = doubtful & {row[0] for row in rows}
    for word in known:
        published.memory.keep((_KNOWN_WORD, word), word, _WORD_BYTES)
    return known


@cache
def _known() -> Statement:
    words = parameter("words", ARRAY(Text()))
    return statement_of(select(SearchWord.word).where(SearchWord.word == any_(words)))


@cache
def _alike() -> Statement:
    forms = parameter("forms", ARRAY(Text()))
    return statement_of(
        select(SearchWord.word, SearchWord.uses).where(SearchWord.deletions.overlap(forms))
    )
